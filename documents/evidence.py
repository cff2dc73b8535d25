"""The picture of a report's evidence, for whoever reviews it: a sheet of thumbnails, numbered."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from contextlib import suppress
from datetime import date
from mmap import ACCESS_READ, mmap
from pathlib import Path
from typing import Any

from conversation.texts import Language, Text, _, n_
from documents.saying import said
from models.evidence import KINDS
from models.inspection.images import opened
from models.inspection.sniffing import sniff
from models.vault import Vault

# More are counted, not shown.
MOST = 12
# Points: the head and the foot; of up to so many tiles, how many stand in a row, and how high one is.
HEAD, FOOT = 125, 36
GRIDS = {1: (1, 262), 4: (2, 172), MOST: (3, 132)}
# The longest side of a thumbnail, in pixels: what a tile takes, and no more than is needed to judge.
LONGEST = 640
# Where the name of a file may be broken.
BREAKS = re.compile(r"([-_.])")


def height(figures: Mapping[str, Any]) -> int:
    """In points."""
    shown = len(figures["tiles"][:MOST])
    columns, tile = _grid(shown)
    return HEAD + -(-shown // columns) * tile + FOOT


def words(figures: Mapping[str, Any], language: Language) -> dict[str, Any]:
    """What templates/evidence.typ shows. `figures`, all JSON:

    entity, heading, plan (the folio), day (ISO)
    tiles  [{number, kind, ref, name, minors, odd}]: `odd` where something about it is to be looked at twice
    """

    def say(text: Text | str | dict[str, Any]) -> str:
        return said(text, language)

    tiles = figures["tiles"][:MOST]
    left = len(figures["tiles"]) - len(tiles)
    columns, tile_height = _grid(len(tiles))
    return {
        "entity": figures["entity"],
        "heading": say(figures["heading"]),
        "plan": figures["plan"],
        "day": language.day(date.fromisoformat(figures["day"])),
        "columns": columns,
        "tile_height": tile_height,
        "tiles": [
            {
                "number": str(tile["number"]), "kind": say(KINDS[tile["kind"]]), "photo": tile["kind"] == "photo",
                "name": BREAKS.sub("\\1\u200b", tile["name"]),
                "minors": say(_("menores")) if tile["minors"] else "",
                "odd": say(_("ojo")) if tile["odd"] else "",
            }
            for tile in tiles
        ],
        "missing": say(_("no se puede ver")),
        "footer": say(
            n_("Y {n} más. Solo para revisar.", "Y {n} más. Solo para revisar.", left) if left
            else _("Solo para revisar: no se publica.")
        ),
    }  # fmt: skip


def _grid(shown: int) -> tuple[int, int]:
    return next(grid for most, grid in GRIDS.items() if shown <= most)


def photos(figures: Mapping[str, Any], vault: Vault | None) -> list[bytes | None]:
    """A thumbnail for each tile that is a photo, without anything its camera wrote into it."""
    return [
        _thumbnail(vault.path(tile["ref"])) if vault and tile["kind"] == "photo" else None
        for tile in figures["tiles"][:MOST]
    ]


def _thumbnail(path: Path) -> bytes | None:
    """A small upright JPEG; None where the file is missing or cannot be decoded."""
    from PIL import ImageOps

    small = io.BytesIO()
    with suppress(Exception):  # readers trip over damaged bytes in ways they do not document
        with path.open("rb") as file, mmap(file.fileno(), 0, access=ACCESS_READ) as data:
            sniffed = sniff(data, "", "")
        with opened(path, "heic" if sniffed == "bmff" else sniffed) as image:
            image.draft("RGB", (LONGEST, LONGEST))  # a JPEG is decoded no larger than is needed
            upright = ImageOps.exif_transpose(image).convert("RGB")
            upright.thumbnail((LONGEST, LONGEST))
            upright.info.clear()
            upright.save(small, "JPEG", quality=80)
        return small.getvalue()
    return None
