"""Pictures for the chat, drawn by Typst: as wide as a phone, legible on the smallest one."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from pathlib import Path
from typing import Any

from conversation.texts import Language, Say, _, n_
from documents import evidence, heat, poster, summary, timeline
from documents.saying import said
from models.figures import Counts
from models.vault import Vault

TEMPLATES = Path(__file__).resolve().parent / "templates"
# A point in a template is a pixel of a screen 360 wide; a picture has three times as many.
WIDTH, SCALE = 1080, 3
# Flat colours and the edges of letters: more of them cannot be told apart.
PALETTE = 96
WITH_PHOTOS = 256

COLOURS = {
    "surface": ("#fffdf8", "#1d2a23"),
    "ink": ("#1b2922", "#e8eee8"),
    "quiet": ("#56635b", "#a4b3a9"),
    "line": ("#dcd6c7", "#33443a"),
    "track": ("#e9e4d6", "#31423a"),
    "header": ("#0f4634", "#11301f"),
    "on-header": ("#fbf8ee", "#f3f1e4"),
    "gold": ("#dba83f", "#b98a2c"),
    "thread": ("#f4e7c5", "#e9d9ab"),
    "red-thread": ("#9c2f22", "#8a3327"),
    "note": ("#f6e7c3", "#453715"),
    "high": ("#1c7a4d", "#7fd0a4"),
    "medium": ("#a86f00", "#e5bd66"),
    "low": ("#b2382a", "#ff9d8c"),
    "none": ("#56635b", "#a4b3a9"),
}


@dataclass(frozen=True, slots=True)
class Drawing:
    """What a template of this name shows, in words of a language, how high that is, in points, and which photos.

    Photos are small JPEGs, None where there is nothing to show; a picture that has some keeps more colours.
    """

    words: Callable[[Mapping[str, Any], Language], dict[str, Any]]
    height: Callable[[Mapping[str, Any]], int]
    photos: Callable[[Mapping[str, Any], Vault | None], list[bytes | None]] | None = None


# Points: what stands above the bars, below them, and the note on undecided readings.
ABOVE, BELOW, NOTE = 273, 36, 30


@dataclass(frozen=True, slots=True)
class Rows:
    """How the bars stand: rows of one height, so that a picture's size is known before anything is drawn."""

    columns: int
    lines: int
    height: int


# The most bars of each arrangement; more than the last are counted, not shown.
ROWS = {5: Rows(1, 2, 70), 12: Rows(1, 1, 54), 40: Rows(2, 1, 54)}
MOST = max(ROWS)


def size(drawing: str, figures: Mapping[str, Any]) -> tuple[int, int]:
    """Width and height in pixels of what `draw` makes of the same figures."""
    return WIDTH, DRAWINGS[drawing].height(figures) * SCALE


def draw(
    drawing: str, figures: Mapping[str, Any], language: Language, dark: bool = False, vault: Vault | None = None
) -> bytes:
    """A PNG 1080 pixels wide. `drawing` names a template; raises KeyError where there is none.

    figures of "status": plan, entity, heading, day (ISO), total, bars, and some_days where they are not of the year;
    total and each bar hold the counts of models.figures.Counts, a bar its label too. Those of the others are told by
    their modules here. Texts are strings, or a conversation.texts.Text as JSON. Photos are read from the vault.
    """
    import typst

    shown = DRAWINGS[drawing]
    data = {**shown.words(figures, language), "height": shown.height(figures)}
    data["colours"] = {name: pair[dark] for name, pair in COLOURS.items()}
    photos = shown.photos(figures, vault) if shown.photos else []
    data["photos"] = [list(photo) if photo else None for photo in photos]
    picture = typst.compile(
        str(TEMPLATES / f"{drawing}.typ"), root=str(TEMPLATES), format="png", ppi=72 * SCALE,
        sys_inputs={"data": json.dumps(data)}, ignore_system_fonts=True,
    )  # fmt: skip
    assert isinstance(picture, bytes)
    return _small(picture, WITH_PHOTOS if any(photos) else PALETTE)


