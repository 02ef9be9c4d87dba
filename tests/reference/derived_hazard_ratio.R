# Values of tests/unit/evidence/derived_ratio_test.cpp, and which variance is nearer to Cox (docs/method.md).
derived <- function(p, v, sign, half) {
  sd <- 1 / sqrt(v)
  z <- function(p) qnorm(p / 2, lower.tail = FALSE)
  ends <- sign * z(p + c(-half, half)) * sd
  cat(sprintf("log HR %.10f sd %.10f limits %.10f %.10f\n", sign * z(p) * sd, sd, min(ends) - qnorm(.975) * sd, max(ends) + qnorm(.975) * sd))
}
derived(.003, 168 * 200 / 368, -1, .0005)      # events of each arm
derived(.04, 300 * 200 * 100 / 300^2, 1, .005) # all events and 2:1 patients
cat(sprintf("bound %.10f\n", qnorm(.0005, lower.tail = FALSE) / sqrt(168 * 200 / 368)))

library(survival)
set.seed(1)
for (design in list(c(200, 200, .6), c(400, 400, .8), c(300, 150, .6), c(100, 300, .5), c(80, 80, .4))) {
  n1 <- design[1]; n0 <- design[2]
  misses <- t(sapply(1:400, function(i) {
    time <- c(rexp(n1, design[3] / 12), rexp(n0, 1 / 12))
    cut <- runif(n1 + n0, 10, 30)
    event <- time <= cut
    time <- pmin(time, cut)
    first <- rep(1:0, c(n1, n0))
    test <- survdiff(Surv(time, event) ~ first)
    z <- sqrt(test$chisq) * sign(test$obs[2] - test$exp[2])
    o1 <- test$obs[2]; o0 <- test$obs[1]; o <- o1 + o0
    c(z / sqrt(o1 * o0 / o), z / sqrt(o * n1 * n0 / (n1 + n0)^2)) - coef(coxph(Surv(time, event) ~ first))
  }))
  cat(design, "difference from Cox: events of each arm", round(colMeans(misses)[1], 3), "all events and patients", round(colMeans(misses)[2], 3), "\n")
}
