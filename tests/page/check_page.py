#!/usr/bin/env python3
"""Opens the page of `report` as its readers do, in Chromium and, more briefly, in Firefox: chooses trials, moves the reading line and holds what it reads against `curve`, sorts and copies
tables, saves figures, with and without scripts, on a phone, in the dark and on paper, and with a catalogue whose texts are markup.

    check_page.py PROGRAM [FOLDER]

FOLDER gets screenshots. Without Chromium only the text of the page is looked at, and the last line says so.
"""
import csv
import html.parser
import importlib.util
import io
import json
import math
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as ElementTree

from browser import Browser
from firefox import Firefox

MOST_BYTES = 1_500_000
MOST_PAGES = 20  # of the whole catalogue on paper
SVG = "{http://www.w3.org/2000/svg}"
passed, failures = 0, []


def check(holds, what):
    global passed
    if holds:
        passed += 1
    else:
        failures.append(what)


def run(*arguments, stdin=None):
    return subprocess.run([PROGRAM, "--quiet", *arguments], capture_output=True, stdin=stdin or subprocess.DEVNULL, check=False)


def output(*arguments):
    done = run(*arguments)
    check(done.returncode == 0, f"{arguments}: {done.stderr.decode()}")
    return done.stdout.decode()


def rows_of(*arguments):
    return json.loads(output(*arguments, "--format", "json"))["rows"]


# ---- The text of the page

class Reader(html.parser.HTMLParser):
    """What a page asks for, and its outline."""

    def __init__(self):
        super().__init__()
        self.ids, self.addresses, self.loads, self.levels, self.policy, self.handlers = [], [], [], [], "", []

    def handle_starttag(self, tag, attributes):
        values = dict(attributes)
        if "id" in values:
            self.ids.append(values["id"])
        if tag == "a":
            self.addresses.append(values.get("href", ""))
        self.loads += [f"{tag} {name}={value}" for name, value in attributes if name in ("src", "srcset", "data", "action", "poster", "style") or (name == "href" and tag != "a")]
        self.handlers += [name for name in values if name.startswith("on")]
        if re.fullmatch("h[1-6]", tag):
            self.levels.append(int(tag[1]))
        if tag == "meta" and values.get("http-equiv") == "Content-Security-Policy":
            self.policy = values["content"]


def check_html(name, text):
    """Against the parse errors of the HTML standard."""
    if importlib.util.find_spec("html5lib") is None:
        return
    import html5lib
    try:
        html5lib.HTMLParser(strict=True).parse(text)
        check(True, "")
    except html5lib.html5parser.ParseError as error:
        check(False, f"{name}: no valid HTML: {error}")


def check_text(name, text):
    check_html(name, text)
    reader = Reader()
    reader.feed(text)
    check(len(set(reader.ids)) == len(reader.ids), f"{name}: an id is given twice")
    check(not reader.loads and not reader.handlers, f"{name}: loads {reader.loads[:3]} {reader.handlers[:3]}")
    check(all(re.match(r"#|https://(doi\.org|clinicaltrials\.gov/study)/[\w.%/()~-]+$", address) for address in reader.addresses), f"{name}: a link leads elsewhere: {reader.addresses}")
    check({address[1:] for address in reader.addresses if address.startswith("#")} <= set(reader.ids), f"{name}: a link of the page leads nowhere")
    check("default-src 'none'" in reader.policy and "unsafe" not in reader.policy, f"{name}: content security policy {reader.policy}")
    check(reader.levels[0] == 1 and reader.levels.count(1) == 1 and all(b <= a + 1 for a, b in zip(reader.levels, reader.levels[1:])), f"{name}: order of the headings {reader.levels}")
    style = re.search("<style>(.*?)</style>", text, re.S).group(1)
    check("@import" not in style and "url(" not in style, f"{name}: the style loads something")


def data_of(text):
    return json.loads(re.search('<script type="application/json" id="data">(.*?)</script>', text, re.S).group(1))


# ---- The page in a browser

class Page:
    def __init__(self, browser):
        self.browser = browser

    def open(self, path, fragment=""):
        self.browser.console.clear()
        self.browser.requests.clear()
        self.browser.open(path.as_uri() + fragment)

    def quiet(self, name):
        check(not self.browser.console, f"{name}: the console has {self.browser.console[:3]}")
        # A picture that the page itself has drawn is no request.
        requests = [one for one in self.browser.requests if not one.startswith("data:image/svg+xml")]
        check(len(requests) == 1 and requests[0].startswith("file:"), f"{name}: asks for {requests[:5]}")

    def run(self, script):
        return self.browser.run(script)

    def place(self, selector):
        box = self.run(f"(() => {{ const node = document.querySelector({json.dumps(selector)}); node.scrollIntoView({{block: 'center'}}); const b = node.getBoundingClientRect();"
                       " return [b.left, b.top, b.width, b.height]; })()")
        return box

    def click(self, selector):
        left, top, width, height = self.place(selector)
        for kind in ("mousePressed", "mouseReleased"):
            self.browser.mouse(kind, left + width / 2, top + height / 2)

    def choose(self, trial):
        self.click(f'#trials-chosen input[value="{trial}"]')

    def type(self, selector, words):
        self.run(f"(() => {{ const field = document.querySelector('{selector}'); field.focus(); field.select(); }})()")
        self.browser.call("Input.insertText", text=words)

    def readings(self):
        """By the name of each curve: S, limits, months, whether it is marked as extrapolated."""
        return {name: values for name, *values in self.run(
            """[...document.querySelectorAll('#reading tbody tr:not(.off)')].map(row => { const cell = row.querySelector('[data-months]'), d = cell?.dataset ?? {};
               const number = text => text === undefined ? null : Number(text);
               return [row.querySelector('label').dataset.name, number(d.survival), number(d.lower), number(d.upper), number(d.months), /\u2020/.test(cell?.textContent)]; })""")}


