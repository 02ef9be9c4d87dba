#!/usr/bin/env Rscript
# Writes fit.csv: the fits of fit_cases.csv, computed in R from the printed numbers by code that shares nothing with the program's.
#
# Usage: cd tests/reference && Rscript fit.R > fit.csv      (base R; reads fit_cases.csv and ../../data/priors.json)
#
# Numbers -> points, bounds and ties as src/evidence describes them; the objective is that of the head of src/fit/fit.cpp. Roots by uniroot, minima by
# optim and then Gauss-Newton until nothing moves. To be run again whenever data/priors.json changes.

# --- constants -------------------------------------------------------------------------------------------------------------------------------------
priors <- paste(readLines("../../data/priors.json"), collapse = " ")
after <- function(text, key) substring(text, regexpr(paste0('"', key, '"\\s*:'), text))
first_number <- function(text, key) {
  found <- regmatches(text, regexpr(paste0('"', key, '"\\s*:\\s*-?[0-9.]+'), text))
  as.numeric(sub(".*:\\s*", "", found))
}
classes <- after(priors, "classes")
constants_of <- function(class) {
  text <- substring(classes, regexpr(paste0('"', class, '"\\s*:\\s*\\{'), classes))
  keys <- c("c1", "c2", "c3", "offset_lower", "offset_upper", "a1", "a2", "sd_log_hr_unstratified", "sd_log_hr_otherwise", "sd_events",
            "events_offset", "censoring_gamma", "events_fraction", "limit_over_follow_up")
  constants <- as.list(sapply(keys, function(key) first_number(text, key)))
  for (family in c("weibull", "loglogistic", "lognormal")) {
    prior <- after(text, family)
    constants[[family]] <- c(mean = first_number(prior, "mean"), sd = first_number(prior, "sd"))
  }
  constants
}
reading <- sapply(c("sd_median", "sd_milestone", "sd_model", "default_n_patients"), function(key) first_number(after(priors, "reading"), key))

# --- printed numbers -> observations ----------------------------------------------------------------------------------------------------------------
half_unit <- function(text) 0.5 * 10^-nchar(sub("^[^.]*\\.?", "", text))
sd_of_rounding <- function(k, time, s, text) s * -log(s) * exp(k$weibull[["mean"]]) / time * half_unit(text) / sqrt(3)

survival_at_limit <- function(z, n) {  # log-log limits
  miss <- function(s) log(-log(s)) + z * sqrt((1 - s) / (n * s)) / -log(s) - log(log(2))
  grid <- if (z > 0) seq(0.5, 0.9995, by = 0.0005) else seq(0.5, 0.0005, by = -0.0005)
  at <- which(diff(sign(miss(grid))) != 0)[1]
  uniroot(miss, sort(grid[c(at, at + 1)]), tol = 1e-15)$root
}

