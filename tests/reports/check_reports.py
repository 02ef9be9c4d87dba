#!/usr/bin/env python3
"""Reads the reports of `check` as their readers do: SARIF against what its standard requires, JUnit as XML, annotations by the runner's own unescaping.
Runs the commands of the workflow file on a repository with a catalogue."""
import json
import pathlib
import re
import subprocess
import sys
import tempfile
import urllib.parse
import xml.dom.minidom

ROOT = pathlib.Path(__file__).resolve().parents[2]
FIXTURES = ROOT / "tests" / "fixtures" / "audit"
failures = []
passed = 0


def expect(condition, message):
    global passed
    if condition:
        passed += 1
    else:
        failures.append(message)


def check(program, folder, file, report):
    call = [program, "--catalogue", file, "check", "--model", "weibull", "--format", report]
    if file is None:
        call = [program, "check", "--model", "weibull", "--format", report]
    else:
        call.insert(1, "--no-builtin")
    return subprocess.run(call, capture_output=True, cwd=folder, check=False)


def line_of(pointer, text):
    """The line of a JSON pointer, by a decoder that remembers where values begin."""
    lines = {}
    decoder = json.JSONDecoder()

    def blank(at):
        return re.compile(r"[ \t\r\n]*").match(text, at).end()

    def walk(at, here):
        lines[here] = text.count("\n", 0, at) + 1
        if text[at] == "{":
            at = blank(at + 1)
            while text[at] != "}":
                key, at = decoder.raw_decode(text, at)
                at = walk(blank(blank(at) + 1), here + "/" + key.replace("~", "~0").replace("/", "~1"))
                at = blank(at)
                at = blank(at + 1) if text[at] == "," else at
            return at + 1
        if text[at] == "[":
            at, index = blank(at + 1), 0
            while text[at] != "]":
                at = blank(walk(at, f"{here}/{index}"))
                at = blank(at + 1) if text[at] == "," else at
                index += 1
            return at + 1
        return decoder.raw_decode(text, at)[1]

    walk(blank(0), "")
    return lines.get(pointer)


def sarif(name, output, findings, text):
    """OASIS SARIF 2.1.0: the properties that the standard requires, and those that GitHub's code scanning asks for."""
    log = json.loads(output)
    expect(log["version"] == "2.1.0" and "2.1.0" in log["$schema"], f"{name}: version")
    expect(len(log["runs"]) == 1, f"{name}: one run")
    run = log["runs"][0]
    driver = run["tool"]["driver"]
    expect(driver["name"] == "hersurv" and re.fullmatch(r"\d+\.\d+\.\d+", driver["semanticVersion"]), f"{name}: driver")
    ids = [rule["id"] for rule in driver["rules"]]
    expect(len(ids) == len(set(ids)) > 15, f"{name}: rules are unique")
    for rule in driver["rules"]:
        expect(rule["shortDescription"]["text"] and rule["fullDescription"]["text"] and rule["help"]["text"], f"{name}: texts of {rule['id']}")
        expect(rule["defaultConfiguration"]["level"] in ("none", "note", "warning", "error"), f"{name}: level of {rule['id']}")
    expect(len(run["results"]) == len(findings), f"{name}: {len(run['results'])} results, {len(findings)} findings")
    for result, finding in zip(run["results"], findings):
        at = f"{name}: {finding['rule']} at {finding['pointer']}"
        expect(result["ruleId"] == finding["rule"] and ids[result["ruleIndex"]] == finding["rule"], f"{at}: rule")
        expect(result["level"] == finding["severity"], f"{at}: level")
        expect(finding["message"] in result["message"]["text"], f"{at}: message")
        expect(("suppressions" in result) == finding["acknowledged"], f"{at}: suppression")
        for suppression in result.get("suppressions", []):
            expect(suppression["kind"] in ("inSource", "external") and suppression["justification"] == finding["acknowledgement"], f"{at}: reason")
        physical = result["locations"][0]["physicalLocation"]
        uri = physical["artifactLocation"]["uri"]
        expect(re.fullmatch(r"[A-Za-z0-9\-._~/!$&'()*+,;=@%:]+", uri), f"{at}: '{uri}' is no URI")
        expect(urllib.parse.unquote(uri.removeprefix("file://")) == finding["file"], f"{at}: file")
        region = physical["region"]
        expect(region["startLine"] >= 1 and region.get("startColumn", 1) >= 1, f"{at}: region")
        if text is not None:
            expect(region["startLine"] == line_of(finding["pointer"], text), f"{at}: line {region['startLine']}")
        expect(all(isinstance(value, str) for value in result["partialFingerprints"].values()), f"{at}: fingerprint")


def junit(name, output, findings, fails):
    document = xml.dom.minidom.parseString(output)
    root = document.documentElement
    expect(root.tagName == "testsuites", f"{name}: root")
    cases = document.getElementsByTagName("testcase")
    tagged = {tag: document.getElementsByTagName(tag) for tag in ("failure", "skipped", "system-out")}
    expect(sum(map(len, tagged.values())) == len(findings), f"{name}: every finding is a test case")
    expect(len(tagged["skipped"]) == sum(f["acknowledged"] for f in findings), f"{name}: acknowledged ones are skipped")
    expect(len(tagged["failure"]) == sum(f["severity"] == "error" and not f["acknowledged"] for f in findings), f"{name}: errors fail")
    expect((len(tagged["failure"]) > 0) == fails, f"{name}: fails like the program")
    for suite in document.getElementsByTagName("testsuite"):
        own = suite.getElementsByTagName("testcase")
        for attribute, nodes in (("tests", own), ("failures", suite.getElementsByTagName("failure")), ("skipped", suite.getElementsByTagName("skipped"))):
            expect(int(suite.getAttribute(attribute)) == len(nodes), f"{name}: {suite.getAttribute('name')}: {attribute}")
    expect(int(root.getAttribute("tests")) == len(cases), f"{name}: tests of all suites")
    expect(all(case.getAttribute("name") and case.getAttribute("classname") for case in cases), f"{name}: names")


