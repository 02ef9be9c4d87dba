#!/usr/bin/env Rscript
# Writes maximum_likelihood_patients.csv (invented patients) and maximum_likelihood.csv (families fitted to them by maximum likelihood): the
# log-likelihood, and each parameter with its standard error from the observed information, by set, arm ("all": a common shape), family and
# parameter ("log_likelihood" for the first). `status` is at-boundary where the likelihood is greatest with nobody cured.
#
# Usage: cd tests/reference && Rscript maximum_likelihood.R      (R with the package survival)
#
# Exponential, Weibull, log-normal, log-logistic: survreg with rel.tolerance = 1e-12, whose log-likelihood is on the time scale. All others:
# densities written here, optim (Nelder & Mead, then BFGS) from many starts, then Newton's method on derivatives by Richardson's extrapolation of
# central differences. The times are rounded to 2 decimals, so that no version of R changes them.
suppressMessages(library(survival))
options(digits = 17, warn = -1)  # of one-dimensional Nelder-Mead, and of NaN beyond what a density takes

uniform <- local({ state <- 20261128; function(n) vapply(seq_len(n), function(i) { state <<- (state * 16807) %% 2147483647; state / 2147483647 }, 0) })
censored <- function(t, from, to) { limit <- from + uniform(length(t)) * (to - from); data.frame(time = pmax(0.01, round(pmin(t, limit), 2)), event = as.integer(t <= limit)) }
arm <- function(name, patients) cbind(arm = name, patients)
cured <- function(t, share) ifelse(uniform(length(t)) < share, 1e9, t)
gompertz_times <- function(n, shape, rate) { x <- 1 - shape / rate * log(uniform(n)); ifelse(x > 0, log(pmax(x, 1e-300)) / shape, 1e9) }
sets <- list(
  weibull = rbind(arm("A", censored(qweibull(uniform(150), 1.4, 20), 6, 60)), arm("B", censored(qweibull(uniform(120), 1.4, 13), 6, 60))),
  cure = rbind(arm("A", censored(cured(qlnorm(uniform(160), 2, 0.8), 0.4), 30, 70)), arm("B", censored(cured(qweibull(uniform(140), 1.3, 9), 0.2), 30, 70))),
  plateau = arm("A", censored(gompertz_times(200, -0.06, 0.05), 20, 90)),
  rising = arm("A", censored(gompertz_times(150, 0.08, 0.01), 20, 60)),
  heavy_tail = arm("A", censored(5 / qgamma(uniform(220), 0.6), 10, 120)),
  lognormal = arm("A", censored(qlnorm(uniform(180), 2.5, 0.7), 5, 80)),
  few = arm("A", censored(qexp(uniform(25), 0.08), 4, 30)))

# log f and log S of (t, coordinates); coordinates: log of what is positive.
law <- list(
  gompertz = list(n = 2,
    f = function(t, p) p[2] + p[1] * t - exp(p[2]) * t * growth(p[1] * t), s = function(t, p) -exp(p[2]) * t * growth(p[1] * t)),
  gamma = list(n = 2,
    f = function(t, p) dgamma(t, exp(p[1]), exp(p[2]), log = TRUE), s = function(t, p) pgamma(t, exp(p[1]), exp(p[2]), lower.tail = FALSE, log.p = TRUE)),
  gengamma = list(n = 3,
    f = function(t, p) { w <- (log(t) - p[1]) / exp(p[2]); q <- p[3]
      if (abs(q) < 1e-5) return(dlnorm(t, p[1], exp(p[2]), log = TRUE))
      a <- q^-2; log(abs(q)) + a * log(a) + a * (q * w - exp(q * w)) - lgamma(a) - p[2] - log(t) },
    s = function(t, p) { w <- (log(t) - p[1]) / exp(p[2]); q <- p[3]
      if (abs(q) < 1e-5) return(plnorm(t, p[1], exp(p[2]), lower.tail = FALSE, log.p = TRUE))
      a <- q^-2; pgamma(a * exp(q * w), a, lower.tail = q < 0, log.p = TRUE) }),
  exponential = list(n = 1, f = function(t, p) dexp(t, exp(p[1]), log = TRUE), s = function(t, p) pexp(t, exp(p[1]), lower.tail = FALSE, log.p = TRUE)),
  weibull = list(n = 2, f = function(t, p) dweibull(t, exp(p[1]), exp(p[2]), log = TRUE),
    s = function(t, p) pweibull(t, exp(p[1]), exp(p[2]), lower.tail = FALSE, log.p = TRUE)),
  lognormal = list(n = 2, f = function(t, p) dlnorm(t, p[1], exp(p[2]), log = TRUE),
    s = function(t, p) plnorm(t, p[1], exp(p[2]), lower.tail = FALSE, log.p = TRUE)),
  loglogistic = list(n = 2, f = function(t, p) dlogis(log(t), p[2], exp(-p[1]), log = TRUE) - log(t),
    s = function(t, p) plogis(log(t), p[2], exp(-p[1]), lower.tail = FALSE, log.p = TRUE)))
