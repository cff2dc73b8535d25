"""/deshacer: an officer takes back the last report, until somebody has reviewed it."""

from __future__ import annotations

from conversation.messages import Choice, Reply
from conversation.questions import YesNo
from conversation.talk import Talk
from conversation.texts import _, paragraphs
from handlers.base import Conversation, Notice, Outcome
from models import audit, obligations, reports
from models.people import RUN, Role
from models.reports import Version
from models.visit import Visit


async def undo(talk: Talk, visit: Visit) -> Version | Reply | None:
    """Asks before it takes anything back."""
    last = reports.latest_of(visit.connection, visit.who.id)
    if last is None:
        return Reply(_("No tiene avances que deshacer."))
    if last.state != "reported":
        return Reply(_("El avance {folio} ya fue revisado y no se puede deshacer.", folio=last.folio))
    prompt = paragraphs(
        _("Su último avance es {folio}:", folio=last.folio),
        last.account,
        _("¿Lo retiro? Quedará registrado que usted lo retiró."),
    )
    # The name carries the report: a yes to one report never takes back another that came meanwhile.
    sure = await talk.ask(f"sure-{last.id}", YesNo(prompt, yes=_("Sí, retirarlo"), no=_("No, dejarlo")))
    return last if sure else None


def withdraw(visit: Visit, last: Version) -> Outcome:
    """The report stays, marked as withdrawn, and no longer counts."""
    reports.settle(visit.connection, last, "withdrawn")
    obligations.count_up(visit.connection, last.obligation_id, -last.quantity)
    audit.record(visit.connection, visit.now, visit.who.id, "report.withdrawn", last.folio, report=last.id)
    told = Reply(_("{name} retiró el avance {folio}.", name=visit.who.name, folio=last.folio))
    notice = Notice(f"withdrawn:{last.plan_id}:{last.folio}:{last.version}", told, RUN)
    done = _("Retiré el avance {folio}. Ya no cuenta.", folio=last.folio)
    return Outcome(Reply(done, links=(Choice("/reportar", _("Reportar de nuevo")),)), (notice,))


UNDO = Conversation(
    name="undo",
    command="/deshacer",
    run=undo,
    commit=withdraw,
    title=_("Deshacer mi último avance"),
    phrases=("deshacer", "borre lo ultimo", "borre lo ultimo porfa", "deshaga lo ultimo", "me equivoque"),
    roles=frozenset({Role.OFFICER}),
)
