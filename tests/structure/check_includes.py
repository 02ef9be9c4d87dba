#!/usr/bin/env python3
"""Holds the include table of the architecture against the code: which module may include which, and which libraries stay out of the public headers."""
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]

# CONTRIBUTING.md explains the modules. A module may always include itself and support.
MAY_INCLUDE = {
    "support": set(),
    "catalogue": {"tables"},
    "tables": set(),
    "digitise": {"tables"},
    "survival": set(),
    "evidence": {"catalogue", "survival"},
    "process": {"survival", "evidence", "catalogue"},
    "fit": {"survival", "evidence", "process", "catalogue"},
    "patients": {"tables", "catalogue", "evidence", "survival", "process", "fit"},
    "audit": {"catalogue", "evidence", "survival", "process", "fit"},
    "study": {"catalogue", "evidence", "survival", "process", "fit", "audit"},
    "render": set(),
    "report": {"tables", "digitise", "catalogue", "evidence", "survival", "process", "fit", "patients", "audit", "study", "render"},
    "cli": {"tables", "digitise", "catalogue", "evidence", "survival", "process", "fit", "patients", "audit", "study", "render", "report"},
}
# The public headers of a module, where they are not named like it.
MODULE_OF = {"error": "support", "records": "catalogue", "estimates": "fit"}
HEAVY = re.compile(r"#include <(nlohmann|CLI|boost|Eigen|unsupported|fmt)/")
ONLY_IN = {"CLI": "src/cli/parser.cpp", "nlohmann": "src/support/json.cpp"}


def main() -> int:
    passed, failures = 0, []
    files = sorted([*ROOT.glob("include/**/*.hpp"), *ROOT.glob("src/**/*.[ch]pp")])
    for path in files:
        name = path.relative_to(ROOT).as_posix()
        module = MODULE_OF.get(path.stem, path.stem) if name.startswith("include/") else path.relative_to(ROOT).parts[1]
        if module not in MAY_INCLUDE:
            failures.append(f"{name}: module '{module}' is not in the include table")
            continue
        wrong = []
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if (own := re.match(r'#include "(?:hersurv/([a-z_]+)\.hpp|([a-z_]+)/)', line)) is not None:
                other = own.group(2) or MODULE_OF.get(own.group(1), own.group(1))
                if other not in {module, "support"} | MAY_INCLUDE[module]:
                    wrong.append(f"{name}:{number}: {module} may not include {other}")
            if name.startswith("include/") and re.match(r'#include "(?!hersurv/)', line):
                wrong.append(f"{name}:{number}: a public header includes a private one")
            if (heavy := HEAVY.match(line)) is not None:
                if name.startswith("include/"):
                    wrong.append(f"{name}:{number}: {heavy.group(1)} belongs into a source file, not into a public header")
                elif ONLY_IN.get(heavy.group(1), name) != name:
                    wrong.append(f"{name}:{number}: only {ONLY_IN[heavy.group(1)]} includes {heavy.group(1)}")
        if not re.match(r"//[^\n]{20,}", path.read_text(encoding="utf-8")):
            wrong.append(f"{name}: does not open with a sentence on its duty")
        if wrong:
            failures.extend(wrong)
        else:
            passed += 1
    for failure in failures:
        print(failure)
    print(f"{passed} passed, {len(failures)} failed")
    return 1 if failures or passed == 0 else 0


if __name__ == "__main__":
    sys.exit(main())
