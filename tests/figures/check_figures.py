#!/usr/bin/env python3
"""Looks at the figures as their readers do: well-formed SVG with real text that stays on the sheet and does not overlap, for every trial of the
catalogue and every kind; curves and symbols where `curve` and `show` have the numbers; PDF and PNG through librsvg, or an error that names its package.

    check_figures.py PROGRAM

Texts are measured in Chromium where it is installed, else estimated from their length.
"""
import ctypes
import html
import json
import pathlib
import re
import shutil
import struct
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ElementTree

SVG = "{http://www.w3.org/2000/svg}"
passed, failures = 0, []


def check(holds, what):
    global passed
    if holds:
        passed += 1
    else:
        failures.append(what)


def run(*arguments):
    return subprocess.run([PROGRAM, "--quiet", *arguments], capture_output=True, stdin=subprocess.DEVNULL, check=False)


def figure(*arguments):
    done = run("plot", *arguments, "--format", "svg")
    return done.stdout.decode() if done.returncode == 0 else None


def numbers(text):
    return [float(number) for number in re.findall(r"-?\d+(?:\.\d+)?(?:e-?\d+)?", text)]


def drawn_points(element):
    get = lambda name: float(element.get(name))
    if element.tag == SVG + "line":
        return [(get("x1"), get("y1")), (get("x2"), get("y2"))]
    if element.tag == SVG + "circle":
        return [(get("cx") - get("r"), get("cy") - get("r")), (get("cx") + get("r"), get("cy") + get("r"))]
    if element.tag == SVG + "path":
        values = numbers(element.get("d"))
        return list(zip(values[::2], values[1::2]))
    return []


def structure(name, text):
    root = ElementTree.fromstring(text)
    left, top, width, height = numbers(root.get("viewBox"))
    check((left, top) == (0, 0), f"{name}: the viewBox begins elsewhere")
    check(root[0].tag == SVG + "title" and root[0].text and root[1].tag == SVG + "desc" and len(root[1].text) > 20, f"{name}: no title or description")
    check(len(root.findall(f".//{SVG}text")) > 5, f"{name}: hardly any text")
    out = [point for element in root.iter() for point in drawn_points(element) if not (0 <= point[0] <= width and 0 <= point[1] <= height)]
    check(not out, f"{name}: drawn outside the sheet: {out[:3]}")
    return root


# left, top, right, bottom and the words of every text, by figure.
def boxes_in_chromium(browser, figures):
    script = """<script>document.body.dataset.boxes = JSON.stringify([...document.querySelectorAll('svg')].map(svg => [...svg.querySelectorAll('text')].map(
        text => { const b = text.getBBox(), turned = text.hasAttribute('transform'), x = b.x + b.width / 2, y = b.y + b.height / 2;
                  const w = turned ? b.height : b.width, h = turned ? b.width : b.height;
                  return [x - w / 2, y - h / 2, x + w / 2, y + h / 2, text.textContent]; })));</script>"""
    with tempfile.TemporaryDirectory() as folder:
        page = pathlib.Path(folder) / "page.html"
        page.write_text("<!doctype html><meta charset=utf-8><body>" + "\n".join(figures) + script, encoding="utf-8")
        done = subprocess.run([browser, "--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={folder}/profile", "--virtual-time-budget=10000",
                               "--dump-dom", page.as_uri()], capture_output=True, timeout=120, check=True)
    return json.loads(html.unescape(re.search(r'data-boxes="([^"]*)"', done.stdout.decode()).group(1)))


def words_of(text):
    return "".join(text.itertext())


def estimated_boxes(root):
    boxes = []
    for text in root.iter(SVG + "text"):
        x, y, size = float(text.get("x")), float(text.get("y")), float(text.get("font-size", root.get("font-size")))
        width = float(text.get("textLength", 0.5 * size * len(words_of(text))))
        if text.get("transform"):
            boxes.append([x - size, y - width / 2, x, y + width / 2, words_of(text)])
            continue
        start = x - {None: 0, "middle": width / 2, "end": width}[text.get("text-anchor")]
        boxes.append([start, y - size, start + width, y + 0.2 * size, words_of(text)])
    return boxes


