# SPDX-License-Identifier: GPL-3.0-or-later
"""Which typefaces are used, and the digits as they look in them before any distortion.

The split is by family and by design: a family whose digits copy another one (Arimo-like Liberation
Sans and Nimbus Sans, Carlito and Lato, the PT superfamily) stays on the same side as its model,
so no shape of an unseen family has been trained on under another name.
"""

import re
import subprocess
from collections import namedtuple

import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageFont

# family name as fontconfig knows it, and the Debian package that has it
TRAINING = {
    "Allerta": "fonts-allerta",
    "Andika": "fonts-sil-andika",
    "Arapey": "fonts-arapey",
    "Averia Sans GWF": "fonts-averia-sans-gwf",
    "Averia Serif GWF": "fonts-averia-serif-gwf",
    "B612": "fonts-b612",
    "B612 Mono": "fonts-b612",
    "Baskervald ADF Std": "fonts-adf-baskervald",
    "Bebas Neue": "fonts-bebas-neue",
    "Cabin": "fonts-cabin",
    "Cardo": "fonts-cardo",
    "Comfortaa": "fonts-comfortaa",
    "Courier Prime": "fonts-courier-prime",
    "Courier Prime Sans": "fonts-courier-prime",
    "DejaVu Sans": "fonts-dejavu-extra",
    "DejaVu Sans Mono": "fonts-dejavu-core",
    "DejaVu Serif": "fonts-dejavu-extra",
    "DkgHandwriting": "fonts-dkg-handwriting",
    "EB Garamond": "fonts-ebgaramond",
    "Fantasque Sans Mono": "fonts-fantasque-sans",
    "FreeMono": "fonts-freefont-ttf",
    "FreeSans": "fonts-freefont-ttf",
    "FreeSerif": "fonts-freefont-ttf",
    "Gentium Plus": "fonts-sil-gentiumplus",
    "Go": "fonts-go",
    "Go Mono": "fonts-go",
    "Hack": "fonts-hack-ttf",
    "Humor Sans": "fonts-humor-sans",
    "Inconsolata": "fonts-inconsolata",
    "Inter": "fonts-inter",
    "Junicode Two Beta": "fonts-junicode",
    "Jura": "fonts-jura",
    "Karla": "fonts-karla",
    "Kaushan Script": "fonts-kaushanscript",
    "Liberation Mono": "fonts-liberation",
    "Liberation Sans": "fonts-liberation",
    "Liberation Sans Narrow": "fonts-liberation",
    "Liberation Serif": "fonts-liberation",
    "Linux Biolinum O": "fonts-linuxlibertine",
    "Linux Libertine O": "fonts-linuxlibertine",
    "Lobster Two": "fonts-lobster",
    "Nimbus Mono PS": "fonts-urw-base35",
    "Nimbus Roman": "fonts-urw-base35",
    "Nimbus Sans": "fonts-urw-base35",
    "Noto Sans": "fonts-noto-core",
    "Noto Serif": "fonts-noto-core",
    "OCR B": "fonts-ocr-b",
    "OSP-DIN": "fonts-opendin",
    "Open Sans": "fonts-open-sans",
    "OpenDyslexic": "fonts-opendyslexic",
    "P052": "fonts-urw-base35",
    "Quattrocento": "fonts-quattrocento",
    "Quicksand": "fonts-quicksand",
    "Roadgeek 2014 Series D": "fonts-roadgeek",
    "Roboto": "fonts-roboto-unhinted",
    "Roboto Condensed": "fonts-roboto-unhinted",
    "Roboto Slab": "fonts-roboto-slab",
    "Steve": "fonts-sjfonts",
    "URW Gothic": "fonts-urw-base35",
    "Vollkorn": "fonts-vollkorn",
    "Yanone Kaffeesatz": "fonts-yanone-kaffeesatz",
    "Z003": "fonts-urw-base35",
}
UNSEEN = {
    "C059": "fonts-urw-base35",
    "Caladea": "fonts-crosextra-caladea",
    "Cantarell": "fonts-cantarell",
    "Carlito": "fonts-crosextra-carlito",
    "Charis SIL": "fonts-sil-charis",
    "Comic Neue": "fonts-comic-neue",
    "Dancing Script": "fonts-dancingscript",
    "Dosis": "fonts-dosis",
    "Fira Code": "fonts-firacode",
    "Gillius ADF": "fonts-adf-gillius",
    "Lato": "fonts-lato",
    "Oxygen-Sans": "fonts-oxygen",
    "PT Mono": "fonts-paratype",
    "PT Sans": "fonts-paratype",
    "PT Serif": "fonts-paratype",
    "Play": "fonts-play",
    "Tuffy": "fonts-tuffy",
    "URW Bookman": "fonts-urw-base35",
    "mononoki": "fonts-mononoki",
}

