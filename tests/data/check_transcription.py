#!/usr/bin/env python3
"""Is every number of the evidence in the catalogue?

Reads review_facts.csv and primary_facts.csv beside this file and every document of data/catalogue, and looks each fact
up: a review fact by its value and its line, a primary fact by its value, its source and the place that its statistic
belongs to (a median of an OS analysis, a limit of a hazard ratio, a response rate, a measure, ...). Percentages are
looked up as proportions. A fact that is printed with a zero at its end (25.0) must be written with it, since the zero says how
far the number is rounded. A fact that has several sources must be there with each of them. What stands only in a text (a
note of kind data or crossover, the note of a number) counts when that text has the source of the fact, and for the review
its line, and the printed number.

usage: check_transcription.py [CATALOGUE-FOLDER]      exit status 1 when a fact is not found
"""

import csv
import json
import pathlib
import re
import sys

HERE = pathlib.Path(__file__).resolve().parent
CATALOGUE = HERE.parents[1] / "data" / "catalogue"

WORDS = {"two": "2", "three": "3", "six": "6", "doubling": "2", "3+": "3"}
MONTHS = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
          "December"]
NUMBERS = ("value", "lower", "upper", "survival", "rate", "responders", "evaluable", "n")
# where a statistic of primary_facts.csv may stand, before measures, claims and notes
PLACES = {
    "median": {"median"}, "hazard_ratio": {"hazard_ratio"}, "p_value": {"p_value"}, "events": {"events"},
    "follow_up": {"follow_up"}, "milestone": {"milestones"}, "rate_pct": {"responses"}, "responders": {"responses"},
    "evaluable": {"responses", "n"}, "n": {"n", "responses"}, "share_pct": {"crossover", "responses"},
    "p_value_other": {"p_value"}, "patients": {"responses"},
}


def no_duplicates(pairs):
    keys = [key for key, _ in pairs]
    doubled = sorted({key for key in keys if keys.count(key) > 1})
    if doubled:
        raise ValueError("duplicate key " + ", ".join(doubled))
    return dict(pairs)


class Decimal(float):
    """A number with a point that keeps the text it is written with."""

    def __new__(cls, text):
        number = super().__new__(cls, text)
        number.decimals = decimals_of(text)
        return number


def decimals_of(text):
    return len(text.partition(".")[2])


class Printed:
    """One number of a document: where it stands and what it is."""

    def __init__(self, place, key, value, record, endpoint):
        self.place, self.key, self.value, self.endpoint = place, key, value, endpoint
        self.decimals = record.get("decimals", getattr(value, "decimals", 0))
        self.source, self.line = record.get("source"), record.get("line")
        self.time, self.relation = record.get("time"), record.get("relation", "=")


def numbers(node, place="", endpoint=None, found=None):
    """Every number of a part of a document, with the key of the list or object that holds it as its place."""
    found = [] if found is None else found
    if isinstance(node, list):
        for item in node:
            numbers(item, place, endpoint, found)
    elif isinstance(node, dict):
        if place == "analyses":
            endpoint = node.get("endpoint")
        for key, item in node.items():
            if key == "median" and place == "follow_up":
                found.append(Printed(place, "value", item, node, endpoint))
            elif key in ("range", "quartiles") and place == "follow_up":
                found.extend(Printed(place, limit, value, node, endpoint) for limit, value in zip(("lower", "upper"), item))
            elif key in NUMBERS and isinstance(item, (int, float, str)) and not isinstance(item, bool):
                found.append(Printed("n" if key == "n" else place, key, item, node, endpoint))
            elif isinstance(item, (dict, list)) and key not in ("sources", "of", "at", "stated"):
                # the arms of an analysis are keyed by their ids, which must not pass for a place
                if key == "arms" and isinstance(item, dict):
                    for arm in item.values():
                        numbers(arm, "arms", endpoint, found)
                else:
                    numbers(item, key, endpoint, found)
    return found


def texts(node, found=None):
    """What the notes and the remarks of the numbers say: (source, line, text)."""
    found = [] if found is None else found
    if isinstance(node, list):
        for item in node:
            texts(item, found)
    elif isinstance(node, dict):
        if "source" in node:
            # the quotation of a claim, a remark and the reason of a discrepancy repeat numbers, they do not record them
            keys = ("text",) if node.get("kind") in ("data", "crossover") else ("note", "population")
            found.extend((node["source"], node.get("line"), node[key]) for key in keys if isinstance(node.get(key), str))
        for item in node.values():
            texts(item, found)
    return found


def trials_of(claim):
    return {place["trial"] for place in claim.get("of", []) if "trial" in place}