def check_boxes(name, root, boxes):
    width, height = numbers(root.get("viewBox"))[2:]
    for box in boxes:
        check(box[0] >= 0 and box[1] >= 0 and box[2] <= width and box[3] <= height, f"{name}: leaves the sheet: {box}")
    # The box of a text holds room above and below its letters.
    slack = 0.25 * float(root.get("font-size"))
    # Of a title that is turned that room is on its left and right.
    turned = lambda box: len(box[4]) > 3 and box[3] - box[1] > 1.5 * (box[2] - box[0])
    for i, a in enumerate(boxes):
        aside = lambda b: slack if turned(a) or turned(b) else 0.5
        over = [b for b in boxes[i + 1:] if a[0] + aside(b) < b[2] and b[0] + aside(b) < a[2] and a[1] + slack < b[3] - slack and b[1] + slack < a[3] - slack]
        check(not over, f"{name}: {a} overlaps {over[:1]}")


# Months and survival of a point of the sheet, out of the labels of the axes.
def axes(root, last_month):
    def place(words, anchor):
        return next(text for text in root.iter(SVG + "text") if words_of(text) == words and text.get("text-anchor") == anchor)

    x0, x1 = (float(place(words, "middle").get("x")) for words in ("0", last_month))
    y0, y1 = (float(place(words, "end").get("y")) - 0.35 * float(root.get("font-size")) for words in ("0", "100"))
    return lambda point: ((point[0] - x0) / (x1 - x0) * float(last_month), (point[1] - y0) / (y1 - y0))


# On the straight lines between points in the order of their times.
def height_at(points, time):
    for (x0, y0), (x1, y1) in zip(points, points[1:]):
        if x0 - 0.01 <= time <= x1 + 0.01 and x1 > x0:
            return y0 + (y1 - y0) * (min(max(time, x0), x1) - x0) / (x1 - x0)
    return 9


def check_curves(trial, model):
    root = ElementTree.fromstring(figure(trial, "--model", model, "--horizon", "48", "--times", "0:48:12", "--extrapolate"))
    regimens = {row["arm"]: row["regimen"] for row in json.loads(run("table", "medians", trial, "--format", "json").stdout)["rows"]}
    at = axes(root, "48")
    rows = json.loads(run("curve", trial, "--endpoint", "OS", "--model", model, "--times", "0:48:1", "--format", "json").stdout)["rows"]
    arms = {row["arm"] for row in rows}
    for arm in arms:
        group = next(group for group in root.iter(SVG + "g") if group.find(SVG + "title").text == regimens[arm] and group.find(SVG + "path") is not None)
        wanted = [row for row in rows if row["arm"] == arm]
        strokes = {"borrowed": "1.5 2.5", "supported": None, "extrapolated": "5 4"}
        points = []
        for path in group.findall(SVG + "path"):
            places = [at(point) for point in drawn_points(path)]
            points += places
            # Rows of `curve` strictly inside a stretch have its support.
            inside = {row["support"] for row in wanted if places[0][0] + 0.01 < row["time_months"] < places[-1][0] - 0.01}
            check(all(strokes[support] == path.get("stroke-dasharray") for support in inside), f"{trial} {arm}: {inside} drawn {path.get('stroke-dasharray')}")
        check({path.get("stroke-dasharray") for path in group.findall(SVG + "path")} >= {strokes[row["support"]] for row in wanted if row["time_months"] > 0}, f"{trial} {arm}: a stretch is missing")
        for row in wanted:
            meaning = {"borrowed": "borrowed from similar trials"}.get(row["support"], row["support"])
            check(any(words_of(text) == meaning for text in root.iter(SVG + "text")), f"{trial}: no key for {row['support']}")
        points.sort()
        off = [(row["time_months"], row["survival"], height_at(points, row["time_months"])) for row in wanted
               if abs(height_at(points, row["time_months"]) - row["survival"]) > 3e-4]
        check(len(wanted) == 49 and not off, f"{trial} {model} {arm}: the curve is elsewhere: {off[:3]}")


