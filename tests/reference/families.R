#!/usr/bin/env Rscript
# Writes families.csv: the distributions as R knows them (stats and the survival package).
#
# Usage: Rscript tests/reference/families.R > tests/reference/families.csv
#
# Columns: family, parameters, quantity, argument, value. Weibull, lognormal and gamma come from stats, Weibull, lognormal and
# log-logistic quantiles from survival::qsurvreg; Gompertz, log-logistic and the generalised gamma (Prentice's form, as in flexsurv) from
# their closed forms, the last through pgamma and dgamma. RMST is integrate() over log time, where all of them are smooth.

suppressPackageStartupMessages(library(survival))

# Log survival from the smaller of the two tails, so that neither end is lost in rounding.
log_survival_of <- function(log_lower, log_upper) ifelse(log_lower < log(0.5), log1p(-exp(log_lower)), log_upper)

from_tails <- function(cdf) {
  function(t) log_survival_of(cdf(t, lower.tail = TRUE), cdf(t, lower.tail = FALSE))
}

families <- list(
  exponential = function(p) {
    list(
      log_survival = function(t) pexp(t, p[1], lower.tail = FALSE, log.p = TRUE),
      log_density = function(t) dexp(t, p[1], log = TRUE),
      quantile = function(u) qexp(u, p[1])
    )
  },
  weibull = function(p) {
    list(
      log_survival = function(t) pweibull(t, p[1], p[2], lower.tail = FALSE, log.p = TRUE),
      log_density = function(t) dweibull(t, p[1], p[2], log = TRUE),
      quantile = function(u) qsurvreg(u, log(p[2]), 1 / p[1], distribution = "weibull")
    )
  },
  gompertz = function(p) {
    list(
      log_survival = function(t) -p[2] / p[1] * expm1(p[1] * t),
      log_density = function(t) log(p[2]) + p[1] * t - p[2] / p[1] * expm1(p[1] * t),
      quantile = function(u) log1p(-p[1] / p[2] * log1p(-u)) / p[1]
    )
  },
  lognormal = function(p) {
    list(
      log_survival = from_tails(function(t, lower.tail) plnorm(t, p[1], p[2], lower.tail = lower.tail, log.p = TRUE)),
      log_density = function(t) dlnorm(t, p[1], p[2], log = TRUE),
      quantile = function(u) qsurvreg(u, p[1], p[2], distribution = "lognormal")
    )
  },
  loglogistic = function(p) {
    list(
      log_survival = from_tails(function(t, lower.tail) plogis(log(t), log(p[2]), 1 / p[1], lower.tail = lower.tail, log.p = TRUE)),
      log_density = function(t) dlogis(log(t), log(p[2]), 1 / p[1], log = TRUE) - log(t),
      quantile = function(u) qsurvreg(u, log(p[2]), 1 / p[1], distribution = "loglogistic")
    )
  },
  gamma = function(p) {
    list(
      log_survival = from_tails(function(t, lower.tail) pgamma(t, p[1], p[2], lower.tail = lower.tail, log.p = TRUE)),
      log_density = function(t) dgamma(t, p[1], p[2], log = TRUE),
      quantile = function(u) qgamma(u, p[1], p[2])
    )
  },
  gengamma = function(p) {
    mu <- p[1]
    sigma <- p[2]
    q <- p[3]
    if (q == 0) {
      return(families$lognormal(c(mu, sigma)))
    }
    a <- 1 / q^2
    u_at <- function(t) a * exp(q * (log(t) - mu) / sigma)
    # A negative q turns the tails of u around.
    list(
      log_survival = from_tails(function(t, lower.tail) pgamma(u_at(t), a, lower.tail = xor(lower.tail, q < 0), log.p = TRUE)),
      log_density = function(t) dgamma(u_at(t), a, log = TRUE) + log(u_at(t)) + log(abs(q)) - log(sigma) - log(t),
      quantile = function(p) exp(mu + sigma / q * log(qgamma(p, a, lower.tail = q > 0) / a))
    )
  }
)

cases <- list(
  exponential = list(0.05, 1.3),
  weibull = list(c(1, 10), c(1.5, 10), c(0.6, 20), c(4, 30)),
  gompertz = list(c(0.03, 0.02), c(-0.05, 0.04), c(0.5, 0.001)),
  lognormal = list(c(2.5, 0.8), c(3, 1.6), c(0.5, 0.3)),
  loglogistic = list(c(1, 10), c(1.7, 15), c(0.6, 8), c(5, 20)),
  gamma = list(c(1, 0.1), c(2.3, 0.2), c(0.4, 0.05), c(25, 1)),
  gengamma = list(
    c(2.5, 0.8, 1), c(2.5, 0.8, 0.8), c(2.5, 0.8, 0), c(2.5, 0.8, 0.3), c(2.5, 0.8, -0.7), c(2.5, 1.4, -2),
    c(3, 0.5, 2.5)
  )
)

write_rows <- function(family, parameters, quantity, argument, value) {
  keep <- is.finite(value) & value != 0
  cat(sprintf(
    "%s,%s,%s,%.15g,%.17g\n", family, paste(format(parameters, digits = 15, trim = TRUE, drop0trailing = TRUE), collapse = " "),
    quantity, argument[keep], value[keep]
  ), sep = "")
}

times <- c(0.001, 0.5, 1, 6, 12, 24, 60, 120)
horizons <- c(6, 24, 60)
probabilities <- c(0.001, 0.1, 0.25, 0.5, 0.75, 0.9, 0.999)

cat("family,parameters,quantity,argument,value\n")
for (family in names(families)) {
  for (parameters in cases[[family]]) {
    law <- families[[family]](parameters)
    write_rows(family, parameters, "log_survival", times, law$log_survival(times))
    # log h = log f - log S: where both are large the difference has lost its digits.
    kept <- times[law$log_survival(times) > -1000]
    write_rows(family, parameters, "log_hazard", kept, law$log_density(kept) - law$log_survival(kept))
    found <- suppressWarnings(law$quantile(probabilities))
    write_rows(family, parameters, "quantile", probabilities, found)
    integrand <- function(x) exp(x + law$log_survival(exp(x)))
    rmst <- vapply(horizons, function(horizon) {
      exp(-40) + integrate(integrand, -40, log(horizon), rel.tol = 1e-12, subdivisions = 1000L)$value
    }, 0)
    write_rows(family, parameters, "rmst", horizons, rmst)
  }
}