def _small(picture: bytes, colours: int) -> bytes:
    """The same picture with few colours: a third of the bytes, for who pays for them."""
    from PIL import Image

    small = io.BytesIO()
    with Image.open(io.BytesIO(picture)) as drawn:
        whole = drawn.convert("RGB")
    # A sixteenth of the dots tells the colours in a tenth of the time.
    sample = whole.resize((whole.width // 4, whole.height // 4), Image.Resampling.NEAREST).quantize(colours)
    whole.quantize(palette=sample, dither=Image.Dither.NONE).save(small, "PNG")
    return small.getvalue()


def _status(figures: Mapping[str, Any], language: Language) -> dict[str, Any]:
    """What templates/status.typ shows, in words."""

    def say(text: Any) -> str:
        return said(text, language)

    shown = _shown(figures)
    rows = _rows(shown)
    total = _counts(figures["total"])
    to_date = _("A la fecha: {done} de {units} entregables", done=total.done_due, units=total.due)
    left = len(figures["bars"]) - MOST
    return {
        "entity": figures["entity"],
        "heading": say(figures["heading"]),
        "plan": figures["plan"],
        "day": language.day(date.fromisoformat(figures["day"])),
        "total": _row(total, say),
        "percent": "–" if total.to_date is None else str(total.to_date),
        "sign": "" if total.to_date is None else " %",
        "class": say(_("Calificación {band}", band=total.band.word) if total.band else _("Sin calificación")),
        "to_date": say(to_date if total.due else _("Todavía no vence ningún entregable.")),
        "official": say(_official(total)),
        "year": say(
            _("De esos días: {done} de {units}", done=total.done, units=total.units)
            if figures.get("some_days")
            else _("Del año: {done} de {units}", done=total.done, units=total.units)
        ),
        "of_year": f"{total.of_year} %",
        "legend": {
            "verified": say(_("verificado")),
            "reported": say(_("por verificar")),
            "due": say(_("meta a la fecha")),
        },
        "provisional": say(_provisional(total)),
        "bars": [{"label": say(bar["label"]), **_row(_counts(bar), say)} for bar in shown],
        "columns": rows.columns,
        "lines": rows.lines,
        "row": rows.height,
        "count_width": 66,
        "class_width": 82,
        "footer": say(
            n_("Y {n} más que no se muestra.", "Y {n} más que no se muestran.", left)
            if left > 0
            else _("Cifras que reportan las dependencias.")
        ),
    }


def _row(counts: Counts, say: Callable[[Any], str]) -> dict[str, Any]:
    """A bar's numbers and words."""
    band = counts.band
    return {
        "units": counts.units, "done": counts.done, "verified": counts.verified, "due": counts.due,
        "band": band.key if band else "none",
        "class": say(band.word if band else _("aún no vence")),
        "counted": say(_("{done} de {units}", done=counts.done, units=counts.units)),
    }  # fmt: skip


def _counts(stored: Mapping[str, Any]) -> Counts:
    return Counts(*(stored.get(field.name, 0) for field in fields(Counts)))


def _official(total: Counts) -> Say:
    """What counts officially, beside what is only reported."""
    official = total.official
    if not official.band:
        return ""
    return _("Oficial, lo verificado: {percent} %, {band}", percent=official.to_date, band=official.band.word)


def _provisional(total: Counts) -> Say:
    if not total.provisional:
        return ""
    return n_(
        "Criterio provisional: {n} de {units} puede cambiar",
        "Criterio provisional: {n} de {units} pueden cambiar",
        total.provisional, units=total.units,
    )  # fmt: skip


def _shown(figures: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The bars; a single one would only repeat the total."""
    bars = figures["bars"]
    return list(bars[:MOST]) if len(bars) > 1 else []


def _rows(shown: Sequence[Any]) -> Rows:
    return next(rows for most, rows in ROWS.items() if len(shown) <= most)


def _height(figures: Mapping[str, Any]) -> int:
    """In points."""
    shown = _shown(figures)
    rows = _rows(shown)
    note = NOTE if figures["total"]["provisional"] else 0
    return ABOVE + -(-len(shown) // rows.columns) * rows.height + note + BELOW


DRAWINGS = {
    "status": Drawing(_status, _height),
    "summary": Drawing(summary.words, summary.height),
    "evidence": Drawing(evidence.words, evidence.height, evidence.photos),
    "heat": Drawing(heat.words, heat.height),
    "timeline": Drawing(timeline.words, timeline.height),
    "poster": Drawing(poster.words, poster.height),
}