def unescaped(text, is_property):
    if is_property:
        text = text.replace("%3A", ":").replace("%2C", ",")
    return text.replace("%0D", "\r").replace("%0A", "\n").replace("%25", "%")


def github(name, output, findings):
    lines = output.decode().splitlines()
    expect(len(lines) == len(findings), f"{name}: {len(lines)} lines, {len(findings)} findings")
    levels = {"error": "error", "warning": "warning", "note": "notice"}
    told = []
    for line in lines:
        match = re.fullmatch(r"::(error|warning|notice) ([^:]*)::(.*)", line)
        expect(match is not None, f"{name}: no command: {line}")
        if match is None:
            continue
        properties = dict(part.split("=", 1) for part in match.group(2).split(","))
        expect(set(properties) <= {"file", "line", "col", "title"}, f"{name}: properties of {line}")
        told.append((match.group(1), unescaped(properties["title"], True), unescaped(properties.get("file", ""), True), unescaped(match.group(3), False)))
    for finding in findings:
        level = "notice" if finding["acknowledged"] else levels[finding["severity"]]
        title = finding["rule"] + (" (acknowledged)" if finding["acknowledged"] else "")
        found = any(t[0] == level and t[1] == title and t[2] == finding["file"] and finding["message"] in t[3] for t in told)
        expect(found, f"{name}: {finding['rule']} at {finding['pointer']} has no annotation")
    order = [("error", "warning", "notice").index(t[0]) for t in told]
    expect(order == sorted(order), f"{name}: the worst come first")


def workflow(program, folder):
    text = (ROOT / "docs" / "github-workflow.yml").read_text(encoding="utf-8")
    expect(f"```yaml\n{text}```\n" in (ROOT / "docs" / "examples.md").read_text(encoding="utf-8"), "docs/examples.md does not hold docs/github-workflow.yml")
    commands = re.findall(r"^ *(?:- run: )?(hersurv .*)$", text, re.MULTILINE)
    expect(len(commands) == 4, f"the workflow has {len(commands)} commands")
    catalogue = pathlib.Path(folder) / "catalogue"
    catalogue.mkdir()
    path = {"PATH": f"{pathlib.Path(program).parent}:/usr/bin:/bin"}
    for fixture, codes in (("sound", [0, 0, 0, 0]), ("contradictions", [0, 1, 0, 0])):
        (catalogue / "mine.json").write_bytes((FIXTURES / f"{fixture}.json").read_bytes())
        ends = [subprocess.run(["/bin/sh", "-c", command], capture_output=True, cwd=folder, env=path, check=False).returncode for command in commands]
        expect(ends == codes, f"{fixture}: the workflow's commands end with {ends}")
    log = json.loads((pathlib.Path(folder) / "published-numbers.sarif").read_text(encoding="utf-8"))
    uris = {result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for result in log["runs"][0]["results"]}
    expect(uris == {"catalogue/mine.json"}, f"the workflow's files are {uris}")


def main():
    program = str(pathlib.Path(sys.argv[1]).resolve())
    with tempfile.TemporaryDirectory() as folder:
        hostile = pathlib.Path(folder) / "a, b%25:c <d> ü"
        hostile.mkdir()
        text = (FIXTURES / "acknowledged.json").read_text(encoding="utf-8")
        reason = '"text": "events of a later cut"'
        assert reason in text
        (hostile / "e.json").write_text(text.replace(reason, '"text": "a\\nb\\r\\t<c> & ]]> \\"d\\" %0A \\u0001 \\u202e \\uffff\\ufffe\\ud83d\\ude00 é 100 %"'), encoding="utf-8")
        files = [str(FIXTURES / f"{name}.json") for name in ("sound", "contradictions", "acknowledged")]
        for file in [*files, str((hostile / "e.json").relative_to(folder)), None]:
            name = "built-in" if file is None else pathlib.Path(file).name
            answer = check(program, folder, file, "json")
            findings = json.loads(answer.stdout)["findings"]
            expect(len(findings) > 0 or name == "sound.json", f"{name}: has findings")
            reports = {report: check(program, folder, file, report) for report in ("github", "junit", "sarif")}
            for report, output in reports.items():
                expect(output.returncode == answer.returncode, f"{name}: exit code of {report}")
                expect(not output.stderr, f"{name}: messages of {report}")
            source = None if file is None else (pathlib.Path(folder) / file).read_text(encoding="utf-8")
            sarif(f"{name}.sarif", reports["sarif"].stdout, findings, source)
            junit(f"{name}.junit", reports["junit"].stdout, findings, answer.returncode == 1)
            if name != "e.json":
                github(f"{name}.github", reports["github"].stdout, findings)
            else:
                # Controls are made visible, so the reason is not what it was; the commands still stand one a line.
                expect(len(reports["github"].stdout.decode().splitlines()) == len(findings), "e.json: one line a finding")
    with tempfile.TemporaryDirectory() as folder:
        workflow(program, folder)
    for failure in failures:
        print(failure)
    print(f"{passed} passed, {len(failures)} failed")
    return 1 if failures or passed == 0 else 0


if __name__ == "__main__":
    sys.exit(main())
