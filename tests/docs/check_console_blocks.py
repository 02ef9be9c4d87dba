#!/usr/bin/env python3
"""Runs every `$ hersurv ...` of the ```console blocks in Markdown files and compares what it prints with what the file says.

usage: check_console_blocks.py PROGRAM [--update] FILE.md...
A line that is only `...` in the file stands for any number of lines of the output.
"""
import os
import pathlib
import re
import subprocess
import sys
import tempfile


def matches(expected: list[str], actual: list[str]) -> bool:
    if not expected:
        return not actual
    if expected[0] == "...":
        return any(matches(expected[1:], actual[i:]) for i in range(len(actual) + 1))
    return bool(actual) and expected[0] == actual[0] and matches(expected[1:], actual[1:])


def main() -> int:
    program, *files = sys.argv[1:]
    update = "--update" in files
    environment = {**os.environ, "PATH": str(pathlib.Path(program).resolve().parent) + os.pathsep + os.environ["PATH"], "COLUMNS": "80", "NO_COLOR": "1"}
    environment.pop("HERSURV_CATALOGUE", None)
    passed = failed = 0
    for name in files:
        if name == "--update":
            continue
        path = pathlib.Path(name)
        text = path.read_text(encoding="utf-8")
        out, position = [], 0
        for block in re.finditer(r"```console\n(.*?)```", text, re.S):
            # A block is commands, each with the output that follows it; commands go on after a backslash.
            entries: list[tuple[str, list[str]]] = []
            continuing = False
            for line in block.group(1).splitlines():
                if continuing:
                    entries[-1] = (entries[-1][0] + "\n" + line, [])
                    continuing = line.endswith("\\")
                elif line.startswith("$ "):
                    entries.append((line[2:], []))
                    continuing = line.endswith("\\")
                elif entries:
                    entries[-1][1].append(line)
            rewritten = ""
            with tempfile.TemporaryDirectory() as folder:
                # What a command of the project's own folder may name.
                (pathlib.Path(folder) / "tests").mkdir()
                (pathlib.Path(folder) / "tests" / "fixtures").symlink_to(pathlib.Path(__file__).resolve().parents[1] / "fixtures")
                for command, expected in entries:
                    if not re.match(r"(printf|cat|echo|hersurv)\b", command):
                        rewritten += "$ " + command + "\n" + "".join(line + "\n" for line in expected)
                        continue
                    run = subprocess.run(["bash", "-c", command], cwd=folder, env=environment, capture_output=True, text=True, check=False)
                    actual = (run.stdout + run.stderr).splitlines()
                    keep = expected if "..." in expected else actual
                    rewritten += "$ " + command + "\n" + "".join(line + "\n" for line in keep)
                    if matches(expected, actual):
                        passed += 1
                    else:
                        failed += 1
                        print(f"{name}: $ {command}\n  the file says:\n" + "\n".join("    " + l for l in expected) + "\n  the program prints:\n" + "\n".join("    " + l for l in actual))
            out.append(text[position:block.start(1)] + rewritten)
            position = block.end(1)
        out.append(text[position:])
        if update:
            path.write_text("".join(out), encoding="utf-8")
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
