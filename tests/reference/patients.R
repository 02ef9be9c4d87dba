#!/usr/bin/env Rscript
# Writes patients.csv (invented patients of two arms) and patients_expected.csv (what R's survival makes of them): Kaplan-Meier with its limits and
# medians, log-rank, Cox with Efron's ties, restricted means.
#
# Usage: cd tests/reference && Rscript patients.R      (R with the package survival)
#
# coxph stops early by default (eps = 1e-9); here it runs to the end. timefix = FALSE: times are equal where they are equal. A statistic that is NA
# is not reached or not estimable. "large" draws its times from a fixed congruential sequence, so that no version of R changes them.
suppressMessages(library(survival))
options(digits = 17)

uniform <- local({ state <- 20250924; function(n) vapply(seq_len(n), function(i) { state <<- (state * 16807) %% 2147483647; state / 2147483647 }, 0) })
drawn <- function(n, median, censored_by, decimals) {
  time <- -log(uniform(n)) * median / log(2); limit <- uniform(n) * censored_by
  data.frame(time = round(pmin(time, limit), decimals), event = as.integer(time <= limit))
}
arms <- function(a, b) rbind(cbind(arm = 0, a), cbind(arm = 1, b))
of <- function(time, event) data.frame(time = time, event = event)
cases <- list(
  ties = arms(drawn(60, 9, 40, 0), drawn(60, 13, 40, 0)),
  heavy_censoring = arms(drawn(80, 40, 12, 1), drawn(75, 60, 12, 1)),
  five = arms(of(c(1.5, 2, 3.25, 4, 7), c(1, 0, 1, 1, 0)), of(c(2, 2.5, 5, 6, 9), c(1, 1, 0, 1, 1))),
  one_event = arms(of(c(3, 5, 8), c(0, 0, 0)), of(c(2, 4, 6), c(0, 1, 0))),
  no_event_in_control = arms(of(c(4, 6, 8, 9), c(0, 0, 0, 0)), of(c(1, 2, 3, 9), c(1, 1, 0, 1))),
  no_event_in_experimental = arms(of(c(4, 6, 8, 9), c(1, 0, 1, 0)), of(c(5, 7, 9, 10), c(0, 0, 0, 0))),
  no_event_at_all = arms(of(c(1, 2), c(0, 0)), of(c(3, 4), c(0, 0))),
  all_tied = arms(of(rep(5, 6), c(1, 1, 1, 0, 0, 1)), of(rep(5, 4), c(1, 0, 0, 0))),
  last_is_event = arms(of(c(1, 2, 3, 4), c(1, 0, 1, 1)), of(c(2, 3, 5, 8), c(0, 1, 0, 1))),
  last_is_censored = arms(of(c(1, 2, 3, 4), c(1, 1, 1, 0)), of(c(2, 3, 5, 8), c(1, 1, 1, 0))),
  events_with_censorings = arms(of(c(2, 2, 2, 4, 4, 6, 6, 6), c(1, 0, 1, 0, 1, 1, 1, 0)), of(c(2, 2, 4, 4, 6, 6, 8, 8), c(0, 0, 1, 1, 1, 0, 1, 0))),
  time_zero = arms(of(c(0, 0, 1, 3, 5), c(1, 0, 1, 1, 0)), of(c(0, 2, 2, 4, 6), c(0, 1, 1, 0, 1))),
  flat_at_half = arms(of(c(1, 2, 5, 7), c(1, 1, 1, 1)), of(c(1, 2, 3, 4, 6, 9), c(1, 1, 1, 0, 0, 1))),
  separated = arms(of(c(1, 2, 3), c(1, 1, 1)), of(c(4, 5, 6), c(1, 1, 1))),
  large_effect = arms(drawn(300, 2, 60, 2), drawn(300, 40, 60, 2)),
  large = arms(drawn(2500, 15, 60, 1), drawn(2500, 18, 60, 1))
)

