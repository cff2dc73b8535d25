"""Pages of the plan: the home, subcomponents, activities, offices. Figures first."""

from __future__ import annotations

from itertools import groupby

from bot.site.asked import Asked, Page
from bot.site.views.dialogue import coming
from models import public, public_evidence
from models.figures import Figures, Scope, figures

# What a page shows of a long list; the rest is a link away.
NEWEST, NEXT = 10, 3


def home(asked: Asked) -> Page:
    """What the plan is and how far it is."""
    plan = asked.outline.plan
    promises = public.promises(asked.connection)
    states = [promise.state(asked.today) for promise in promises]
    return Page(
        "home.html", asked.words("home.title", year=plan.year, entity=plan.entity),
        asked.words("home.description", entity=plan.entity, year=plan.year),
        {
            "figures": figures(asked.connection, Scope(), asked.today),
            "frozen": public.frozen(asked.connection)[:NEXT],
            "coming": coming(asked, public.happenings(asked.connection))[:NEXT],
            "promises": {state: states.count(state) for state in ("kept", "open", "late")},
            "verified": public_evidence.count(asked.connection),
        },
    )  # fmt: skip


def subcomponent(asked: Asked) -> Page | None:
    """A subcomponent by activity."""
    number = asked.of["number"]
    title = asked.outline.subcomponents.get(number)
    found = figures(asked.connection, Scope("subcomponent", number), asked.today)
    if title is None or found is None:
        return None
    heading = asked.words("subcomponent.heading", number=number)
    return Page(
        "subcomponent.html", f"{heading}: {title}", asked.words("subcomponent.description", title=title),
        {"heading": heading, "name": title, "figures": found},
    )  # fmt: skip


def activity(asked: Asked) -> Page | None:
    """An activity: what the plan says of it, who owes what until when, and what was done."""
    number = asked.of["number"]
    row = asked.outline.activities.get(number)
    found = figures(asked.connection, Scope("activity", number), asked.today)
    if row is None or found is None:
        return None
    owed = public.deliverables(asked.connection, number)
    owed.sort(key=lambda one: (asked.outline.offices.get(one.office, ""), one.due, one.code))
    heading = asked.words("activity.heading", number=number)
    return Page(
        "activity.html", f"{heading}: {row.title}", asked.words("activity.description", title=row.title),
        {
            "heading": heading, "row": row, "figures": found,
            "owed": [(code, list(some)) for code, some in groupby(owed, lambda one: one.office)],
            "done": public_evidence.done(asked.connection, number, most=NEWEST),
            "total": public_evidence.count(asked.connection, number),
        },
    )  # fmt: skip


def offices(asked: Asked) -> Page:
    """Every office that owes something."""
    owing = {code for one in public.deliverables(asked.connection) for code in (one.office, one.lead)}
    names = {code: name for code, name in asked.outline.offices.items() if code in owing}
    title = asked.words("offices.title")
    return Page("offices.html", title, asked.words("offices.description"), {"names": names})


def office(asked: Asked) -> Page | None:
    """An office: its figures by activity, what it owes, its events, its commitments, what it did."""
    code = asked.of["code"]
    name = asked.outline.offices.get(code)
    if name is None:
        return None
    found: Figures | None = figures(asked.connection, Scope("office", code=code), asked.today)
    return Page(
        "office.html", name, asked.words("office.description", name=name),
        {
            "code": code, "name": name, "figures": found, "owed": public.deliverables(asked.connection, office=code),
            "events": public.happenings(asked.connection, office=code),
            "promises": public.promises(asked.connection, office=code),
            "done": public_evidence.done(asked.connection, office=code, most=NEWEST),
            "total": public_evidence.count(asked.connection, office=code),
        },
    )  # fmt: skip
