#!/usr/bin/env python3
"""Tries the inputs that people who do this job have posted, with the values that were computed independently.

Usage: check_cases.py PROGRAM [FOLDER]     (FOLDER: the collection of cases; default ../shared/cases beside the project)

The collection is no part of the project: without it this says so in capitals and checks nothing. Each row of CASES is one command line in the
folder of a case, and what its patients or its messages must be. What the collection shows is tested on inputs of the project's own as well, in
tests/unit/patients and tests/unit/tables.
"""
import csv
import io
import math
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]


class Run:
    """One `patients reconstruct`, run in a folder."""

    def __init__(self, program, folder, words):
        done = subprocess.run([program, "patients", "reconstruct", *words, "--format", "csv"], cwd=folder, capture_output=True, text=True, check=False)
        self.code, self.patients, self.said = done.returncode, done.stdout, done.stderr
        self.rows = list(csv.DictReader(io.StringIO(done.stdout)))

    def arm(self, name=None):
        return [(float(r["time_months"]), int(r["event"])) for r in self.rows if name is None or r["arm"] == name]

    def events(self, name=None):
        return sum(event for _, event in self.arm(name))

    def survival(self, at, name=None):
        s, patients = 1.0, sorted(self.arm(name), key=lambda p: (p[0], -p[1]))
        for i, (time, event) in enumerate(patients):
            if time > at:
                break
            s *= 1 - event / (len(patients) - i)
        return s

    def median(self, name=None):
        return next((t for t in sorted({t for t, e in self.arm(name) if e}) if self.survival(t, name) <= 0.5 + 1e-12), math.inf)

    def hazard_ratio(self):
        found = re.search(r"hazard ratio \(Cox\)\s+(?:\S+\s+)?(\d+\.\d+)", self.said)
        return float(found.group(1)) if found else math.nan


def near(value, wanted, margin):
    return abs(value - wanted) <= margin


# What a row asks for: a function of the run, and of `run(folder, words)` for comparisons; True if it holds.
def refused(words):
    return lambda r, _: r.code == 3 and words in r.said


def warned(words, *checks):
    return lambda r, run: r.code == 0 and r.said.split("\n")[0].startswith("hersurv: warning: ") and words in r.said and all(c(r, run) for c in checks)


def events(least, most, arm=None):
    return lambda r, _: r.code == 0 and least <= r.events(arm) <= most


def same_as(words):
    return lambda r, run: r.code == 0 and r.patients.replace("Drug A", "") == run(words).patients.replace("Drug A", "") != ""


def all_of(*checks):
    return lambda r, run: all(c(r, run) for c in checks)


# The curve of an arm, whatever is known of the other one, with which it is smoothed.
def curve_of_drug_a(words, arm):
    def check(r, run):
        other = run(words)
        return r.code == 0 and all(near(r.survival(t, arm), other.survival(t, "Drug A"), 0.015) for t in range(1, 25))
    return check


def says(words):
    return lambda r, _: r.code == 0 and words in r.said


LONG = ["--curve", "long.csv", "--at-risk", "risk_long.csv"]
CASES = [
    # folder, words, what must be
    ("01-survhe30", ["--curve", "surv.txt", "--at-risk", "nrisk.txt"],
     all_of(events(18, 20), same_as(["--curve", "curve.csv", "--at-risk", "risk.csv"]), lambda r, _: near(r.median(), 9.2, 0.3), says("all the same"))),
    ("02-survhe47", ["--curve", "surv.tsv", "--n", "500"], same_as(["--curve", "curve.csv", "--n", "500"])),
    ("03-resolve4", ["--curve", "curve.csv", "--at-risk", "risk.csv"],
     all_of(events(37, 37), lambda r, _: sum(e for t, e in r.arm() if 30 < t <= 36) == 1, lambda r, _: near(r.survival(36), 0.544, 0.005))),
]
for curve in ("Header_case.csv", "extra_cols.csv", "long_german.csv", "long_semicolon_point.csv", "percent_sign.csv", "sep_line.csv", "time_months.csv",
              "wpd_datasets.csv", "wpd_german.csv", "long_tab.tsv", "excel_utf16.txt"):
    CASES.append(("07-wpd", ["--curve", curve, "--at-risk", "risk_long.csv"], same_as(LONG)))
