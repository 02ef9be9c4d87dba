#!/usr/bin/env python3
"""Golden command lines: runs every cases/NAME/cmd and demands the bytes of stdout and stderr and the exit code.

    run.py PROGRAM [NAME...]            runs all cases, or those whose names match the globs
    run.py --update PROGRAM [NAME...]   writes what the program does now into the cases

A case is a folder with `cmd` (lines for bash, run in an empty temporary folder with $HERSURV, the program, and $FIXTURES, tests/fixtures), `stdout`,
and where they differ from nothing and 0, `stderr` and `exit`. The temporary folder is $PWD; the fixtures' path is replaced by $FIXTURES in what
is compared.
"""
import argparse
import concurrent.futures
import difflib
import fnmatch
import os
import pathlib
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
CASES = HERE / "cases"
FIXTURES = HERE.parent / "fixtures"
SECONDS = 1200  # ends what hangs; no case takes one on an idle machine


def environment(program):
    # Nothing of the caller's settings may show in the output.
    kept = {key: os.environ[key] for key in ("PATH", "HOME", "TMPDIR", "ASAN_OPTIONS", "LSAN_OPTIONS", "UBSAN_OPTIONS") if key in os.environ}
    return {**kept, "HERSURV": str(program), "FIXTURES": str(FIXTURES), "LC_ALL": "C.UTF-8", "COLUMNS": "80"}


def run_case(case, program):
    with tempfile.TemporaryDirectory(prefix="hersurv-cli-") as folder:
        done = subprocess.run(["bash", "-c", (case / "cmd").read_text()], cwd=folder, env=environment(program), capture_output=True,
                              stdin=subprocess.DEVNULL, timeout=SECONDS, check=False)
    clean = [stream.replace(os.fsencode(FIXTURES), b"$FIXTURES") for stream in (done.stdout, done.stderr)]
    return {"stdout": clean[0], "stderr": clean[1], "exit": done.returncode}


def expected(case):
    def read(name):
        path = case / name
        return path.read_bytes() if path.exists() else b""

    return {"stdout": read("stdout"), "stderr": read("stderr"), "exit": int(read("exit") or b"0")}


def update(case, got):
    (case / "stdout").write_bytes(got["stdout"])
    for name, content in (("stderr", got["stderr"]), ("exit", b"%d\n" % got["exit"] if got["exit"] else b"")):
        if content:
            (case / name).write_bytes(content)
        else:
            (case / name).unlink(missing_ok=True)


def differences(case, want, got):
    for name in ("stdout", "stderr"):
        if want[name] != got[name]:
            old, new = (stream.decode("utf-8", "backslashreplace").splitlines(keepends=True) for stream in (want[name], got[name]))
            for line in difflib.unified_diff(old, new, f"{case.name}/{name}", "got"):
                yield line if line.endswith("\n") else line + "\n\\ no newline at the end\n"
    if want["exit"] != got["exit"]:
        yield f"{case.name}/exit: wanted {want['exit']}, got {got['exit']}\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--update", action="store_true", help="write what the program does now into the cases")
    parser.add_argument("program", type=pathlib.Path)
    parser.add_argument("names", nargs="*", metavar="NAME", help="cases to run (globs)")
    arguments = parser.parse_args()
    program = arguments.program.resolve()
    cases = sorted(path.parent for path in CASES.glob("*/cmd"))
    if arguments.names:
        cases = [case for case in cases if any(fnmatch.fnmatch(case.name, name) for name in arguments.names)]
    if not cases:
        sys.exit("run.py: no case of this name")

    def outcome(case):
        try:
            return run_case(case, program)
        except subprocess.TimeoutExpired:
            return None

    failed = 0
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for case, got in zip(cases, pool.map(outcome, cases)):
            alone = f"  to run it alone: {os.path.relpath(__file__)} {arguments.program} {case.name}\n"
            if got is None:
                failed += 1
                print(f"{case.name}: no end within {SECONDS} s\n{alone}", end="")
                continue
            if arguments.update:
                update(case, got)
            lines = list(differences(case, expected(case), got))
            if lines:
                failed += 1
                sys.stdout.writelines([*lines, alone])
    print(f"{len(cases) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
