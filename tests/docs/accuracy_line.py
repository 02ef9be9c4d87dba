#!/usr/bin/env python3
"""The sentence of the README on accuracy, from data/accuracy.csv and, for the models fitted to patients, from docs/accuracy.md.

usage: accuracy_line.py [--update]     in the project's folder; without --update it fails if the README says something else
"""
import csv
import pathlib
import re
import sys

BEGIN, END = "<!-- accuracy: tests/docs/accuracy_line.py --update -->\n", "<!-- /accuracy -->"


def main():
    rows = {(row["endpoint"], row["median"], row["pattern"], row["model"]): row for row in csv.DictReader(open("data/accuracy.csv", encoding="utf-8")) if row["measured"] == "held out"}
    os_row, pfs_row = rows["OS", "reached", "A", "auto"], rows["PFS", "reached", "A", "auto"]
    fitted = re.search(r"fitted to the patients: Weibull, log-logistic \| OS \.(\d{4}), \.(\d{4}) \| PFS \.(\d{4}), \.(\d{4})", pathlib.Path("docs/accuracy.md").read_text(encoding="utf-8"))
    weibull_os, loglogistic_os, weibull_pfs, loglogistic_pfs = (float("0." + digits) for digits in fitted.groups())
    points = lambda value: f"{100 * float(value):.2f}"
    nearer = "a little nearer for OS" if loglogistic_os < float(os_row["mae"]) else "no nearer for OS"
    text = (f"**How accurate?** From the results of an abstract alone, the reconstructed curve is on average {points(os_row['mae'])} percentage points of survival from the published Kaplan-Meier curve for overall survival\n"
            f"({os_row['n_arms']} arms) and {points(pfs_row['mae'])} for progression-free survival ({pfs_row['n_arms']} arms), cross-validated on digitised phase III trials. Models fitted to the patients themselves: Weibull {points(weibull_os)} and {points(weibull_pfs)},\n"
            f"log-logistic {points(loglogistic_os)} ({nearer}) and {points(loglogistic_pfs)}. [docs/accuracy.md](docs/accuracy.md) has every figure.\n")
    path = pathlib.Path("README.md")
    readme = path.read_text(encoding="utf-8")
    begin, end = readme.index(BEGIN) + len(BEGIN), readme.index(END)
    if "--update" in sys.argv:
        path.write_text(readme[:begin] + text + readme[end:], encoding="utf-8")
    elif readme[begin:end] != text:
        print("README.md says of the accuracy:\n" + readme[begin:end] + "\nthe record says:\n" + text + "\nrun tests/docs/accuracy_line.py --update")
        return 1
    print("1 passed, 0 failed")
    return 0


if __name__ == "__main__":
    sys.exit(main())