growth <- function(x) ifelse(abs(x) < 1e-8, 1 + x / 2, expm1(x) / x)
names_of <- list(exponential = "rate", weibull = c("shape", "scale"), lognormal = c("meanlog", "sdlog"), loglogistic = c("shape", "scale"),
                 gompertz = c("shape", "rate"), gamma = c("shape", "rate"), gengamma = c("mu", "sigma", "q"))
positive <- list(exponential = TRUE, weibull = c(TRUE, TRUE), lognormal = c(FALSE, TRUE), loglogistic = c(TRUE, TRUE), gompertz = c(FALSE, TRUE),
                 gamma = c(TRUE, TRUE), gengamma = c(FALSE, TRUE, FALSE))
log_sum <- function(a, b) pmax(a, b) + log1p(exp(-abs(a - b)))
log_likelihood <- function(family, cure) function(p, d) {
  l <- law[[family]]; q <- p[seq_len(l$n)]
  f <- l$f(d$time[d$event == 1], q); s <- l$s(d$time[d$event == 0], q)
  if (cure) { c <- p[l$n + 1]; f <- plogis(c, lower.tail = FALSE, log.p = TRUE) + f
    s <- log_sum(plogis(c, log.p = TRUE), plogis(c, lower.tail = FALSE, log.p = TRUE) + s) }
  sum(f) + sum(s)
}

# Derivatives by central differences with steps h, h/2, h/4, extrapolated to h = 0 (Richardson).
extrapolated <- function(at) { d <- lapply(0:2, function(k) at(2^-k)); e <- lapply(1:2, function(k) d[[k + 1]] + (d[[k + 1]] - d[[k]]) / 3); e[[2]] + (e[[2]] - e[[1]]) / 15 }
gradient <- function(f, x, h) sapply(seq_along(x), function(i) extrapolated(function(k) { e <- 0 * x; e[i] <- k * h[i]; (f(x + e) - f(x - e)) / (2 * e[i]) }))
hessian <- function(f, x, h) { n <- length(x); H <- matrix(0, n, n)
  for (i in seq_len(n)) for (j in seq_len(i)) H[i, j] <- H[j, i] <- extrapolated(function(k) {
    a <- 0 * x; a[i] <- k * h[i]; b <- 0 * x; b[j] <- k * h[j]
    if (i == j) (f(x + a) - 2 * f(x) + f(x - a)) / a[i]^2 else (f(x + a + b) - f(x + a - b) - f(x - a + b) + f(x - a - b)) / (4 * a[i] * b[j]) })
  H }
