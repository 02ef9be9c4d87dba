#!/usr/bin/env python3
"""Runs the ```r and ```python blocks of Markdown files. Commands in comments at the top of a block ("# hersurv ...") make its files first.

usage: check_snippets.py PROGRAM FILE.md...
A block fails if a command or its interpreter fails. It is skipped, with the reason, if Rscript or a package that it loads is not installed.
"""
import importlib.util
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]


def missing_for_r(code: str) -> str:
    if shutil.which("Rscript") is None:
        return "Rscript"
    packages = re.findall(r"^library\((\w+)\)", code, re.M) + re.findall(r"\b(\w+)::", code)
    for package in packages:
        found = subprocess.run(["Rscript", "-e", f'quit(status = !requireNamespace("{package}", quietly = TRUE))'], capture_output=True, check=False)
        if found.returncode:
            return f"the R package {package}"
    return ""


def missing_for_python(code: str) -> str:
    modules = re.findall(r"^(?:import|from) (\w+)", code, re.M)
    return next((f"the Python package {module}" for module in modules if importlib.util.find_spec(module) is None), "")


LANGUAGES = {"r": (missing_for_r, ["Rscript", "--vanilla"], ".R"), "python": (missing_for_python, [sys.executable], ".py")}


def run(command: list[str], folder: str, environment: dict[str, str]) -> str:
    """The output of a command that failed; empty if it succeeded."""
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    return "" if done.returncode == 0 else f"exit code {done.returncode}\n{done.stdout}{done.stderr}"


def check(language: str, code: str, environment: dict[str, str]) -> str:
    with tempfile.TemporaryDirectory() as folder:
        for line in re.match(r"(?:#.*\n)*", code).group().splitlines():
            command = line.lstrip("# ")
            if command.startswith("hersurv ") and (problem := run(["bash", "-c", command], folder, environment)):
                return f"$ {command}\n{problem}"
        _, interpreter, ending = LANGUAGES[language]
        script = pathlib.Path(folder) / ("snippet" + ending)
        script.write_text(code, encoding="utf-8")
        return run([*interpreter, str(script)], folder, environment)


def main() -> int:
    program, *files = sys.argv[1:]
    environment = {**os.environ, "PATH": str(pathlib.Path(program).resolve().parent) + os.pathsep + os.environ["PATH"]}
    environment.pop("HERSURV_CATALOGUE", None)
    passed = failed = skipped = 0
    for name in files:
        text = (ROOT / name).read_text(encoding="utf-8")
        for block in re.finditer(r"^```(r|python)\n(.*?)^```", text, re.S | re.M):
            language, code = block.groups()
            place = f"{name}:{text.count(chr(10), 0, block.start()) + 1}"
            if missing := LANGUAGES[language][0](code):
                skipped += 1
                print(f"{place}: skipped, {missing} is not installed")
            elif problem := check(language, code, environment):
                failed += 1
                print(f"{place}: {problem}")
            else:
                passed += 1
    print(f"{passed} passed, {failed} failed, {skipped} skipped")
    return 1 if failed or not passed + skipped else 0


if __name__ == "__main__":
    sys.exit(main())
