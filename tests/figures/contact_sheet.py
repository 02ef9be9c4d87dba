#!/usr/bin/env python3
"""Draws every kind of figure at three sizes and puts them side by side, to be looked at before a change of figures is finished.

    contact_sheet.py PROGRAM FOLDER

FOLDER gets one PNG for each figure and size, and sheet-SIZE.png for each size (needs Pillow). What is refused is named, with the message.
"""
import pathlib
import subprocess
import sys

from PIL import Image

FIGURES = {
    "one-trial": ("CLEOPATRA",),
    "two-trials": ("EMILIA", "TH3RESA"),
    "three-trials": ("DESTINY-Breast03", "EMILIA", "CLEOPATRA"),
    "not-reached": ("DESTINY-Breast03", "--analysis", "os-interim-2022"),
    "pfs": ("NALA", "--endpoint", "PFS"),
    "experimental": ("EMILIA", "TH3RESA", "DESTINY-Breast02", "DESTINY-Breast03", "HER2CLIMB", "--role", "experimental"),
    "facets": ("EMILIA", "TH3RESA", "DESTINY-Breast02", "DESTINY-Breast03", "HER2CLIMB", "CLEOPATRA", "--facet", "trial"),
    "models": ("CLEOPATRA", "--model", "weibull,lognormal,flexible"),
    "one-arm-models": ("CLEOPATRA", "--arm", "placebo", "--model", "weibull,lognormal,flexible", "--extrapolate"),
    "forest": ("forest", "--endpoint", "OS"),
    "forest-all": ("forest",),
    "medians": ("medians", "EMILIA", "TH3RESA", "CLEOPATRA", "NALA", "SOPHIA", "HER2CLIMB"),
    "orr-ic": ("orr-ic",),
    "hazard": ("hazard", "CLEOPATRA", "--endpoint", "PFS"),
    "hazard-ratio": ("hazard-ratio", "EMILIA"),
    "log-log": ("log-log", "EMILIA"),
    "typed": ("--arm", "name=new n=410 median=22.0[19.5,24.5] S(60)=19.4%", "--arm", "name=old n=206 median=10.6[8.7,13.6] S(60)=11.3%", "--hr", "0.60[0.50,0.72]"),
    "long-name": ("--arm", f"name={'pembrolizumab-and-chemotherapy-' * 10} n=410 median=22.0[19.5,24.5]", "--arm", "name=old n=206 median=10.6[8.7,13.6]"),
}
# A column of a journal, the default, a slide.
SIZES = {
    "column": ("--width", "8.5", "--font-size", "7"),
    "default": (),
    "slide": ("--width", "33.87", "--aspect", "16:9", "--font-size", "18", "--caption", "none"),
}
WIDTH = 760  # pixels of one figure on a sheet


def draw(program, folder, name, size):
    path = folder / f"{name}-{size}.png"
    # As many pixels for each figure, so that one can be compared with another.
    dots = {"column": "220", "default": "110", "slide": "58"}[size]
    done = subprocess.run([program, "--quiet", "plot", *FIGURES[name], *SIZES[size], "--dpi", dots, "-o", str(path)], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        print(f"{name}, {size}: {done.stderr.strip()}")
        return None
    return path


def sheet(paths, target, columns=3):
    images = []
    for path in paths:
        image = Image.open(path).convert("RGB")
        images.append(image.resize((WIDTH, round(image.height * WIDTH / image.width))))
    rows = [images[k:k + columns] for k in range(0, len(images), columns)]
    heights = [max(image.height for image in row) + 16 for row in rows]
    whole = Image.new("RGB", (columns * (WIDTH + 16), sum(heights)), "#888888")
    top = 8
    for row, height in zip(rows, heights):
        for k, image in enumerate(row):
            whole.paste(image, (8 + k * (WIDTH + 16), top))
        top += height
    whole.save(target)


def main():
    program, folder = str(pathlib.Path(sys.argv[1]).resolve()), pathlib.Path(sys.argv[2])
    folder.mkdir(parents=True, exist_ok=True)
    for size in SIZES:
        paths = [path for name in FIGURES if (path := draw(program, folder, name, size))]
        sheet(paths, folder / f"sheet-{size}.png")
        print(f"{folder / f'sheet-{size}.png'}: {len(paths)} figures")
    return 0


if __name__ == "__main__":
    sys.exit(main())
