"""The picture of who is missing when: offices by months, a number where something is not reported."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from conversation.texts import Language, _, n_
from documents.saying import said

# Offices shown at most, months at most: those of a year and the one in which it is closed.
ROWS, MONTHS = 30, 13
# Points: the head, the total with the legend, the names of the months, a row, the foot.
HEAD, TOTAL, NAMES, ROW, FOOT = 113, 88, 26, 30, 44
INITIALS = (_("E"), _("F"), _("M"), _("A"), _("M"), _("J"), _("J"), _("A"), _("S"), _("O"), _("N"), _("D"))


def height(figures: Mapping[str, Any]) -> int:
    """In points."""
    return HEAD + TOTAL + NAMES + len(figures["rows"][:ROWS]) * ROW + FOOT


def words(figures: Mapping[str, Any], language: Language) -> dict[str, Any]:
    """What templates/heat.typ shows. `figures`, all JSON:

    plan, entity, heading, day (ISO); total: how many are missing
    months  ["2022-02"], of which the first MONTHS are shown
    rows    [{label, cells: {month: [owed, not reported, late]}}], deliverables, most missing first
    """
    months = figures["months"][:MONTHS]
    left = len(figures["rows"]) - ROWS
    return {
        "entity": figures["entity"],
        "heading": said(figures["heading"], language),
        "plan": figures["plan"],
        "day": language.day(date.fromisoformat(figures["day"])),
        "total": str(figures["total"]),
        "total_label": said(n_("entregable sin reportar", "entregables sin reportar", figures["total"]), language),
        "legend": {
            "late": said(_("vencidos"), language),
            "open": said(_("por vencer"), language),
            "done": said(_("todo reportado"), language),
        },
        "months": [said(INITIALS[int(month[5:]) - 1], language) for month in months],
        "now": figures["day"][:7] in months and months.index(figures["day"][:7]),
        "rows": [
            {
                "label": said(row["label"], language),
                "cells": [_cell(*row["cells"].get(month, (0, 0, 0))) for month in months],
            }
            for row in figures["rows"][:ROWS]
        ],
        "row": ROW,
        "footer": said(
            n_("Y {n} dependencia más.", "Y {n} dependencias más.", left)
            if left > 0
            else _("Por dependencia a cargo y mes en que vence."),
            language,
        ),
    }


def _cell(owed: int, missing: int, late: int) -> dict[str, str]:
    """Number and kind differ, so that no colour is needed to read it."""
    if not owed:
        return {"kind": "none", "count": ""}
    if late:
        return {"kind": "late", "count": str(late)}
    return {"kind": "open", "count": str(missing)} if missing else {"kind": "done", "count": ""}
