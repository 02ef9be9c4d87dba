# Exact limits of a share (Clopper & Pearson 1934), as tests/unit/evidence/rates_test.cpp has them:
# Rscript clopper_pearson.R > clopper_pearson.csv
cat("responders,evaluable,level,lower,upper\n")
for (case in list(c(8, 17), c(0, 12), c(12, 12), c(1, 100), c(14, 29), c(500, 1000)))
    for (level in c(.8, .95, .99)) {
        limits <- binom.test(case[1], case[2], conf.level = level)$conf.int
        cat(sprintf("%d,%d,%g,%.15g,%.15g\n", case[1], case[2], level, limits[1], limits[2]))
    }
