#!/usr/bin/env Rscript
# Writes median_limits.csv: where the Kaplan-Meier curve stands at the limits of its median, as R's survfit gives them.
#
# Usage: tests/reference/median_limits.R > tests/reference/median_limits.csv      (R with the package survival)
#
# Samples are complete (no censoring) and exponential. `s_before` and `s_after` are the Kaplan-Meier values left and right of the limit;
# a limit that survfit does not find is NA. z is that of the interval's level.

suppressMessages(library(survival))
set.seed(20260101)

row_of <- function(n, level, transform) {
  fit <- survfit(Surv(rexp(n), rep(1, n)) ~ 1, conf.type = transform, conf.int = level)
  found <- quantile(fit, 0.5)
  km_at <- function(limit) {
    if (is.na(limit)) return(c(NA, NA))
    at <- which.min(abs(fit$time - limit))
    stopifnot(abs(fit$time[at] - limit) < 1e-9)
    c(if (at == 1) 1 else fit$surv[at - 1], fit$surv[at])
  }
  rbind(
    data.frame(n, level, transform, side = "lower", t(km_at(found$lower))),
    data.frame(n, level, transform, side = "upper", t(km_at(found$upper)))
  )
}

rows <- do.call(rbind, lapply(c("log-log", "log", "plain"), function(transform) {
  do.call(rbind, lapply(c(0.80, 0.95, 0.99), function(level) {
    do.call(rbind, lapply(c(5, 8, 12, 20, 35, 50, 75, 100, 150, 200, 300, 402, 500, 750, 1000), row_of, level, transform))
  }))
}))
names(rows)[5:6] <- c("s_before", "s_after")
cat(sprintf("# R %s.%s, survival %s\n", R.version$major, R.version$minor, packageVersion("survival")))
write.csv(format(rows, digits = 12, trim = TRUE), row.names = FALSE, quote = FALSE)
