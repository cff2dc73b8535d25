"""From literal rows to readings: how many of what, how often, for whom, when, and what is not sure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from plans.readings.alternatives import due_of, undecided, with_alternatives, with_choice
from plans.readings.cadence import Cadence, Share, read_cadence, read_share
from plans.readings.owners import read_owners, resolve_offices
from plans.readings.quantities import Quantity, read_quantity
from plans.readings.schedule import Window, read_schedule
from plans.readings.steps import read_proofs, read_steps
from plans.readings.titles import (
    plan_slug,
    read_blocks,
    read_component,
    read_entity,
    read_numbers,
    read_title,
    read_year,
)
from plans.readings.words import Doubt, agree, fold, short
from plans.terms import Activity, Document, Every, Plan, PlanError, Problem, Row, Step

__all__ = ["read_plan", "resolve_offices", "undecided", "with_choice"]


def read_plan(document: Document) -> Plan:
    """Read every row; what is not certain has confidence < 1 and a Problem or alternatives.

    Owners are names until `resolve_offices` matches them with a registry.
    Raises PlanError where there are no rows or no year.
    """
    if not document.rows:
        raise PlanError("El documento no tiene filas de actividades: revise que sea la tabla del plan.")
    year, problems = read_year(document)
    entity, unnamed = read_entity(document.titles)
    title = read_title(document.titles)
    numbers = read_numbers([row.number for row in document.rows])
    blocks = read_blocks([row.subcomponent for row in document.rows])
    read = [
        _read_row(row, number, block, year) for row, number, block in zip(document.rows, numbers, blocks, strict=True)
    ]
    activities = _in_order([activity for activity, _ in read])
    return Plan(
        slug=plan_slug(entity, title, year),
        entity=entity,
        title=title,
        year=year,
        component=read_component(document.titles),
        source_name=document.name,
        source_sha256=document.sha256,
        activities=activities,
        problems=(
            *document.problems,
            *problems,
            *unnamed,
            *_lists_needed(activities),
            *(problem for _, of_row in read for problem in of_row),
        ),
    )


def _read_row(row: Row, number: int, block: tuple[int, str], year: int) -> tuple[Activity, list[Problem]]:
    quantity = read_quantity(row.target)
    cadence = read_cadence(row, quantity.number)
    share = read_share(row)
    window = read_schedule(row.schedule, year)
    owners, unowned = read_owners(row.responsible)
    every = _every(cadence, share, window)
    steps, each, undivided = _steps(row, every, window, quantity)
    activity = Activity(
        number=number,
        subcomponent=block[0],
        subcomponent_title=block[1],
        text=row.text,
        target_text=row.target,
        responsible_text=row.responsible,
        schedule_text=row.schedule,
        title=short(row.text or row.target),
        quantity=each,
        unit=agree(quantity.unit, each) if quantity.stated else quantity.unit,
        every=every,
        per=share.per,
        start=_start(row, window),
        end=window.end,
        due=due_of(every, window.end),
        steps=steps,
        lead=owners[0] if owners else "",
        support=owners[1:],
        days_after=cadence.days_after,
        plus_entity=share.plus_entity,
        proofs=read_proofs(row.target),
        fixed=window.fixed and every in ("once", "continuous"),
        label="" if row.number == str(number) else row.number,
    )
    activity, ambiguous = with_alternatives(activity, quantity, cadence, share)
    doubts = (*quantity.doubts, *cadence.doubts, *window.doubts, *unowned, *undivided, *ambiguous)
    doubts += _textless(row)
    activity = replace(activity, confidence=min((doubt.sure for doubt in doubts), default=1.0))
    return activity, [Problem(number, doubt.field, doubt.text, doubt.message) for doubt in doubts]


def _every(cadence: Cadence, share: Share, window: Window) -> Every:
    """Dates one by one say more than a cadence ("Trimestral: 30 de abril, 31 de julio")."""
    if share.per == "event":
        return "event"
    return cadence.every if cadence.every == "event" or not window.steps else "once"


def _steps(
    row: Row, every: Every, window: Window, quantity: Quantity
) -> tuple[tuple[Step, ...], int | None, tuple[Doubt, ...]]:
    """The parts of a unit, and how many units each dated part asks for: (4) on four dates is one on each."""
    dates = len(window.steps)
    if every != "once" or not dates:
        return read_steps(row.target), quantity.number, ()
    if quantity.number in (None, 1) or quantity.unit == "%":
        return window.steps, quantity.number, ()
    shared = (quantity.number or 0) // dates if (quantity.number or 0) % dates == 0 else quantity.number
    message = f"La meta dice {quantity.number} y hay {dates} fechas; se cuenta {shared} en cada una."
    return window.steps, shared, (Doubt("quantity", row.target, message, 0.6),)


def _textless(row: Row) -> tuple[Doubt, ...]:
    return () if row.text.strip() else (Doubt("text", row.target, "La actividad no tiene texto.", 0.3),)


def _start(row: Row, window: Window) -> date:
    """ "… en el año 2022" in the text opens the whole year for a row that the schedule dates to one month."""
    if window.one_month and f"en el ano {window.end.year}" in fold(row.text):
        return date(window.end.year, 1, 1)
    return window.start


def _in_order(activities: Sequence[Activity]) -> tuple[Activity, ...]:
    """Telling and weighing the results comes after the one public hearing that the same owner holds."""
    hearings = [one for one in activities if one.unit.startswith("audiencia")]

    def after(activity: Activity) -> tuple[int, ...]:
        first = fold(activity.text).split()[:1]
        if len(hearings) != 1 or first not in (["socializar"], ["evaluar"]) or activity is hearings[0]:
            return ()
        hearing = hearings[0]
        follows = activity.number > hearing.number and activity.end >= hearing.end
        return (hearing.number,) if follows and activity.lead == hearing.lead else ()

    return tuple(replace(one, after=after(one)) for one in activities)


def _lists_needed(activities: Sequence[Activity]) -> list[Problem]:
    """Lists that no plan document brings, without which nothing can be counted."""
    needed = []
    if any(one.per == "office" for one in activities):
        message = "Falta la lista de dependencias para contar lo que es por dependencia."
        needed.append(Problem(0, "offices", "", message))
    needed += [
        Problem(one.number, "topics", one.target_text, "Falta la lista de temas del mes.")
        for one in activities
        if one.per == "topic"
    ]
    needed += [
        Problem(one.number, "per", one.target_text, "No dice en cuántos municipios.")
        for one in activities
        if one.per == "municipality" and "municipio" not in one.unit
    ]
    return needed