def check_symbols():
    root = ElementTree.fromstring(figure("CLEOPATRA"))
    at = axes(root, "120")
    for title, tag, want in (("P+T+D: median 57.1 (50–72)", "circle", (57.1, 0.5)), ("T+D: S(96) 23 (", "path", (96, 0.23))):
        group = next(group for group in root.iter(SVG + "g") if group.find(SVG + "title").text.startswith(title))
        points = [point for element in group if element.tag == SVG + tag for point in drawn_points(element)]
        centre = [(min(values) + max(values)) / 2 for values in zip(*points)]
        check(all(abs(a - b) < 0.01 for a, b in zip(at(centre), want)), f"{title}: stands at {at(centre)}")


# Where a curve ends: soon after what supports it, or at the end of the axis.
def check_ends():
    ends = {}
    for options in ((), ("--extrapolate",)):
        root = ElementTree.fromstring(figure("DESTINY-Breast03", "EMILIA", "CLEOPATRA", *options))
        at = axes(root, "120")
        for group in root.iter(SVG + "g"):
            if group.findall(SVG + "path") and ":" not in group.find(SVG + "title").text:
                points = [at(point) for path in group.findall(SVG + "path") if path.get("fill") == "none" for point in drawn_points(path)]
                ends[options, group.find(SVG + "title").text] = max(point[0] for point in points)
    names = {name for options, name in ends}
    check(len(names) == 6 and all(abs(ends[("--extrapolate",), name] - 120) < 0.1 for name in names), f"not every curve goes on to the end of the axis: {ends}")
    check(all(ends[(), name] < 80 for name in names if "CLEOPATRA" not in name), f"curves go on beyond what supports them: {ends}")


# What is asked for: size, type, title, caption; or a refusal that says what would do.
def check_layout():
    for arguments, (width, height) in (((), (504, 360)), (("--aspect", "16:9"), (504, 283.5)), (("--width", "10", "--height", "9", "--font-size", "7"), (283.46, 255.12)),
                                       (("--width", "33.87", "--aspect", "16:9", "--font-size", "18"), (960.09, 540.05))):
        text = figure("CLEOPATRA", *arguments)
        box = numbers(ElementTree.fromstring(text).get("viewBox")) if text else []
        check(bool(box) and abs(box[2] - width) < 0.1 and abs(box[3] - height) < 0.1, f"{arguments}: the sheet is {box}")
    root = ElementTree.fromstring(figure("CLEOPATRA", "--title", "First line", "--caption", "none", "--font-size", "6"))
    shown = [words_of(text) for text in root.iter(SVG + "text")]
    check("First line" in shown and not any("published" in words for words in shown), f"title or caption: {shown}")
    check("Symbols: published" in root.find(SVG + "desc").text and "Source:" in root.find(SVG + "desc").text, "the caption is not in the description")
    full = [words_of(text) for text in ElementTree.fromstring(figure("CLEOPATRA", "--caption", "full")).iter(SVG + "text")]
    check(any("Source:" in words or "Model:" in words for words in full), "the full caption is not shown")
    for arguments in (("CLEOPATRA", "--width", "2"), ("CLEOPATRA", "--height", "2"), ("forest", "--aspect", "16:9"), ("CLEOPATRA", "--facet", "trial", "--height", "2")):
        done = run("plot", *arguments, "--format", "svg")
        check(done.returncode == 2 and not done.stdout and b" cm" in done.stderr, f"{arguments}: {done.returncode} {done.stderr.decode()}")
        # What it asks for is enough.
        side, needed = re.search(rb"needs a (width|height) of ([0-9.]+) cm", done.stderr).groups()
        again = [argument for argument in arguments if not argument.startswith("--") or argument == "--facet"]
        again = [argument for argument in again if argument not in ("2", "16:9")]
        check(run("plot", *again, f"--{side.decode()}", needed.decode(), "--format", "svg").returncode == 0, f"{arguments}: {side} {needed} are not enough")
    check(run("plot", "CLEOPATRA", "--font-size", "5", "--format", "svg").returncode == 2, "type of 5 points is drawn")


