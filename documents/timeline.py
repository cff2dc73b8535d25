"""The picture of what falls due when: days under one another, what each brings and whose it is."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from conversation.texts import Language, _, n_
from documents.saying import said

# Days shown at most; the rest is counted.
DAYS = 6
# Points: the head, the total, a day's own line, each of its items, what is left between days, the foot.
HEAD, TOTAL, DAY, ITEM, GAP, FOOT = 113, 66, 30, 40, 10, 34


def height(figures: Mapping[str, Any]) -> int:
    """In points."""
    shown = figures["days"][:DAYS]
    items = sum(len(day["items"]) + bool(day["more"]) / 2 for day in shown)
    return int(HEAD + TOTAL + len(shown) * (DAY + GAP) + items * ITEM + FOOT)


def words(figures: Mapping[str, Any], language: Language) -> dict[str, Any]:
    """What templates/timeline.typ shows. `figures`, all JSON:

    plan, entity, heading, day (ISO); total: how many are not reported
    days  [{day (ISO), items: [{label, who, count}], more}], deliverables, in order; more: activities left out
    """
    today = date.fromisoformat(figures["day"])
    left = len(figures["days"]) - DAYS
    return {
        "entity": figures["entity"],
        "heading": said(figures["heading"], language),
        "plan": figures["plan"],
        "day": language.day(today),
        "total": str(figures["total"]),
        "total_label": said(n_("entregable sin reportar", "entregables sin reportar", figures["total"]), language),
        "days": [_day(day, today, language) for day in figures["days"][:DAYS]],
        "sizes": {"day": DAY, "item": ITEM, "gap": GAP},
        "footer": said(
            n_("Y {n} fecha más que no se muestra.", "Y {n} fechas más que no se muestran.", left)
            if left > 0
            else _("Cifras que reportan las dependencias."),
            language,
        ),
    }


def _day(day: Mapping[str, Any], today: date, language: Language) -> dict[str, Any]:
    when = date.fromisoformat(day["day"])
    days = (when - today).days
    if days < 0:
        far = n_("hace {n} día", "hace {n} días", -days)
    else:
        far = n_("en {n} día", "en {n} días", days) if days else _("hoy")
    more = n_("y {n} actividad más", "y {n} actividades más", day["more"]) if day["more"] else ""
    return {
        "date": language.day(when),
        "far": said(far, language),
        "late": days < 0,
        "items": [
            {"label": said(one["label"], language), "who": said(one["who"], language), "count": str(one["count"])}
            for one in day["items"]
        ],
        "more": said(more, language),
    }
