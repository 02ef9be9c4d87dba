# What the limits of the audit's rules were taken from: how far published numbers of one trial are from one another in
# digitised figures. Rscript tests/reference/audit_limits.R DIR, DIR with index.csv and published.csv of the digitised
# trials (docs/accuracy.md says which; not part of the project). Only base R.
folder <- commandArgs(trailingOnly = TRUE)[1]
index <- read.csv(file.path(folder, "index.csv"))
arms <- read.csv(file.path(folder, "published.csv"))
show <- function(what, x) {
    cat(sprintf("%-78s n %4d\n", what, sum(is.finite(x))))
    print(round(quantile(x[is.finite(x)], c(0, .01, .1, .5, .9, .99, 1)), 3))
}
arm <- function(name) arms[match(paste(index$dataset, name), paste(arms$dataset, arms$arm)), ]
experimental <- arm(index$other_arm)
control <- arm(index$reference_arm)
z <- qnorm(.975)
log_hr <- log(index$cox_hr)
se <- (log(index$cox_upper) - log(index$cox_lower)) / (2 * z)

# p-value-hazard-ratio: two tests of the same data. Tiny p-values were printed with too few digits.
z_wald <- abs(log_hr) / se
z_log_rank <- qnorm(index$logrank_p / 2, lower.tail = FALSE)
known <- index$logrank_p > 1e-6
show("|z log-rank - z Wald|", abs(z_log_rank - z_wald)[known])
show("... beyond 2 % of z", (abs(z_log_rank - z_wald) - .02 * z_wald)[known])

# hazard-ratio-precision
show("se(log HR) sqrt(events) / 2", se * sqrt(experimental$events + control$events) / 2)
show("se(log HR) / sqrt(1/d1 + 1/d0)", se / sqrt(1 / experimental$events + 1 / control$events))

# hazard-ratio-medians
show("|log HR - log(median of control / median)|", abs(log_hr - log(control$median / experimental$median)))

# proportional-hazards: times that both arms print, survival between 2 and 98 %
away <- c()
for (i in seq_len(nrow(index))) for (j in 1:4) for (k in 1:4) {
    times <- c(experimental[i, paste0("t", j)], control[i, paste0("t", k)])
    s <- c(experimental[i, paste0("s", j)], control[i, paste0("s", k)])
    if (anyNA(c(times, s)) || times[1] != times[2] || min(s) < .02 || max(s) > .98) next
    away <- c(away, abs(log(log(s[1]) / log(s[2])) - log_hr[i]))
}
show("|log(log S / log S of control) - log HR|", away)

# median-precision: log(upper/lower) over 2 z / (log 2 sqrt(count)); events-follow-up: events/n less the integral of G dF
# for an exponential curve through the median; gamma is censoring_gamma of data/priors.json
gamma <- c(OS = 5.8361, PFS = 2.4925)
expected <- function(median, follow_up) {
    t <- seq(0, 10 * max(median, follow_up), length.out = 4001)
    sum(-diff(.5^(t / median)) / (1 + ((t[-1] + t[-length(t)]) / 2 / follow_up)^gamma[endpoint]))
}
for (endpoint in c("OS", "PFS")) {
    own <- arms[arms$endpoint == endpoint, ]
    width <- log(own$median_upper / own$median_lower) * log(2) / (2 * z)
    show(paste(endpoint, "log(upper/lower) of the median, by events"), width * sqrt(own$events))
    show(paste(endpoint, "log(upper/lower) of the median, by patients"), width * sqrt(own$n))
    own <- own[!is.na(own$median) & !is.na(own$median_follow_up), ]
    show(paste(endpoint, "events/n - integral of G dF"), own$events / own$n - mapply(expected, own$median, own$median_follow_up))
}

# median-precision: log(upper/median) over log(median/lower), OS, 50 events and more
own <- arms[arms$endpoint == "OS" & arms$events >= 50, ]
show("OS log(upper/median) / log(median/lower)", log(own$median_upper / own$median) / log(own$median / own$median_lower))

# hazard-ratio-direction and events-exchanged: log hazard ratios implied by medians, by survival at the time at which it
# says most, and by the shares with an event, against log HR, in sds; how many figures are found, sound and with the
# mistake
se_median <- function(a) {
    limits <- log(a$median_upper / a$median_lower) / (2 * z)
    ifelse(is.na(limits), 1 / (log(2) * sqrt(a$n)), limits)
}
share_ratio <- function(d1, d0) {
    hazard <- function(d, n) -log1p(-d / n)
    variance <- function(d, n) d / n / (n * (1 - d / n) * hazard(d, n)^2)
    list(value = log(hazard(d1, experimental$n) / hazard(d0, control$n)),
         variance = variance(d1, experimental$n) + variance(d0, control$n))
}
by_median <- list(value = log(control$median / experimental$median), variance = se_median(experimental)^2 + se_median(control)^2)
by_time <- list(value = rep(NA, nrow(index)), variance = rep(Inf, nrow(index)))
for (i in seq_len(nrow(index))) for (j in 1:4) for (k in 1:4) {
    times <- c(experimental[i, paste0("t", j)], control[i, paste0("t", k)])
    s <- c(experimental[i, paste0("s", j)], control[i, paste0("s", k)])
    if (anyNA(c(times, s)) || times[1] != times[2] || min(s) < .02 || max(s) > .98) next
    variance <- sum((1 - s) / (c(experimental$n[i], control$n[i]) * s * log(s)^2))
    if (variance >= by_time$variance[i]) next
    by_time$value[i] <- log(log(s[1]) / log(s[2]))
    by_time$variance[i] <- variance
}
witnesses <- list(by_median, by_time, share_ratio(experimental$events, control$events))
weight <- function(w, spread) 1 / (pmax(w$variance - se^2, 0) + spread^2)
found <- function(b) {
    against <- sapply(witnesses, function(w) ifelse(is.na(w$value), FALSE, w$value * b < 0 & abs(b - w$value) > qnorm(.99) * sqrt(w$variance + .15^2)))
    known <- sapply(witnesses, function(w) is.finite(w$value) & is.finite(w$variance))
    weights <- sapply(witnesses, weight, spread = .1) * known
    values <- sapply(witnesses, function(w) ifelse(is.na(w$value), 0, w$value))
    mean <- rowSums(weights * values) / rowSums(weights)
    away <- abs(b - mean)
    warning <- mean * b < 0 & away > 2 * sqrt(rowSums(known) / rowSums(weights)) & abs(-b - mean) < away / 2
    c(figures = length(b), error = sum(rowSums(against) >= 2, na.rm = TRUE), warning_or_error = sum(warning | rowSums(against) >= 2, na.rm = TRUE))
}
cat("hazard-ratio-direction, sound\n")
print(found(log_hr))
cat("hazard-ratio-direction, ratio inverted\n")
print(found(-log_hr))
sds <- function(w) abs(log_hr - w$value) / sqrt(pmax(w$variance - se^2, 0) + .15^2)
possible <- pmax(experimental$events, control$events) < pmin(experimental$n, control$n)
now <- sds(share_ratio(experimental$events, control$events))
other <- suppressWarnings(sds(share_ratio(control$events, experimental$events)))
cat(sprintf("events-exchanged: %d figures, %d found; with the events exchanged %d\n", sum(possible),
            sum((now > 2 & other < now / 2)[possible], na.rm = TRUE), sum((other > 2 & now < other / 2)[possible], na.rm = TRUE)))
