# hersurv in a container: docker build -t hersurv . && docker run --rm hersurv fit CLEOPATRA
# Files of the caller: docker run --rm -v "$PWD:/data" hersurv fit --catalogue mine.json TRIAL

# Builds the package.
FROM debian:bookworm AS build
WORKDIR /hersurv
COPY . .
RUN scripts/package

# Only the program, and librsvg with a font for PDF and PNG.
FROM debian:bookworm-slim
RUN --mount=type=bind,from=build,source=/hersurv/build/packages,target=/packages \
    apt-get update && \
    apt-get install -y --no-install-recommends /packages/hersurv_*.deb librsvg2-2 libqpdf29 fonts-dejavu-core && \
    rm -rf /var/lib/apt/lists/*
RUN useradd --create-home hersurv
USER hersurv
WORKDIR /data
ENTRYPOINT ["hersurv"]
CMD ["--help"]
