"""Invented evidence for the demonstration: drawn scenes instead of photos of real people, and plain documents.

The same seed always gives the same bytes.
"""

from __future__ import annotations

import io
import random
import time
from collections.abc import Callable
from datetime import datetime

from PIL import Image, ImageDraw

SIZE = (1600, 1200)  # drawn at twice the size, for smooth edges
PAGE = (1240, 1754)  # A4 at 150 dots an inch
Colour = tuple[int, int, int]

SKIES: tuple[tuple[Colour, Colour], ...] = (
    ((126, 188, 230), (233, 245, 250)),
    ((247, 201, 148), (253, 240, 220)),
    ((160, 196, 216), (238, 240, 232)),
)
GREENS: tuple[Colour, ...] = ((46, 110, 82), (74, 139, 92), (112, 165, 96), (152, 190, 108))
BRIGHT: tuple[Colour, ...] = (
    (0, 107, 95), (214, 90, 49), (238, 173, 45), (44, 95, 158), (158, 58, 104), (91, 133, 59)
)  # fmt: skip
SKIN: tuple[Colour, ...] = ((141, 94, 66), (176, 122, 88), (198, 148, 112), (112, 74, 54))
HAIR: tuple[Colour, ...] = ((32, 26, 24), (58, 42, 34), (92, 74, 62))
INK: Colour = (44, 52, 60)
PAPER: Colour = (250, 249, 246)
SHADE: Colour = (223, 225, 222)

Pen = ImageDraw.ImageDraw