for table in ("risk_long_case.csv", "risk_nrisk.csv"):
    CASES.append(("07-wpd", ["--curve", "long.csv", "--at-risk", table], same_as(LONG)))
for table in ("risk_wide.csv", "risk_wide_cols.csv"):  # these have two more times for Placebo
    CASES.append(("07-wpd", ["--curve", "long.csv", "--at-risk", table], curve_of_drug_a(LONG, "Drug A")))
for curve in ("noheader.csv", "xy.csv", "long_german_onearm.csv"):
    CASES.append(("07-wpd", ["--curve", "Drug A=" + curve, "--at-risk", "risk_long.csv"],
                  all_of(lambda r, _: len(r.rows) == 100, curve_of_drug_a(LONG, None))))
for name in ("incidence_percent_1.9", "incidence_percent_12", "incidence_percent_3", "incidence_percent_60", "incidence_share_0.03", "incidence_share_0.09",
             "min", "th_0.05", "th_0.10", "th_0.11", "th_0.15"):
    CASES.append(("08-incidence", ["--curve", name + ".csv", "--n", "6380"], refused("--failure")))
CASES += [
    ("08-incidence", ["--curve", "incidence_share_0.03.csv", "--failure", "--at-risk", "risk.csv"],
     all_of(events(178, 178), lambda r, run: run(["--curve", "survival_share.csv", "--at-risk", "risk.csv"]).events() == 178)),
    ("09-survhe41", ["--curve", "curve.csv", "--at-risk", "risk.csv", "--time-unit", "years"], all_of(events(456, 456), lambda r, _: max(r.arm())[0] > 12)),
]
UNITS = ("days", "months", "years")
for curve in UNITS:
    for table in UNITS:
        files = ["--curve", f"curve_{curve}.csv", "--at-risk", f"risk_{table}.csv"]
        CASES.append(("10-units", [*files, "--time-unit", f"curve={curve},at-risk={table}"],
                      all_of(events(112, 112), lambda r, _: near(r.median(), 24.0, 0.2))))
        if curve != table:
            CASES.append(("10-units", files, refused(f"as if the curve were in {curve} and the table in {table}")))
        elif curve != "months":
            CASES.append(("10-units", files, warned("give the unit")))
CASES += [
    ("12-start98", ["--curve", "curve.csv", "--n", "100"], lambda r, _: sum(e for t, e in r.arm() if t < 0.1) == 2),
    ("12-start98", ["--curve", "curve_first_missing.csv", "--n", "100"], says("the curve before it is unknown")),
    ("13-slips", ["--curve", "dup.csv", "--at-risk", "thousands.csv"], refused("of 2549 alive")),
    ("13-slips", ["--curve", "../22-smallest/curve.csv", "--at-risk", "at_risk_na.csv"], all_of(says("2 rows without a value left out"), events(60, 90))),
    ("15-refine", ["--curve", "start_half.csv", "--n", "200"], refused("not close to 1")),
    ("15-refine", ["--curve", "first_missing.csv", "--n", "200"], warned("the curve before it is unknown")),
    ("15-refine", ["--curve", "one_above.csv", "--n", "200"], warned("1 point outside the axes left out", events(73, 73))),
    ("15-refine", ["--curve", "one_below.csv", "--n", "200"], warned("1 point outside the axes left out", events(73, 73))),
    ("15-refine", ["--curve", "neg_time.csv", "--n", "200"], warned("1 point outside the axes left out", events(73, 73))),
    ("15-refine", ["--curve", "../22-smallest/curve.csv", "--at-risk", "risk_no0.csv"], warned("no number at risk at time 0", lambda r, _: len(r.rows) == 100)),
    ("15-refine", ["--curve", "../22-smallest/curve.csv", "--at-risk", "risk_toomany.csv"], refused("alive")),
    ("21-mixed", ["--curve", "mixed.csv", "--n", "200,200"],
     warned("survival is in percent, that of the other arms in shares", events(73, 73, "B"), lambda r, _: near(r.hazard_ratio(), 0.65, 0.005),
            lambda r, run: r.patients == run(["--curve", "ok.csv", "--n", "200,200"]).patients)),
    ("21-mixed", ["--curve", "exchanged.csv", "--n", "200"], refused("seem to be exchanged")),
]
for curve in ("bom_crlf.csv", "comment.csv", "excel_trailing.csv", "mac_cr.csv"):
    CASES.append(("21-mixed", ["--curve", curve, "--n", "200"],
                  all_of(lambda r, _: near(r.survival(6), 0.9, 0.01) and near(r.survival(12), 0.8, 0.01), lambda r, _: len(r.rows) == 200)))