observations_of <- function(rows, k) {
  out <- list()
  add <- function(...) out[[length(out) + 1]] <<- list(...)
  for (arm in seq_len(nrow(rows))) {
    r <- rows[arm, ]
    n <- as.numeric(r$n)
    follow_up <- as.numeric(r$follow_up)
    f <- if (nzchar(r$events)) as.numeric(r$events) / n else k$events_fraction
    if (r$median == "NR") {
      add(kind = "bound", arm = arm, time = follow_up, value = 0.5, sd = reading[["sd_model"]])
    } else if (nzchar(r$median)) {
      time <- as.numeric(r$median)
      add(kind = "point", arm = arm, time = time, value = 0.5, sd = sqrt(reading[["sd_median"]]^2 + sd_of_rounding(k, time, 0.5, r$median)^2))
    }
    for (side in c("lower", "upper")) {
      text <- r[[side]]
      if (!nzchar(text) || text %in% c("NR", "NE")) next
      time <- as.numeric(text)
      phi <- if (is.na(follow_up)) k$limit_over_follow_up else time / follow_up
      ra <- exp(-exp(k$c1) * max(1 - f, 0.005)^k$c2 * phi^k$c3)
      z <- qnorm(0.975) * if (side == "lower") 1 else -1
      s <- survival_at_limit(z, n * ra)
      s0 <- survival_at_limit(z, n)
      value <- s - k[[paste0("offset_", side)]]
      add(kind = "point", arm = arm, time = time, value = value, sd = sqrt(k$a1^2 + (k$a2 * (s - s0))^2 + sd_of_rounding(k, time, value, text)^2))
    }
    for (milestone in strsplit(r$milestones, ";")[[1]]) {
      part <- strsplit(milestone, "=")[[1]]
      add(kind = "point", arm = arm, time = as.numeric(part[1]), value = as.numeric(part[2]),
          sd = sqrt(reading[["sd_milestone"]]^2 + half_unit(part[2])^2 / 3))
    }
    if (nzchar(r$events) && !is.na(follow_up)) add(kind = "events", arm = arm, value = f + k$events_offset, sd = k$sd_events)
    if (nzchar(r$hazard_ratio)) {
      hr <- as.numeric(r$hazard_ratio)
      base <- if (r$stratified == "no") k$sd_log_hr_unstratified else k$sd_log_hr_otherwise
      add(kind = "ratio", arm = arm, value = log(hr), sd = max(base, half_unit(r$hazard_ratio) / sqrt(3) / hr))
    }
  }
  out
}

# --- curves and what a trial sees of them -----------------------------------------------------------------------------------------------------------
survivals <- list(
  exponential = function(t, median, z) exp(-log(2) * t / median),
  weibull = function(t, median, z) pweibull(t, exp(z), median / log(2)^exp(-z), lower.tail = FALSE),
  lognormal = function(t, median, z) plnorm(t, log(median), exp(-z), lower.tail = FALSE),
  loglogistic = function(t, median, z) 1 / (1 + (t / median)^exp(z))
)

