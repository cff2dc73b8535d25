"""The picture of a summary: what moved, as a part of what is done; what is late, and whose."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from conversation.texts import Language, Text, _, n_
from documents.saying import said

# Rows shown at most; of more parts only those in which something moved.
PARTS, LATE = 6, 6
# Points: the head with its figures, a title, a row of each kind, the foot.
HEAD, TITLE, PART, OFFICE, FOOT = 281, 40, 58, 44, 36


def height(figures: Mapping[str, Any]) -> int:
    """In points."""
    parts, late = len(_parts(figures)), len(figures["late"][:LATE])
    return HEAD + (TITLE + parts * PART if parts else 0) + (TITLE + late * OFFICE if late else 0) + FOOT


def words(figures: Mapping[str, Any], language: Language) -> dict[str, Any]:
    """What templates/summary.typ shows. `figures`, all JSON:

    plan, entity, heading, day (ISO); reports, units, late_total, waiting, soon
    parts  [{label, units, done, due, moved}], deliverables; moved ones are among the done
    late   [{label, count}], the worst first
    """

    def say(text: Text | str | dict[str, Any]) -> str:
        return said(text, language)

    parts, late = _parts(figures), figures["late"][:LATE]
    left = len(figures["late"]) - len(late)
    tiles = (("late_total", _("Vencidos")), ("waiting", _("Por verificar")), ("soon", _("En 7 días")))
    return {
        "entity": figures["entity"],
        "heading": say(figures["heading"]),
        "plan": figures["plan"],
        "day": language.day(date.fromisoformat(figures["day"])),
        "reports": str(figures["reports"]),
        "reports_label": say(n_("avance que llegó", "avances que llegaron", figures["reports"])),
        "units": say(n_("{n} entregable más", "{n} entregables más", figures["units"])),
        "tiles": [{"count": str(figures[key]), "label": say(label)} for key, label in tiles],
        "parts_title": say(_("Lo que se movió")),
        "legend": {"before": say(_("lo demás")), "moved": say(_("nuevo")), "due": say(_("meta a la fecha"))},
        "parts": [
            {
                "label": say(part["label"]), "units": part["units"], "done": part["done"], "due": part["due"],
                "moved": part["moved"], "plus": f"+{part['moved']}" if part["moved"] else "–",
                "counted": say(_("{done} de {units}", done=part["done"], units=part["units"])),
            }
            for part in parts
        ],
        "late_title": say(_("Vencidos por dependencia")),
        "late": [{"label": say(one["label"]), "count": one["count"]} for one in late],
        "most": max((one["count"] for one in late), default=1),
        "part_height": PART,
        "office_height": OFFICE,
        "footer": say(
            n_("Y {n} dependencia más con vencidos.", "Y {n} dependencias más con vencidos.", left)
            if left > 0
            else _("Cifras que reportan las dependencias.")
        ),
    }  # fmt: skip


def _parts(figures: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    parts: list[Mapping[str, Any]] = figures["parts"]
    if len(parts) <= PARTS:
        return parts
    return sorted((part for part in parts if part["moved"]), key=lambda part: -part["moved"])[:PARTS]
