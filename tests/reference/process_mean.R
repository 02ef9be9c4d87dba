#!/usr/bin/env Rscript
# Writes process_mean.csv: the mean spline of the process by R's natural spline, which extrapolates linearly by itself.
#
# Usage: cd tests/reference && Rscript process_mean.R > process_mean.csv      (base R; reads ../../data/priors.json)
#
# B(0), 0 up to the last digit of the values, is taken off. To be run again whenever data/priors.json changes.
priors <- paste(readLines("../../data/priors.json"), collapse = " ")
after <- function(text, key) substring(text, regexpr(paste0('"', key, '"\\s*:'), text))
numbers <- function(text, key) {
  text <- sub("^[^[]*\\[([^]]*)\\].*$", "\\1", after(text, key))
  as.numeric(strsplit(text, ",")[[1]])
}
u <- c(seq(-8, -2, by = 1), seq(-1.9, 1.2, by = 0.1), 0, 1.5, 2, 3, 5)
rows <- do.call(rbind, lapply(c("OS", "PFS"), function(class) {
  text <- after(after(after(priors, "process"), "classes"), class)
  B <- splinefun(numbers(text, "knots"), numbers(text, "values"), method = "natural")
  data.frame(endpoint = class, u, value = B(u) - B(0))
}))
cat(sprintf("# R %s.%s\n", R.version$major, R.version$minor))
write.csv(format(rows, digits = 14, trim = TRUE), row.names = FALSE, quote = FALSE)