def check_drawn_by_librsvg():
    try:
        ctypes.CDLL("librsvg-2.so.2")
        installed = True
    except OSError:
        installed = False
    for name, start in (("pdf", b"%PDF"), ("png", b"\x89PNG")):
        arguments = ("plot", "CLEOPATRA", "--format", name, "--width", "8", "--dpi", "254")
        done = run(*arguments)
        if not installed:
            check(done.returncode == 5 and b"librsvg2-2" in done.stderr, f"{name}: the error does not name the package")
            continue
        check(done.returncode == 0 and done.stdout.startswith(start), f"{name}: {done.stderr.decode()}")
        check(done.stdout == run(*arguments).stdout, f"{name}: twice the same figure is not the same file")
        if name == "png":
            check(struct.unpack(">I", done.stdout[16:20])[0] == 800, "png: 8 cm at 254 pixels an inch are not 800 pixels")
        else:
            check(b"CreationDate" not in done.stdout and b"MediaBox" in done.stdout, "pdf: a time stamp, or no page")


def main():
    trials = [row["trial"] for row in json.loads(run("list", "--format", "json").stdout)["rows"]]
    figures = {}
    for trial in trials:
        for options in ((), ("--endpoint", "PFS", "--band", "reconstruction")):
            if (text := figure(trial, *options)) is not None:
                figures[" ".join((trial, *options))] = text
    check(len(figures) > len(trials), "hardly any trial has a figure")
    for arguments in (("medians",), ("medians", "--endpoint", "PFS"), ("orr-ic",), ("forest",), ("hazard", "CLEOPATRA"), ("log-log", "EMILIA"), ("hazard-ratio", "EMILIA", "CLEOPATRA"), ("hazard", "EMILIA", "TH3RESA", "--facet", "trial"),
                      ("EMILIA", "TH3RESA", "DESTINY-Breast02", "--facet", "trial"), ("EMILIA", "CLEOPATRA", "--role", "experimental"),
                      ("CLEOPATRA", "--aspect", "16:9"), ("CLEOPATRA", "--width", "9", "--font-size", "6"), ("forest", "--width", "30"),
                      ("EMILIA", "TH3RESA", "DESTINY-Breast02", "DESTINY-Breast03"), ("NALA", "--times", "0:60:1"), ("NALA", "--horizon", "1.5"),
                      ("CLEOPATRA", "--model", "weibull,flexible", "--level", "0.8")):
        figures[" ".join(arguments)] = figure(*arguments)
        check(figures[" ".join(arguments)] == figure(*arguments, "--threads", "1"), f"{arguments}: not the same with one thread")
    roots = {name: structure(name, text) for name, text in figures.items()}
    for name in figures:
        lines = run("plot", *name.split()).stdout.decode().splitlines()
        check(len(lines) > 8 and all(len(line) <= 80 for line in lines), f"{name}: not within 80 columns in a terminal")
    browser = shutil.which("chromium")
    boxes = boxes_in_chromium(browser, figures.values()) if browser else [estimated_boxes(root) for root in roots.values()]
    check(len(boxes) == len(roots), "not every figure was measured")
    for (name, root), of_figure in zip(roots.items(), boxes):
        check_boxes(name, root, of_figure)
    for trial, model in (("CLEOPATRA", "auto"), ("EMILIA", "weibull"), ("NALA", "exponential")):
        check_curves(trial, model)
    check_symbols()
    check_ends()
    check_layout()
    check_drawn_by_librsvg()
    for failure in failures[:40]:
        print(failure)
    print(f"{passed} passed, {len(failures)} failed ({len(figures)} figures, texts measured {'in Chromium' if browser else 'by their length'})")
    return 1 if failures or passed == 0 else 0


if __name__ == "__main__":
    PROGRAM = str(pathlib.Path(sys.argv[1]).resolve())
    sys.exit(main())
