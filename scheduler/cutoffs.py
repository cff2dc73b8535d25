"""The cut-offs of Internal Control: coordinators hear before results are frozen and before the follow-up is due."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from functools import partial
from typing import TYPE_CHECKING

from conversation.messages import Choice, Reply
from conversation.texts import _, paragraphs
from handlers.wording import due_in_words
from models import reminders
from models.gathering import Moment
from models.plan import Timetable
from plans.calendar import PUBLISHED_WITHIN, step_reached
from scheduler import hours

if TYPE_CHECKING:
    from scheduler.nudges import Pairs, Render, Store


async def remind(store: Store, at: Moment, plans: Sequence[Timetable], render: Render) -> Pairs:
    """Remind of the cut-offs whose follow-up is not yet due, at the ladder's steps up to that day."""
    pairs: Pairs = set()
    for plan in plans:
        for cutoff in plan.cutoffs:
            due = plan.calendar.add_business_days(cutoff, PUBLISHED_WITHIN)
            step = step_reached(plan.calendar, due, [step for step in plan.steps if step <= 0], at.today)
            if step is None or at.today > due:
                continue
            compose = partial(_rendered, reply=_reply(cutoff, due, at.today), render=render)
            begun = plan.calendar.add_business_days(due, step)
            days = [begun + timedelta(days=n) for n in range((at.today - begun).days + 1)]
            pairs |= await store.write(
                partial(
                    reminders.remind, moment=at, expires_at=hours.closing(at),
                    about=f"cutoff:{plan.slug}:{cutoff}:{step}", days=days, compose=compose,
                )
            )  # fmt: skip
    return pairs


def _rendered(language: str, reply: Reply, render: Render) -> dict[str, object]:
    return render(reply, language)


def _reply(cutoff: date, due: date, today: date) -> Reply:
    if today <= cutoff:
        cut = _("El corte de Control Interno es el {cutoff}: lo que se reporte después no cuenta en él.", cutoff=cutoff)
    else:
        cut = _("El corte de Control Interno fue el {cutoff}.", cutoff=cutoff)
    follow_up = _("Su informe {due}.", due=due_in_words(due, today))
    return Reply(paragraphs(cut, follow_up), links=(Choice("/estado", _("Ver el estado del plan")),))
