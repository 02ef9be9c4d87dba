#!/usr/bin/env Rscript
# Writes process.csv: weight, mean and sd of y = logit(1 - S) of usual and unusual curves for the papers of process_cases.csv, by dense matrices over all points at once and numerical
# derivatives of the ties, sharing nothing with the program's code.
#
# Usage: cd tests/reference && Rscript process.R > process.csv      (base R; reads process_cases.csv and ../../data/priors.json)
#
# The formulas are those of docs/method.md. To be run again whenever data/priors.json changes.

# --- constants -------------------------------------------------------------------------------------------------------------------------------------
priors <- paste(readLines("../../data/priors.json"), collapse = " ")
after <- function(text, key) {
  at <- regexpr(paste0('"', key, '"\\s*:'), text)
  stopifnot(at > 0)
  substring(text, at)
}
first_number <- function(text, key) as.numeric(sub(paste0('^"', key, '"\\s*:\\s*(-?[0-9.]+).*$'), "\\1", after(text, key)))
numbers <- function(text, key) as.numeric(strsplit(sub("^[^[]*\\[([^]]*)\\].*$", "\\1", after(text, key)), ",")[[1]])

constants_of <- function(class) {
  text <- after(after(after(priors, "process"), "classes"), class)
  keys <- c("typical_median", "most_log_median", "b5", "b6", "b7", "b8", "th1", "th2", "th3", "th4", "th5", "most_square", "rho", "kn", "least_survival", "pin",
            "nug", "tf", "slope", "a1", "a2", "a3", "offset_lower", "offset_upper", "sd_milestone", "sd_events", "events_offset", "censoring_gamma")
  k <- as.list(sapply(keys, function(key) first_number(text, key)))
  unusual <- after(text, "unusual")
  k$unusual <- as.list(sapply(c("share", "th1", "th2", "th3", "th4", "rho"), function(key) first_number(unusual, key)))
  k$B <- splinefun(numbers(text, "knots"), numbers(text, "values"), method = "natural")
  k$scan <- if (class == "PFS") {
    scans <- after(text, "scans")
    as.list(sapply(c("q", "tau", "k", "least_survival"), function(key) first_number(scans, key)))
  }
  direct <- after(after(priors, "classes"), class)
  for (key in c("information_gamma", "sd_log_hr_unstratified", "sd_log_hr_by_guess", "events_fraction", "limit_over_follow_up")) k[[key]] <- first_number(direct, key)
  k$loglogistic_shape <- exp(first_number(after(direct, "loglogistic"), "mean"))
  k$default_n <- first_number(after(priors, "reading"), "default_n_patients")
  k$plug_in_slope <- if (class == "PFS") first_number(text, "plug_in_slope") else NA
  k
}

# --- prior -----------------------------------------------------------------------------------------------------------------------------------------
half_unit <- function(text) 0.5 * 10^-nchar(sub("^[^.]*\\.?", "", text))
prior_mean <- function(k, u, median) {
  x <- min(max(log(median / k$typical_median), -k$most_log_median), k$most_log_median)
  k$B(u) - k$B(0) + (k$b5 * x + k$b7 * x^2) * pmin(u, 0) + (k$b6 * x + k$b8 * x^2) * pmax(u, 0)
}

scan_shift <- function(k, d, t, median) {
  s <- k$scan
  seen <- function(t, mp) {
    F <- function(x) 1 / (1 + (x / mp)^-s$k)
    j <- 1:400
    (1 - s$q) * F(t) + s$q * sum((F(j * d) - c(0, F((j[-1] - 1) * d))) * pnorm((t - j * d) / (s$tau * sqrt(j))))
  }
  mp <- exp(uniroot(function(x) seen(median, exp(x)) - 0.5, log(median) + c(-1.8, 0.7), tol = 1e-14)$root)
  sapply(t, function(at) {
    p <- min(max(seen(at, mp), s$least_survival), 1 - s$least_survival)
    log(p / (1 - p)) - s$k * log(at / median)
  })
}

