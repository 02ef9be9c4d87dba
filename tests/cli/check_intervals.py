#!/usr/bin/env python3
"""What people see is the population interval, for every analysis of the catalogue and every command that prints an interval of a curve's value, unless they
ask for the reconstruction band; without the number of patients it is that band, and named. Programs get both under their names."""
import csv
import io
import json
import re
import subprocess
import sys

failures = []
passed = 0
NUMBER = r"-?[\d.]+"
CELL = re.compile(rf"^({NUMBER})[†‡¶*]*(?: \(({NUMBER})(?:–| to )({NUMBER})\)(§?))?$")
ENDPOINTS = ("OS", "PFS", "DOR")


def check(condition, message):
    global passed
    if condition:
        passed += 1
    else:
        failures.append(message)


def run(*arguments):
    done = subprocess.run([PROGRAM, *arguments], capture_output=True, check=False)
    check(done.returncode == 0, f"{arguments}: {done.stderr.decode()[:200]}")
    return done.stdout.decode()


def rows_of(*arguments):
    return list(csv.DictReader(io.StringIO(run(*arguments, "--format", "csv"))))


def near(shown, value, factor):
    """A text that rounds the value."""
    decimals = len(shown.partition(".")[2])
    return abs(float(shown) - factor * float(value)) <= 0.5 * 10.0 ** -decimals + 1e-9


def check_cell(name, text, row, prefix, factor, asked):
    """An interval as people see it against the columns of the row."""
    found = CELL.match(text)
    check(found is not None, f"{name}: {text!r} is no estimate with its interval")
    if found is None:
        return
    _, lower, upper, replaced = found.groups()
    population = row[f"{prefix}population_lower"] != ""
    band = asked or ("population" if population else "reconstruction")
    want = row[f"{prefix}{band}_lower"], row[f"{prefix}{band}_upper"]
    if lower is None or "" in want:
        check(lower is None and "" in want, f"{name}: {text!r} v {want}")
        return
    check(near(lower, want[0], factor) and near(upper, want[1], factor), f"{name}: {text!r} is not the {band} interval {want}")
    check(bool(replaced) == (asked is None and not population), f"{name}: {text!r}, {'no ' if not population else ''}population interval")


def cells_of(text):
    """Rows of the tables of a markdown text."""
    return [[cell.strip().replace("\\*", "*") for cell in line.strip().strip("|").split("|")] for line in text.splitlines() if line.startswith("|")]


def check_tables(band, asked):
    for endpoint in ENDPOINTS:
        for table, columns in (("milestones", (("Reconstructed", "", 100), ("Difference", "difference_", 100))),
                               ("rmst", (("RMST", "", 1), ("Difference", "difference_", 1), ("Ratio", "ratio_", 1))),
                               ("hazard-ratios", (("Reconstructed: HR", "curve_", 1),)), ("models", (("Median", "median_", 1),))):
            shown = cells_of(run("table", table, "--endpoint", endpoint, "--format", "markdown", *band))
            rows = rows_of("table", table, "--endpoint", endpoint)
            heads, bodies = shown[0], shown[2:]
            check(len(bodies) == len(rows) and (len(rows) > 0 or endpoint == "DOR"), f"{table} {endpoint}: {len(bodies)} rows are shown of {len(rows)}")
            for cells, row in zip(bodies, rows):
                for title, prefix, factor in columns:
                    column = next(k for k, head in enumerate(heads) if head.startswith(title))
                    text = cells[column]
                    # A hazard ratio and its interval have columns of their own.
                    if title.endswith(": HR") and cells[column + 1]:
                        limits, mark = re.fullmatch(r"(.*?)(§?)", cells[column + 1]).groups()
                        text += f" ({limits}){mark}"
                    if text not in ("", "-") and not text.startswith("NE"):
                        check_cell(f"{table} {endpoint} {row['trial']} {title}", text, row, prefix, factor, asked)
            for row in rows:
                # The limits without a band in their name are those that they were.
                first = columns[0][1]
                if row[first + "lower" if first != "" else "lower"] != "":
                    check(row[first + "lower"] == row[f"{first}population_lower"], f"{table} {endpoint}: lower is {row[first + 'lower']}")


def check_curves(band, asked):
    """Every analysis on its own, so that it is known whose table is read."""
    analyses = {}
    for row in rows_of("curve", "--times", "6,12,24"):
        analyses.setdefault((row["trial"], row["analysis"]), []).append(row)
        check((row["lower"], row["upper"]) == (row["reconstruction_lower"], row["reconstruction_upper"]), f"curve: lower of programs is {row}")
    check(len(analyses) > 40, f"{len(analyses)} analyses have a curve")
    for (trial, analysis), rows in analyses.items():
        shown = cells_of(run("curve", trial, "--analysis", analysis, "--times", "6,12,24", "--format", "markdown", *band))
        heads = shown[0]
        arms = list(dict.fromkeys(row["arm"] for row in rows))
        check(len(heads) == 1 + len(arms), f"{trial} {analysis}: {heads}")
        for time, *cells in shown[2:]:
            for head, arm, text in zip(heads[1:], arms, cells):
                row = next(row for row in rows if row["arm"] == arm and row["time_months"] == time)
                used = asked or ("population" if row["population_lower"] else "reconstruction")
                check(("CI" in head) == (used == "population") and ("reconstruction band" in head) == (used == "reconstruction"), f"{trial} {analysis} {arm}: {head}")
                # The heading names the band of the arm: nothing is marked.
                check_cell(f"curve {trial} {analysis} {arm} {time}", text, row, "", 100, used)


def check_fits(band, asked):
    document = json.loads(run("fit", "--model", "auto", "--summaries", "--format", "json"))
    medians = {(one["trial"], one["analysis"], one["arm"]): one["median_months"] for one in document["parameters"]}
    for (trial, analysis, arm), median in medians.items():
        if median is None or median["value"] is None:
            continue
        shown = cells_of(run("fit", trial, "--analysis", analysis, "--arm", arm, "--model", "auto", "--format", "markdown", *band))
        fitted = shown[0].index("Fitted")
        # One arm and one model: the row below the heading and its line.
        text = shown[2][fitted]
        row = {f"{name}_{end}": "" if median[f"{name}_{end}"] is None else median[f"{name}_{end}"] for name in ("reconstruction", "population") for end in ("lower", "upper")}
        check((median["lower"], median["upper"]) == (median["reconstruction_lower"], median["reconstruction_upper"]), f"fit {trial}: {median}")
        check_cell(f"fit {trial} {analysis} {arm}", text, row, "", 1, asked)
    check(len(medians) > 60 and all("population_lower" in one for one in document["summaries"]), "fit: summaries without their population interval")


def main():
    for band, asked in (((), None), (("--band", "reconstruction"), "reconstruction")):
        check_tables(band, asked)
    for band, asked in (((), None), (("--band", "reconstruction"), "reconstruction")):
        check_curves(band, asked)
        check_fits(band, asked)
    for failure in failures[:40]:
        print(failure)
    print(f"{passed} passed, {len(failures)} failed")
    return 1 if failures or passed == 0 else 0


if __name__ == "__main__":
    PROGRAM = sys.argv[1]
    sys.exit(main())