# Hairlines and outlines disappear at 28 x 28, for a person too.
UNSUITABLE = re.compile(r"thin|hairline|extra ?light|outline|invert", re.IGNORECASE)
FACES_PER_FAMILY = 6

CANVAS = 64  # pixels, side of a stored glyph
GLYPH_BOX = 44  # pixels, the longer side of the digit inside it
WEIGHTS = 3  # stroke thickness: one pixel thinner where the digit survives it, as drawn, thicker

# pictures: [len(faces), 10 digits, WEIGHTS, CANVAS, CANVAS] uint8, white digit on black
# faces: list of (family, style); family_of: [len(faces)] index of the family, to draw them equally
Glyphs = namedtuple("Glyphs", "pictures faces family_of")


def _faces(family):
    """Files of a family as [(style, path)], sorted, at most FACES_PER_FAMILY spread over them."""
    listed = subprocess.run(
        ["fc-list", "--format", "%{family[0]}|%{style[0]}|%{index}|%{file}\n", ":family=" + family],
        capture_output=True, text=True, check=True).stdout
    found = {}
    for line in listed.splitlines():
        name, style, index, path = line.split("|")
        plain = index == "0" and "[" not in path and path.endswith((".ttf", ".otf"))
        if name == family and plain and not UNSUITABLE.search(style + path):
            found[path.rsplit("/", 1)[-1]] = (style, path)
    faces = [found[key] for key in sorted(found)]
    count = min(len(faces), FACES_PER_FAMILY)
    return [faces[i * len(faces) // count] for i in range(count)]


def _picture(font, digit):
    """One digit in the middle of the canvas, its longer side GLYPH_BOX, or None when it is empty."""
    side = font.size * 3
    drawn = Image.new("L", (side, side))
    ImageDraw.Draw(drawn).text((font.size, font.size // 2), str(digit), fill=255, font=font)
    box = drawn.getbbox()
    if box is None:
        return None
    drawn = drawn.crop(box)
    scale = GLYPH_BOX / max(drawn.size)
    size = [max(1, round(length * scale)) for length in drawn.size]
    canvas = Image.new("L", (CANVAS, CANVAS))
    corner = tuple((CANVAS - length) // 2 for length in size)
    canvas.paste(drawn.resize(size, Image.LANCZOS), corner)
    return canvas


def _digits(path):
    """The ten digits of one font file in all weights, or None when the font does not have them."""
    font = ImageFont.truetype(path, 120)
    digits = [_picture(font, digit) for digit in range(10)]
    if None in digits or len({picture.tobytes() for picture in digits}) < 10:
        return None
    return [_weights(picture) for picture in digits]


def _weights(picture):
    thinner = np.asarray(picture.filter(ImageFilter.MinFilter(3)))
    drawn = np.asarray(picture)
    if thinner.sum(dtype=int) < 0.5 * drawn.sum(dtype=int):
        thinner = drawn
    return [thinner, drawn, np.asarray(picture.filter(ImageFilter.MaxFilter(3)))]


def draw(families):
    """Draws all digits of `families` ({name: Debian package}); a missing family ends the program."""
    missing = sorted({package for name, package in families.items() if not _has(name)})
    if missing:
        raise SystemExit("fonts are missing; install them with: apt-get install " + " ".join(missing))
    pictures, faces, family_of = [], [], []
    for index, family in enumerate(sorted(families)):
        for style, path in _faces(family):
            digits = _digits(path)
            if digits is not None:
                pictures.append(digits)
                faces.append((family, style))
                family_of.append(index)
    return Glyphs(np.array(pictures, np.uint8), faces, np.array(family_of))


def _has(family):
    return subprocess.run(["fc-list", ":family=" + family], capture_output=True,
                          text=True, check=True).stdout != ""