covariance <- function(k, arm, u, median, n, rounding) {
  m <- length(u)
  y <- if (is.na(k$plug_in_slope)) mapply(function(v, M) prior_mean(k, v, M), u, median) else k$plug_in_slope * u
  S <- pmin(pmax(1 / (1 + exp(y)), k$least_survival), 1 - k$least_survival)
  v <- ifelse(S > 0.5, 2 / S, 2 / (1 - S))
  K <- matrix(0, m, m)
  for (i in 1:m) for (j in 1:m) {
    a <- u[i]
    b <- u[j]
    k0 <- k$th1 * a * b + k$th4 * (exp(-abs(a - b) / k$th5) - exp(-(abs(a) + abs(b)) / k$th5))
    if (sign(a) * sign(b) > 0) k0 <- k0 + k$th2 * min(a^2, k$most_square) * min(b^2, k$most_square) + k$th3 * min(abs(a), abs(b))
    K[i, j] <- if (arm[i] == arm[j]) {
      k0 + k$kn / n[i] * (1 / (max(S[i], S[j]) * (1 - min(S[i], S[j]))) - v[i] * v[j] / 4) + rounding[i]
    } else {
      k$rho * k0
    }
  }
  K
}

# --- printed numbers -------------------------------------------------------------------------------------------------------------------------------
survival_at_limit <- function(z, n) {  # log-log limits
  miss <- function(s) log(-log(s)) + z * sqrt((1 - s) / (n * s)) / -log(s) - log(log(2))
  grid <- if (z > 0) seq(0.5, 0.9995, by = 0.0005) else seq(0.5, 0.0005, by = -0.0005)
  at <- which(diff(sign(miss(grid))) != 0)[1]
  uniroot(miss, sort(grid[c(at, at + 1)]), tol = 1e-15)$root
}

# Share of the patients whose information is still there: Greenwood's variance by numerical integration along the log-logistic curve through S(t),
# censored with G(u) = 1 / (1 + (u/C)^gamma); C from the expected events, within a factor e^2 of the follow-up.
share <- function(k, t, s, follow_up, f) {
  odds <- (1 - s) / s
  shape <- k$loglogistic_shape
  survival <- function(u) 1 / (1 + odds * (u / t)^shape)
  half <- if (is.na(follow_up)) t / k$limit_over_follow_up else follow_up
  if (is.na(f) && is.na(follow_up)) f <- k$events_fraction
  if (!is.na(f)) {
    if (f == 1) return(1)
    dead <- (1:40 - 0.5) / 40  # midpoints of 1 - S, and when they are reached
    at <- t * (dead / (1 - dead) / odds)^(1 / shape)
    expected <- function(x) mean(1 / (1 + (at / (half * exp(x)))^k$information_gamma)) - f
    x <- if (expected(-2) > 0) -2 else if (expected(2) < 0) 2 else uniroot(expected, c(-2, 2), tol = 1e-12)$root
    half <- half * exp(x)
  }
  density <- function(u) odds * shape / t * (u / t)^(shape - 1) * survival(u)^2
  odds / integrate(function(u) density(u) / survival(u)^2 * (1 + (u / half)^k$information_gamma), 0, t, rel.tol = 1e-10)$value
}

anchors_of <- function(rows, k) {
  out <- NULL
  for (a in seq_len(nrow(rows))) {
    r <- rows[a, ]
    n <- as.numeric(r$n)
    follow_up <- as.numeric(r$follow_up)
    f <- if (nzchar(r$events)) as.numeric(r$events) / n else NA
    for (side in c("lower", "upper")) {
      if (!nzchar(r[[side]])) next
      t <- as.numeric(r[[side]])
      z <- qnorm(0.975) * (if (side == "lower") 1 else -1)
      s0 <- survival_at_limit(z, n)
      s <- survival_at_limit(z, n * share(k, t, s0, follow_up, f))
      out <- rbind(out, data.frame(arm = a, t, s = s - k[[paste0("offset_", side)]], sd = sqrt(k$a1^2 + (k$a2 * (s - s0))^2 + if (is.na(f) && is.na(follow_up)) (k$a3 * (s - 0.5))^2 else 0),
                                   nug = k$nug, time = k$tf * k$slope * half_unit(r[[side]]) / sqrt(3) / t))
    }
    if (nzchar(r$milestones)) for (milestone in strsplit(r$milestones, ";")[[1]]) {
      parts <- strsplit(milestone, "=")[[1]]
      t <- as.numeric(parts[1])
      s <- as.numeric(parts[2])
      room <- if (s <= 0.9) 1 else sqrt(s * (1 - s) / 0.09)
      step <- 1 / (n * share(k, t, s, follow_up, f)) / sqrt(12)  # of the Kaplan-Meier curve at an event
      out <- rbind(out, data.frame(arm = a, t, s, sd = sqrt((k$sd_milestone * room)^2 + step^2), nug = k$nug * room, time = 0))
    }
  }
  out
}

