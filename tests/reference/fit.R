#!/usr/bin/env Rscript
# Writes fit.csv: for the papers of process_cases.csv the member of every family that runs closest to the reconstructed curve, by code that shares
# nothing with the program's.
#
# Usage: cd tests/reference && Rscript fit.R > fit.csv      (base R; reads process.R, process_cases.csv and ../../data/priors.json)
#
# Its papers are those whose curve falls by itself: the program makes every curve non-increasing. The curve and its covariance are those of process.R at
# every time of the sum of squares; the families are R's own distributions in R's own parameters; the minimum is the best of damped Gauss-Newton searches from many starts. To be run again whenever data/priors.json changes.
source("process.R")

# --- families: S of natural parameters, and natural parameters of free ones (a place, then what arms may share) -------------------------------------
family <- function(names, natural, survival, starts) list(names = names, natural = natural, survival = survival, starts = starts)
shape_starts <- c(0, 0.6)
families <- list(
  exponential = family("rate", function(x) log(2) / exp(x[1]), function(t, p) exp(-p[1] * t), list()),
  weibull = family(c("shape", "scale"), function(x) exp(c(x[2], x[1])), function(t, p) pweibull(t, p[1], p[2], lower.tail = FALSE), list(shape_starts)),
  lognormal = family(c("meanlog", "sdlog"), function(x) c(x[1], exp(-x[2])), function(t, p) plnorm(t, p[1], p[2], lower.tail = FALSE), list(shape_starts)),
  loglogistic = family(c("shape", "scale"), function(x) exp(c(x[2], x[1])), function(t, p) 1 / (1 + (t / p[2])^p[1]), list(shape_starts)),
  # What arms share is shape times median: the same curve in other units of time.
  gompertz = family(c("shape", "rate"), function(x) c(x[2], log(2) * x[2] / expm1(x[2])) / exp(x[1]),
                    function(t, p) exp(-p[2] / p[1] * expm1(p[1] * t)), list(c(-0.3, 1.5))),
  gamma = family(c("shape", "rate"), function(x) exp(c(x[2], x[2] - x[1])), function(t, p) pgamma(t, p[1], p[2], lower.tail = FALSE), list(shape_starts)),
  # Prentice 1974: w = (log t - mu) / sigma, exp(q w) / q^2 is gamma distributed with shape 1 / q^2.
  gengamma = family(c("mu", "sigma", "q"), function(x) c(x[1], exp(-x[2]), x[3]),
                    function(t, p) pgamma(exp(p[3] * (log(t) - p[1]) / p[2]) / p[3]^2, 1 / p[3]^2, lower.tail = p[3] < 0), list(shape_starts, c(-0.3, 0.8)))
)
with_cure <- function(base) family(
  c(base$names, "cure"),
  function(x) c(base$natural(head(x, -1)), plogis(tail(x, 1))),
  function(t, p) tail(p, 1) + (1 - tail(p, 1)) * base$survival(t, head(p, -1)),
  base$starts
)
for (name in names(families)) families[[paste0(name, "-cure")]] <- with_cure(families[[name]])
has_cure <- function(f) "cure" %in% f$names

# --- what is minimised -----------------------------------------------------------------------------------------------------------------------------
n_times <- 24
weight_of_median <- 2
weight_of_milestone <- 1.5

# The reconstructed curve of every arm where the sum of squares looks at it, and its covariance there.
curve_of <- function(rows) {
  follow <- first_number(after(after(after(priors, "process"), "classes"), rows$endpoint[1]), "censoring_gamma")
  inflation <- first_number(after(after(after(priors, "process"), "classes"), rows$endpoint[1]), "inflation")
  arms <- seq_len(nrow(rows))
  n <- as.numeric(rows$n)
  milestones <- lapply(rows$milestones, function(m) if (nzchar(m)) as.numeric(sub("=.*", "", strsplit(m, ";")[[1]])) else c())
  printed <- sapply(arms, function(a) max(as.numeric(c(rows$median[a], rows$lower[a], rows$upper[a], milestones[[a]])), na.rm = TRUE))
  follow_up <- as.numeric(rows$follow_up)
  guess <- ifelse(is.na(follow_up), max(printed, follow_up, na.rm = TRUE), follow_up)
  curve_at <- function(asked) mixture_of(posterior_of(rows, asked), inflation)
  # The last t at which a tenth of the patients, or ten, are at risk: between two of many times, thrice over.
  at_risk <- function(a, t) {
    y <- curve_at(data.frame(arm = a, t = t))$mean
    1 / (1 + exp(y)) / (1 + (t / guess[a])^follow) - max(0.1, 10 / n[a], na.rm = TRUE)
  }
  end <- sapply(arms, function(a) {
    t <- seq(0.2, 4, length.out = 20) * guess[a]
    for (round in 1:3) {
      last <- max(which(at_risk(a, t) >= 0))
      if (round < 3) t <- seq(t[last], t[last + 1], length.out = 20)
    }
    here <- at_risk(a, t[last + 0:1])
    crossing <- t[last] + diff(t)[last] * here[1] / (here[1] - here[2])
    max(printed[a], if (is.na(follow_up[a])) min(crossing, guess[a]) else crossing)
  })
  for (a in arms) if (any(diff(curve_at(data.frame(arm = a, t = end[a] * 1:100 / 100))$mean) < 0)) return(NULL)
  points <- do.call(rbind, lapply(arms, function(a) data.frame(
    arm = a,
    t = c(end[a] * 1:n_times / n_times, as.numeric(rows$median[a]), milestones[[a]]),
    weight = c(rep(1, n_times), weight_of_median, rep(weight_of_milestone, length(milestones[[a]])))
  )))
  posterior <- curve_at(points[c("arm", "t")])
  s <- 1 / (1 + exp(posterior$mean))
  slope <- s * (1 - s)
  list(points = points, s = s, covariance = posterior$covariance * outer(slope, slope), end = end)
}

