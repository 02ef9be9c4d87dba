#!/usr/bin/env python3
"""The picture of the README is what the program draws.

usage: front_picture.py PROGRAM [--update]     in the project's folder
"""
import pathlib
import subprocess
import sys

COMMAND = ["plot", "--name", "FIRE-3", "--endpoint", "OS", "--arm", "name=cetuximab n=297 median=28.7 (24.0-36.6)", "--arm", "name=bevacizumab n=295 median=25.0 (22.7-27.6)",
           "--hr", "0.77 (0.62-0.96)", "--overlay", "docs/pictures/fire3.csv", "--horizon", "42", "--title", "Overall survival in FIRE-3, reconstructed from its abstract", "--format", "svg"]


def main():
    drawn = subprocess.run([sys.argv[1], "--quiet", *COMMAND], capture_output=True, check=True).stdout
    path = pathlib.Path("docs/pictures/front.svg")
    if "--update" in sys.argv:
        path.write_bytes(drawn)
    if path.read_bytes() != drawn:
        print("docs/pictures/front.svg is not what the program draws; run tests/docs/front_picture.py PROGRAM --update")
        return 1
    print("1 passed, 0 failed")
    return 0


if __name__ == "__main__":
    sys.exit(main())