# --- one paper -------------------------------------------------------------------------------------------------------------------------------------
# Mean and covariance of y at the points of `asked` (arm, t) given everything that is printed, for a curve of one kind; and the logarithm of the density
# of what is printed times the share of that kind, but for a constant.
posterior_of_kind <- function(rows, asked, unusual) {
  k <- constants_of(rows$endpoint[1])
  if (unusual) for (key in c("th1", "th2", "th3", "th4", "rho")) k[[key]] <- k$unusual[[key]]
  log_weight <- log(if (unusual) k$unusual$share else 1 - k$unusual$share)
  arms <- seq_len(nrow(rows))
  median <- as.numeric(rows$median)
  n <- ifelse(nzchar(rows$n), as.numeric(rows$n), k$default_n)
  follow_up <- as.numeric(rows$follow_up)
  rounding <- (k$pin * half_unit(rows$median) / sqrt(3) / median)^2
  anchors <- anchors_of(rows, k)
  n_anchors <- if (is.null(anchors)) 0 else nrow(anchors)
  end <- if (all(is.na(follow_up))) 1.05 * max(median) else max(1.7 * follow_up, 1.05 * median)
  grid <- end * ((1:40) / 40)^1.5
  points <- rbind(data.frame(asked, kind = "asked"),
                  do.call(rbind, lapply(arms, function(a) data.frame(arm = a, t = grid, kind = "grid"))))
  if (n_anchors > 0) points <- rbind(points, data.frame(arm = anchors$arm, t = anchors$t, kind = "anchor"))
  M <- median[points$arm]
  u <- log(points$t / M)
  mean <- mapply(function(v, m) prior_mean(k, v, m), u, M)
  d <- as.numeric(rows$schedule_months[1])
  if (!is.na(d)) for (a in arms) {
    mine <- points$arm == a
    mean[mine] <- mean[mine] + scan_shift(k, d, points$t[mine], median[a])
  }
  V <- covariance(k, points$arm, u, M, n[points$arm], rounding[points$arm])
  if (n_anchors > 0) {
    at <- which(points$kind == "anchor")
    per_s <- 1 / (anchors$s * (1 - anchors$s))
    R <- diag((anchors$sd * per_s)^2 + (anchors$nug * per_s)^2 + anchors$time^2, n_anchors)
    away <- log((1 - anchors$s) / anchors$s) - mean[at]
    log_weight <- log_weight - 0.5 * sum(away * solve(V[at, at] + R, away)) - 0.5 * determinant(V[at, at] + R)$modulus
    gain <- V[, at] %*% solve(V[at, at] + R)
    mean <- mean + gain %*% (log((1 - anchors$s) / anchors$s) - mean[at])
    V <- V - gain %*% V[at, ]
  }

  # Ties as functions of y at all points.
  survival <- function(y, a) c(1, rev(cummax(rev(1 / (1 + exp(y[points$kind == "grid" & points$arm == a]))))))
  followed <- function(a) {
    G <- 1 / (1 + (c(0, grid) / follow_up[a])^k$censoring_gamma)
    (G[-1] + G[-41]) / 2
  }
  ties <- list()
  for (a in arms) if (nzchar(rows$events[a]) && !is.na(follow_up[a])) local({
    arm <- a
    f <- as.numeric(rows$events[arm]) / n[arm]
    counted <- max(as.numeric(rows$events[arm]), 1) / n[arm]
    rare <- min(1, sqrt(counted / n[arm] + (0.25 * counted)^2) / k$sd_events)
    sd <- sqrt((rare * k$sd_events)^2 + 0.5 * f * (1 - f) * max(1 / n[arm] - 1 / 400, 0))  # who is censored when
    ties[[length(ties) + 1]] <<- list(value = f + rare * k$events_offset, sd = sd,
                                      h = function(y) sum(-diff(survival(y, arm)) * followed(arm)))
  })
  if (nzchar(rows$hazard_ratio[1])) {
    log_hr <- function(y) {
      S1 <- survival(y, 1)
      S0 <- survival(y, 2)
      d1 <- -n[1] * diff(S1) * followed(1)
      d0 <- -n[2] * diff(S0) * followed(2)
      Y1 <- n[1] * (S1[-1] + S1[-41]) / 2 * followed(1)
      Y0 <- n[2] * (S0[-1] + S0[-41]) / 2 * followed(2)
      uniroot(function(b) sum(d1 - (d1 + d0) * Y1 * exp(b) / (Y0 + Y1 * exp(b))), c(-3, 3), tol = 1e-15)$root
    }
    ties[[length(ties) + 1]] <- list(value = log(as.numeric(rows$hazard_ratio[1])), h = log_hr,
                                     sd = sqrt(max(k$sd_log_hr_unstratified, half_unit(rows$hazard_ratio[1]) / sqrt(3) / as.numeric(rows$hazard_ratio[1]))^2 +
                                                 if (all(is.na(follow_up))) k$sd_log_hr_by_guess^2 else 0))
  }
  if (length(ties) > 0) {
    prediction <- mean
    y <- mean
    free <- which(points$kind == "grid")
    for (iteration in 1:4) {
      H <- matrix(0, length(ties), nrow(points))
      step <- 1e-4
      for (i in seq_along(ties)) for (j in free) {
        at <- function(by) {
          moved <- y
          moved[j] <- y[j] + by
          ties[[i]]$h(moved)
        }
        H[i, j] <- (8 * (at(step) - at(-step)) - (at(2 * step) - at(-2 * step))) / (12 * step)
      }
      z <- sapply(ties, function(tie) tie$value - tie$h(y)) + H %*% y
      W <- H %*% V %*% t(H) + diag(sapply(ties, function(tie) tie$sd^2), length(ties))
      gain <- V %*% t(H) %*% solve(W)
      moved <- prediction + gain %*% (z - H %*% prediction)
      change <- max(abs(1 / (1 + exp(moved[free])) - 1 / (1 + exp(y[free]))))
      y <- moved
      if (change < 0.002) break
    }
    misfit <- z - H %*% prediction
    log_weight <- log_weight - 0.5 * sum(misfit * solve(W, misfit)) - 0.5 * determinant(W)$modulus
    mean <- y
    V <- V - gain %*% H %*% V
  }
  wanted <- points$kind == "asked"
  list(mean = as.vector(mean)[wanted], covariance = V[wanted, wanted, drop = FALSE], log_weight = as.vector(log_weight))
}

