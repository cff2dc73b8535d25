"""Which column is which: header rows recognised by their words, in any order, small typos forgiven."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from plans.terms import Problem

FIELDS = {
    "number": "no n nro num numero item consecutivo codigo",
    "subcomponent": "subcomponente subcomponentes",
    "text": "actividad actividades accion acciones tarea tareas",
    "target": "meta metas producto productos entregable entregables",
    "resources": "recurso recursos presupuesto",
    "responsible": "responsable responsables dependencia dependencias area lider encargado",
    "schedule": "fecha fechas plazo plazos cronograma periodicidad frecuencia inicio fin final terminacion",
    "component": "componente componentes proceso procesos",
    "indicator": "indicador indicadores",
}
FIELD_OF = {word: field for field, words in FIELDS.items() for word in words.split()}
# What a plan calls each column, for the problems shown to people.
SPANISH = {
    "subcomponent": "subcomponente", "text": "actividad", "target": "meta o producto",
    "resources": "recursos", "responsible": "responsable", "schedule": "fecha programada",
}  # fmt: skip
# Where the usual column is missing, the nearest thing to it, never without saying so.
SECOND_BEST = {"subcomponent": "component", "target": "indicator"}
# A label with one of these is about what was done, not about what is planned.
DONE = re.compile(r"\b(realizad|ejecutad|cumplid|alcanzad|avance|observacion|seguimiento|corte|evidencia|verifica)")
BEFORE = {"descripcion", "nombre", "detalle", "principales", "de", "la", "las", "el", "los", "del"}


@dataclass(frozen=True, slots=True)
class Header:
    """columns: field → the grid columns it is made of, left to right; several where the label covers several.

    ranges: fields given as a first and a last column ("fecha de inicio", "fecha de terminación").
    """

    columns: dict[str, tuple[int, ...]]
    ranges: frozenset[str] = frozenset()
    problems: tuple[Problem, ...] = ()


def plain(text: str) -> str:
    """Lower case without accents, for comparing words."""
    return "".join(c for c in unicodedata.normalize("NFKD", text.lower()) if not unicodedata.combining(c))


@lru_cache(maxsize=4096)
def field_of(label: str) -> str:
    """The field a column label names, or "" ("Meta/Producto" → "target")."""
    text = re.sub(r"\bsub[ -]+componente", "subcomponente", re.sub(r"\b20\d\d\b", "", plain(label)))
    words = re.findall(r"[a-z]+", text)
    if not words or len(words) > 8 or re.search(r"\d", text) or DONE.search(text):
        return "number" if text.strip() == "#" else ""
    if len(words) <= 4 and any(word.startswith("respons") for word in words):
        return "responsible"
    while len(words) > 1 and words[0] in BEFORE:
        words = words[1:]
    return _word_field(words[0])


def _word_field(word: str) -> str:
    if word in FIELD_OF or len(word) < 5:
        return FIELD_OF.get(word, "")
    alike = [known for known in FIELD_OF if known[0] == word[0]]
    near = difflib.get_close_matches(word, alike, n=1, cutoff=0.8)
    return FIELD_OF[near[0]] if near else ""


@lru_cache(maxsize=256)
def find_header(cells: tuple[str, ...]) -> Header | None:
    """The columns this row names, if it is a header: activity and responsible, and target or schedule."""
    if sum(map(bool, cells)) < 3:
        return None
    labels = {column: cell for column, cell in enumerate(cells) if cell}
    fields = {column: field_of(label) for column, label in labels.items() if len(label) <= 80}
    found = set(fields.values())
    if not {"text", "responsible"} <= found or not found & {"target", "schedule", "indicator"}:
        return None
    return _build(labels, fields, len(cells))


def _build(labels: dict[int, str], fields: dict[int, str], width: int) -> Header:
    columns: dict[str, tuple[int, ...]] = {}
    ranges: set[str] = set()
    problems: list[Problem] = []
    covers = _covers(labels, width)
    for field in ("number", *SPANISH):
        chosen = [column for column in labels if fields.get(column) == field]
        problem = ""
        if not chosen and field in SECOND_BEST:
            chosen = [column for column in labels if fields.get(column) == SECOND_BEST[field]][:1]
            problem = "No hay columna de {}: se tomó {}." if chosen else ""
        if not chosen and field != "number":
            problem = "La tabla no tiene columna de {}."
        names = list(dict.fromkeys(labels[column] for column in chosen))
        if len(names) > 1 and _is_range(names):
            ranges.add(field)
        elif len(names) > 1 and field in ("target", "schedule"):
            problem = "Hay varias columnas de {}, que se unieron: {}."
        elif len(names) > 1:
            problem = "Hay varias columnas de {}; se tomó la primera: {}."
            chosen = chosen[:1]
        if problem:
            said = ", ".join(names)
            problems.append(Problem(0, field, said, problem.format(SPANISH.get(field, "número"), said)))
        if chosen:
            columns[field] = tuple(c for column in chosen for c in covers[column])
    return Header(columns, frozenset(ranges), tuple(problems))


def _covers(labels: dict[int, str], width: int) -> dict[int, list[int]]:
    """A column without a label belongs to the label on its left (to the first one, if there is none)."""
    covers: dict[int, list[int]] = {column: [] for column in labels}
    owner = min(labels)
    for column in range(width):
        owner = column if column in labels else owner
        covers[owner].append(column)
    return covers


def _is_range(labels: Sequence[str]) -> bool:
    first, last = plain(labels[0]), plain(labels[-1])
    return len(labels) == 2 and "inici" in first and re.search("fin|termina", last) is not None


def values(header: Header, cells: Sequence[str]) -> dict[str, str]:
    """The row by field; a field the header lacks is left out."""
    read: dict[str, str] = {}
    for field, columns in header.columns.items():
        parts = [cells[column] for column in columns if column < len(cells) and cells[column]]
        read[field] = (" a " if field in header.ranges else " ").join(parts)
    return read
