"""The poster of a dialogue event, to be shared (PNG) and to be hung up (PDF, A4). A paper of the entity: in Spanish."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, time
from pathlib import Path
from typing import Any

from conversation.texts import Language
from documents.paper import MONTHS

TEMPLATES = Path(__file__).resolve().parent / "templates"
# Points: the sheet as a phone shows it, in the proportions of A4.
HEIGHT = 509
WEEKDAYS = ("Lunes", "Martes", "Miércoles", "Jueves", "Viernes", "Sábado", "Domingo")


def height(_figures: Mapping[str, Any]) -> int:
    """In points."""
    return HEIGHT


def words(figures: Mapping[str, Any], _language: Language) -> dict[str, Any]:
    """What templates/poster.typ shows. `figures`, all JSON:

    entity, key, kind, title, office, where, transport; groups: names
    day (ISO), starts, ends ("14:00")
    call, typed  what the sheet asks for, where that is not to take part
    ways   [[what it is called, address]]: the first is what the QR leads to, none where nothing is known
    """
    day = date.fromisoformat(figures["day"])
    hours = f"{_clock(figures['starts'])} a {_clock(figures['ends'])}"
    facts = (("Hora", hours), ("Dónde", figures["where"]), ("Para", ", ".join(figures["groups"])),
             ("Transporte", figures["transport"]))  # fmt: skip
    ways = figures["ways"]
    return {
        "entity": figures["entity"], "kind": figures["kind"], "title": figures["title"],
        "day": f"{WEEKDAYS[day.weekday()]} {day.day} de {MONTHS[day.month - 1]} de {day.year}",
        "facts": [[name, said] for name, said in facts if said],
        "office": f"Invita: {figures['office']}",
        "qr": _qr(ways[0][1]) if ways else [],
        "call": figures.get("call") or "Apunte con la cámara: pregunte antes, diga si va y reciba avisos.",
        "ways": [
            f"{name}: {address.partition('://')[2].partition('?')[0].removesuffix('/chat')}"
            for name, address in ways
        ],
        "key": figures.get("typed") or f"Y escriba: evento {figures['key']}",
        "footer": "Participar es gratis.",
    }  # fmt: skip


def pdf(figures: Mapping[str, Any], made: int, language: Language) -> bytes:
    """The same bytes for the same event; `made`: Unix seconds. Blocks."""
    import typst

    from documents.pictures import COLOURS

    data = {**words(figures, language), "height": HEIGHT, "print": True}
    data["colours"] = {name: light for name, (light, _dark) in COLOURS.items()}
    done = typst.compile(
        str(TEMPLATES / "poster.typ"), root=str(TEMPLATES), format="pdf", sys_inputs={"data": json.dumps(data)},
        ignore_system_fonts=True, timestamp=made,
    )  # fmt: skip
    assert isinstance(done, bytes)
    return done


def _clock(stored: str) -> str:
    at = time.fromisoformat(stored)
    return f"{at.hour % 12 or 12}:{at:%M} {'a. m.' if at.hour < 12 else 'p. m.'}"


def _qr(address: str) -> list[str]:
    """Rows of "1" (dark) and "0": read with a scratch on it, from across a room."""
    import segno

    return ["".join("1" if dark else "0" for dark in row) for row in segno.make(address, error="m", micro=False).matrix]