def check_readings(page, data):
    """Every curve of the page at many times."""
    times = [0, 0.4, 1, 2.75, 6, 7.3, 12, 18, 23.6, 24, 36, 47.9, 60, 84, 96.5]
    wanted = {(row["trial"], row["analysis"], row["arm"], row["time_months"]): row for row in rows_of("curve", "--times", ",".join(map(str, times)))}
    got = page.run("""(async () => {
        const result = [];
        for (const [endpoint, trial] of new Map(%s.map(one => [one.join('/'), one])).values()) {
          const changed = new Promise(done => window.addEventListener('hashchange', done, {once: true}));
          location.hash = new URLSearchParams({endpoint, trial, to: 97});
          await changed;
          for (const time of %s) {
            const field = document.querySelector('#time');
            field.value = time;
            field.dispatchEvent(new Event('input'));
            for (const row of document.querySelectorAll('#reading tbody tr')) {
              const cell = row.querySelector('[data-months]'), d = cell.dataset;
              result.push([endpoint, row.querySelector('label').dataset.name, time, d.survival ?? null, d.lower ?? null, d.upper ?? null, cell.textContent]);
            }
          }
        }
        return result; })()""" % (json.dumps([[curve["endpoint"], curve["trial"]] for curve in data["curves"]]), json.dumps(times)))
    by_name = {(curve["endpoint"], f"{curve['trial']} {curve['arm']}"): curve for curve in data["curves"]}
    check(len(got) == len(times) * len(data["curves"]) == len(wanted), f"{len(got)} readings of {len(data['curves'])} curves")
    exact, read, worst, worst_limit = 0, 0, 0, 0
    for endpoint, name, when, survival, lower, upper, words in got:
        curve = by_name[endpoint, name]
        row = wanted[curve["trial"], curve["analysis"], curve["arm"], when]
        if survival is None:
            check(when > curve["time"][-1], f"{name} {endpoint}: nothing is read at {when}")
            continue
        read += 1
        numbers = [float(one) for one in (survival, lower, upper)]
        # People see the population interval; without the number of patients the reconstruction band, marked.
        replaced = curve["n"] is None
        band = "reconstruction" if replaced else "population"
        differences = [abs(a - b) for a, b in zip(numbers, (row["survival"], row[f"{band}_lower"], row[f"{band}_upper"]))]
        check(curve["band"] == band and ("\u00a7" in words) == replaced, f"{name} {endpoint} at {when}: {words}, the number of patients is {curve['n']}")
        worst, worst_limit = max(worst, differences[0]), max(worst_limit, *differences[1:])
        if when in curve["time"]:
            exact += 1
            check(differences == [0, 0, 0], f"{name} {endpoint} at {when}: reads {numbers}, curve has {row}")
        for support, mark in (("extrapolated", "\u2020"), ("borrowed", "\u2021")):
            check((mark in words) == (support in words) == (row["support"] == support), f"{name} {endpoint} at {when}: {row['support']}, the page shows {words}")
        check(("\u00b6" in words) == (row["fit_status"] == "prior"), f"{name} {endpoint} at {when}: {row['fit_status']}, the page shows {words}")
        check(f"{100 * numbers[0]:.1f}" in words or abs(100 * numbers[0] % 0.1 - 0.05) < 1e-6, f"{name} at {when}: {words} for {numbers[0]}")
    # As the method of the page says of what lies between the times of its grid.
    check(worst < 0.0015 and worst_limit < 0.0065, f"readings between the grid are {worst} off, their limits {worst_limit}")
    check(exact > 300 and read > 900, f"only {exact} of {read} readings are on the grid")


