"""/actividad: one activity by office, the one furthest behind first, and who is in charge of it."""

from __future__ import annotations

from dataclasses import replace

from conversation.messages import Choice, Reply
from conversation.texts import Say, _, lines, n_
from handlers.asking import asking, more, paged, remember, said
from handlers.base import Conversation
from handlers.owing import whose
from handlers.scopes import Asked
from handlers.standing import standing
from models.directory import Directory
from models.due import due
from models.figures import Part, figures
from models.responsible import responsible
from models.visit import Visit


def activity_of(asked: Asked, names: Directory, visit: Visit) -> Reply:
    """By office, or by period where it is the entity's; a list to choose from where no activity is named."""
    if not asked.activity:
        return _which(asked, names)
    found = figures(visit.connection, asked.scope, visit.today)
    if found:
        found = replace(found, parts=tuple(sorted(found.parts, key=_behind)))
    return standing("/actividad", asked, names, found, visit, _in_charge(asked, names, visit))


def _behind(part: Part) -> tuple[bool, int, str]:
    """Periods stay in order; of offices, those with the least done come first, then those where nothing is due."""
    to_date = part.counts.to_date
    return (to_date is None, 0 if part.period else to_date or part.counts.of_year, part.period)


def _in_charge(asked: Asked, names: Directory, visit: Visit) -> Say:
    rows = due(visit.connection, names.plan.id, replace(asked.scope, days=None))
    people = responsible(visit, {one.office_id for one in rows})
    return _("A cargo: {whose}.", whose=whose(rows, people)) if rows else ""


def _which(asked: Asked, names: Directory) -> Reply:
    every = [one for one in names.activities.values() if asked.subcomponent in (0, one.subcomponent)]
    shown, left = paged(every, asked.page)
    named = [_("{number}. {title}", number=one.number, title=one.title) for one in shown]
    inside = replace(asked, subcomponent=0, page=1)
    links = [
        Choice(said("/actividad", replace(inside, activity=one.number)), _("Actividad {n}", n=one.number))
        for one in shown
    ]
    return Reply(
        lines(_("¿De cuál actividad?"), *named, n_("y {n} más", "y {n} más", left) if left else ""),
        links=(*links, *more("/actividad", asked, left), Choice("/estado", _("Todo el plan"))),
    )


ACTIVITY = Conversation(
    name="activity",
    command="/actividad",
    run=asking("/actividad", activity_of),
    commit=remember,
    title=_("Ver una actividad por dependencia"),
    phrases=("actividad", "actividades", "ver las actividades"),
    consent=False,
)