CASES += [
    ("21-mixed", ["--curve", "na.csv", "--n", "200"], says("1 row without a value left out")),
    ("21-mixed", ["--curve", "one.csv", "--at-risk", "one_risk.csv"], lambda r, _: r.code == 0 and len(r.rows) == 200),
    ("21-mixed", ["--curve", "ok.csv", "--at-risk", "risk_space.csv"], lambda r, _: r.code == 0 and len(r.arm("A")) == 200),
    ("21-mixed", ["--curve", "time0.csv", "--at-risk", "time0_risk.csv"], lambda r, _: r.code == 0 and sum(e for t, e in r.arm() if t < 0.1) == 2),
    ("22-smallest", ["--curve", "incidence.csv", "--n", "1000"], refused("--failure")),
    ("22-smallest", ["--curve", "incidence.csv", "--n", "1000", "--failure"], all_of(events(54, 54), same_as(["--curve", "flipped.csv", "--n", "1000"]))),
    ("22-smallest", ["--curve", "mixed.csv", "--n", "200,200"], warned("in percent", lambda r, _: near(r.hazard_ratio(), 0.65, 0.005), events(73, 73, "B"))),
    ("22-smallest", ["--curve", "exchanged.csv", "--n", "200"], refused("seem to be exchanged")),
    ("22-smallest", ["--curve", "days.csv", "--at-risk", "months_risk.csv"], refused("as if the curve were in days and the table in months")),
    ("22-smallest", ["--curve", "days.csv", "--at-risk", "months_risk.csv", "--time-unit", "curve=days,at-risk=months"], events(110, 110)),
    ("22-smallest", ["--curve", "days.csv", "--at-risk", "days_risk.csv"], warned("give the unit")),
    ("22-smallest", ["--curve", "days.csv", "--at-risk", "days_risk.csv", "--time-unit", "days"], all_of(events(110, 110), lambda r, _: max(r.arm())[0] < 40)),
    ("22-smallest", ["--curve", "curve.csv", "--at-risk", "impossible.csv"], refused("195 at risk at 6")),
    ("22-smallest", ["--curve", "curve.csv", "--at-risk", "nozero.csv"],
     warned("no number at risk at time 0", lambda r, _: len(r.rows) == 200 and sum(e for t, e in r.arm() if t <= 6) == 20)),
]


def main():
    program = pathlib.Path(sys.argv[1]).resolve()
    folder = pathlib.Path(sys.argv[2]) if len(sys.argv) > 2 else ROOT.parent / "shared" / "cases"
    if not (folder / "README.md").is_file():
        print(f"CASES NOT TRIED: no {folder}")
        return 0
    failed = 0
    for case, words, holds in CASES:
        run = lambda other, case=case: Run(program, folder / case, other)  # noqa: E731
        here = run(words)
        if not holds(here, run):
            failed += 1
            print(f"{case}: hersurv patients reconstruct {' '.join(words)}\n  exit {here.code}, {len(here.rows)} patients, {here.events()} events\n"
                  + "".join(f"  {line}\n" for line in here.said.splitlines()[:12]))
    print(f"{len(CASES) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