def check_reading_line(page, browser):
    page.open(PAGE, "#endpoint=OS&trial=CLEOPATRA&trial=EMILIA&to=96&at=24")
    value = lambda: float(page.run("document.querySelector('#chart').getAttribute('aria-valuenow')"))
    check(value() == 24 and page.run("document.querySelector('#time').value") == "24", "the address does not set the reading line")
    page.run("document.querySelector('#chart').focus()")
    for key, code, modifiers, want in (("ArrowRight", 39, 0, 25), ("ArrowRight", 39, 8, 37), ("ArrowLeft", 37, 0, 36), ("PageDown", 34, 0, 24), ("End", 35, 0, 96), ("Home", 36, 0, 0), ("PageUp", 33, 0, 12)):
        browser.press(key, code, modifiers)
        check(value() == want, f"{key}: the reading line is at {value()}, not at {want}")
    left, top, width, height = page.place("#chart svg")
    at = lambda months: left + 44 + months / 96 * (width - 58)
    browser.mouse("mousePressed", at(36), top + height / 2)
    check(value() == 36, f"a click at month 36 reads at {value()}")
    browser.mouse("mouseMoved", at(60), top + height / 2)
    check(value() == 60, f"dragged to month 60, read at {value()}")
    browser.mouse("mouseReleased", at(60), top + height / 2)
    browser.mouse("mouseMoved", at(10), top + height / 2)
    check(value() == 60, "the line follows a pointer that is not pressed")
    browser.call("Emulation.setTouchEmulationEnabled", enabled=True)
    browser.touch("touchStart", (at(18), top + height / 2))
    browser.touch("touchMove", (at(20), top + height / 2))
    browser.touch("touchEnd")
    browser.call("Emulation.setTouchEmulationEnabled", enabled=False)
    check(value() in (18, 20), f"touched at month 18 to 20, read at {value()}")
    page.type("#time", "48")
    rows = {f"{row['trial']} {row['arm']}": row for row in rows_of("curve", "CLEOPATRA", "EMILIA", "--endpoint", "OS", "--times", "48")}
    readings = page.readings()
    check(len(readings) == 4 and all(readings[name][:3] == [row["survival"], row["population_lower"], row["population_upper"]] for name, row in rows.items()), f"month 48: {readings}, {rows}")
    time.sleep(0.4)
    said = page.run("document.querySelector('#announcer').textContent")
    check(said.startswith("At 48 months: ") and all(name in said for name in rows), f"the live region says {said}")


def check_controls(page, data):
    page.open(PAGE)
    page.quiet("the page")
    drawn = lambda: page.run("[...document.querySelectorAll('#chart > svg > g > title')].map(title => title.textContent)")
    curves = lambda: [title for title in drawn() if ":" not in title]
    message = lambda: page.run("document.querySelector('#message').textContent")
    check(2 <= len(curves()) <= 4 and page.run("document.querySelector('#endpoint').value") == "OS", f"at first there are {curves()}")
    for trial in page.run("[...document.querySelectorAll('#trials-chosen input:checked')].map(box => box.value)"):
        page.choose(trial)
    check(curves() == [] and "Choose" in message(), f"no trial is chosen: {curves()}, {message()}")
    page.choose("HER2CLIMB")
    check(curves() == ["HER2CLIMB tucatinib", "HER2CLIMB placebo"], f"HER2CLIMB: {curves()}")
    changed = page.run("document.querySelector('#crossover-note').textContent")
    check(changed.startswith("HER2CLIMB: The protocol was amended") and changed.count("HER2CLIMB") == 1, f"crossover: {changed}")
    page.click("#reading tbody tr:nth-child(2) input")
    check(curves() == ["HER2CLIMB tucatinib"], f"one arm is taken away: {curves()}")
    page.click("#reading tbody tr:nth-child(2) input")
    check(len(curves()) == 2, "the arm does not come back")
    strokes = lambda kind: page.run(f"document.querySelectorAll('#chart [stroke-dasharray=\"{kind}\"]').length")
    dashed, dotted = lambda: strokes("5 4"), lambda: strokes("1.5 2.5")
    meanings = lambda: page.run("[...document.querySelectorAll('#legend .stroke')].map(item => item.textContent)")
    page.type("#horizon", "48")
    supported = {curve["arm"]: curve["supported"] for curve in data["curves"] if curve["trial"] == "HER2CLIMB" and curve["endpoint"] == "OS"}
    check(dashed() == sum(one < 48 for one in supported.values()), f"to month 48 {dashed()} curves are dashed: {supported}")
    borrowed = [curve["arm"] for curve in data["curves"] if curve["trial"] == "HER2CLIMB" and curve["endpoint"] == "OS" and curve["supported_from"] > 0]
    check(dotted() == len(borrowed) > 0, f"{dotted()} curves are dotted, not {borrowed}")
    check(meanings() == ["supported", "borrowed from similar trials", "extrapolated"], f"the strokes mean {meanings()}")
    page.type("#horizon", "12")
    check(dashed() == 0 and page.run("document.querySelector('#chart').getAttribute('aria-valuemax')") == "12", "to month 12 something is dashed")
    check("extrapolated" not in meanings(), f"nothing is dashed, but the key has {meanings()}")
    check(page.run("Number(document.querySelector('#time').value)") <= 12, "the reading line lies beyond the axis")
    page.type("#horizon", "60")
    check(any("median" in title for title in drawn()), "no published number is drawn")
    page.click("#published")
    check(not any("median" in title for title in drawn()), "published numbers that were put off are drawn")
    check(page.run("document.querySelectorAll('#chart [fill-opacity]').length") > 0, "no band")
    page.click("#bands")
    check(page.run("document.querySelectorAll('#chart [fill-opacity]').length") == 0, "bands that were put off are drawn")
    # Relative time: the control arm's median is 1, and there its curve is at one half.
    page.click("#relative")
    page.type("#time", "1")
    fitted = next(one for one in json.loads(output("fit", "HER2CLIMB", "--endpoint", "OS", "--model", "auto", "--format", "json"))["parameters"] if one["arm"] == "placebo")
    readings = page.readings()
    check(all(abs(one[3] - fitted["median_months"]["value"]) < 1e-9 for one in readings.values()), f"relative time: {readings} v {fitted['median_months']}")
    check(abs(readings["HER2CLIMB placebo"][0] - 0.5) < 0.0015, f"at its median S is {readings['HER2CLIMB placebo']}")
    page.click("#absolute")
    check(page.run("document.querySelector('#time-unit').textContent") == "months", "the unit of the reading line")
    # A view goes with its address.
    page.type("#time", "30")
    time.sleep(0.4)  # the address follows with a delay
    before, address = page.readings(), page.run("location.hash")
    page.open(PAGE, address)
    check(page.readings() == before and len(before) == 2 and not page.run("document.querySelector('#bands').checked"), f"{address} does not give the same view")
    page.open(PAGE, "#endpoint=OS&trial=NONE&at=-4&to=x&off=%3Cb%3E")
    page.quiet("an address that asks for what is not there")
    # No more curves than can be told apart.
    page.open(PAGE)
    page.run("document.querySelectorAll('#trials-chosen input:not(:checked)').forEach(box => box.click())")
    shapes = page.run("[...document.querySelectorAll('#legend li:not(.stroke) svg')].map(swatch => swatch.innerHTML)")
    check(len(curves()) == 8 and len(set(shapes)) == 8 and "No more than 8" in message(), f"{len(curves())} curves, {len(set(shapes))} symbols, {message()}")
    for endpoint in page.run("[...document.querySelector('#endpoint').options].map(option => option.value)"):
        page.run(f"(() => {{ const field = document.querySelector('#endpoint'); field.value = {json.dumps(endpoint)}; field.dispatchEvent(new Event('change')); }})()")
        check(1 <= len(curves()) <= 8, f"{endpoint}: {len(curves())} curves")
    page.quiet("after every control")