# Of both kinds, with their weights.
posterior_of <- function(rows, asked) {
  kinds <- lapply(c(FALSE, TRUE), function(unusual) posterior_of_kind(rows, asked, unusual))
  log_weight <- sapply(kinds, function(p) p$log_weight)
  weight <- exp(log_weight - max(log_weight))
  for (i in seq_along(kinds)) kinds[[i]]$weight <- (weight / sum(weight))[i]
  kinds
}

# Median of the mixture, sds times the inflation, and its covariance.
mixture_of <- function(kinds, inflation) {
  sds <- sapply(kinds, function(p) inflation * sqrt(pmax(diag(p$covariance), 0)))
  means <- sapply(kinds, function(p) p$mean)
  weights <- sapply(kinds, function(p) p$weight)
  sds <- matrix(sds, ncol = 2)
  means <- matrix(means, ncol = 2)
  median <- sapply(seq_len(nrow(means)), function(i) {
    if (max(abs(diff(means[i, ])), sds[i, ]) < 1e-9) return(means[i, 1])
    range <- range(means[i, ])
    if (diff(range) < 1e-12) return(range[1])
    uniroot(function(y) sum(weights * pnorm((y - means[i, ]) / pmax(sds[i, ], 1e-12))) - 0.5, range, tol = 1e-14)$root
  })
  overall <- as.vector(means %*% weights)
  covariance <- Reduce(`+`, lapply(seq_along(kinds), function(i) weights[i] * (inflation^2 * kinds[[i]]$covariance + outer(means[, i] - overall, means[, i] - overall))))
  list(mean = median, covariance = covariance)
}

result_of <- function(rows) {
  multiples <- c(0.05, 0.2, 0.4, 0.7, 0.9, 1, 1.2, 1.6, 2.1, 3)
  asked <- do.call(rbind, lapply(seq_len(nrow(rows)), function(a) data.frame(arm = a, t = multiples * as.numeric(rows$median[a]))))
  kinds <- posterior_of(rows, asked)
  do.call(rbind, lapply(seq_along(kinds), function(i) data.frame(
    case = rows$case[1], kind = i - 1, weight = kinds[[i]]$weight, arm = asked$arm - 1, time = asked$t, mean = kinds[[i]]$mean,
    sd = sqrt(pmax(diag(kinds[[i]]$covariance), 0))
  )))
}

cases <- read.csv("process_cases.csv", colClasses = "character", na.strings = character())
if (sys.nframe() == 0) {  # not where fit.R reads this file
  rows <- do.call(rbind, lapply(unique(cases$case), function(name) result_of(cases[cases$case == name, ])))
  cat(sprintf("# R %s.%s\n", R.version$major, R.version$minor))
  write.csv(format(rows, digits = 12, trim = TRUE), row.names = FALSE, quote = FALSE)
}
