#!/usr/bin/env python3
"""Checks the JSON Schema itself, and that it takes what the reader takes and refuses what a schema can refuse.

Needs python3-jsonschema. Prints "N passed, N failed" and exits with 1 where something failed.
"""

import json
import pathlib
import sys

from jsonschema import Draft202012Validator

ROOT = pathlib.Path(__file__).resolve().parents[2]
FIXTURES = ROOT / "tests" / "fixtures" / "catalogue"


def load(path):
    def no_duplicates(pairs):
        keys = [key for key, _ in pairs]
        if len(keys) != len(set(keys)):
            raise ValueError(f"{path}: a key is given twice")
        return dict(pairs)

    return json.loads(path.read_text(encoding="utf-8"), object_pairs_hook=no_duplicates)


def main():
    passed = failed = 0

    def record(name, problem):
        nonlocal passed, failed
        if problem:
            failed += 1
            print(f"FAILED {name}: {problem}")
        else:
            passed += 1

    schema = load(ROOT / "data" / "schema" / "catalogue.schema.json")
    try:
        Draft202012Validator.check_schema(schema)
        record("the schema", None)
    except Exception as error:  # whatever it is, it is the result of this check
        record("the schema", str(error).splitlines()[0])
    validator = Draft202012Validator(schema)

    def first_fault(path):
        try:
            document = load(path)
        except ValueError as error:
            return str(error)
        error = next(iter(sorted(validator.iter_errors(document), key=lambda e: list(map(str, e.absolute_path)))), None)
        return error and "/" + "/".join(map(str, error.absolute_path)) + ": " + error.message[:200]

    catalogue = sorted((ROOT / "data" / "catalogue").glob("*.json"))
    record("documents in data/catalogue", None if catalogue else "none found")
    valid = catalogue + [ROOT / "data" / "schema" / "template.json"] + sorted(FIXTURES.glob("*.json"))
    for path in valid:
        record(path.relative_to(ROOT), first_fault(path))
    invalid = sorted((FIXTURES / "invalid_schema").glob("*.json"))
    record("documents in invalid_schema", None if invalid else "none found")
    for path in invalid:
        record(path.relative_to(ROOT), None if first_fault(path) else "is taken, though it is not valid")

    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
