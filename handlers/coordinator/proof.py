"""/soportes: the files of one report, made into one in the background as a dossier is."""

from __future__ import annotations

from conversation.messages import Choice, Reply
from conversation.talk import Talk
from conversation.texts import _
from handlers.asking import nothing
from handlers.base import Conversation
from handlers.coordinator.hand_out import queue
from models.directory import directory
from models.filed import evidence_of, one_filed
from models.hand_outs import WHOLE
from models.history import office_of
from models.people import Role
from models.visit import Visit
from models.wanted import Wanted


async def proof(talk: Talk, visit: Visit) -> tuple[Wanted, ...] | Reply:
    """The argument is the folio. What may show minors stays out."""
    names, folio = directory(visit.connection), talk.argument.strip().upper()
    found = one_filed(visit, folio) if folio else None
    office = office_of(visit, folio) if found else None
    if names is None:
        return nothing()
    if found is None or office is None:
        return Reply(_("No encontré ese avance entre los que usted puede ver."))
    if not any(one.size for one in evidence_of(visit.connection, found)):
        back = Choice(f"/avance {folio}", _("Ver {folio}", folio=folio))
        return Reply(_("Ese avance no tiene archivos."), links=(back,))
    return (
        Wanted(
            "dossier", "zip", names.plan.slug, f"{names.plan.year}", visit.now.astimezone(visit.zone),
            office_id=office, names=visit.who.may(WHOLE), folio=folio,
        ),
    )  # fmt: skip


PROOF = Conversation(
    name="proof",
    command="/soportes",
    run=proof,
    commit=queue,
    title=_("Descargar los soportes de un avance"),
    roles=WHOLE | {Role.OFFICER},
    hidden=True,
)
