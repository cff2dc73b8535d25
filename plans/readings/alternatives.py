"""Rows that can be counted in more than one way, and the choice of one."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from plans.calendar import periods
from plans.readings.cadence import Cadence, Share
from plans.readings.quantities import Quantity
from plans.readings.words import CADENCES, Doubt, agree, fold
from plans.terms import Activity, Alternative, Every, Plan, PlanError, Step

_BEFORE = -1  # business days before a dialogue event that its report must be out: a setting of the plan


def with_alternatives(
    activity: Activity, quantity: Quantity, cadence: Cadence, share: Share
) -> tuple[Activity, tuple[Doubt, ...]]:
    """The activity under its default reading with every reading on offer, and what was doubtful."""
    doubts: list[Doubt] = []
    offers: list[Alternative] = []
    total = activity.quantity
    if total is None:
        offers += _uncounted(activity)
    elif cadence.said_in != "target" and quantity.stated and quantity.unit != "%" and _recurs(activity):
        activity, offers = _against_cadence(activity, total)
        rhythm = f"La meta dice {total} y la fila dice cada {CADENCES[cadence.every][0]}"
        message = f"{rhythm}; mientras alguien decide se cuenta así: {offers[0].text}."
        doubts.append(Doubt("every", activity.target_text, message, 0.6))
    elif activity.every == "event" and activity.per == "office" and activity.days_after is None:
        offers += _before_events(activity, total)
        message = "No dice si se cuenta por dependencia, en total o por evento."
        doubts.append(Doubt("per", activity.target_text, message, 0.7))
    shared = _shared(activity, share)
    if shared:
        doubts.append(Doubt("per", activity.text, "No es seguro si se cuenta por dependencia.", 0.8))
    offers += shared[1:] if offers else shared
    return replace(activity, alternatives=tuple(offers)), tuple(doubts)


def with_choice(plan: Plan, number: int, key: str) -> Plan:
    """The plan with one row counted as alternative `key` says.

    Start from the plan as read: the default changes nothing, so it cannot undo an earlier choice.
    Raises PlanError where the row or the alternative does not exist.
    """
    for at, activity in enumerate(plan.activities):
        if activity.number == number:
            chosen = next((offer for offer in activity.alternatives if offer.key == key), None)
            if chosen is None:
                raise PlanError(f"La actividad {number} no tiene una lectura «{key}».")
            changed = _changed(activity, chosen.changes)
            return replace(plan, activities=(*plan.activities[:at], changed, *plan.activities[at + 1 :]))
    raise PlanError(f"El plan no tiene una actividad {number}.")


def undecided(plan: Plan, decided: Collection[int] = ()) -> tuple[Activity, ...]:
    """Activities with more than one reading that nobody has chosen yet (`decided`: their numbers)."""
    return tuple(one for one in plan.activities if len(one.alternatives) > 1 and one.number not in decided)


def _changed(activity: Activity, changes: Mapping[str, Any]) -> Activity:
    """Changes are plain data, kept as JSON: step titles become steps, and the due day follows the cadence."""
    values = dict(changes)
    if "steps" in values:
        values["steps"] = tuple(Step(title) for title in values["steps"])
    if "every" in values:
        values["due"] = due_of(values["every"], activity.end)
    return replace(activity, **values)


def due_of(every: Every, end: date) -> date | None:
    """The single due day of a row: the end of its window where it does not recur and waits for no event."""
    return end if every in ("once", "continuous") else None


def _recurs(activity: Activity) -> bool:
    return len(periods(activity.every, activity.start, activity.end)) > 1


def _uncounted(activity: Activity) -> list[Alternative]:
    one = f"1 {agree(activity.unit, 1)}".strip()
    return [
        Alternative("sin_cantidad", "sin cantidad: cuenta como 1"),
        Alternative("1_cada_vez", f"{one} cada vez", {"quantity": 1, "unit": agree(activity.unit, 1)}),
    ]


def _against_cadence(activity: Activity, total: int) -> tuple[Activity, list[Alternative]]:
    """ "(4) informes" against "semestralmente": a total to be shared out, or so many in each period?"""
    word = CADENCES[activity.every][0]
    count = len(periods(activity.every, activity.start, activity.end))
    if total == 1:
        return activity, [
            Alternative(f"1_por_{_key(word)}", _each(activity, 1, word, count)),
            Alternative("1_final", f"1 {activity.unit} al final, con {count} puntos de control", _final(activity)),
        ]
    in_each = Alternative(
        f"{total}_por_{_key(word)}",
        _each(activity, total, word, count),
        {"quantity": total, "unit": activity.unit, "every": activity.every},
    )
    if total % count:
        once = replace(activity, every="once", due=activity.end)
        return once, [Alternative(f"{total}_en_total", f"{total} {activity.unit} en total"), in_each]
    share = total // count
    shared = replace(activity, quantity=share, unit=agree(activity.unit, share))
    offers = [Alternative(f"{share}_por_{_key(word)}", _each(activity, share, word, count))]
    if share == 1:
        return shared, [*offers, in_each]
    single = {"quantity": 1, "unit": agree(activity.unit, 1)}
    offers += [
        Alternative(f"1_por_{_key(name)}", _each(activity, 1, name, total), {**single, "every": every})
        for every, (name, _) in CADENCES.items()
        if every != activity.every and len(periods(every, activity.start, activity.end)) == total
    ]
    text = f"{count} {agree(activity.unit, count)} en total, 1 por {word}"
    return shared, [*offers, Alternative(f"{count}_en_total", text, single)]


def _final(activity: Activity) -> dict[str, Any]:
    checks = [f"punto de control {period.key}" for period in periods(activity.every, activity.start, activity.end)]
    return {"every": "once", "steps": [*checks, *(step.title for step in activity.steps)]}


def _each(activity: Activity, quantity: int, word: str, count: int) -> str:
    return f"{quantity} {agree(activity.unit, quantity)} por {word}, {quantity * count} en el año"


def _before_events(activity: Activity, quantity: int) -> list[Alternative]:
    unit, one = activity.unit, agree(activity.unit, 1)
    return [
        Alternative(f"{quantity}_por_dependencia", f"{quantity} {unit} por dependencia"),
        Alternative(f"{quantity}_en_total", f"{quantity} {unit} en total", {"per": "entity"}),
        Alternative(
            "1_por_evento",
            f"1 {one} antes de cada evento, al menos 1 por dependencia",
            {"quantity": 1, "unit": one, "days_after": _BEFORE},
        ),
    ]


def _shared(activity: Activity, share: Share) -> list[Alternative]:
    """Offices named by the text or the owners but not by the target: counted once, or for each?"""
    entity = Alternative("por_entidad", "una cuenta para toda la entidad")
    office = Alternative("por_dependencia", "una cuenta por cada dependencia")
    if share.per == "entity" and re.search(r"\bde las dependencias\b", fold(activity.text)):
        return [entity, replace(office, changes={"per": "office"})]
    if not share.sure:
        return [office, replace(entity, changes={"per": "entity"})]
    return []


def _key(word: str) -> str:
    return fold(word).replace(" ", "_")
