#!/usr/bin/env python3
"""Changes real records a little, gives them extreme numbers, and runs the program on them under limits of time and memory.

usage: mutate.py PROGRAM [--runs N] [--first SEED] [--keep FOLDER]

Every run takes one trial of data/catalogue or of the fixtures, changes one to four of its values (numbers that are tiny, huge, negative or
not numbers; texts; lists that are empty, twice as long or gone) and gives it to one of the command lines below. It is a fault if
the program is ended by a signal, takes longer than SECONDS, needs more memory than MEGABYTES, ends with an exit code that is not documented,
calls itself faulty, says nothing when it fails, or writes nan or inf where a number belongs. The same seeds give the same runs.
"""
import argparse
import copy
import json
import os
import pathlib
import random
import re
import resource
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
SECONDS = 20  # of processor time; no sound record needs two
MEGABYTES = 1500
EXIT_CODES = {0, 1, 2, 3, 4, 5}

COMMANDS = [
    ["validate", "FILE"],
    ["validate", "FILE", "--format", "sarif"],
    ["list", "--names"],
    ["list", "--format", "json"],
    ["show"],
    ["show", "--all"],
    ["show", "--format", "json"],
    ["fit"],
    ["fit", "--explain"],
    ["fit", "--format", "json"],
    ["fit", "--model", "gamma", "--format", "csv"],
    ["fit", "--model", "gengamma,lognormal,loglogistic,gompertz"],
    ["fit", "--model", "weibull-cure", "--shape", "common"],
    ["curve", "--format", "csv"],
    ["curve", "--times", "1,12,60,120", "--model", "weibull"],
    ["plot", "--format", "svg"],
    ["plot", "hazard", "--format", "svg"],
    ["plot", "forest", "--format", "svg"],
    ["table", "medians"],
    ["table", "rmst", "--format", "json"],
    ["table", "milestones", "--format", "latex"],
    ["table", "hr", "--format", "markdown"],
    ["check"],
    ["check", "--format", "github"],
    ["report", "--format", "html"],
    ["patients", "simulate", "--format", "csv"],
]

NUMBERS = [0, -0.0, -1, 1e-308, 5e-324, 1e-9, 1e-3, 0.5, 0.999, 1, 1.0000001, 5, 36, 100, 1e4, 1e4 + 1, 1e5, 1e6, 3e9, 1e12, 1e16, 1e17, 1e308,
           2**31 - 1, 2**31, 2**32, 2**53, -2**31]
TEXTS = ["", " ", "NaN", "Infinity", "1e400", "1,5", "12.5", "not reached", "NR", "\u0000", "a" * 5000, "\u001b]0;x\u0007", "\ufffe", "\u202e", "=1+1",
         "../x", "]]>", "</script>", "\n", "<", "'", "`", "\\", "%s", "2024-13-40", "0"]


def places(value, path=()):
    """Every place of a document, as the keys that lead to it."""
    yield path
    members = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, member in members:
        yield from places(member, (*path, key))


def at(document, path):
    for key in path:
        document = document[key]
    return document


def other(value, random_of):
    """What to put in the place of a value."""
    if random_of.random() < 0.1:
        return random_of.choice([None, True, [], {}, *NUMBERS, *TEXTS])
    if isinstance(value, bool) or value is None:
        return random_of.choice([True, False, None])
    if isinstance(value, (int, float)):
        near = [value * 1.01, value * 0.99, value + 1, value - 1, value / 2, value * 2, value / 10, value * 10, round(value, 0)]
        far = [*NUMBERS, -value, value * 1e3, value * 1e6, value / 1e6]
        return random_of.choice(near if random_of.random() < 0.6 else far)
    if isinstance(value, str):
        return random_of.choice([*TEXTS, value + value, value[::-1]])
    if isinstance(value, list):
        return random_of.choice([[], value + value, value[:1], value[::-1], value * 40])
    keys = list(value)
    random_of.shuffle(keys)
    return random_of.choice([{}, {key: value[key] for key in keys}, {key: value[key] for key in keys[1:]}])