def check_tables(page, browser):
    page.open(PAGE)
    browser.call("Browser.grantPermissions", permissions=["clipboardReadWrite", "clipboardSanitizedWrite"])
    browser.call("Page.bringToFront")
    names = page.run("[...document.querySelectorAll('.comparison')].map(section => section.dataset.table)")
    check(set(names) == {"trials", "medians", "milestones", "rmst", "hazard-ratios", "orr-ic", "models", "by-class"}, f"tables: {names}")
    for name in names:
        page.click(f"[data-table={name}] .tools button")
        copied = page.run("navigator.clipboard.readText()")
        want = output("list", "--format", "csv") if name == "trials" else output("table", name, *(("--model", "auto") if name == "models" else ()), "--format", "csv")
        check(copied == want, f"{name}: what is copied is not what `table` prints")
        # Every head sorts up, down and back.
        result = page.run("""(() => {
            const table = document.querySelector('[data-table=%s] table');
            const content = () => JSON.stringify([...table.tBodies].map(body => [...body.rows].map(row => row.innerHTML)));
            const first = content();
            const heads = [...table.querySelectorAll('th[aria-sort]')], seen = [];
            const width = Math.max(...[...table.tBodies[0].rows].map(row => row.cells.length));
            for (const head of heads) {
              const steps = [];
              for (let k = 0; k < 3; ++k) {
                head.querySelector('button').click();
                steps.push([head.getAttribute('aria-sort'), [...table.querySelectorAll('tbody tr')].map(row => [...row.cells].map(cell => cell.textContent))]);
              }
              seen.push([head.textContent, steps, content() === first]);
            }
            return [seen, width]; })()""" % name)
        check(len(result[0]) == result[1], f"{name}: {len(result[0])} heads of {result[1]} columns sort")
        for column, (title, steps, back) in enumerate(result[0]):
            check([step[0] for step in steps] == ["ascending", "descending", "none"] and back, f"{name}, {title}: {[step[0] for step in steps]}, back: {back}")
            check(all(sorted(step[1]) == sorted(steps[0][1]) for step in steps[:2]), f"{name}, {title}: rows are lost")
            shown = [number_of(row[column]) for row in steps[0][1]]
            numbers = [one for one in shown if one is not None]
            check(numbers == sorted(numbers), f"{name}, {title}: not in order: {shown[:12]}")
            down = [one for one in (number_of(row[column]) for row in steps[1][1]) if one is not None]
            check(down == sorted(down, reverse=True), f"{name}, {title}: not in falling order")
        if name == "medians":
            rows = list(csv.DictReader(io.StringIO(want)))
            column = next(i for i, one in enumerate(result[0]) if one[0].startswith("Median"))
            upward = [(row[0], row[column]) for row in result[0][column][1][0][1]]
            published = sorted(float(row["median"]) for row in rows if row["median"])
            check([number_of(text) for _, text in upward if number_of(text) is not None] == published, "medians: the sorted column is not the sorted CSV")
            at = {(row["trial"], float(row["median"])) for row in rows if row["median"]}
            check(all((trial, number_of(text)) in at for trial, text in upward if number_of(text) is not None), "medians: a sorted row has another trial's name")
    page.open(PAGE, "#endpoint=OS&trial=EMILIA&at=36&to=60")
    page.click("#copy-reading")
    copied = list(csv.DictReader(io.StringIO(page.run("navigator.clipboard.readText()"))))
    want = list(csv.DictReader(io.StringIO(output("curve", "EMILIA", "--endpoint", "OS", "--times", "36", "--band", "population", "--format", "csv"))))
    check(len(copied) == 2 and all({key: float(row[key]) if key in ("time_months", "survival", "lower", "upper") else row[key] for key in row} ==
                                   {key: float(other[key]) if key in ("time_months", "survival", "lower", "upper") else other[key] for key in row}
                                   for row, other in zip(copied, want)), f"the reading as CSV: {copied}")
    page.click("#copy-link")
    check("trial=EMILIA" in page.run("navigator.clipboard.readText()"), "the link to the view")