jacobian <- function(f, x) matrix(sapply(seq_along(x), function(j) {
  step <- 1e-4 * (seq_along(x) == j)
  (8 * (f(x + step) - f(x - step)) - (f(x + 2 * step) - f(x - 2 * step))) / (12 * 1e-4)
}), ncol = length(x))

search <- function(f, x) {
  damping <- 1e-3
  r <- f(x)
  for (i in 1:200) {
    j <- jacobian(f, x)
    normal <- crossprod(j)
    moved <- FALSE
    while (!moved && damping < 1e12) {
      step <- -solve(normal + diag(damping * diag(normal) + 1e-14, length(x)), crossprod(j, r), tol = 1e-30)[, 1]
      after <- f(x + step)
      moved <- all(is.finite(after)) && sum(after^2) <= sum(r^2)
      damping <- if (moved) damping / 5 else damping * 4
    }
    if (!moved) break
    gain <- sum(r^2) - sum(after^2)
    x <- x + step
    r <- after
    if (max(abs(step)) < 1e-11 || gain < 1e-14 * sum(r^2)) break
  }
  list(x = x, sum = sum(r^2), j = jacobian(f, x))
}

# --- one family ------------------------------------------------------------------------------------------------------------------------------------
project <- function(case, name, f, curve, arms, sharing) {
  points <- curve$points
  rows <- which(points$arm %in% arms)
  own <- length(f$names)  # free ones of an arm
  shapes <- length(f$starts)
  positions <- lapply(seq_along(arms), function(i) {
    p <- (i - 1) * own + seq_len(own)
    if (i > 1 && sharing == "common" && shapes > 0) p[1 + seq_len(shapes)] <- 1 + seq_len(shapes)
    p
  })
  used <- sort(unique(unlist(positions)))
  positions <- lapply(positions, match, used)
  distance <- function(x) unlist(lapply(seq_along(arms), function(i) {
    at <- points$arm == arms[i]
    points$weight[at] * (f$survival(points$t[at], f$natural(x[positions[[i]]])) - curve$s[at])
  }))
  starts <- expand.grid(c(f$starts, if (has_cure(f)) rep(list(c(-4, -1.5)), length(arms))))
  best <- list(sum = Inf)
  for (s in seq_len(max(1, nrow(starts)))) {
    x <- numeric(length(used))
    for (i in seq_along(arms)) {
      at <- points$arm == arms[i]
      x[positions[[i]]] <- c(log(points$t[at][which.min(abs(curve$s[at] - 0.5))]), unlist(starts[s, seq_len(shapes)]), if (has_cure(f)) starts[s, shapes + i])
    }
    found <- tryCatch(search(distance, x), error = function(e) list(sum = Inf))
    if (found$sum < best$sum) best <- found
  }
  weight <- points$weight[rows]
  # d theta = (J'J)^-1 J' w dS
  response <- tryCatch(solve(crossprod(best$j), t(best$j) * rep(weight, each = ncol(best$j))), error = function(e) NULL)
  out <- NULL
  add <- function(arm, quantity, i, j, value) out <<- rbind(out, data.frame(case, model = name, sharing, arm = arm - 1, quantity, i, j, value))
  for (i in seq_along(arms)) {
    x <- best$x[positions[[i]]]
    natural <- f$natural(x)
    at <- which(points$arm == arms[i])
    s <- f$survival(points$t[at], natural)
    add(arms[i], "rms_distance", 0, 0, sqrt(mean((s - curve$s[at])[1:n_times]^2)))
    # A share that goes to 0 is at a logit of minus infinity, where other parameters are not determined either.
    if (is.null(response) || (has_cure(f) && tail(natural, 1) < 1e-3)) next
    for (p in seq_along(natural)) add(arms[i], "parameter", p - 1, 0, natural[p])
    to_natural <- jacobian(f$natural, x) %*% response[positions[[i]], , drop = FALSE]
    covariance <- to_natural %*% curve$covariance[rows, rows] %*% t(to_natural)
    for (p in seq_along(natural)) for (q in seq_len(p)) add(arms[i], "covariance", p - 1, q - 1, covariance[p, q])
  }
  out
}

table <- do.call(rbind, lapply(unique(cases$case), function(name) {
  rows <- cases[cases$case == name, ]
  curve <- curve_of(rows)
  if (is.null(curve)) return(NULL)
  arms <- seq_len(nrow(rows))
  ends <- data.frame(case = name, model = "", sharing = "", arm = arms - 1, quantity = "supported_months", i = 0, j = 0, value = curve$end)
  rbind(ends, do.call(rbind, lapply(names(families), function(model) {
    f <- families[[model]]
    separate <- do.call(rbind, lapply(arms, function(a) project(name, model, f, curve, a, "separate")))
    if (length(arms) == 1 || length(f$starts) == 0) separate else rbind(separate, project(name, model, f, curve, arms, "common"))
  })))
}))
table$value <- trimws(formatC(table$value, digits = 10, format = "g"))
cat(sprintf("# R %s.%s\n", R.version$major, R.version$minor))
write.csv(table, row.names = FALSE, quote = FALSE)
