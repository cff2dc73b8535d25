"""What is kept of one person, as a file of their own: to be read, and as JSON for machines."""

from __future__ import annotations

from dataclasses import asdict

import orjson

from models import my_data as kept
from models.my_data import Line
from models.wanted import Read, Wanted

# What stands between the two parts.
MACHINES = "\n--- Lo mismo para máquinas (JSON) ---\n"
# Kinds as people call them, in the order of the text.
CALLED = {
    "person": "Nombre e idioma", "chat": "Chats (solo el final del número o cuenta)", "consent": "Permisos",
    "subscription": "Avisos", "question": "Preguntas", "proposal": "Temas propuestos", "attendance": "Asistencias",
    "survey": "Encuestas", "report": "Avances", "request": "Solicitudes sobre sus datos",
}  # fmt: skip


def my_data(read: Read, wanted: Wanted) -> bytes:
    """One text in two parts, since not every platform takes an archive: in words, and after a line, as JSON."""
    lines = read(lambda connection: kept.of(connection, wanted.person))
    return _text(lines, wanted).encode() + MACHINES.encode() + _json(lines, wanted)


def _text(lines: list[Line], wanted: Wanted) -> str:
    paragraphs = [f"Copia de sus datos, {wanted.as_of:%Y-%m-%d %H:%M}."]
    for kind, called in CALLED.items():
        found = [_line(one, wanted) for one in lines if one.kind == kind]
        paragraphs.append("\n".join([f"{called}: {len(found)}", *found]))
    return "\n\n".join(paragraphs) + "\n"


def _line(one: Line, wanted: Wanted) -> str:
    ended = f", hasta {one.until.astimezone(wanted.zone):%Y-%m-%d}" if one.until else ""
    return f"- {one.at.astimezone(wanted.zone):%Y-%m-%d}{ended} · {one.key} · {one.text}".rstrip(" ·")


def _json(lines: list[Line], wanted: Wanted) -> bytes:
    whole = {"as_of": wanted.as_of.isoformat(), "data": [asdict(one) for one in lines]}
    return orjson.dumps(whole, option=orjson.OPT_INDENT_2 | orjson.OPT_UTC_Z)