def number_of(text):
    found = re.match(r"[<>\u2264\u2265]?\s*(-?\d+(?:\.\d+)?(?:e-?\d+)?)", text.strip().replace("\u2212", "-"))
    return float(found.group(1)) if found else None


def check_saved(page, browser, folder):
    browser.call("Browser.setDownloadBehavior", behavior="allow", downloadPath=str(folder))
    page.open(PAGE, "#endpoint=OS&trial=CLEOPATRA&at=36&to=120")

    def saved(selector, name):
        page.click(selector)
        for _ in range(100):
            if (folder / name).exists():
                return ElementTree.parse(folder / name).getroot()
            time.sleep(0.05)
        check(False, f"{name} was not saved")
        return None

    root = saved("#save-view", "survival-CLEOPATRA-OS.svg")
    if root is not None:
        words = " ".join(root.itertext())
        check(root.tag == SVG + "svg" and "CLEOPATRA pertuzumab" in words and "Months" in words and "95% CI for a trial of this size" in words and "borrowed from similar trials" in words, "the saved view lacks words")
        check(all(sum(path.get("stroke-dasharray") == kind for path in root.iter(SVG + "path")) == 2 for kind in ("5 4", "1.5 2.5")) and root.find(f".//{SVG}g[@id]") is None, "the saved view lacks curves, or has the reading line")
    root = saved('figure[data-name="EMILIA-os-final"] button', "EMILIA-os-final.svg")
    if root is not None:
        plot = ElementTree.fromstring(output("plot", "EMILIA", "--caption", "full", "--format", "svg"))
        same = [(a.tag, a.attrib, a.text) == (b.tag, b.attrib, b.text) for a, b in zip(root.iter(), plot.iter())]
        check(all(same) and len(same) == len(list(plot.iter())) > 50, "the saved figure is not what `plot` draws")
    for selector, name in (("#save-view-png", "survival-CLEOPATRA-OS.png"), ('figure[data-name="EMILIA-os-final"] button:nth-child(2)', "EMILIA-os-final.png")):
        page.click(selector)
        for _ in range(100):
            if (folder / name).exists():
                break
            time.sleep(0.05)
        if not (folder / name).exists():
            check(False, f"{name} was not saved")
            continue
        picture = (folder / name).read_bytes()
        check(picture[:8] == b"\x89PNG\r\n\x1a\n" and int.from_bytes(picture[16:20], "big") == 2400 and len(picture) > 30000, f"{name}: {len(picture)} bytes")
    page.quiet("saving")


def check_named(page, folder):
    """A page of named trials opens with them, in their order, and says what the trials are."""
    path = folder / "named.html"
    path.write_text(output("report", "DESTINY-Breast03", "EMILIA", "CLEOPATRA"), encoding="utf-8")
    page.open(path)
    shown = page.run("[...document.querySelectorAll('#trials-chosen input:checked')].map(box => box.value)")
    check(shown == ["DESTINY-Breast03", "EMILIA", "CLEOPATRA"], f"ticked are {shown}")
    check("HER2-positive" in page.run("document.title + document.querySelector('header').textContent"), "the page does not say what its trials are about")
    rows = {row["arm"]: row for row in csv.DictReader(io.StringIO(output("table", "medians", "CLEOPATRA", "--format", "csv")))}
    cells = page.run("[...document.querySelectorAll('#reading tbody tr')].filter(row => row.querySelector('label').dataset.name === 'CLEOPATRA pertuzumab').map(row => [...row.cells].map(cell => cell.textContent))[0]")
    want = rows["pertuzumab"]
    check(any(cell.startswith(f"{float(want['median']):g} ({float(want['lower']):g}") for cell in cells) and any(cell.startswith("0.69 (0.58") for cell in cells), f"published median and HR: {cells}")


def check_search(page):
    page.open(PAGE)
    page.type("#search", "tucatinib")
    trials = page.run("[...document.querySelectorAll('.trial')].filter(one => one.getBoundingClientRect().height > 0).map(one => one.querySelector('h3').textContent)")
    check("HER2CLIMB" in trials and "CLEOPATRA" not in trials, f"search: {trials}")
    rows = page.run("[...document.querySelectorAll('[data-table=medians] tbody tr')].filter(row => row.getBoundingClientRect().height > 0).map(row => row.textContent)")
    check(0 < len(rows) < 12 and any(row.startswith("HER2CLIMB") for row in rows) and not any("CLEOPATRA" in row for row in rows), f"search: rows {rows[:5]}")
    check(page.run("document.querySelector('#found').textContent") == f"{len(trials)} of 30 trials", "search: the count")
    page.type("#search", "")
    page.run("(() => { const field = document.querySelector('#search'); field.value = ''; field.dispatchEvent(new Event('input')); })()")
    check(page.run("[...document.querySelectorAll('.trial, .comparison tbody tr')].every(one => !one.hidden)"), "an empty search does not show everything")