rows <- list()
out <- function(case, arm, statistic, at, value) rows[[length(rows) + 1]] <<- data.frame(case = case, arm = arm, statistic = statistic, at = at, value = value)
number <- function(x) ifelse(is.na(x), "NA", trimws(formatC(x, digits = 17, format = "g")))
for (case in names(cases)) {
  d <- cases[[case]]
  horizon <- max(min(tapply(d$time, d$arm, max)) * 0.9, tapply(d$time, d$arm, min))  # R takes none before the first time
  for (a in 0:1) {
    one <- d[d$arm == a, ]
    for (type in c("log-log", "log", "plain")) {
      s <- survfit(Surv(time, event) ~ 1, one, conf.type = type, timefix = FALSE)
      # The first, middle and last of the distinct times.
      for (i in unique(c(1, (length(s$time) + 1) %/% 2, length(s$time)))) {
        out(case, a, paste0("lower_", type), s$time[i], s$lower[i]); out(case, a, paste0("upper_", type), s$time[i], s$upper[i])
        if (type == "log") { out(case, a, "survival", s$time[i], s$surv[i]); out(case, a, "log_survival_se", s$time[i], s$std.err[i]); out(case, a, "n_at_risk", s$time[i], s$n.risk[i]) }
      }
      table <- summary(s)$table
      out(case, a, paste0("median_lower_", type), 0.5, table[["0.95LCL"]]); out(case, a, paste0("median_upper_", type), 0.5, table[["0.95UCL"]])
      if (type == "log") {
        out(case, a, "median", 0.5, table[["median"]])
        for (p in c(0.2, 0.7)) out(case, a, "quantile", 1 - p, quantile(s, p, conf.int = FALSE)[[1]])
        for (t in c(horizon, max(d$time) + 1)) {
          mean <- summary(s, rmean = t)$table
          out(case, a, "rmst", t, mean[["rmean"]]); out(case, a, "rmst_se", t, mean[["se(rmean)"]])
        }
      }
    }
    follow_up <- summary(survfit(Surv(time, 1 - event) ~ 1, one, timefix = FALSE))$table
    out(case, a, "follow_up", 0.5, follow_up[["median"]])
  }
  m <- lapply(0:1, function(a) summary(survfit(Surv(time, event) ~ 1, d[d$arm == a, ], timefix = FALSE), rmean = horizon)$table)
  mean <- sapply(m, `[[`, "rmean"); se <- sapply(m, `[[`, "se(rmean)")
  out(case, "", "rmst_difference", horizon, mean[2] - mean[1]); out(case, "", "rmst_difference_se", horizon, sqrt(sum(se^2)))
  out(case, "", "rmst_ratio", horizon, mean[2] / mean[1]); out(case, "", "rmst_ratio_log_se", horizon, sqrt(sum((se / mean)^2)))
  if (sum(d$event) > 0) {
    test <- survdiff(Surv(time, event) ~ arm, d)
    variance <- test$var[2, 2]
    out(case, "", "log_rank_observed", "", test$obs[2]); out(case, "", "log_rank_expected", "", test$exp[2]); out(case, "", "log_rank_variance", "", variance)
    if (variance > 0) { out(case, "", "log_rank_chi_square", "", test$chisq); out(case, "", "log_rank_p", "", pchisq(test$chisq, 1, lower.tail = FALSE)) }
  }
  if (!case %in% c("one_event", "no_event_in_control", "no_event_in_experimental", "no_event_at_all", "separated")) {
    fit <- coxph(Surv(time, event) ~ arm, d, ties = "efron", control = coxph.control(eps = 1e-15, iter.max = 100, toler.chol = 1e-20, timefix = FALSE))
    out(case, "", "log_hr", "", coef(fit)[[1]]); out(case, "", "log_hr_se", "", sqrt(vcov(fit)[1, 1]))
    limits <- summary(fit)$conf.int
    out(case, "", "hr_lower", "", limits[[3]]); out(case, "", "hr_upper", "", limits[[4]])
  }
}
all <- do.call(rbind, rows)
for (column in c("at", "value")) all[[column]] <- ifelse(all[[column]] == "", "", number(suppressWarnings(as.numeric(all[[column]]))))
all$value[is.na(all$value)] <- "NA"
write.csv(all, "patients_expected.csv", row.names = FALSE, quote = FALSE)
patients <- do.call(rbind, lapply(names(cases), function(case) cbind(case = case, cases[[case]])))
write.csv(patients, "patients.csv", row.names = FALSE, quote = FALSE)