def mutated(document, random_of):
    document = copy.deepcopy(document)
    for _ in range(random_of.choice([1, 1, 1, 2, 3, 4])):
        # Numbers most often: they are what a reader lets through.
        everywhere = [path for path in places(document) if path and path[0] == "trials"]
        numbers = [path for path in everywhere if isinstance(at(document, path), (int, float))]
        path = random_of.choice(numbers if numbers and random_of.random() < 0.7 else everywhere)
        at(document, path[:-1])[path[-1]] = other(at(document, path), random_of)
    return document


def spelling(document, random_of):
    """The document's text, now and then with a number that JSON does not have."""
    text = json.dumps(document, ensure_ascii=random_of.random() < 0.5)
    if random_of.random() < 0.03:
        found = list(re.finditer(r"(?<=[ :\[])-?\d+(\.\d+)?", text))
        if found:
            number = random_of.choice(found)
            text = text[:number.start()] + random_of.choice(["NaN", "nan", "-NaN", "Infinity", "1e999", "-1e-999", ".5", "1.", "0x10", "1" * 400]) + text[number.end():]
    return text


def limited():
    resource.setrlimit(resource.RLIMIT_AS, (MEGABYTES << 20, MEGABYTES << 20))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def fault_of(done):
    errors = done.stderr.decode("utf-8", "replace")
    if done.returncode < 0:
        return f"ended by signal {-done.returncode}"
    if done.returncode not in EXIT_CODES:
        return f"exit code {done.returncode}"
    if "this is a bug" in errors:
        return "calls itself faulty"
    if "not enough memory" in errors:
        return f"needs more than {MEGABYTES} MB"
    if done.returncode > 1 and not errors.strip():
        return "fails without a word"
    try:
        output = done.stdout.decode("utf-8")
    except UnicodeDecodeError:
        return "writes what is not UTF-8"
    if re.search(r"(?<![\w.\"'-])-?(nan|inf)(?![\w\"'-])", output):
        return "writes nan or inf"
    return None


def records():
    """One document a trial."""
    for path in sorted([*(ROOT / "data/catalogue").glob("*.json"), *(ROOT / "tests/fixtures/catalogue").glob("*.json")]):
        try:
            document = json.loads(path.read_text(encoding="utf-8"))
            for trial in document["trials"]:
                yield {**document, "trials": [trial]}
        except (ValueError, KeyError, TypeError):
            continue  # a fixture that is broken on purpose


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("--runs", type=int, default=1000)
    parser.add_argument("--first", type=int, default=1)
    parser.add_argument("--keep", type=pathlib.Path, help="folder for the documents that show a fault")
    options = parser.parse_args()
    program = str(pathlib.Path(options.program).resolve())
    documents = list(records())
    codes, faults = {}, 0
    environment = {**os.environ, "HERSURV_NO_BUILTIN": "1", "NO_COLOR": "1"}
    with tempfile.TemporaryDirectory(prefix="hersurv-mutate-") as folder:
        file = pathlib.Path(folder) / "mutated.json"
        for seed in range(options.first, options.first + options.runs):
            random_of = random.Random(seed)
            file.write_bytes(spelling(mutated(random_of.choice(documents), random_of), random_of).encode("utf-8", "surrogatepass"))
            command = random_of.choice(COMMANDS)
            words = [str(file) if word == "FILE" else word for word in command]
            if "FILE" not in command:
                words += ["--catalogue", str(file)]
                if command[0] in ("show", "fit", "curve") or command[:2] == ["patients", "simulate"]:
                    words.append("*")
            done = subprocess.run([program, *words], capture_output=True, stdin=subprocess.DEVNULL, env=environment, preexec_fn=limited, check=False)
            codes[done.returncode] = codes.get(done.returncode, 0) + 1
            fault = fault_of(done)
            if fault is None:
                continue
            faults += 1
            print(f"seed {seed}: {' '.join(command)}: {fault}")
            print("    " + done.stderr.decode("utf-8", "replace")[-300:].replace("\n", "\n    "))
            if options.keep:
                options.keep.mkdir(parents=True, exist_ok=True)
                (options.keep / f"{seed}.json").write_bytes(file.read_bytes())
    told = ", ".join(f"{count} with {code}" for code, count in sorted(codes.items()))
    print(f"{options.runs} runs ended {told}")
    print(f"{options.runs - faults} passed, {faults} failed")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