def check_firefox(program, folder):
    """The same page in another browser: it draws, reads, sorts, searches and saves there too."""
    browser = Firefox(program)
    try:
        browser.size(1280, 1000)
        browser.open(PAGE.as_uri() + "#endpoint=OS&trial=CLEOPATRA&at=24&to=96")
        got = browser.run("[...document.querySelectorAll('#reading [data-survival]')].map(cell => Number(cell.dataset.survival))")
        want = [row["survival"] for row in rows_of("curve", "CLEOPATRA", "--endpoint", "OS", "--times", "24")]
        check(got == want, f"Firefox reads {got}, curve has {want}")
        check(browser.run("document.querySelectorAll('#chart svg path').length") > 4, "Firefox draws no curves")
        sort = browser.run("(() => { const head = document.querySelector('[data-table=medians] th'); head.querySelector('button').click(); return head.getAttribute('aria-sort'); })()")
        check(sort == "ascending", f"Firefox does not sort: {sort}")
        found = browser.run("(() => { const field = document.querySelector('#search'); field.value = 'tucatinib'; field.dispatchEvent(new Event('input')); return document.querySelector('#found').textContent; })()")
        check(found.endswith("of 30 trials") and not found.startswith("30"), f"Firefox searches: {found}")
        picture = browser.run("""new Promise((done, fail) => {
            const create = URL.createObjectURL;
            URL.createObjectURL = blob => { blob.slice(0, 24).arrayBuffer().then(bytes => done([blob.type, blob.size, new DataView(bytes).getUint32(16)])); return create.call(URL, blob); };
            document.querySelector('#save-view-png').click();
            setTimeout(() => fail('nothing was saved'), 10000); })""")
        check(picture[0] == "image/png" and picture[1] > 30000 and picture[2] == 2400, f"Firefox saves {picture}")
        if folder is not None:
            browser.screenshot(folder / "firefox.png")
        browser.size(500, 900)
        check(browser.run("document.documentElement.scrollWidth <= window.innerWidth"), "Firefox: the page is wider than its window")
    finally:
        browser.close()


ACCESSIBLE = """(() => {
    const faults = [];
    const name = node => (node.getAttribute('aria-label') ?? '') || [...(node.labels ?? [])].map(label => label.textContent).join(' ').trim() || node.textContent.trim();
    for (const node of document.querySelectorAll('button, input, select, a[href], summary, [role=slider], [role=region]')) if (!name(node)) faults.push('no name: ' + node.outerHTML.slice(0, 80));
    for (const node of document.querySelectorAll('svg[role=img]')) if (!node.querySelector('title')?.textContent) faults.push('a figure without title');
    const ids = [...document.querySelectorAll('[id]')].map(node => node.id);
    for (const id of ids) if (ids.indexOf(id) !== ids.lastIndexOf(id)) faults.push('twice: ' + id);
    for (const attribute of ['aria-labelledby', 'aria-describedby', 'for'])
      for (const node of document.querySelectorAll(`[${attribute}]`)) if (!document.getElementById(node.getAttribute(attribute))) faults.push(attribute + ' leads nowhere');
    for (const selector of ['html[lang]', 'head > title', 'header', 'nav[aria-label]', 'main', 'footer', '[aria-live]', 'h1', 'a.skip'])
      if (document.querySelectorAll(selector).length !== 1) faults.push('not once: ' + selector);
    for (const table of document.querySelectorAll('table')) for (const head of table.querySelectorAll('th')) if (!head.scope) faults.push('a head without scope');
    for (const node of document.querySelectorAll('[tabindex]')) if (node.tabIndex > 0) faults.push('an order of its own: ' + node.id);
    // Contrast of text on the page (WCAG 2.2, 1.4.3).
    const light = color => { const c = color.match(/[\\d.]+/g).slice(0, 3).map(v => v / 255).map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4); return 0.2126 * c[0] + 0.7152 * c[1] + 0.0722 * c[2]; };
    const ratio = (a, b) => (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    const paper = light(getComputedStyle(document.body).backgroundColor);
    for (const selector of ['body', '.lead', 'nav a', '.hint', '.level', '.kind', 'caption', 'h3', '.footnotes', 'th button', '#reading-note', 'figure svg text', '#chart text'])
      for (const node of [...document.querySelectorAll(selector)].slice(0, 3)) {
        const style = getComputedStyle(node), color = node.tagName === 'text' ? style.fill : style.color;
        if (ratio(light(color), paper) < 4.5) faults.push(`contrast of ${selector}: ${color}`);
      }
    return faults; })()"""