class Catalogue:
    def __init__(self, folder):
        self.numbers, self.texts, self.cutoffs, self.errors = {"": []}, {"": []}, {}, []
        self.documents = 0
        for path in sorted(pathlib.Path(folder).glob("*.json")):
            try:
                document = json.loads(path.read_text(encoding="utf-8"), object_pairs_hook=no_duplicates, parse_float=Decimal)
            except (ValueError, OSError) as error:
                self.errors.append(f"{path.name}: {error}")
                continue
            self.documents += 1
            for trial in document.get("trials", []):
                self.numbers.setdefault(trial["id"], []).extend(numbers(trial))
                self.texts.setdefault(trial["id"], []).extend(texts(trial))
                self.cutoffs.setdefault(trial["id"], set()).update(
                    analysis["data_cutoff"] for analysis in trial.get("analyses", []) if "data_cutoff" in analysis)
            self.texts[""].extend(texts(document.get("notes", [])))
            for claim in document.get("claims", []):
                for name in {""} | trials_of(claim):
                    self.numbers.setdefault(name, []).extend(numbers(claim, "claims"))


def equal(printed, value):
    if isinstance(printed, str) or isinstance(value, str):
        return printed == value
    return abs(printed - value) <= 1e-9 * max(1.0, abs(value))


def printed_in(text, number):
    return re.search(r"(?<![\w.])" + re.escape(number) + r"(?!\w|\.\d)", text) is not None


def number_of(text, percent):
    text = WORDS.get(text, text).lstrip("<>~")
    if text in ("NR", "NE"):
        return text
    return float(text) / 100 if percent else float(text)


def has_zeros(number, text, percent):
    """Whether a number is written with the zeros at the end of what is printed."""
    return not re.search(r"\.\d*0$", text) or number.decimals == decimals_of(text) + (2 if percent else 0)


def review_fact(fact, catalogue):
    trial, line = fact["trial"], int(fact["line"])
    if any(source == "review" and at == line and printed_in(text, fact["value"])
           for source, at, text in catalogue.texts.get(trial, [])):
        return True
    if fact["unit"] == "date":
        month, day, year = fact["value"].replace(",", "").split()
        return f"{year}-{MONTHS.index(month) + 1:02d}-{int(day):02d}" in catalogue.cutoffs.get(trial, set())
    value = number_of(fact["value"], fact["unit"] == "%")
    return any(number.source == "review" and number.line == line and equal(number.value, value)
               and has_zeros(number, fact["value"], fact["unit"] == "%")
               for number in catalogue.numbers.get(trial, []))


def family(endpoint):
    """The catalogue's endpoint for that of a primary fact, none where it has no analyses of its own."""
    if "DoR" in endpoint:
        return "DOR"
    if "second progression" in endpoint:
        return "PFS2"
    for name in ("CNS-PFS", "PFS", "OS", "TTP"):
        if endpoint == name or endpoint.startswith(name + " "):
            return name
    return None


def split(statistic):
    """'milestone_12_pct_upper' -> ('milestone', 12, 'upper')"""
    key = None
    for limit in ("lower", "upper"):
        if statistic.endswith("_" + limit):
            statistic, key = statistic[:-len(limit) - 1], limit
    match = re.fullmatch(r"milestone_(\d+)_pct", statistic)
    return ("milestone", int(match[1]), key) if match else (statistic, None, key)


def primary_fact(fact, catalogue):
    sources = fact["source"].split("|")
    # a follow-up has one entry in the format, whatever the number of papers that print it
    several = any if fact["statistic"].startswith("follow_up") else all
    return several(found_in(source, fact, catalogue) for source in sources)


def found_in(source, fact, catalogue):
    trial = fact["trial"]
    statistic, time, limit = split(fact["statistic"])
    value = number_of(fact["value"], "_pct" in fact["statistic"])
    kind = family(fact["endpoint"])
    for number in catalogue.numbers.get(trial, []):
        if not equal(number.value, value) or not has_zeros(number, fact["value"], "_pct" in fact["statistic"]):
            continue
        if number.place == "n" and "n" in PLACES.get(statistic, ()):
            return True
        if number.source != source:
            continue
        if number.place in ("measures", "claims"):
            return True
        if number.place not in PLACES.get(statistic, ()):
            continue
        if limit and number.key != limit or not limit and number.key in ("lower", "upper"):
            continue
        if statistic == "milestone" and number.time != time:
            continue
        if statistic == "p_value" and fact["value"].startswith("<") != (number.relation == "<"):
            continue
        if kind and number.endpoint and number.endpoint != kind and statistic != "follow_up":
            continue
        return True
    return any(at == source and printed_in(text, fact["value"].lstrip("<>~"))
               for at, _, text in catalogue.texts.get(trial, []))


def main(arguments):
    catalogue = Catalogue(arguments[0] if arguments else CATALOGUE)
    passed, failed = 0, len(catalogue.errors)
    for error in catalogue.errors:
        print("FAIL document: " + error)
    if not catalogue.documents:
        print("FAIL no document read")
        failed += 1
    for name, test in (("review_facts.csv", review_fact), ("primary_facts.csv", primary_fact)):
        with open(HERE / name, newline="", encoding="utf-8") as file:
            for fact in csv.DictReader(file):
                if test(fact, catalogue):
                    passed += 1
                else:
                    failed += 1
                    print(f"FAIL {name}: " + ", ".join(value for value in fact.values() if value))
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
