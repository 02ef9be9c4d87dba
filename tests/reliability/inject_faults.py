#!/usr/bin/env python3
"""Lets calls of the C library fail, one after the other, and looks at how the program ends.

usage: inject_faults.py PROGRAM LIBRARY [--most N] [--jobs N]

LIBRARY is failing.cpp as a shared library. For each command line below the calls of each kind are counted; then the command line is run again
with one of them failing, for --most of them (150 by default, spread evenly; 0: all). Whatever fails, the program ends with a documented exit code
and, unless it succeeded, a message; a file that it was to write is the old one or the new one, never a part; and a success has the whole answer.
"""
import argparse
import concurrent.futures
import os
import pathlib
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
EXIT_CODES = {0, 1, 2, 3, 4, 5}
OLD = b"what was there before\n"
SECONDS = 120  # ends what hangs

TRIAL = str(ROOT / "data/catalogue/CLEOPATRA.json")
FIGURE = str(ROOT / "tests/fixtures/digitise/two-arms.svg")
COMMANDS = [
    ["list", "--names"],
    ["show", "EMILIA", "--format", "json"],
    ["validate", TRIAL],
    ["fit", "--arm", "n=120 median=17.6[15.3,20.1]", "--threads", "1"],
    ["fit", "EMILIA", "--threads", "4", "--format", "json"],
    ["curve", "EMILIA", "--endpoint", "OS", "--times", "12,24", "--threads", "2", "-o", "FILE"],
    ["plot", "EMILIA", "--endpoint", "OS", "--format", "svg", "-o", "FILE"],
    ["table", "medians", "EMILIA", "CLEOPATRA", "--format", "csv", "-o", "FILE"],
    ["patients", "simulate", "EMILIA", "--endpoint", "OS", "--threads", "3", "-o", "FILE"],
    ["digitise", FIGURE, "--format", "text"],
]


def run(program, command, settings, library):
    with tempfile.TemporaryDirectory(prefix="hersurv-faults-") as folder:
        file = pathlib.Path(folder) / "answer"
        file.write_bytes(OLD)
        words = [str(file) if word == "FILE" else word for word in command]
        environment = {**os.environ, **settings, "LD_PRELOAD": library, "NO_COLOR": "1", "COLUMNS": "80"}
        try:
            done = subprocess.run([program, *words], capture_output=True, stdin=subprocess.DEVNULL, env=environment, timeout=SECONDS, check=False)
        except subprocess.TimeoutExpired:
            return None
        left = sorted(entry.name for entry in pathlib.Path(folder).iterdir())
        return done, file.read_bytes() if file.exists() else None, left


def counts(program, command, library):
    with tempfile.NamedTemporaryFile() as file:
        run(program, command, {"HERSURV_COUNT": file.name}, library)
        return {kind: int(count) for kind, count in (line.split() for line in file.read().decode().splitlines())}


def fault_of(outcome, sound):
    if outcome is None:
        return f"takes longer than {SECONDS} s"
    done, answer, left = outcome
    if done.returncode < 0:
        return f"ended by signal {-done.returncode}"
    if done.returncode not in EXIT_CODES:
        return f"exit code {done.returncode}"
    if left != ["answer"]:
        return "leaves " + ", ".join(left)
    if done.returncode == 0:
        if (done.stdout, answer) != (sound[0].stdout, sound[1]):
            return "succeeds with another answer"
        return None
    if not done.stderr.strip():
        return f"exit code {done.returncode} without a word"
    if answer not in (OLD, sound[1]):
        return "leaves part of an answer"
    return None


def spread(count, most):
    """At most so many of the numbers 1 to count, the first and the last among them."""
    if most == 0 or count <= most:
        return range(1, count + 1)
    return sorted({1 + round(i * (count - 1) / (most - 1)) for i in range(most)})


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("library")
    parser.add_argument("--most", type=int, default=150)
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    options = parser.parse_args()
    program, library = (str(pathlib.Path(path).resolve()) for path in (options.program, options.library))
    passed = failed = 0
    for command in COMMANDS:
        sound = run(program, command, {}, library)
        if sound is None or sound[0].returncode != 0:
            print(f"{' '.join(command)}: fails without a fault")
            failed += 1
            continue
        asked = []
        for kind, count in counts(program, command, library).items():
            asked += [f"{kind}:{call}" for call in spread(count, options.most)]
            # From a call on all fail: what a full disk or a spent memory looks like.
            asked += [f"{kind}:{call}+" for call in spread(count, max(options.most // 10, 2))]
        with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
            outcomes = pool.map(lambda fault, command=command: run(program, command, {"HERSURV_FAIL": fault}, library), asked)
            for fault, outcome in zip(asked, outcomes):
                why = fault_of(outcome, sound)
                passed += why is None
                failed += why is not None
                if why is not None:
                    print(f"HERSURV_FAIL={fault} hersurv {' '.join(command)}: {why}")
                    if outcome:
                        print("    " + outcome[0].stderr.decode("utf-8", "replace")[:200].replace("\n", "\n    "))
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