def check_looks(page, browser, folder):
    for name, width, height, kind, scheme in (("phone", 375, 812, "", "light"), ("tablet", 768, 1024, "", "light"), ("desk", 1280, 900, "", "light"),
                                              ("dark", 1280, 900, "", "dark"), ("dark-phone", 375, 812, "", "dark"), ("paper", 794, 1123, "print", "dark")):
        browser.media(kind, scheme)
        browser.size(width, height, mobile=width == 375)
        page.open(PAGE)
        page.quiet(name)
        check(page.run("document.documentElement.scrollWidth") <= width, f"{name}: the page is wider than {width}")
        if kind != "print":
            bottom = page.run("document.querySelector('header .caution').getBoundingClientRect().bottom")
            check(0 < bottom < height, f"{name}: the caution ends at {bottom} of {height}")
        if name == "phone":
            stays = page.run("""(() => { const box = document.querySelector('[data-table=medians] .table'); box.scrollLeft = 120; const cell = box.querySelector('tbody tr > :first-child');
                const result = [box.scrollLeft, Math.round(cell.getBoundingClientRect().left - box.getBoundingClientRect().left)]; box.scrollLeft = 0; return result; })()""")
            check(stays[0] > 50 and abs(stays[1]) <= 2, f"phone: the first column does not stay: {stays}")
        wide = page.run(f"[...document.querySelectorAll('main *, header *')].filter(node => node.getBoundingClientRect().right > {width} + 0.5 && !node.closest('.table, .unseen')).map(node => node.tagName + '.' + node.className).slice(0, 3)")
        check(not wide, f"{name}: leaves the window: {wide}")
        check(page.run("document.querySelector('#chart svg').getBoundingClientRect().height") > 200, f"{name}: no chart")
        if kind == "print":
            check(page.run("getComputedStyle(document.body).backgroundColor") in ("rgb(255, 255, 255)", "rgba(0, 0, 0, 0)"), "the paper is dark")
            check(page.run("[...document.querySelectorAll('nav, button:not(th button), .choices, .controls')].every(node => node.getBoundingClientRect().height === 0)"), "controls are printed")
            check(page.run("[...document.querySelectorAll('th button')].every(node => node.getBoundingClientRect().height > 5)"), "heads of tables are not printed")
            check(page.run("document.querySelector('#audit details li').getBoundingClientRect().height") > 0, "acknowledged findings are not printed")
        else:
            faults = page.run(ACCESSIBLE)
            check(not faults, f"{name}: {faults[:5]}")
        if folder is not None:
            for section in ("curves", "reading", "across", "tables", "trials"):
                page.run(f"document.querySelector('#{section}').scrollIntoView()") if section != "curves" else None
                browser.screenshot(folder / f"{name}-{section}.png")
    with tempfile.TemporaryDirectory() as name:
        paper = (folder or pathlib.Path(name)) / "paper.pdf"
        browser.media()
        page.open(PAGE)
        browser.pdf(paper)
        pages = len(re.findall(rb"/Type\s*/Page\b", paper.read_bytes()))
        check(5 < pages <= MOST_PAGES, f"printed, the whole catalogue takes {pages} pages")
    browser.media()
    browser.size(1280, 900)
    # The keyboard: the first stop is the link past the head, and the focus is seen.
    page.open(PAGE)
    browser.press("Tab", 9)
    check(page.run("document.activeElement.className") == "skip" and page.run("document.activeElement.getBoundingClientRect().top") >= 0, "the first stop is not the skip link")
    for _ in range(8):  # six sections, the search, the endpoint
        browser.press("Tab", 9)
    check(page.run("document.activeElement.id") == "endpoint" and page.run("getComputedStyle(document.activeElement).outlineStyle") == "solid", "the focus is not seen, or is elsewhere")
    page.run("document.querySelector('[data-table=medians] th button').focus()")
    browser.press("Enter", 13, text="\r")
    check(page.run("document.querySelector('[data-table=medians] th').getAttribute('aria-sort')") == "ascending", "Enter does not sort")


def check_without_scripts(page, browser, text):
    browser.scripts(False)
    page.open(PAGE)
    page.quiet("without scripts")
    seen = page.run("""[document.querySelector('#explorer').getBoundingClientRect().height, document.querySelector('noscript').getBoundingClientRect().height,
                        [...document.querySelectorAll('figure svg')].filter(one => one.getBoundingClientRect().height > 50).length,
                        [...document.querySelectorAll('.comparison tbody tr')].filter(one => one.getBoundingClientRect().height > 5).length, document.querySelectorAll('main button').length]""")
    browser.scripts(True)
    check(seen[0] == 0 and seen[1] > 0, f"without scripts: controls {seen[0]} high, note {seen[1]} high")
    check(seen[2] == text.count("<figure") > 40 and seen[3] > 250, f"without scripts: {seen[2]} figures, {seen[3]} rows")


HOSTILE = "</script><script>window.hurt=1</script><img src=x onerror='window.hurt=1'>\"'&<!--\u202e\u0007\u2028${1}"


