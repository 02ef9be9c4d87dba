#!/usr/bin/env python3
"""Twice as many trials cost at most 2.5 times as much: instructions (valgrind) and memory, from 100 to 200 to 400 trials.

usage: growth.py PROGRAM
"""
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
MOST = 2.5
SIZES = (100, 200, 400)


def document(trials, shared_source):
    record = json.loads((ROOT / "tests/fixtures/catalogue/cleopatra_example.json").read_text(encoding="utf-8"))
    text = json.dumps({**record["trials"][0], "aliases": []})
    sources, made = {}, []
    for number in range(trials):
        own = text
        for key, source in record["sources"].items():
            name = f"{key}-shared" if shared_source else f"{key}-{number}"
            sources[name] = source
            own = own.replace(f'"{key}"', f'"{name}"')
        trial = json.loads(own)
        old = trial["id"]
        made.append(json.loads(json.dumps(trial).replace(f'"{old}"', f'"T{number}"')))
    return {"format": record["format"], "version": record["version"], "sources": sources, "trials": made}


def cost(program, arguments):
    counted = subprocess.run(["valgrind", "--tool=cachegrind", "--cache-sim=no", "--cachegrind-out-file=/dev/null", program, *arguments],
                             capture_output=True, stdin=subprocess.DEVNULL, check=False)
    found = re.search(rb"I +refs: +([\d,]+)", counted.stderr)
    if counted.returncode != 0 or not found:
        raise SystemExit(f"{arguments} failed: {counted.stderr[-500:]}")
    process = subprocess.Popen([program, *arguments], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, _, usage = os.wait4(process.pid, 0)
    return int(found.group(1).replace(b",", b"")), usage.ru_maxrss


def main():
    program = str(pathlib.Path(sys.argv[1]).resolve())
    passed = failed = 0
    with tempfile.TemporaryDirectory(prefix="hersurv-growth-") as folder:
        for shared in (True, False):
            files = {}
            for size in SIZES:
                files[size] = pathlib.Path(folder) / f"{size}.json"
                files[size].write_text(json.dumps(document(size, shared)), encoding="utf-8")
            for words in (["validate", "FILE"], ["list", "--catalogue", "FILE"], ["table", "medians", "T1", "--catalogue", "FILE"]):
                costs = [cost(program, [str(files[size]) if word == "FILE" else word for word in words]) for size in SIZES]
                for before, after, size in zip(costs, costs[1:], SIZES[1:]):
                    for what, less, more in (("instructions", before[0], after[0]), ("memory", before[1], after[1])):
                        good = more <= MOST * less
                        passed += good
                        failed += not good
                        if not good:
                            print(f"{' '.join(words)}, {'one source' if shared else 'a source each'}: {size} trials need {more / less:.1f} times the {what} of {size // 2}")
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