maximise <- function(f, starts) {
  best <- NULL
  for (start in starts) {
    g <- function(x) { v <- suppressWarnings(f(x)); if (is.finite(v)) -v else 1e10 }
    a <- try(optim(start, g, method = "Nelder-Mead", control = list(maxit = 4000, reltol = 1e-14)), silent = TRUE)
    if (inherits(a, "try-error")) next
    b <- try(optim(a$par, g, method = "BFGS", control = list(maxit = 1000, reltol = 1e-15)), silent = TRUE)
    if (inherits(b, "try-error")) b <- a
    if (is.null(best) || b$value < best$value) best <- b
  }
  x <- best$par
  h <- rep(1e-3, length(x))
  for (k in 1:6) {
    H <- hessian(f, x, h); if (!all(is.finite(H)) || any(eigen(-H, TRUE, TRUE)$values <= 0)) return(list(x = x, value = f(x), sound = FALSE))
    h <- 0.2 / sqrt(diag(-H)); step <- solve(-H, gradient(f, x, h)); if (max(abs(step) / h) > 20) break
    x <- x + step
  }
  H <- hessian(f, x, h)
  list(x = x, value = f(x), covariance = solve(-H), sound = TRUE)
}
starts_of <- function(family, d) {
  r <- log(sum(d$event) / sum(d$time)); end <- max(d$time)
  switch(family, exponential = list(r), weibull = list(c(0, -r), c(0.5, -r)), lognormal = list(c(-r - 0.4, 0)), loglogistic = list(c(0, -r - 0.4)),
         gompertz = list(c(0.001, r), c(2 / end, r - 1), c(-2 / end, r + 1)), gamma = list(c(0.1, r), c(1, r + 1)),
         gengamma = list(c(-r, 0, 1), c(-r, 0, 0.3), c(-r - 0.5, 0, -0.5), c(-r - 0.5, 0.2, -1.5), c(-r, -0.3, 2)))
}
rows <- list()
put <- function(...) rows[[length(rows) + 1]] <<- data.frame(...)
put_fit <- function(set, arm, family, status, value, names, estimates, ses) {
  put(set = set, arm = arm, family = family, status = status, parameter = "log_likelihood", value = value, standard_error = NA)
  for (i in seq_along(names)) put(set = set, arm = arm, family = family, status = status, parameter = names[i], value = estimates[i], standard_error = ses[i])
}
natural <- function(fit, family, cure) {
  is_log <- positive[[family]]; se <- sqrt(diag(fit$covariance)); n <- length(is_log)
  est <- ifelse(is_log, exp(fit$x[1:n]), fit$x[1:n]); se_n <- ifelse(is_log, est, 1) * se[1:n]
  if (cure) { c <- plogis(fit$x[n + 1]); est <- c(est, c); se_n <- c(se_n, c * (1 - c) * se[n + 1]) }
  list(est = est, se = se_n)
}

