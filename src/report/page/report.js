// The page's own program: curves over one another with a reading line, tables that can be sorted and copied, figures
// that can be saved. It works with the data block of the page and with nothing else.
"use strict";
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const byId = id => document.getElementById(id);
  const svgSpace = "http://www.w3.org/2000/svg";
  const fill = (node, attributes, children) => {
    for (const [name, value] of Object.entries(attributes)) if (value !== null && value !== undefined) node.setAttribute(name, value);
    node.append(...children);
    return node;
  };
  const html = (name, attributes = {}, ...children) => fill(document.createElement(name), attributes, children);
  const svg = (name, attributes = {}, ...children) => fill(document.createElementNS(svgSpace, name), attributes, children);
  const percentOf = level => String(Math.round(1000 * level) / 10) + "%";
  // Of a curve whose number of patients was not published there is only the reconstruction band.
  const replaced = curve => curve.band !== data.band;
  const replacedNote = curves => curves.some(replaced) ? `\u00a7 No CI without the number of patients: ${percentOf(data.level)} reconstruction band, which has no sampling error. ` : "";
  const points = value => (100 * value).toFixed(1);
  const short = (value, digits) => String(Number(value.toFixed(digits)));
  const slack = 1 + 1e-9;  // of times that are compared, as in the program
  const ink = "#222222", faint = "#DDDDDD", white = "#FFFFFF";

  // ---- What can be done with a text: the clipboard, else a text that is marked and copied.
  const copy = async (text, button) => {
    const label = button.dataset.label ??= button.textContent;
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      const area = html("textarea", {class: "unseen", "aria-hidden": "true"});
      area.value = text;
      document.body.append(area);
      area.select();
      document.execCommand("copy");
      area.remove();
      button.focus();
    }
    button.textContent = "Copied";
    setTimeout(() => { button.textContent = label; }, 1500);
  };
  const saveBlob = (name, blob) => {
    const address = URL.createObjectURL(blob);
    const link = html("a", {href: address, download: name.replace(/[^\w.-]+/g, "_")});
    document.body.append(link);
    link.click();
    link.remove();
    setTimeout(() => URL.revokeObjectURL(address), 1000);
  };
  const save = (name, node) => saveBlob(name + ".svg", new Blob([new XMLSerializer().serializeToString(node) + "\n"], {type: "image/svg+xml"}));
  // As a picture 2400 pixels wide: wide enough for a slide or a printed column.
  const savePng = async (name, node) => {
    const [, , boxWidth, boxHeight] = node.getAttribute("viewBox").split(/[ ,]+/).map(Number);
    const copy = fill(node.cloneNode(true), {width: boxWidth, height: boxHeight}, []);
    const picture = new Image();
    picture.src = "data:image/svg+xml;charset=utf-8," + encodeURIComponent(new XMLSerializer().serializeToString(copy));
    await picture.decode();
    const scale = 2400 / boxWidth;
    const canvas = html("canvas", {width: 2400, height: Math.round(boxHeight * scale)});
    const pen = canvas.getContext("2d");
    pen.fillStyle = white;
    pen.fillRect(0, 0, canvas.width, canvas.height);
    pen.drawImage(picture, 0, 0, canvas.width, canvas.height);
    saveBlob(name + ".png", await new Promise(done => canvas.toBlob(done, "image/png")));
  };
  const field = value => /[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
  const csv = rows => rows.map(row => row.map(cell => field(cell === null ? "" : String(cell))).join(",") + "\n").join("");

  // What is folded away is printed all the same. Chromium leaves buttons out of the heads of tables that it repeats on
  // further pages: on paper they are text.
  const headsOnPaper = [];
  window.addEventListener("beforeprint", () => {
    for (const details of document.querySelectorAll("details")) details.open = true;
    for (const button of document.querySelectorAll("th button")) {
      const head = document.createElement("span");
      head.textContent = button.textContent;
      button.replaceWith(head);
      headsOnPaper.push([head, button]);
    }
  });
  window.addEventListener("afterprint", () => { for (const [head, button] of headsOnPaper.splice(0)) head.replaceWith(button); });

  // ---- Static figures and tables
  for (const figure of document.querySelectorAll("figure.drawn")) {
    const buttons = [["SVG", save], ["PNG", savePng]].map(([format, work]) => {
      const button = html("button", {type: "button", "aria-label": `Save as ${format}: ${figure.dataset.name}`}, `Save ${format}`);
      button.addEventListener("click", () => work(figure.dataset.name, figure.querySelector("svg")));
      return button;
    });
    figure.append(html("p", {}, ...buttons));
  }

  // ---- Search: what has all the words, in any case, stays; of a table whole groups of rows.
  const search = byId("search");
  const articles = [...document.querySelectorAll(".trial")].map(node => ({node, trial: node.querySelector("h3").textContent, text: node.textContent.toLocaleLowerCase("en")}));
  // Tables abbreviate: a group of rows is found by all that is said of its trials, too.
  const saidOf = new Map(articles.map(one => [one.trial, one.text]));
  const groups = [...document.querySelectorAll(".comparison tbody")].map(body => {
    const said = [...body.querySelectorAll("th, td")].map(cell => saidOf.get(cell.textContent) ?? "");
    return {rows: [...body.rows], text: [body.textContent.toLocaleLowerCase("en"), ...said].join(" ")};
  });
  const findings = [...document.querySelectorAll(".findings li")].map(node => ({node, text: node.textContent.toLocaleLowerCase("en")}));
  const found = () => {
    const words = search.value.toLocaleLowerCase("en").split(/\s+/).filter(word => word);
    const has = text => words.every(word => text.includes(word));
    for (const {node, text} of [...articles, ...findings]) node.hidden = !has(text);
    for (const {rows, text} of groups) for (const row of rows) row.hidden = !has(text);
    const trials = new Set(articles.filter(one => !one.node.hidden).map(one => one.trial));
    for (const label of document.querySelectorAll("#trials-chosen label")) label.hidden = !trials.has(label.textContent) && !label.querySelector("input").checked;
    byId("found").textContent = words.length ? `${trials.size} of ${articles.length} trials` : "";
  };
  search.closest("p").hidden = false;
  search.addEventListener("input", found);

  // The number that a cell begins with; what was not reached lies above all, what is missing comes last.
  const sortKey = text => {
    const plain = text.replaceAll("\u2212", "-").trim();
    const number = /^[<>\u2264\u2265]?\s*(-?\d+(?:\.\d+)?(?:e-?\d+)?)/.exec(plain);
    if (number) return [0, Number(number[1])];
    if (/^NR\b/.test(plain)) return [1, 0];
    if (/^NE\b/.test(plain)) return [2, 0];
    return plain === "" || plain === "-" ? [4, ""] : [3, plain.toLocaleLowerCase("en")];
  };
  const compareKeys = (a, b) => a[0] !== b[0] ? a[0] - b[0] : a[1] < b[1] ? -1 : a[1] > b[1] ? 1 : 0;

  const makeSortable = table => {
    const heads = [...table.tHead.querySelectorAll("th:not([scope=colgroup])")];
    const bodies = [...table.tBodies];
    const groups = bodies.map(body => [...body.rows]);
    const rows = groups.flat();
    // A name stands once, in the first row of its group; sorted, it stands in every row.
    const asPrinted = rows.map(row => [...row.cells].map(cell => cell.textContent));
    const whole = asPrinted.map(cells => [...cells]);
    let at = 0;
    for (const group of groups) {
      for (let i = 1; i < group.length; ++i)
        for (let c = 0; c < whole[at + i].length && whole[at + i][c] === "" && !group[i].cells[c].classList.contains("number"); ++c)
          whole[at + i][c] = whole[at + i - 1][c];
      at += group.length;
    }
    // Columns that are filled in behind the name: numbers of the group, such as its year.
    const show = texts => rows.forEach((row, r) => texts[r].forEach((text, c) => {
      if (row.cells[c].textContent !== text) row.cells[c].textContent = text;
    }));
    // Heads under a spanning one stand in the second row of the head, their columns in the order of the first one.
    const columns = [];
    const second = [...(table.tHead.rows[1]?.cells ?? [])];
    for (const head of table.tHead.rows[0].cells)
      if (head.colSpan > 1 || head.scope === "colgroup") columns.push(...second.splice(0, head.colSpan));
      else columns.push(head);
    for (const head of heads) {
      const button = html("button", {type: "button"}, ...head.childNodes);
      head.append(button);
      head.setAttribute("aria-sort", "none");
      button.addEventListener("click", () => {
        const before = head.getAttribute("aria-sort");
        const now = before === "none" ? "ascending" : before === "ascending" ? "descending" : "none";
        for (const other of heads) other.setAttribute("aria-sort", other === head ? now : "none");
        bodies[0].classList.toggle("sorted", now !== "none");
        if (now === "none") {
          show(asPrinted);
          bodies.forEach((body, b) => { body.append(...groups[b]); table.append(body); });
          return;
        }
        show(whole);
        const column = columns.indexOf(head);
        const keyed = rows.map((row, r) => ({row, key: sortKey(whole[r][column])}));
        const present = keyed.filter(one => one.key[0] < 4), missing = keyed.filter(one => one.key[0] === 4);
        present.sort((a, b) => now === "ascending" ? compareKeys(a.key, b.key) : compareKeys(b.key, a.key));
        bodies[0].append(...[...present, ...missing].map(one => one.row));
        for (const body of bodies.slice(1)) body.remove();
      });
    }
  };
  for (const section of document.querySelectorAll(".comparison")) {
    const heading = section.querySelector("h3, caption").textContent;
    const button = html("button", {type: "button"}, "Copy as CSV");
    button.addEventListener("click", () => copy(data.tables[section.dataset.table], button));
    section.querySelector(".table").before(html("p", {class: "tools"}, button));
    fill(section.querySelector(".table"), {tabindex: "0", role: "region", "aria-label": heading}, []);
    makeSortable(section.querySelector("table"));
  }

  // ---- The curves
  if (data.curves.length === 0) return;
  data.curves.forEach((curve, index) => { curve.index = index; });
  const endpoints = [...new Set(data.curves.map(curve => curve.endpoint))];
  const mostCurves = data.styles.length;
  const ofEndpoint = endpoint => data.curves.filter(curve => curve.endpoint === endpoint);
  const trialsOf = curves => [...new Set(curves.map(curve => curve.trial))];
  const severalAnalyses = endpoint => ofEndpoint(endpoint).some(a => ofEndpoint(endpoint).some(b => a.trial === b.trial && a.analysis !== b.analysis));
  const nameOf = curve => `${curve.trial} ${severalAnalyses(curve.endpoint) ? curve.analysis + " " : ""}${curve.arm}`;
  const longNameOf = curve => nameOf(curve) + (curve.population ? ` (${curve.population})` : "");

  // The trials that were named, in their order, up to as many curves as can be told apart; else the comparisons of most
  // patients, up to four curves, or the first trials if none compares arms.
  const firstTrials = endpoint => {
    const curves = ofEndpoint(endpoint);
    if (data.named) {
      let room = mostCurves;
      return new Set(trialsOf(curves).filter(trial => (room -= curves.filter(curve => curve.trial === trial).length) >= 0));
    }
    const sizes = trialsOf(curves).map(trial => {
      const arms = curves.filter(curve => curve.trial === trial);
      return {trial, arms: arms.length, n: arms.length > 1 ? arms.reduce((sum, curve) => sum + (curve.n ?? 0), 0) : -1};
    });
    const chosen = [];
    let count = 0;
    for (const one of sizes.sort((a, b) => b.n - a.n))
      if (chosen.length === 0 || (count + one.arms <= 4 && one.n >= 0)) { chosen.push(one.trial); count += one.arms; }
    return new Set(chosen);
  };

  const fresh = endpoint => ({endpoint, trials: firstTrials(endpoint), off: new Set(), relative: false, horizon: null, time: null, bands: true, published: true});
  const mostTold = endpoints.map(endpoint => ofEndpoint(endpoint).length);
  let state = fresh(endpoints.includes("OS") ? "OS" : endpoints[mostTold.indexOf(Math.max(...mostTold))]);
  const styleOf = new Map();  // of the visible curves, kept as long as they are visible

  // S(t), or a limit: the program's numbers on the grid; between two of them log S is straight. null beyond the grid.
  const valueAt = (curve, key, time) => {
    const times = curve.time, values = curve[key];
    const end = times[times.length - 1];
    if (!(time >= 0) || time > end * slack) return null;
    let low = 0, high = times.length - 1;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (times[middle] <= time) low = middle; else high = middle;
    }
    if (time >= times[high]) return values[high];
    if (time === times[low]) return values[low];
    const a = values[low], b = values[high];
    if (a === null || b === null) return null;
    const share = (time - times[low]) / (times[high] - times[low]);
    return a > 0 && b > 0 ? Math.exp((1 - share) * Math.log(a) + share * Math.log(b)) : (1 - share) * a + share * b;
  };
  const extrapolated = (curve, time) => time > curve.supported * slack;
  const borrowed = (curve, time) => time > 0 && time < curve.supported_from / slack && !extrapolated(curve, time);
  const supportOf = (curve, time) => extrapolated(curve, time) ? "extrapolated" : borrowed(curve, time) ? "borrowed" : "supported";
  const supportMark = {supported: "", borrowed: "\u2021", extrapolated: "\u2020"};
  // Months of one unit of the axis.
  const unit = curve => state.relative ? curve.reference_median : 1;

  const chosen = () => ofEndpoint(state.endpoint).filter(curve => state.trials.has(curve.trial));
  const visible = () => chosen().filter(curve => !state.off.has(curve.index) && unit(curve) !== null);
  const longest = () => {
    const lengths = visible().map(curve => curve.supported / unit(curve));
    const step = state.relative ? 0.5 : 12;
    return lengths.length ? Math.max(step, step * Math.ceil(Math.max(...lengths) / step - 1e-9)) : step;
  };
  const horizon = () => state.horizon ?? longest();
  // The middle of the axis in whole units, until one is chosen.
  const readingTime = () => Math.min(state.time ?? (state.relative ? 1 : Math.min(24, horizon() / 2)), horizon());

  // ---- The view in the address, so that it can be shared
  const toHash = () => {
    const view = new URLSearchParams({endpoint: state.endpoint});
    for (const trial of state.trials) view.append("trial", trial);
    for (const index of state.off) view.append("off", [data.curves[index].trial, data.curves[index].analysis, data.curves[index].arm].join("/"));
    if (state.relative) view.set("time", "relative");
    if (state.horizon !== null) view.set("to", state.horizon);
    if (state.time !== null) view.set("at", state.time);
    if (!state.bands) view.set("bands", "no");
    if (!state.published) view.set("published", "no");
    return "#" + view;
  };
  const fromHash = () => {
    const view = new URLSearchParams(location.hash.slice(1));
    if (!endpoints.includes(view.get("endpoint"))) return;
    const positive = name => { const value = Number(view.get(name)); return view.has(name) && value > 0 && value < 1e6 ? value : null; };
    state = fresh(view.get("endpoint"));
    const known = new Set(trialsOf(ofEndpoint(state.endpoint)));
    state.trials = new Set(view.getAll("trial").filter(trial => known.has(trial)));
    for (const curve of ofEndpoint(state.endpoint))
      if (view.getAll("off").includes([curve.trial, curve.analysis, curve.arm].join("/"))) state.off.add(curve.index);
    state.relative = view.get("time") === "relative";
    state.horizon = positive("to");
    state.time = view.get("at") === "0" ? 0 : positive("at");
    state.bands = view.get("bands") !== "no";
    state.published = view.get("published") !== "no";
  };

  // Browsers take no more than some changes of the address a second.
  let remembering = 0;
  const remember = () => {
    clearTimeout(remembering);
    remembering = setTimeout(() => history.replaceState(null, "", toHash()), 250);
  };

  // ---- Drawing
  const symbol = (style, x, y, r = 4.5) => {
    const paint = style.filled ? {fill: style.color, stroke: white} : {fill: white, stroke: style.color, "stroke-width": 1.6};
    const path = {
      square: [[-r, -r], [r, -r], [r, r], [-r, r]], triangle: [[0, -r - 1], [r + 1, r], [-r - 1, r]],
      diamond: [[0, -r - 1], [r + 1, 0], [0, r + 1], [-r - 1, 0]], inverted: [[0, r + 1], [r + 1, -r], [-r - 1, -r]],
    }[style.shape];
    if (!path) return svg("circle", {cx: x, cy: y, r, ...paint});
    return svg("path", {d: "M" + path.map(([dx, dy]) => `${(x + dx).toFixed(2)} ${(y + dy).toFixed(2)}`).join("L") + "Z", ...paint});
  };
  const dashes = {supported: null, borrowed: "1.5 2.5", extrapolated: "5 4"};
  const strokeMeanings = {supported: "supported", borrowed: "borrowed from similar trials", extrapolated: "extrapolated"};
  const strokeSwatch = stroke => svg("svg", {class: "swatch", width: 28, height: 14, viewBox: "0 0 28 14", "aria-hidden": "true"},
    svg("line", {x1: 0, y1: 7, x2: 28, y2: 7, stroke: ink, "stroke-width": 2.2, "stroke-dasharray": dashes[stroke]}));
  // The strokes that the visible curves are drawn with, up to the end of the axis.
  const strokesDrawn = () => Object.keys(dashes).filter(stroke => visible().some(curve => {
    const end = Math.min(horizon() * unit(curve), curve.time[curve.time.length - 1]);
    return stroke === "extrapolated" ? end > curve.supported * slack : stroke === "borrowed" ? Math.min(curve.supported_from, curve.supported) > 0 : Math.min(end, curve.supported) > curve.supported_from;
  }));
  const swatch = style => svg("svg", {class: "swatch", width: 28, height: 14, viewBox: "0 0 28 14", "aria-hidden": "true"},
    svg("line", {x1: 0, y1: 7, x2: 28, y2: 7, stroke: style.color, "stroke-width": 2.5}), symbol(style, 14, 7));

  const ticks = end => {
    const steps = state.relative ? [0.1, 0.2, 0.25, 0.5, 1, 2, 5, 10, 20] : [1, 2, 3, 6, 12, 24, 36, 48, 60, 120, 240, 600, 1200, 6000, 12000, 60000];
    const most = Math.max(4, Math.min(10, Math.floor(frame.width / 70)));
    const step = steps.find(one => end / one <= most) ?? end / most;
    const places = [];
    for (let k = 0; k * step <= end * slack; ++k) places.push(Number((k * step).toFixed(6)));
    return places;
  };
  const frame = {};
  const lay = width => {
    Object.assign(frame, {width, height: Math.round(Math.min(470, Math.max(270, 0.56 * width))), left: 44, right: 14, top: 26, bottom: 46});
    frame.x = value => frame.left + value / horizon() * (width - frame.left - frame.right);
    frame.y = value => frame.height - frame.bottom - value * (frame.height - frame.top - frame.bottom);
    frame.value = x => (x - frame.left) / (width - frame.left - frame.right) * horizon();
  };
  const axisTitle = () => state.relative ? "Time in medians of the control arm" : "Months";

  // Grid times of the curve from `from` to `to` months, with both ends.
  const timesBetween = (curve, from, to) => [from, ...curve.time.filter(time => time > from && time < to), to];
  const track = places => places.map(([x, y], k) => `${k ? "L" : "M"}${x.toFixed(2)} ${y.toFixed(2)}`).join("");
  const drawCurve = curve => {
    const style = data.styles[styleOf.get(curve.index)], scale = unit(curve);
    const end = Math.min(horizon() * scale, curve.time[curve.time.length - 1]), cut = Math.min(end, curve.supported), first = Math.min(cut, curve.supported_from);
    const group = svg("g", {}, svg("title", {}, nameOf(curve)));
    const at = (time, key) => [frame.x(time / scale), frame.y(valueAt(curve, key, time))];
    for (const [from, to, stroke] of [[0, first, "borrowed"], [first, cut, "supported"], [cut, end, "extrapolated"]]) {
      if (!(to > from)) continue;
      const times = timesBetween(curve, from, to);
      const banded = times.filter(time => valueAt(curve, "lower", time) !== null && valueAt(curve, "upper", time) !== null);
      if (state.bands && banded.length > 1)
        group.append(svg("path", {fill: style.color, "fill-opacity": stroke === "supported" ? 0.18 : 0.09, d: track([...banded.map(time => at(time, "upper")), ...banded.reverse().map(time => at(time, "lower"))]) + "Z"}));
      group.append(svg("path", {fill: "none", stroke: style.color, "stroke-width": 2.2, "stroke-linejoin": "round", "stroke-dasharray": dashes[stroke], d: track(times.map(time => at(time, "survival")))}));
    }
    return group;
  };
  const drawPublished = (curve, place) => {
    const style = data.styles[styleOf.get(curve.index)], scale = unit(curve), end = horizon();
    const shift = 3 * (place - (visible().length - 1) / 2);
    return curve.published.map(mark => {
      const group = svg("g", {}, svg("title", {}, `${nameOf(curve)}: ${mark.text}`));
      const pen = {stroke: style.color, "stroke-width": 1.4};
      const end_bar = (x, y, along) => group.append(svg("line", along ? {x1: x, x2: x, y1: y - 3, y2: y + 3, ...pen} : {x1: x - 3, x2: x + 3, y1: y, y2: y, ...pen}));
      if (mark.median && mark.limits) {
        const y = frame.y(mark.survival) + shift, from = (mark.limits[0] ?? 0) / scale, to = mark.limits[1] === null ? end : mark.limits[1] / scale;
        if (from < end) {
          group.append(svg("line", {x1: frame.x(from), x2: frame.x(Math.min(to, end)), y1: y, y2: y, ...pen}));
          end_bar(frame.x(from), y, true);
          if (mark.limits[1] !== null && to <= end) end_bar(frame.x(to), y, true);
        }
      } else if (mark.limits && mark.time / scale <= end) {
        const x = frame.x(mark.time / scale) + shift;
        group.append(svg("line", {x1: x, x2: x, y1: frame.y(mark.limits[0]), y2: frame.y(mark.limits[1]), ...pen}));
        for (const limit of mark.limits) end_bar(x, frame.y(limit), false);
      }
      if (mark.time !== null && mark.time / scale <= end) group.append(symbol(style, frame.x(mark.time / scale), frame.y(mark.survival)));
      return group;
    });
  };
  const drawAxes = () => {
    const group = svg("g", {});
    const bottom = frame.y(0), right = frame.x(horizon());
    for (const percent of [0, 25, 50, 75, 100]) {
      const y = frame.y(percent / 100);
      group.append(svg("line", {x1: frame.left, x2: right, y1: y, y2: y, stroke: percent ? faint : ink}),
        svg("text", {x: frame.left - 7, y: y + 4.5, "text-anchor": "end"}, String(percent)));
    }
    group.append(svg("line", {x1: frame.left, x2: frame.left, y1: frame.top, y2: bottom, stroke: ink}));
    for (const tick of ticks(horizon()))
      group.append(svg("line", {x1: frame.x(tick), x2: frame.x(tick), y1: bottom, y2: bottom + 5, stroke: ink}),
        svg("text", {x: frame.x(tick), y: bottom + 19, "text-anchor": "middle"}, String(tick)));
    group.append(svg("text", {x: frame.left - 7, y: 13, "font-weight": "bold"}, `${state.endpoint}, %`),
      svg("text", {x: (frame.left + right) / 2, y: bottom + 38, "text-anchor": "middle"}, axisTitle()));
    return group;
  };
  const drawReading = () => {
    const x = frame.x(readingTime()), bottom = frame.y(0);
    const group = svg("g", {id: "reading-line"}, svg("line", {x1: x, x2: x, y1: frame.top - 6, y2: bottom, stroke: ink, "stroke-width": 1.4}),
      svg("path", {d: `M${x} ${frame.top}l-6 -10h12Z`, fill: ink}));
    for (const curve of visible()) {
      const value = valueAt(curve, "survival", readingTime() * unit(curve));
      if (value !== null) group.append(svg("circle", {cx: x, cy: frame.y(value), r: 3.4, fill: white, stroke: data.styles[styleOf.get(curve.index)].color, "stroke-width": 2}));
    }
    return group;
  };
  const sheet = (children, extra = 0) => svg("svg", {xmlns: svgSpace, viewBox: `0 0 ${frame.width} ${frame.height + extra}`, "font-family": "Helvetica, Arial, 'Liberation Sans', sans-serif", "font-size": 13, fill: ink}, ...children);
  const curvesOfSheet = () => [drawAxes(), ...visible().map(drawCurve), ...(state.published ? visible().flatMap(drawPublished) : [])];

  // ---- The read-out
  const readings = () => chosen().map(curve => {
    const shown = !state.off.has(curve.index) && unit(curve) !== null;
    const months = unit(curve) === null ? null : readingTime() * unit(curve);
    const value = key => months === null ? null : valueAt(curve, key, months);
    return {curve, shown, months, survival: value("survival"), lower: value("lower"), upper: value("upper"), support: months === null ? "supported" : supportOf(curve, months)};
  });
  const supportedRange = ({supported_from: from, supported: to}) => (from <= 0 ? "to " : from < to ? `${from.toFixed(1)}\u2013` : "at ") + to.toFixed(1);
  const cell = (text, attributes = {}) => html("td", {class: "number", ...attributes}, text);
  const drawTable = () => {
    const head = (title, number = true) => html("th", {scope: "col", class: number ? "number" : null}, title);
    const heads = [head("Curve", false), head(`S(t), % (${data.interval})`)];
    if (state.relative) heads.push(head("Months"));
    heads.push(head("n"), head("Median, months"), head("HR (CI)"), head("Supported, months"), head("Expected error, points"));
    byId("reading").tHead.replaceChildren(html("tr", {}, ...heads));
    const focused = document.activeElement?.dataset?.curve;
    byId("reading").tBodies[0].replaceChildren(...readings().map(one => {
      const {curve} = one;
      const box = html("input", {type: "checkbox", "data-curve": curve.index});
      box.checked = !state.off.has(curve.index);
      box.addEventListener("change", () => { toggle(curve, box.checked); update(); });
      const label = html("label", {"data-name": nameOf(curve), title: `${curve.regimen} (${curve.model}, ${curve.fit_status})`}, box);
      if (one.shown) label.append(swatch(data.styles[styleOf.get(curve.index)]));
      label.append(nameOf(curve));
      if (curve.population) label.append(html("span", {class: "kind"}, curve.population));
      const row = html("tr", one.shown ? {} : {class: "off"}, html("th", {scope: "row"}, label));
      const survival = cell("", one.shown ? {"data-survival": one.survival, "data-lower": one.lower, "data-upper": one.upper, "data-months": one.months} : {});
      if (one.shown && one.support !== "supported" && one.survival !== null) survival.append(html("span", {class: "badge"}, one.support), " ");
      if (one.shown) survival.append(one.survival === null ? "-" : points(one.survival) + supportMark[one.support] + (curve.fit_status === "prior" ? "\u00b6" : "") +
        (one.lower === null || one.upper === null ? "" : ` (${points(one.lower)}\u2013${points(one.upper)})${replaced(curve) ? "\u00a7" : ""}`));
      row.append(survival);
      if (state.relative) row.append(cell(one.months === null ? "NE" : one.months.toFixed(1)));
      row.append(cell(curve.n === null ? "-" : String(curve.n)), cell(curve.published_median || "-"), cell(curve.published_hazard_ratio || "-"), cell(supportedRange(curve)), cell(curve.measured_error === null ? "-" : points(curve.measured_error)));
      return row;
    }));
    const changed = new Map(visible().filter(curve => curve.crossover).map(curve => [curve.trial, curve.crossover]));
    byId("crossover-note").textContent = [...changed].map(([trial, words]) => `${trial}: ${words}.`).join(" ");
    if (focused !== undefined) byId("reading").querySelector(`[data-curve="${focused}"]`)?.focus();
  };

  const timeWords = () => state.relative ? `${short(readingTime(), 3)} medians` : `${short(readingTime(), 2)} months`;
  let announcing = 0;
  const announce = () => {
    clearTimeout(announcing);
    announcing = setTimeout(() => {
      byId("announcer").textContent = `At ${timeWords()}: ` + (readings().filter(one => one.shown).map(one =>
        `${nameOf(one.curve)} ${one.survival === null ? "no curve" : points(one.survival) + " percent" + (one.lower === null ? "" : `, ${points(one.lower)} to ${points(one.upper)}`) + (one.support === "supported" ? "" : `, ${one.support}`)}`).join("; ") || "no curve");
    }, 300);
  };

  // ---- Changes
  let message = "";
  const room = () => mostCurves - visible().length;
  const toggle = (curve, on) => {
    message = "";
    if (!on) state.off.add(curve.index);
    else if (room() > 0) state.off.delete(curve.index);
    else message = `No more than ${mostCurves} curves can be told apart; take another one away first.`;
  };
  const choose = (trial, on) => {
    message = "";
    const arms = ofEndpoint(state.endpoint).filter(curve => curve.trial === trial);
    for (const curve of arms) state.off.delete(curve.index);
    if (!on) { state.trials.delete(trial); return; }
    let left = room();
    for (const curve of arms) if (left-- <= 0) state.off.add(curve.index);
    state.trials.add(trial);
    if (left < 0) message = `No more than ${mostCurves} curves can be told apart; what is left out can be ticked in the table once others are taken away.`;
  };
  // What an address asks for may be more than can be told apart.
  const limitCurves = () => visible().slice(mostCurves).forEach(curve => state.off.add(curve.index));

  const updateStyles = () => {
    const shown = visible();
    for (const index of [...styleOf.keys()]) if (!shown.some(curve => curve.index === index)) styleOf.delete(index);
    for (const curve of shown) {
      if (styleOf.has(curve.index)) continue;
      const taken = new Set(styleOf.values());
      styleOf.set(curve.index, data.styles.findIndex((_, style) => !taken.has(style)));
    }
  };
  const drawReadings = () => {
    const chart = byId("chart");
    chart.querySelector("#reading-line")?.replaceWith(drawReading());
    for (const [name, value] of [["valuemax", short(horizon(), 3)], ["valuenow", short(readingTime(), 3)], ["valuetext", timeWords()]]) chart.setAttribute("aria-" + name, value);
    if (document.activeElement !== byId("time")) byId("time").value = short(readingTime(), 3);
    drawTable();
    announce();
  };
  const drawAll = () => {
    const chart = byId("chart");
    lay(Math.max(280, chart.clientWidth));
    const drawn = sheet([...curvesOfSheet(), svg("g", {id: "reading-line"})]);
    drawn.setAttribute("aria-hidden", "true");
    byId("legend").replaceChildren(...visible().map(curve => html("li", {}, swatch(data.styles[styleOf.get(curve.index)]), longNameOf(curve) + (curve.n === null ? "" : `, n ${curve.n}`))),
      ...strokesDrawn().map(stroke => html("li", {class: "stroke"}, strokeSwatch(stroke), strokeMeanings[stroke])));
    const cuts = visible().filter(curve => curve.earlier_cuts);
    byId("earlier-cuts").hidden = cuts.length === 0;
    byId("earlier-cuts").textContent = "Estimates from earlier data cuts: " + cuts.map(curve => `${nameOf(curve)}: ${curve.earlier_cuts}`).join("; ") + ".";
    chart.replaceChildren(drawn);
    drawReadings();
  };
  const drawControls = () => {
    const endpoint = byId("endpoint");
    endpoint.replaceChildren(...endpoints.map(name => html("option", {value: name}, `${name} (${trialsOf(ofEndpoint(name)).length})`)));
    endpoint.value = state.endpoint;
    const list = html("div", {}, ...trialsOf(ofEndpoint(state.endpoint)).map(trial => {
      const box = html("input", {type: "checkbox", value: trial});
      box.checked = state.trials.has(trial);
      box.addEventListener("change", () => { choose(trial, box.checked); update(); });
      return html("label", {}, box, trial);
    }));
    byId("trials-chosen").querySelector("div")?.remove();
    byId("trials-chosen").append(list);
    found();
    byId("relative").checked = state.relative;
    byId("absolute").checked = !state.relative;
    byId("bands").checked = state.bands;
    byId("published").checked = state.published;
  };
  const update = () => {
    updateStyles();
    if (document.activeElement !== byId("horizon")) byId("horizon").value = short(horizon(), 2);
    byId("horizon").step = state.relative ? 0.5 : 6;
    byId("time-unit").textContent = state.relative ? "medians of the control arm" : "months";
    const without = state.relative ? chosen().filter(curve => curve.reference_median === null).map(nameOf) : [];
    const far = state.relative ? visible().filter(curve => curve.reference_extrapolated).map(nameOf) : [];
    byId("message").textContent = [message, without.length ? `No median to count in: ${without.join(", ")}.` : "",
      far.length ? `Counted in a median that is extrapolated: ${far.join(", ")}.` : "", state.trials.size === 0 ? "Choose a trial." : ""].filter(text => text).join(" ");
    byId("reading-note").textContent = `${data.interval_meaning} ${replacedNote(visible())}Median and HR: as published, with their CI. \u2021 Borrowed from similar trials: before the first published estimate. \u2020 Extrapolated: beyond what the published results support. ${visible().some(curve => curve.fit_status === "prior") ? "\u00b6 Weakly identified: largely borrowed from similar trials. " : ""}Expected error: mean error of S(t) on digitised curves with the same kind of published results (cross-validated). -: not reported.`;
    drawAll();
    remember();
  };
  const read = time => {
    state.time = Number(Math.min(horizon(), Math.max(0, time)).toFixed(4));
    drawReadings();
    remember();
  };

  byId("endpoint").addEventListener("change", event => {
    const kept = [...state.trials];
    const known = new Set(trialsOf(ofEndpoint(event.target.value)));
    state = {...state, endpoint: event.target.value, trials: new Set(kept.filter(trial => known.has(trial))), off: new Set(), horizon: null};
    if (state.trials.size === 0) state.trials = firstTrials(state.endpoint);
    message = "";
    limitCurves();
    drawControls();
    update();
  });
  for (const id of ["absolute", "relative"])
    byId(id).addEventListener("change", () => {
      Object.assign(state, {relative: byId("relative").checked, horizon: null, time: null});
      update();
    });
  for (const id of ["bands", "published"]) byId(id).addEventListener("change", event => { state[id] = event.target.checked; update(); });
  byId("horizon").addEventListener("input", event => {
    const value = event.target.valueAsNumber;
    if (!(value > 0) || value >= 1e6) return;
    state.horizon = value;
    update();
  });
  byId("time").addEventListener("input", event => { if (event.target.valueAsNumber >= 0) read(event.target.valueAsNumber); });
  for (const id of ["horizon", "time"]) byId(id).addEventListener("blur", () => { byId("horizon").value = short(horizon(), 2); byId("time").value = short(readingTime(), 3); });
  byId("copy-reading").addEventListener("click", event => {
    const rows = readings().filter(one => one.shown && one.survival !== null).map(({curve, ...one}) => [curve.trial, curve.analysis, curve.endpoint, curve.arm,
      curve.model, curve.band, one.months, one.survival, one.lower, one.upper, one.support === "extrapolated", one.support]);
    copy(csv([["trial", "analysis", "endpoint", "arm", "model", "band", "time_months", "survival", "lower", "upper", "extrapolated", "support"], ...rows]), event.target);
  });
  byId("copy-link").addEventListener("click", event => { history.replaceState(null, "", toHash()); copy(location.href, event.target); });
  const viewAsFigure = () => {
    const rows = visible().map((curve, k) => svg("g", {}, ...[svg("line", {x1: 10, x2: 38, y1: frame.height + 18 * k + 4, y2: frame.height + 18 * k + 4, stroke: data.styles[styleOf.get(curve.index)].color, "stroke-width": 2.2}),
      symbol(data.styles[styleOf.get(curve.index)], 24, frame.height + 18 * k + 4), svg("text", {x: 46, y: frame.height + 18 * k + 8.5}, [longNameOf(curve), curve.n === null ? "n not reported" : `n ${curve.n}`, ...(curve.published_median ? [`median ${curve.published_median}`] : []), ...(curve.published_hazard_ratio ? [`HR ${curve.published_hazard_ratio}`] : []), `model ${curve.model}`].join(", "))]));
    strokesDrawn().forEach((stroke, k) => {
      const y = frame.height + 18 * (visible().length + k);
      rows.push(svg("g", {}, svg("line", {x1: 10, x2: 38, y1: y + 4, y2: y + 4, stroke: ink, "stroke-width": 2.2, "stroke-dasharray": dashes[stroke]}), svg("text", {x: 46, y: y + 8.5}, strokeMeanings[stroke])));
    });
    const noInterval = visible().filter(replaced).map(nameOf).join(", ");
    const caption = [`Reconstructed from published results.${state.published ? " Symbols: published." : ""}`, ...(state.bands ? [`Shaded: ${data.interval_meaning}`] : []),
      ...(state.bands && noInterval ? [`${noInterval}: reconstruction band, no CI without the number of patients.`] : [])];
    const below = 18 * rows.length + 15 * caption.length + 4;
    const words = caption.map((line, k) => svg("text", {x: 10, y: frame.height + 18 * rows.length + 14 + 15 * k, "font-size": 11.5}, line));
    const figure = sheet([svg("title", {}, visible().map(nameOf).join(", ") + ": " + state.endpoint), svg("rect", {width: frame.width, height: frame.height + below, fill: white}), ...curvesOfSheet(), ...rows, ...words], below);
    return fill(figure, {width: frame.width, height: frame.height + below}, []);
  };
  const viewName = () => ["survival", ...state.trials, state.endpoint].join("-");
  byId("save-view").addEventListener("click", () => save(viewName(), viewAsFigure()));
  byId("save-view-png").addEventListener("click", () => savePng(viewName(), viewAsFigure()));

  const chart = byId("chart");
  const follow = event => {
    const box = chart.querySelector("svg").getBoundingClientRect();
    const step = state.relative ? 0.05 : 0.5;
    read(step * Math.round(frame.value((event.clientX - box.left) * frame.width / box.width) / step));
  };
  chart.addEventListener("pointerdown", event => { if (event.button === 0) { chart.setPointerCapture(event.pointerId); follow(event); } });
  chart.addEventListener("pointermove", event => { if (chart.hasPointerCapture(event.pointerId)) follow(event); });
  chart.addEventListener("keydown", event => {
    const small = state.relative ? 0.05 : 1, large = state.relative ? 0.5 : 12;
    const now = readingTime();
    const step = event.shiftKey ? large : small;
    const next = {ArrowLeft: now - step, ArrowDown: now - step, ArrowRight: now + step, ArrowUp: now + step, PageUp: now + large, PageDown: now - large, Home: 0, End: horizon()}[event.key];
    if (next === undefined) return;
    event.preventDefault();
    read(next);
  });
  let width = 0;
  new ResizeObserver(() => {
    if (chart.clientWidth === width || chart.clientWidth === 0) return;
    width = chart.clientWidth;
    drawAll();
  }).observe(chart);
  window.addEventListener("hashchange", () => {
    clearTimeout(remembering);
    if (!location.hash.includes("=")) return;
    fromHash();
    limitCurves();
    drawControls();
    update();
  });

  byId("explorer").hidden = false;
  fromHash();
  limitCurves();
  drawControls();
  update();
  clearTimeout(remembering);  // the address stays as it was opened until something is changed
})();
