#!/usr/bin/env python3
"""Trains the character classifier of the label reader and writes src/digitise/labels/character_weights.cpp.

Words (numbers as axes and tables show them, and words of axis titles and legends) are drawn in common fonts at 5 to 32 px, hinted and not, blurred,
scaled down and compressed as JPEG. Each character is cut out as character_classifier.cpp cuts it: 12 x 16 grey cells and five measures of its place in
the word. Pieces of characters and pairs of them are the class "no character", which lets the reader find the right cuts.

Needs python3-numpy, python3-pil, fonts-dejavu, fonts-liberation, fonts-urw-base35, fonts-crosextra-carlito, fonts-open-sans and
fonts-roboto-unhinted (below FONTS, else /usr/share/fonts); takes about ten minutes. The seed is fixed."""
import io
import os
import pathlib
import random
import sys

import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageFont

CLASSES = "0123456789.,%-()/=<:+'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
NONE = len(CLASSES)
COLUMNS, ROWS = 12, 16
FEATURES = COLUMNS * ROWS + 5
HIDDEN = 96
TRIM = 0.3  # share of the word's darkest ink below which a row or column is ground
FAINT = 0.12  # less ink than this, as a share of the darkest, is grid lines and noise
ROOT = os.environ.get("FONTS", "/usr/share/fonts")
# Helvetica, Times and Courier are what most journals and R's own devices use: Nimbus has their shapes, Liberation those of Arial and Times New Roman.
FONTS = [f"{ROOT}/{name}" for name in (
    "truetype/dejavu/DejaVuSans.ttf", "truetype/dejavu/DejaVuSans.ttf", "truetype/dejavu/DejaVuSans-Bold.ttf",
    "truetype/dejavu/DejaVuSansCondensed.ttf", "truetype/dejavu/DejaVuSerif.ttf", "truetype/dejavu/DejaVuSansMono.ttf",
    "truetype/liberation/LiberationSans-Regular.ttf", "truetype/liberation/LiberationSans-Regular.ttf",
    "truetype/liberation/LiberationSans-Bold.ttf", "truetype/liberation/LiberationSansNarrow-Regular.ttf",
    "truetype/liberation/LiberationSerif-Regular.ttf", "truetype/liberation/LiberationSerif-Regular.ttf",
    "truetype/liberation/LiberationSerif-Bold.ttf", "truetype/liberation/LiberationMono-Regular.ttf",
    "type1/urw-base35/NimbusSans-Regular.t1", "type1/urw-base35/NimbusSans-Regular.t1", "type1/urw-base35/NimbusSans-Regular.t1",
    "type1/urw-base35/NimbusSans-Bold.t1", "type1/urw-base35/NimbusSansNarrow-Regular.t1", "type1/urw-base35/NimbusRoman-Regular.t1",
    "truetype/crosextra/Carlito-Regular.ttf", "truetype/open-sans/OpenSans-Regular.ttf",
    "truetype/roboto/unhinted/RobotoTTF/Roboto-Regular.ttf")]
WORDS = ("Time Months months (months) mo since from randomization randomisation randomized enrollment days Days weeks Weeks years Years (years) (days) "
         "(weeks) Follow-up Survival survival probability Probability Overall Progression-free Progression free Event-free Disease-free (%) "
         "Proportion Patients alive of without event Cumulative incidence No. at risk Number Numbers Hazard ratio HR CI median P= (95% "
         "control placebo Placebo chemotherapy combination treatment arm group trastuzumab docetaxel pertuzumab lapatinib capecitabine").split()


def random_word(rng):
    kind = rng.random()
    if kind < 0.2:
        return str(rng.randrange(0, 10 ** rng.choice([1, 2, 2, 3, 3, 4])))
    if kind < 0.28:
        return str(rng.choice([0, 5, 10, 12, 18, 20, 24, 30, 36, 40, 48, 50, 60, 70, 72, 80, 90, 100, 110, 120]))
    if kind < 0.42:
        return f"{rng.choice([rng.random(), round(rng.random(), 1), 1.0, 0.0]):.{rng.choice([1, 1, 2, 2, 3])}f}"
    if kind < 0.45:
        return f"{rng.random():.2f}"[rng.choice([0, 1]):].replace(".", rng.choice([".", ","]))
    if kind < 0.54:
        return f"{rng.choice([rng.randrange(0, 101), 5 * rng.randrange(21)])}%"
    if kind < 0.56:
        return rng.choice(["-", ""]) + str(rng.randrange(100)) + rng.choice(["", "-", f"-{rng.randrange(100)}"])
    if kind < 0.58:
        return f"{rng.randrange(1, 10)},{rng.randrange(1000):03d}"
    if kind < 0.6:
        return rng.choice(["(", ""]) + str(rng.randrange(0, 1000)) + rng.choice([")", "", ")"])
    if kind < 0.85:
        word = rng.choice(WORDS)
        return word if rng.random() < 0.8 else word.upper()
    return "".join(rng.choice(CLASSES) for _ in range(rng.randrange(2, 8)))