for (set in names(sets)) for (name in unique(sets[[set]]$arm)) {
  d <- sets[[set]][sets[[set]]$arm == name, ]
  base <- list()
  for (family in names(names_of)) {
    f <- log_likelihood(family, FALSE)
    fit <- maximise(function(p) f(p, d), starts_of(family, d))
    base[[family]] <- fit
    if (family %in% c("exponential", "weibull", "lognormal", "loglogistic")) {
      s <- survreg(Surv(time, event) ~ 1, d, dist = family, control = list(rel.tolerance = 1e-12, maxiter = 100))
      v <- sqrt(diag(vcov(s))); mu <- unname(coef(s)); sigma <- s$scale
      of <- switch(family, exponential = list(exp(-mu), exp(-mu) * v[1]), lognormal = list(c(mu, sigma), c(v[1], sigma * v[2])),
                   list(c(1 / sigma, exp(mu)), c(v[2] / sigma, exp(mu) * v[1])))
      stopifnot(abs(fit$value - s$loglik[2]) < 1e-7 * abs(fit$value))
      put_fit(set, name, family, "converged", s$loglik[2], names_of[[family]], of[[1]], unname(of[[2]]))
    } else if (fit$sound) {
      n <- natural(fit, family, FALSE)
      put_fit(set, name, family, "converged", fit$value, names_of[[family]], n$est, n$se)
    }
  }
  left <- min(summary(survfit(Surv(time, event) ~ 1, d))$surv); early <- d; early$time[early$event == 0] <- 0
  for (family in names(names_of)) {
    f <- log_likelihood(family, TRUE)
    starts <- lapply(starts_of(family, early), function(s) c(s, qlogis(min(0.9, max(0.03, 0.8 * left)))))
    starts <- c(starts, list(c(base[[family]]$x, -3)))
    if (family == "gengamma") for (q in c("weibull", "lognormal")) { x <- last[[q]]$x
      starts <- c(starts, list(if (q == "weibull") c(x[2], -x[1], 1, x[3]) else c(x[1], x[2], 0.05, x[3]))) }
    fit <- maximise(function(p) f(p, d), starts)
    if (family == "exponential") last <- list()
    last[[family]] <- fit
    n_base <- law[[family]]$n
    if (fit$sound && fit$value > base[[family]]$value + 1e-6 && fit$x[n_base + 1] > -9) {
      n <- natural(fit, family, TRUE)
      put_fit(set, name, paste0(family, "-cure"), "converged", fit$value, c(names_of[[family]], "cure"), n$est, n$se)
    } else if (base[[family]]$sound && fit$value < base[[family]]$value + 1e-6) {
      n <- natural(base[[family]], family, FALSE)
      put_fit(set, name, paste0(family, "-cure"), "at-boundary", base[[family]]$value, names_of[[family]], n$est, n$se)
    }
  }
}

# A common shape: survreg with the arm as covariate.
for (set in c("weibull", "cure")) {
  d <- sets[[set]]
  for (family in c("exponential", "weibull", "lognormal", "loglogistic")) {
    s <- survreg(Surv(time, event) ~ 0 + arm, d, dist = family, control = list(rel.tolerance = 1e-12, maxiter = 100))
    v <- sqrt(diag(vcov(s))); mu <- unname(coef(s)); k <- length(mu) + 1
    of <- switch(family, exponential = list(c("rate A", "rate B"), exp(-mu), exp(-mu) * v[1:2]),
                 lognormal = list(c("meanlog A", "meanlog B", "sdlog A"), c(mu, s$scale), c(v[1:2], s$scale * v[k])),
                 list(c("scale A", "scale B", "shape A"), c(exp(mu), 1 / s$scale), c(exp(mu) * v[1:2], v[k] / s$scale)))
    put_fit(set, "all", family, "converged", s$loglik[2], of[[1]], of[[2]], unname(of[[3]]))
  }
  for (family in c("gompertz", "gamma", "gengamma")) {
    l <- law[[family]]; place <- c(gompertz = 2, gamma = 2, gengamma = 1)[[family]]; f <- log_likelihood(family, FALSE)
    both <- function(p) f(p[seq_len(l$n)], d[d$arm == "A", ]) + f(replace(p[seq_len(l$n)], place, p[l$n + 1]), d[d$arm == "B", ])
    fit <- maximise(both, lapply(starts_of(family, d), function(s) c(s, s[place])))
    se <- sqrt(diag(fit$covariance)); is_log <- c(positive[[family]], positive[[family]][place])
    est <- ifelse(is_log, exp(fit$x), fit$x)
    put_fit(set, "all", family, "converged", fit$value, c(paste(names_of[[family]], "A"), paste(names_of[[family]][place], "B")), est, ifelse(is_log, est, 1) * se)
  }
}

written <- do.call(rbind, rows)
for (column in c("value", "standard_error")) written[[column]] <- ifelse(is.na(written[[column]]), "", sprintf("%.15g", written[[column]]))
write.csv(written, "maximum_likelihood.csv", row.names = FALSE, quote = FALSE)
patients <- do.call(rbind, lapply(names(sets), function(set) cbind(set = set, sets[[set]])))
write.csv(patients, "maximum_likelihood_patients.csv", row.names = FALSE, quote = FALSE)