def photo(scene: str, seed: str) -> bytes:
    """A JPEG of 800 × 600: "post", "wall", "meeting" or "fair"."""
    dice = random.Random(f"{scene} {seed}")  # noqa: S311 – decoration, not a secret
    image = Image.new("RGB", SIZE, PAPER)
    SCENES[scene](ImageDraw.Draw(image), dice)
    smooth = image.resize((SIZE[0] // 2, SIZE[1] // 2), Image.Resampling.BOX)
    return _bytes(smooth, "JPEG", quality=82)


def document(seed: str, day: datetime) -> bytes:
    """A PDF page with a heading, paragraphs, a table and a bar chart, all without words."""
    dice = random.Random(seed)  # noqa: S311
    image = Image.new("RGB", PAGE, (255, 255, 255))
    pen = ImageDraw.Draw(image)
    colour = dice.choice(BRIGHT)
    pen.rectangle((0, 0, PAGE[0], 26), fill=colour)
    pen.rounded_rectangle((110, 120, 110 + dice.randrange(520, 900), 166), 8, fill=INK)
    pen.rounded_rectangle((110, 190, 640, 212), 6, fill=SHADE)
    _lines(pen, dice, (110, 280, 1130, 560))
    _bars(pen, dice, (110, 640, 1130, 1010))
    for row in range(8):
        y = 1090 + row * 52
        pen.rectangle((110, y, 1130, y + 50), fill=colour if row == 0 else PAPER if row % 2 else (255, 255, 255))
        for column in range(4):
            x = 130 + column * 255
            pen.rounded_rectangle((x, y + 18, x + dice.randrange(90, 200), y + 32), 6, fill=SHADE)
    stamp: time.struct_time = day.utctimetuple()
    return _bytes(image, "PDF", resolution=150, creationDate=stamp, modDate=stamp)


def _bytes(image: Image.Image, kind: str, **options: object) -> bytes:
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def _post(pen: Pen, dice: random.Random) -> None:
    """A publication on a social network."""
    pen.rectangle((0, 0, *SIZE), fill=(232, 236, 238))
    _card(pen, dice, (260, 60, 1340, 1140))


def _wall(pen: Pen, dice: random.Random) -> None:
    """A wall of publications."""
    pen.rectangle((0, 0, *SIZE), fill=(236, 232, 224))
    for row in range(2):
        for column in range(3):
            x, y = 50 + column * 510, 50 + row * 560
            _card(pen, dice, (x, y, x + 480, y + 530))


def _card(pen: Pen, dice: random.Random, box: tuple[int, int, int, int]) -> None:
    left, top, right, bottom = box
    unit = (right - left) // 18
    pen.rounded_rectangle((left + 6, top + 10, right + 6, bottom + 10), unit, fill=(206, 208, 206))
    pen.rounded_rectangle(box, unit, fill=(255, 255, 255))
    colour = dice.choice(BRIGHT)
    pen.ellipse((left + unit, top + unit, left + 3 * unit, top + 3 * unit), fill=colour)
    pen.rounded_rectangle((left + 4 * unit, top + unit + unit // 4, left + 10 * unit, top + 2 * unit), 9, fill=INK)
    pen.rounded_rectangle((left + 4 * unit, top + 2 * unit + unit // 3, left + 8 * unit, top + 3 * unit), 9, fill=SHADE)
    picture = (left, top + 4 * unit, right, top + 4 * unit + (bottom - top) // 2)
    if dice.random() < 0.6:
        _mountains(pen, dice, picture)
    else:
        pen.rectangle(picture, fill=colour)
        _bars(pen, dice, (left + 2 * unit, picture[1] + unit, right - 2 * unit, picture[3] - unit), (255, 255, 255))
    y = picture[3] + unit
    for place, tint in enumerate(((214, 60, 70), (44, 95, 158), (120, 128, 132))):
        x = left + unit + place * 3 * unit
        pen.ellipse((x, y, x + unit, y + unit), fill=tint)
        pen.rounded_rectangle((x + unit + 8, y + unit // 3, x + 2 * unit + 8, y + unit * 2 // 3), 5, fill=SHADE)
    _lines(pen, dice, (left + unit, y + 2 * unit, right - unit, bottom - unit), height=max(14, unit // 3))


def _meeting(pen: Pen, dice: random.Random) -> None:
    """People around a table, before a screen and a window."""
    pen.rectangle((0, 0, *SIZE), fill=dice.choice(((236, 228, 212), (222, 230, 230), (240, 233, 224))))
    pen.rectangle((0, 820, *SIZE), fill=(150, 112, 82))
    pen.rectangle((90, 110, 640, 560), fill=(255, 255, 255))
    _mountains(pen, dice, (110, 130, 620, 540))
    pen.rectangle((355, 130, 375, 540), fill=(255, 255, 255))
    pen.rounded_rectangle((800, 90, 1510, 560), 14, fill=INK)
    pen.rectangle((820, 110, 1490, 540), fill=(255, 255, 255))
    _bars(pen, dice, (870, 160, 1440, 500))
    for place in range(dice.randrange(4, 7)):
        _person(pen, dice, 170 + place * 250 + dice.randrange(-20, 20), 690 + dice.randrange(-15, 15), 74)
    pen.ellipse((60, 800, 1540, 1120), fill=(112, 74, 48))
    pen.ellipse((60, 780, 1540, 1090), fill=(186, 134, 92))
    for place in range(5):
        x = 260 + place * 230
        pen.polygon(((x, 900), (x + 120, 890), (x + 150, 950), (x + 25, 962)), fill=PAPER)
    for place in range(3):
        _person(pen, dice, 330 + place * 460 + dice.randrange(-40, 40), 1130, 100, facing=False)


def _fair(pen: Pen, dice: random.Random) -> None:
    """Stalls in a square below a volcano."""
    _mountains(pen, dice, (0, 0, SIZE[0], 780))
    pen.rectangle((0, 760, *SIZE), fill=(208, 190, 160))
    for place in range(3):
        x, colour = 90 + place * 490, BRIGHT[(dice.randrange(6) + place) % 6]
        pen.rectangle((x + 30, 620, x + 44, 960), fill=INK)
        pen.rectangle((x + 386, 620, x + 400, 960), fill=INK)
        for strip in range(6):
            shade = colour if strip % 2 else PAPER
            left = x + strip * 72
            top = x + 90 + strip * 42
            pen.polygon(((top, 480), (top + 42, 480), (left + 72, 640), (left, 640)), fill=shade)
        pen.rectangle((x + 20, 830, x + 410, 960), fill=(134, 96, 66))
        for crate in range(4):
            tint = dice.choice(BRIGHT)
            pen.ellipse((x + 40 + crate * 92, 790, x + 110 + crate * 92, 860), fill=tint)
        _person(pen, dice, x + 215, 730, 58)
    for place in range(7):
        x, y = 100 + place * 230 + dice.randrange(-50, 50), 1060 + dice.randrange(-40, 60)
        _person(pen, dice, x, y, 84, facing=place % 3 == 0)
    for flag in range(16):
        x = flag * 104
        y = 60 + abs(8 - flag) * 12
        pen.polygon(((x, y), (x + 84, y - 6), (x + 42, y + 84)), fill=BRIGHT[flag % 6])


def _mountains(pen: Pen, dice: random.Random, box: tuple[int, int, int, int]) -> None:
    """A sky, a volcano and patchwork hills, inside the box."""
    left, top, right, bottom = box
    wide, high = right - left, bottom - top
    above, below = dice.choice(SKIES)
    for y in range(top, bottom, 4):
        share = (y - top) / high
        tint = tuple(round(a + (b - a) * share) for a, b in zip(above, below, strict=True))
        pen.rectangle((left, y, right, min(bottom, y + 4)), fill=tint)
    sun = left + round(wide * dice.uniform(0.12, 0.3))
    radius = high // 11
    pen.ellipse((sun - radius, top + radius, sun + radius, top + 3 * radius), fill=(255, 244, 208))
    peak = left + round(wide * dice.uniform(0.45, 0.75))
    crown = top + round(high * 0.2)
    foot = wide * 0.42
    crater = ((peak - wide * 0.04, crown), (peak + wide * 0.05, crown))
    pen.polygon(((max(left, peak - foot), bottom), *crater, (min(right, peak + foot), bottom)), fill=(98, 116, 134))
    pen.polygon(
        (
            *crater, (peak + wide * 0.1, crown + high * 0.14), (peak + wide * 0.03, crown + high * 0.09),
            (peak - wide * 0.03, crown + high * 0.15), (peak - wide * 0.1, crown + high * 0.13),
        ),
        fill=(238, 242, 244),
    )  # fmt: skip
    for place, green in enumerate(GREENS):
        base = top + round(high * (0.58 + place * 0.1))
        points = [(left, bottom)]
        points += [(left + round(wide * step / 8), base + dice.randrange(-high // 16, high // 16)) for step in range(9)]
        pen.polygon((*points, (right, bottom)), fill=green)


def _person(pen: Pen, dice: random.Random, x: int, y: int, size: int, *, facing: bool = True) -> None:
    """Head and shoulders; no face, so that it is nobody."""
    shirt, skin, hair = dice.choice(BRIGHT), dice.choice(SKIN), dice.choice(HAIR)
    pen.rounded_rectangle((x - size, y + size // 2, x + size, y + 3 * size), size // 2, fill=shirt)
    pen.ellipse((x - size // 2 - 4, y - size // 2 - 12, x + size // 2 + 4, y + size // 2), fill=hair)
    if facing:
        pen.ellipse((x - size // 2 + 4, y - size // 2 + 6, x + size // 2 - 4, y + size // 2 + 8), fill=skin)


def _bars(pen: Pen, dice: random.Random, box: tuple[int, int, int, int], colour: Colour | None = None) -> None:
    left, top, right, bottom = box
    step = (right - left) // 7
    for bar in range(7):
        height = round((bottom - top) * (0.3 + 0.1 * bar * dice.uniform(0.6, 1)))
        x = left + bar * step
        pen.rounded_rectangle((x, bottom - height, x + step * 2 // 3, bottom), 8, fill=colour or BRIGHT[bar % 6])


def _lines(pen: Pen, dice: random.Random, box: tuple[int, int, int, int], height: int = 16) -> None:
    left, top, right, bottom = box
    for y in range(top, bottom - height, height * 2):
        end = left + round((right - left) * dice.uniform(0.7, 1))
        pen.rounded_rectangle((left, y, end, y + height), height // 2, fill=SHADE)


SCENES: dict[str, Callable[[Pen, random.Random], None]] = {
    "post": _post, "wall": _wall, "meeting": _meeting, "fair": _fair
}  # fmt: skip
