#!/usr/bin/env python3
"""Runs ten command lines with 8 threads and with one: output and exit code must be the same, and ThreadSanitizer must report nothing.

    threads.py PROGRAM

With a program built without ThreadSanitizer (preset `tsan`) only the output is compared. Prints "N passed, N failed".
"""
import os
import subprocess
import sys
import tempfile

COMMANDS = (
    "fit * --format json",
    "fit CLEOPATRA EMILIA --model all --format csv",
    "curve * --format csv",
    "table medians *",
    "table rmst * --format json",
    "plot forest * --format svg",
    "check --format json",
    "report * --format html",
    "patients simulate CLEOPATRA --analysis os-end-of-study --replicates 50",
    "digitise tests/fixtures/digitise/three-arms.pdf tests/fixtures/digitise/two-arms.svg --format json",
)
SECONDS = 1800  # ends what hangs
TSAN_EXIT = 66


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    program = os.path.abspath(sys.argv[1])
    environment = {**os.environ, "TSAN_OPTIONS": f"exitcode={TSAN_EXIT}", "LC_ALL": "C.UTF-8", "COLUMNS": "80"}
    failed = 0
    for line in COMMANDS:
        answers = []
        for threads in ("1", "8"):
            with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as errors:
                done = subprocess.run([program, *line.split(), "--threads", threads], stdout=out, stderr=errors, stdin=subprocess.DEVNULL,
                                      env=environment, timeout=SECONDS, check=False)
                out.seek(0)
                errors.seek(0)
                said = errors.read()
                answers.append((done.returncode, out.read(), said))
        alone, together = answers
        if alone != together or together[0] == TSAN_EXIT or together[0] not in (0, 1) or not together[1]:
            failed += 1
            print(f"FAILED: {line}: exit codes {alone[0]} and {together[0]}, {len(alone[1])} and {len(together[1])} bytes")
            print(together[2].decode(errors="replace")[-3000:])
    print(f"{len(COMMANDS) - failed} passed, {failed} failed")
    sys.exit(1 if failed else 0)


main()