def draw_word(rng, word):
    """The ink of the word (0 to 255) and the left edge of each character, and the right edge of the last, in pixels."""
    size = rng.choice([7, 7.5, 8, 8.5, 9, 9.5, 10, 11, 12, 13, 14, 16, 18, 20, 24, 30, 40])
    size *= rng.uniform(0.93, 1.07)
    path = rng.choice(FONTS)
    way = rng.random()
    over = 1 if way < 0.3 else (2 if way < 0.45 else 8)
    drawn_size = max(6, round(size * over))
    font = ImageFont.truetype(path, drawn_size, layout_engine=ImageFont.Layout.BASIC)
    edges = [font.getlength(word[:i]) for i in range(len(word) + 1)]
    margin = 4 * over
    width, height = int(edges[-1]) + 2 * margin + over, int(drawn_size * 1.5) + 2 * margin
    width, height = -(-width // over) * over, -(-height // over) * over
    big = Image.new("L", (width, height), 255)
    x, y = margin + (rng.randrange(over) if over > 1 else 0), margin + (rng.randrange(over) if over > 1 else 0)
    ImageDraw.Draw(big).text((x, y), word, font=font, fill=0)
    if over > 1:
        big = big.resize((width // over, height // over), Image.LANCZOS if over == 2 else Image.BOX)
    # Ground and colour: dark text on a light ground, or over grid lines.
    ink_level = rng.choice([255, 255, 255, 204, 178, 178, 150])
    ink = (255 - np.asarray(big, dtype=np.float32)) * (ink_level / 255)
    if rng.random() < 0.1:
        thick, faint = rng.choice([1, 1, 2, 3]), rng.choice([17, 20, 30, 44])
        if rng.random() < 0.6:
            row = rng.randrange(ink.shape[0] - thick)
            ink[row:row + thick] = np.maximum(ink[row:row + thick], faint)
        else:
            column = rng.randrange(ink.shape[1] - thick)
            ink[:, column:column + thick] = np.maximum(ink[:, column:column + thick], faint)
    picture = Image.fromarray(np.clip(255 - ink, 0, 255).astype(np.uint8))
    if rng.random() < 0.25:
        picture = picture.filter(ImageFilter.GaussianBlur(rng.uniform(0.2, 0.7) * min(1.3, size / 11)))
    if rng.random() < 0.35:
        stream = io.BytesIO()
        shifted = Image.new("L", (picture.width + 8, picture.height + 8), 255)
        dx, dy = rng.randrange(8), rng.randrange(8)
        shifted.paste(picture, (dx, dy))
        shifted.save(stream, "JPEG", quality=rng.choice([60, 75, 75, 85, 92]))
        picture = Image.open(stream).crop((dx, dy, dx + picture.width, dy + picture.height))
    return 255 - np.asarray(picture, dtype=np.float32), [(e + x) / over for e in edges]


def frame_of(ink):
    """The frame of inked rows and columns of `ink` (values from 0 to 1)."""
    rows, columns = np.flatnonzero(ink.max(axis=1) >= TRIM), np.flatnonzero(ink.max(axis=0) >= TRIM)
    return None if rows.size == 0 else (columns[0], rows[0], columns[-1] + 1, rows[-1] + 1)


def area_weights(cells, length):
    """Row i: how much of each of `length` pixels lies in cell i, cells of equal width; each row adds up to 1."""
    weights = np.zeros((cells, length), dtype=np.float32)
    for cell in range(cells):
        a, b = cell * length / cells, (cell + 1) * length / cells
        for pixel in range(int(a), min(length, int(np.ceil(b)))):
            weights[cell, pixel] = min(b, pixel + 1) - max(a, pixel)
    return weights / weights.sum(axis=1, keepdims=True)


AREA = {}


def features_of(ink, word_top, word_bottom, begin, end):
    """The features of columns [begin, end) of `ink` (0 to 1); character_classifier.cpp computes the same."""
    frame = frame_of(ink[:, begin:end])
    if frame is None:
        return None
    left, top, right, bottom = frame
    piece = ink[top:bottom, begin + left:begin + right]
    high, wide = piece.shape
    for cells, length in ((ROWS, high), (COLUMNS, wide)):
        if (cells, length) not in AREA:
            AREA[cells, length] = area_weights(cells, length)
    cells = AREA[ROWS, high] @ piece @ AREA[COLUMNS, wide].T
    word_height = word_bottom - word_top
    place = [wide / word_height, high / word_height, (top - word_top) / word_height, (word_bottom - bottom) / word_height, min(3.0, 12.0 / word_height)]
    return np.concatenate([np.clip(cells, 0, 1).ravel(), np.asarray(place, dtype=np.float32)])


def samples_of(rng, word):
    ink, edges = draw_word(rng, word)
    darkest = ink.max()
    if darkest < 50:
        return
    ink = np.clip(ink / darkest, 0, 1)
    ink[ink < FAINT] = 0
    frame = frame_of(ink)
    if frame is None or frame[3] - frame[1] < 3:
        return
    word_top, word_bottom = frame[1], frame[3]

    def cut(a, b):
        a, b = max(0, a), min(ink.shape[1], b)
        return features_of(ink, word_top, word_bottom, a, b) if b > a else None

    # The column between two characters with the least ink, near the end of the first one's advance.
    cuts = []
    for edge in edges:
        near = [c for c in (int(edge) - 1, int(edge), int(edge) + 1) if 0 < c < ink.shape[1]]
        cuts.append(min(near, key=lambda c: (min(ink[:, c - 1].sum(), ink[:, c].sum()) + 0.15 * abs(c - edge))) if near else int(edge))
    for i, character in enumerate(word):
        if cuts[i + 1] > cuts[i]:
            jitter = rng.random() < 0.15
            a, b = cuts[i] + (rng.choice([-1, 0, 1]) if jitter else 0), cuts[i + 1] + (rng.choice([-1, 0, 1]) if jitter else 0)
            if word_bottom - word_top < 8 and jitter:
                a, b = cuts[i], cuts[i + 1]
            found = cut(a, b)
            if found is not None:
                yield found, CLASSES.index(character)
    for _ in range(max(1, len(word) // 3)):
        i = rng.randrange(len(word))
        wide = cuts[i + 1] - cuts[i]
        if wide < 3:
            continue
        way = rng.random()
        if way < 0.15:
            sliver = max(1, round(wide * rng.uniform(0.1, 0.3)))
            found = cut(cuts[i], cuts[i] + sliver) if rng.random() < 0.5 else cut(cuts[i + 1] - sliver, cuts[i + 1])
        elif way < 0.45:
            middle = cuts[i] + round(wide * rng.uniform(0.35, 0.65))
            found = cut(cuts[i], middle) if rng.random() < 0.5 else cut(middle, cuts[i + 1])
        elif way < 0.62 and i + 1 < len(word):
            found = cut(cuts[i] + round(wide * rng.uniform(0.3, 0.6)), cuts[i + 1] + round((cuts[i + 2] - cuts[i + 1]) * rng.uniform(0.3, 0.6)))
        elif i + 1 < len(word):
            found = cut(cuts[i], cuts[min(len(word), i + rng.choice([2, 2, 3]))])
            # A point beside nothing else is a point.
            if min(cuts[i + 1] - cuts[i], cuts[i + 2] - cuts[i + 1]) < 2:
                continue
        else:
            continue
        if found is not None:
            yield found, NONE


def noise_samples(rng):
    """Marks of curves: crosses, dashes, steps and corners."""
    size = rng.randrange(6, 24)
    picture = Image.new("L", (size + 8, size + 8), 255)
    draw = ImageDraw.Draw(picture)
    width = rng.choice([1, 1, 2, 3])
    for _ in range(rng.randrange(1, 4)):
        x, y = 4 + rng.randrange(size), 4 + rng.randrange(size)
        if rng.random() < 0.5:
            draw.line((4, y, 4 + size, y), fill=0, width=width)
        else:
            draw.line((x, 4, x, 4 + size), fill=0, width=width)
    ink = (255 - np.asarray(picture, dtype=np.float32)) / 255
    frame = frame_of(ink)
    if frame and frame[3] - frame[1] > 4 and frame[2] - frame[0] > 4:
        found = features_of(ink, frame[1], frame[3], frame[0], frame[2])
        if found is not None:
            yield found, NONE


def collect(rng, count):
    features, classes = [], []
    while len(features) < count:
        for found, cls in (noise_samples(rng) if rng.random() < 0.05 else samples_of(rng, random_word(rng))):
            features.append(found)
            classes.append(cls)
    return np.asarray(features, dtype=np.float32), np.asarray(classes)


def train(features, classes, test_features, test_classes, epochs):
    generator = np.random.default_rng(20261128)
    outputs = NONE + 1
    parameters = [generator.normal(0, 0.1, (FEATURES, HIDDEN)).astype(np.float32), np.zeros(HIDDEN, np.float32),
                  generator.normal(0, 0.15, (HIDDEN, outputs)).astype(np.float32), np.zeros(outputs, np.float32)]
    first, second = [np.zeros_like(p) for p in parameters], [np.zeros_like(p) for p in parameters]
    step, batch = 0, 256
    total = epochs * (len(features) // batch)
    for epoch in range(epochs):
        order = generator.permutation(len(features))
        for begin in range(0, len(order) - batch + 1, batch):
            chosen = order[begin:begin + batch]
            x, y = features[chosen], classes[chosen]
            hidden = np.maximum(0, x @ parameters[0] + parameters[1])
            logits = hidden @ parameters[2] + parameters[3]
            logits -= logits.max(axis=1, keepdims=True)
            p = np.exp(logits)
            p /= p.sum(axis=1, keepdims=True)
            p[np.arange(batch), y] -= 1
            p /= batch
            back = (p @ parameters[2].T) * (hidden > 0)
            gradients = [x.T @ back, back.sum(axis=0), hidden.T @ p, p.sum(axis=0)]
            step += 1
            rate = 0.003 * (1 - step / (total + 1)) + 1e-5
            for i, gradient in enumerate(gradients):
                gradient = gradient + 1e-5 * parameters[i]
                first[i] = 0.9 * first[i] + 0.1 * gradient
                second[i] = 0.999 * second[i] + 0.001 * gradient * gradient
                parameters[i] = parameters[i] - rate * (first[i] / (1 - 0.9 ** step)) / (np.sqrt(second[i] / (1 - 0.999 ** step)) + 1e-8)
        report(parameters, test_features, test_classes, f"epoch {epoch}")
    return parameters


def report(parameters, features, classes, name):
    guess = (np.maximum(0, features @ parameters[0] + parameters[1]) @ parameters[2] + parameters[3]).argmax(axis=1)
    digits = classes < 13
    print(f"{name}: all {np.mean(guess == classes):.4f}, digits and signs {np.mean(guess[digits] == classes[digits]):.4f}", file=sys.stderr, flush=True)


LEVELS = 44  # weights are whole numbers from -44 to 44, times a factor of their row, written as characters from '#'


def quantise(weights):
    """Rows (one for each unit) of whole numbers, and the factor of each row."""
    factors = np.abs(weights).max(axis=1) / LEVELS
    factors[factors == 0] = 1
    return np.round(weights / factors[:, None]).astype(int), factors


def text_of(levels):
    # A C++ literal cannot hold a backslash, and two question marks would begin a trigraph: '}' and '~' take their place.
    characters = "".join(chr(int(v) + LEVELS + 35) for v in levels.ravel()).replace("\\", "}").replace("?", "~")
    return "\n".join(f'    "{characters[i:i + 140]}"' for i in range(0, len(characters), 140))


def numbers_of(values):
    return ", ".join(f"{v:.6g}F" for v in values)


def write(path, parameters):
    parts = ["// The weights of the character classifier. Written by learn_characters.py; do not edit.",
             '#include "digitise/labels/character_weights.hpp"', "", "// clang-format off", "namespace hersurv::digitise {", "",
             f'const char* const character_classes = "{CLASSES}";']
    for name, weights, bias in (("hidden", parameters[0].T, parameters[1]), ("output", parameters[2].T, parameters[3])):
        levels, factors = quantise(weights)
        parts += [f"const char* const {name}_levels =\n{text_of(levels)};", f"const float {name}_factors[] = {{{numbers_of(factors)}}};",
                  f"const float {name}_biases[] = {{{numbers_of(bias)}}};"]
    parts += ["", "}  // namespace hersurv::digitise", "// clang-format on"]
    path.write_text("\n".join(parts) + "\n", encoding="ascii")


def main():
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 300000
    epochs = int(sys.argv[2]) if len(sys.argv) > 2 else 10
    out = pathlib.Path(sys.argv[3]) if len(sys.argv) > 3 else pathlib.Path(__file__).with_name("character_weights.cpp")
    features, classes = collect(random.Random(1), count)
    test_features, test_classes = collect(random.Random(2), 8000)
    print(f"{len(features)} characters", file=sys.stderr, flush=True)
    parameters = train(features, classes, test_features, test_classes, epochs)
    levels = [quantise(parameters[0].T), quantise(parameters[2].T)]
    rounded = [(levels[0][0] * levels[0][1][:, None]).T, parameters[1], (levels[1][0] * levels[1][1][:, None]).T, parameters[3]]
    report(rounded, test_features, test_classes, "as written")
    write(out, parameters)


if __name__ == "__main__":
    main()
