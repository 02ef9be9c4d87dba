#!/usr/bin/env Rscript
# Writes expected_cox.csv: what a large trial of two Weibull arms is expected to see, by adaptive integration: the limit of Cox's estimate (the root of
# the expected score; Struthers & Kalbfleisch 1986, Biometrika 73:363) and the fractions with an event (integral of G dF).
#
# Usage: cd tests/reference && Rscript expected_cox.R      (R with the package survival)
#
# S(t) = exp(-(t / scale)^shape); follow-up G(t) = 1 / (1 + (t / median)^gamma), cut off at `end`. Each root is held against coxph on simulated patients.
suppressMessages(library(survival))
options(digits = 17)
set.seed(1)

cases <- data.frame(
  case =      c("crossing", "late", "early", "proportional", "five", "rare", "unequal"),
  shape1 =    c(0.8,        2,      0.7,     1.3,            1.5,    1.2,    1),
  scale1 =    c(30,         26,     40,      30,             12,     3000,   60),
  shape0 =    c(1.3,        1,      1.4,     1.3,            0.9,    0.8,    1.6),
  scale0 =    c(20,         24,     15,      20,             10,     9000,   12),
  n1 =        c(200,        150,    400,     120,            3,      300,    900),
  n0 =        c(200,        300,    400,     240,            2,      300,    100),
  follow_up1 = c(24,        40,     10,      12,             20,     30,     18),
  follow_up0 = c(24,        30,     14,      30,             20,     30,     24),
  gamma =     c(3,          5.8,    2.5,     4,              3,      4,      2.5),
  end =       c(50,         60,     30,      60,             40,     60,     45))

survived <- function(t, shape, scale) exp(-(t / scale)^shape)
density <- function(t, shape, scale) shape / scale * (t / scale)^(shape - 1) * survived(t, shape, scale)
followed <- function(t, median, gamma) 1 / (1 + (t / median)^gamma)
# In log t, as the density of a shape below 1 is infinite at 0; what is before 1e-12 months is nothing.
integral <- function(f, end) {
  ends <- log(c(1e-12, 1e-4, 1e-2, .3, 2, 6, 12, 24, 36, 48, 60)); ends <- c(ends[ends < log(end)], log(end))
  sum(mapply(function(a, b) integrate(function(x) exp(x) * f(exp(x)), a, b, rel.tol = 1e-12, subdivisions = 2000)$value, head(ends, -1), tail(ends, -1)))
}

rows <- lapply(seq_len(nrow(cases)), function(i) with(cases[i, ], {
  f1 <- function(t) n1 * density(t, shape1, scale1) * followed(t, follow_up1, gamma)
  f0 <- function(t) n0 * density(t, shape0, scale0) * followed(t, follow_up0, gamma)
  y1 <- function(t) n1 * survived(t, shape1, scale1) * followed(t, follow_up1, gamma)
  y0 <- function(t) n0 * survived(t, shape0, scale0) * followed(t, follow_up0, gamma)
  score <- function(b) integral(function(t) { w <- y1(t) * exp(b); p <- w / (y0(t) + w); f1(t) * (1 - p) - f0(t) * p }, end)
  root <- uniroot(score, c(-10, 10), tol = 1e-13)$root
  # Simulated: 400 000 patients in the ratio of the arms.
  m1 <- round(400000 * n1 / (n1 + n0)); m0 <- 400000 - m1
  draw <- function(m, shape, scale, median) {
    time <- scale * rexp(m)^(1 / shape); limit <- pmin(end, median * (1 / runif(m) - 1)^(1 / gamma))
    data.frame(time = pmin(time, limit), event = time <= limit)
  }
  patients <- rbind(cbind(arm = 1, draw(m1, shape1, scale1, follow_up1)), cbind(arm = 0, draw(m0, shape0, scale0, follow_up0)))
  fit <- coxph(Surv(time, event) ~ arm, patients)
  off <- (coef(fit) - root) / sqrt(fit$var[1])
  message(sprintf("%s: root %.5f, coxph %.5f, %.1f standard errors apart", case, root, coef(fit), off))
  stopifnot(abs(off) < 3)
  data.frame(cases[i, ], log_hazard_ratio = root, events1 = integral(f1, end) / n1, events0 = integral(f0, end) / n0)
}))
table <- do.call(rbind, rows)
text <- table
for (column in names(table)[-1]) text[[column]] <- trimws(formatC(table[[column]], digits = 15, format = "g"))
con <- file("expected_cox.csv", "w")
writeLines(sprintf("# R %s, survival %s", getRversion(), packageVersion("survival")), con)
write.csv(text, con, row.names = FALSE, quote = FALSE)
close(con)
