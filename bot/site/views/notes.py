"""Pages of verified reports, open data and what is good to know; and the files of open data."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from bot.site.asked import Asked, Page
from documents import open_data
from models import public, public_evidence

A_PAGE = 20
NOTES = ("verify", "accessibility", "privacy", "channels")


def reports(asked: Asked) -> Page | None:
    """Verified reports, the newest first, in pages."""
    page = asked.of.get("page", 1)
    total = public_evidence.count(asked.connection)
    pages = max(1, -(-total // A_PAGE))
    if not 1 <= page <= pages:
        return None
    done = public_evidence.done(asked.connection, most=A_PAGE, skip=(page - 1) * A_PAGE)
    title = asked.words("reports.title") if page == 1 else asked.words("reports.numbered", page=page)
    facts = {"done": done, "total": total, "number": page, "pages": pages}
    return Page("reports.html", title, asked.words("reports.description"), facts)


def report(asked: Asked) -> Page | None:
    """A verified report with its evidence."""
    found = public_evidence.done(asked.connection, folio=asked.of["folio"])
    if not found:
        return None
    one = found[0]
    row = asked.outline.activities[one.number]
    description = asked.words("report.description", title=row.title, day=asked.words.day(one.done_on))
    return Page("report.html", asked.words("report.heading", folio=one.folio), description, {"one": one, "row": row})


def data(asked: Asked) -> Page:
    """The tables and their dictionary."""
    facts = {"tables": open_data.tables().values()}
    return Page("data.html", asked.words("data.title"), asked.words("data.description"), facts)


def note(name: str, asked: Asked) -> Page:
    """One of NOTES: prose."""
    plan = asked.outline.plan
    contact = plan.contact or asked.words("note.contact")
    parts = asked.words.parts(f"{name}.parts", entity=plan.entity, contact=contact)
    return Page("note.html", asked.words(f"{name}.title"), asked.words(f"{name}.description"), {"sections": parts})


def csv(asked: Asked) -> bytes | None:
    """A table as CSV."""
    rows = _rows(asked)
    return None if rows is None else open_data.as_csv(asked.of["table"], rows, asked.words.zone)


def json(asked: Asked) -> bytes | None:
    """A table as JSON."""
    rows = _rows(asked)
    return None if rows is None else open_data.as_json(asked.of["table"], rows, asked.words.zone, _head(asked))


def package(asked: Asked) -> bytes:
    """The dictionary for programs."""
    plan = asked.outline.plan
    return open_data.package({"name": plan.slug, **_head(asked)}, asked.base)


def _head(asked: Asked) -> dict[str, Any]:
    plan = asked.outline.plan
    return {"title": f"{plan.title} {plan.year}", "entidad": plan.entity, "fecha": asked.today.isoformat()}


def _rows(asked: Asked) -> open_data.Rows | None:
    make = ROWS.get(asked.of["table"])
    return make(asked) if make else None


ROWS: Mapping[str, Callable[[Asked], open_data.Rows]] = {
    "actividades": lambda asked: open_data.activities(asked.outline),
    "dependencias": lambda asked: open_data.offices(asked.outline),
    "entregables": lambda asked: open_data.deliverables(public.deliverables(asked.connection), asked.today),
    "eventos": lambda asked: open_data.events(public.happenings(asked.connection)),
    "compromisos": lambda asked: open_data.commitments(public.promises(asked.connection), asked.today),
    "avances": lambda asked: open_data.reports(public_evidence.done(asked.connection)),
    "soportes": lambda asked: open_data.evidence(public_evidence.done(asked.connection), asked.base),
    "cortes": lambda asked: open_data.cutoffs(public.frozen(asked.connection)),
}