fit_case <- function(rows, model) {
  k <- constants_of(if (rows$endpoint[1] == "OS") "OS" else "PFS")
  observations <- observations_of(rows, k)
  arms <- nrow(rows)
  has_shape <- model != "exponential"
  printed <- sapply(seq_len(arms), function(a) {
    times <- suppressWarnings(as.numeric(c(rows$median[a], rows$lower[a], rows$upper[a], sub("=.*", "", strsplit(rows$milestones[a], ";")[[1]]))))
    max(0, times, na.rm = TRUE)
  })
  follow_up <- as.numeric(rows$follow_up)
  follow_up[is.na(follow_up)] <- max(printed, follow_up, na.rm = TRUE)
  grid <- max(1.7 * follow_up, 1.05 * printed) * (0:40 / 40)^1.5
  n <- as.numeric(rows$n)
  n[is.na(n)] <- reading[["default_n_patients"]]
  curve <- function(arm, x, with = model) {
    z <- if (with == "exponential") 0 else x[arms + arm]
    s <- survivals[[with]](grid, exp(x[arm]), z)
    list(s = s, h = -log(s), g = 1 / (1 + (grid / follow_up[arm])^k$censoring_gamma), n = n[arm])
  }
  middle <- function(v) (head(v, -1) + tail(v, -1)) / 2
  events_of <- function(c) sum(-diff(c$s) * middle(c$g))
  ratio_of <- function(c1, c0) {
    y1 <- c1$n * middle(c1$s) * middle(c1$g)
    y0 <- c0$n * middle(c0$s) * middle(c0$g)
    d1 <- y1 * diff(c1$h)
    d0 <- y0 * diff(c0$h)
    keep <- is.finite(d1) & is.finite(d0)
    score <- function(b) {
      p <- y1 * exp(b) / (y0 + y1 * exp(b))
      sum((d1 * (1 - p) - d0 * p)[keep])
    }
    uniroot(score, c(-6, 6), tol = 1e-15)$root
  }
  residuals <- function(x, factor = 1, with = model, skip = "") {
    r <- c()
    for (o in observations) {
      if (o$kind == skip) next
      s <- if (o$kind %in% c("point", "bound")) survivals[[with]](o$time, exp(x[o$arm]), if (with == "exponential") 0 else x[arms + o$arm])
      r <- c(r, switch(o$kind,
        point = (s - o$value) / sqrt(o$sd^2 + reading[["sd_model"]]^2),
        bound = min(0, s - o$value) / o$sd,
        events = (events_of(curve(o$arm, x, with)) - o$value) / o$sd,
        ratio = (ratio_of(curve(o$arm, x, with), curve(3 - o$arm, x, with)) - o$value) / o$sd
      ))
    }
    if (with != "exponential") r <- c(r, (x[arms + seq_len(arms)] - k[[with]][["mean"]]) / (k[[with]][["sd"]] * factor))
    r
  }
  jacobian <- function(f, x) sapply(seq_along(x), function(j) {
    step <- 1e-4 * (seq_along(x) == j)
    (8 * (f(x + step) - f(x - step)) - (f(x + 2 * step) - f(x - 2 * step))) / (12 * 1e-4)
  })
  minimise <- function(f, x) {
    for (method in c(if (length(x) > 1) c("Nelder-Mead", "Nelder-Mead"), "BFGS")) {
      x <- optim(x, function(y) sum(f(y)^2), method = method, control = list(maxit = 5000, reltol = 1e-14))$par
    }
    for (i in 1:500) {
      j <- matrix(jacobian(f, x), ncol = length(x))
      step <- -solve(crossprod(j), crossprod(j, f(x)))[, 1]
      while (sum(f(x + step)^2) > sum(f(x)^2) && max(abs(step)) > 1e-13) step <- step / 2
      x <- x + step
      if (max(abs(step)) < 1e-12) break
    }
    x
  }
  start <- log(ifelse(printed > 0, ifelse(rows$median %in% c("", "NR"), 1.5 * printed, suppressWarnings(as.numeric(rows$median))), 20))
  # The program leaves out an event count that the other numbers contradict by more than 4 sd with a Weibull curve; these cases have none.
  if (any(nzchar(rows$events))) {
    others <- minimise(function(y) residuals(y, 1, "weibull", "events"), c(start, rep(k$weibull[["mean"]], arms)))
    for (o in observations) if (o$kind == "events") stopifnot(abs(events_of(curve(o$arm, others, "weibull")) - o$value) < 4 * o$sd)
  }
  if (has_shape) start <- c(start, rep(k[[model]][["mean"]], arms))
  # A bound that is met has no slope and leaves no trace in J'J.
  x <- minimise(residuals, start)
  j <- matrix(jacobian(residuals, x), ncol = length(x))
  objective <- sum(residuals(x)^2)
  # Such a bound is no degree of freedom either.
  idle <- sum(sapply(observations, function(o) o$kind) == "bound" & residuals(x)[seq_along(observations)] == 0)
  degrees <- nrow(j) - ncol(j) - idle
  inflation <- if (degrees > 0) max(1, objective / degrees) else 1
  covariance <- inflation * solve(crossprod(j))
  out <- function(quantity, i, j, value) data.frame(case = rows$case[1], model, quantity, i, j, value = trimws(formatC(value, digits = 12, format = "g")))
  table <- rbind(out("objective", 0, 0, objective), out("inflation", 0, 0, inflation))
  for (i in seq_along(x)) table <- rbind(table, out("free", i - 1, 0, x[i]))
  for (i in seq_along(x)) for (l in seq_len(i)) table <- rbind(table, out("covariance", i - 1, l - 1, covariance[i, l]))
  if (has_shape) {
    own <- minimise(function(y) residuals(y, 50), start)
    for (a in seq_len(arms)) table <- rbind(table, out("shape_without_prior", a - 1, 0, own[arms + a]))
  }
  table
}

cases <- read.csv("fit_cases.csv", colClasses = "character", na.strings = character(0))
table <- do.call(rbind, lapply(unique(cases$case), function(name) {
  do.call(rbind, lapply(names(survivals), function(model) fit_case(cases[cases$case == name, ], model)))
}))
cat(sprintf("# R %s.%s\n", R.version$major, R.version$minor))
write.csv(table, row.names = FALSE, quote = FALSE)
