"""/avances: the reports behind a figure, newest first, for those who may read them."""

from __future__ import annotations

from dataclasses import replace

from conversation.messages import Choice, Reply
from conversation.texts import Text, _, lines, paragraphs
from handlers.asking import PAGE, asking, remember, said
from handlers.base import Conversation
from handlers.scopes import Asked
from models.directory import Directory
from models.filed import Listed, filed
from models.visibility import STAFF
from models.visit import Visit

STATES: dict[str, Text] = {
    "reported": _("por verificar"), "verified": _("verificado"), "returned": _("devuelto"), "withdrawn": _("retirado"),
}  # fmt: skip


def reports_of(asked: Asked, names: Directory, visit: Visit) -> Reply:
    """Their folios, a page at a time; a button opens each."""
    found = filed(visit, asked.scope, skip=(asked.page - 1) * PAGE, most=PAGE + 1)
    back = Choice(said("/estado", replace(asked, page=1)), _("Ver el estado"))
    what = asked.called(names)
    if not found:
        return Reply(_("{what}. No hay avances que usted pueda ver.", what=what), links=(back,))
    shown = found[:PAGE]
    links = [Choice(f"/avance {one.folio}", one.folio) for one in shown]
    if len(found) > PAGE:
        links.append(Choice(said("/avances", replace(asked, page=asked.page + 1)), _("Ver más")))
    first = _("{what}. Avances, primero los más nuevos:", what=what)
    return Reply(paragraphs(first, lines(*(_line(one, visit) for one in shown))), links=(*links, back))


def _line(one: Listed, visit: Visit) -> Text:
    return _("{folio}: {n}, {state}. {name}, {day}", folio=one.folio, n=one.quantity, state=STATES[one.state],
             name=one.author, day=one.received_at.astimezone(visit.zone).date())  # fmt: skip


FILED = Conversation(
    name="filed",
    command="/avances",
    run=asking("/avances", reports_of),
    commit=remember,
    title=_("Ver los avances"),
    phrases=("avances", "ver los avances", "ver avances"),
    roles=STAFF,
    hidden=True,
)