def hostile_page(folder):
    """A catalogue in which every free text is markup, control characters and marks that turn the direction of writing."""
    document = json.loads(run("template").stdout)

    def spoil(value, key=None):
        if isinstance(value, dict):
            return {name: spoil(one, name) for name, one in value.items()}
        if isinstance(value, list):
            return [spoil(one, key) for one in value]
        free = ("title", "label", "name", "population", "citation", "doi", "nct", "note", "agent", "line", "text", "phase", "regimen", "drug_class")
        return value + HOSTILE if isinstance(value, str) and key in free else value

    spoilt = spoil(document)
    text = json.dumps(spoilt)
    for name in ("MY-TRIAL", "new", "os-final"):  # names hold no control characters
        text = text.replace(json.dumps(name), json.dumps(name + HOSTILE.replace("\u0007", "").replace("\u2028", "")))
    (folder / "hostile.json").write_text(text, encoding="utf-8")
    done = run("--no-builtin", "--catalogue", str(folder / "hostile.json"), "report", "-o", str(folder / "hostile.html"))
    if done.returncode != 0:
        raise RuntimeError(f"the hostile catalogue is no catalogue: {done.stderr.decode()}")
    return folder / "hostile.html"


def check_hostile_text(path):
    text = path.read_text(encoding="utf-8")
    check_text("hostile", text)
    check(text.count("<script") == 2 and text.count("</script>") == 2, "hostile: a script of the catalogue")
    check("<img" not in text and not re.search("[\u202a-\u202e\u2066-\u2069\u2028\x00-\x08\x0b-\x1f]", text), "hostile: markup or harmful characters")
    check(len(data_of(text)["curves"]) == 2 and "MY" in data_of(text)["curves"][0]["trial"], "hostile: no curves")


def check_hostile_in_browser(page, path):
    page.open(path)
    page.quiet("hostile")
    check(page.run("window.hurt === undefined && document.images.length === 0 && document.scripts.length === 2"), "hostile: the catalogue's script ran")
    page.run("document.querySelectorAll('#explorer input[type=checkbox]').forEach(box => { box.click(); box.click(); })")
    check(page.run("document.querySelectorAll('#reading tbody tr').length") == 2 and page.run("window.hurt === undefined"), "hostile: the controls do not work")
    check("<img src=x" in page.run("document.querySelector('#reading label').textContent"), "hostile: the name is not shown as it is")
    check(page.run(r"!/[\u202a-\u202e\u2066-\u2069]/.test(document.documentElement.textContent + location.hash)"), "hostile: marks of direction are shown")
    page.quiet("hostile, after its controls")


def main():
    global PAGE
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        PAGE = folder / "report.html"
        done = run("report", "-o", str(PAGE))
        check(done.returncode == 0, done.stderr.decode())
        text = PAGE.read_text(encoding="utf-8")
        check(len(text.encode()) < MOST_BYTES, f"the page of the whole catalogue has {len(text.encode())} bytes")
        check(text == output("report", "--threads", "1"), "not the same page with one thread")
        check("holds only if" not in text, "intervals of auto suppose a family")
        supposed = output("report", "CLEOPATRA", "--model", "weibull")
        check(supposed.count("It holds only if the Weibull model does") >= 3, "the page does not say which family its readings, figures and method suppose")
        check_text("the page", text)
        for command in (("list",), ("show", "HER2CLIMB"), ("fit", "CLEOPATRA", "--model", "all"), ("curve", "EMILIA"), ("check",), ("table", "milestones"), ("table", "by-class")):
            check_html(" ".join(command), output(*command, "--format", "html"))
        hostile = hostile_page(folder)
        check_hostile_text(hostile)
        program = shutil.which("chromium")
        if program is not None:
            pictures = None
            if len(sys.argv) > 2:
                pictures = pathlib.Path(sys.argv[2])
                pictures.mkdir(parents=True, exist_ok=True)
            browser = Browser(program)
            try:
                browser.media()
                browser.size(1280, 900)
                page = Page(browser)
                for step, work in (("controls", lambda: check_controls(page, data_of(text))), ("reading line", lambda: check_reading_line(page, browser)),
                                   ("readings", lambda: check_readings(page, data_of(text))), ("tables", lambda: check_tables(page, browser)),
                                   ("saved", lambda: check_saved(page, browser, folder)), ("named", lambda: check_named(page, folder)), ("search", lambda: check_search(page)), ("without scripts", lambda: check_without_scripts(page, browser, text)),
                                   ("hostile", lambda: check_hostile_in_browser(page, hostile)), ("looks", lambda: check_looks(page, browser, pictures))):
                    start = time.monotonic()
                    work()
                    if os.environ.get("VERBOSE"):
                        print(f"{step}: {time.monotonic() - start:.1f} s")
            finally:
                browser.close()
        firefox = shutil.which("firefox-esr") or shutil.which("firefox")
        if firefox is not None:
            check_firefox(firefox, pathlib.Path(sys.argv[2]) if program and len(sys.argv) > 2 else None)
    for failure in failures[:40]:
        print(failure)
    missing = [] if program else ["no Chromium: neither controls, readings, sorting, copying, saving nor the looks were tested"]
    if firefox is None:
        missing.append("no Firefox: the page was tested in Chromium alone")
    if importlib.util.find_spec("html5lib") is None:
        missing.append("no html5lib: the HTML was not validated")
    print(f"{passed} passed, {len(failures)} failed" + (f" ({'; '.join(missing)})" if missing else ""))
    return 1 if failures or passed == 0 else 0


if __name__ == "__main__":
    PROGRAM = str(pathlib.Path(sys.argv[1]).resolve())
    sys.exit(main())
