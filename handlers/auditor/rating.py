"""/calificar: Internal Control's own rating of a report, beside what its officer and its reviewer say."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import partial

from conversation.messages import Choice, Reply
from conversation.questions import Option, Pick, Words
from conversation.talk import Talk
from conversation.texts import Say, Text, _, lines, paragraphs
from handlers.base import Conversation, Outcome
from handlers.coordinator.filed import STATES
from handlers.coordinator.subject import Subject, Sure, named
from models import audit, ratings
from models.owed import Owed
from models.people import Role
from models.ratings import Judged
from models.visit import Visit

RATINGS: dict[str, Text] = {
    "meets": _("cumple"), "partly": _("cumple en parte"), "fails": _("no cumple"),
    "unclear": _("no se puede comprobar"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Given:
    """A rating of a report and what is said of it."""

    owed: Owed
    rating: str
    note: str


async def rate(talk: Talk, visit: Visit) -> Given | Reply | None:
    """Of which report, which rating, and why."""
    one = await talk.ask("what", Subject(_("¿Qué avance? Escriba su folio."), visit, folios=True))
    if not one.report_id:
        return Reply(_("Se califican avances: escriba un folio, por ejemplo {code}-0001.", code=one.code))
    options = [Option(key, _capital(say), key, (say.key,)) for key, say in RATINGS.items()]
    rating = await talk.ask("rating", Pick(_beside(one, visit), options))
    note = await talk.ask("note", Words(_("¿Por qué? Queda escrito junto a su calificación."), most=1000))
    sure = await talk.ask("sure", Sure(partial(_read_back, one, rating, note), _("Sí, calificar")))
    return Given(one, rating, note) if sure else None


def _capital(say: Text) -> Text:
    return _("Califico: {rating}", rating=say)


def _beside(one: Owed, visit: Visit) -> Say:
    """What the officer says, what the reviewer decided, and what Internal Control said before."""
    known = ratings.judged(visit, one.report_id)
    if known is None:
        return ""
    return paragraphs(
        lines(
            named(one),
            _("Responsable: {name} lo reportó.", name=one.author),
            _reviewed(known, visit),
            *(
                _("Control Interno ({by}, {day}): {rating}. {note}", by=rated.by, day=_day(rated.at, visit),
                  rating=RATINGS[rated.rating], note=rated.note)
                for rated in known.ratings
            ),
        ),
        _("¿Cómo lo califica? Lo de ellos no cambia."),
    )  # fmt: skip


def _reviewed(known: Judged, visit: Visit) -> Say:
    if not known.reviewed_at:
        return _("Revisión: {state}.", state=STATES.get(known.state, _("reemplazado")))
    told = {"state": STATES.get(known.state, _("reemplazado")), "by": known.reviewer,
            "day": _day(known.reviewed_at, visit)}  # fmt: skip
    if known.reason:
        return _("Revisión: {state}, {by}, {day}. {reason}", reason=known.reason, **told)
    return _("Revisión: {state}, {by}, {day}.", **told)


def _day(moment: datetime, visit: Visit) -> object:
    return moment.astimezone(visit.zone).date()


def _read_back(one: Owed, rating: str, note: str) -> Say:
    return paragraphs(lines(named(one), _("Su calificación: {rating}.", rating=RATINGS[rating]), note),
                      _("Queda al lado de la del responsable y la de la revisión. ¿La guardo?"))  # fmt: skip


def _keep(visit: Visit, given: Given) -> Outcome:
    one = given.owed
    ratings.rate(visit, one.report_id, given.rating, given.note)
    audit.record(visit.connection, visit.now, visit.who.id, "report.rated", one.folio, report=one.report_id,
                 rating=given.rating)  # fmt: skip
    links = (Choice(f"/hallazgo {one.folio}", _("Registrar un hallazgo")), Choice("/muestra", _("Ver las muestras")))
    done = _("Guardada: {folio}, {rating}. Si la cambia, se conservan las dos.", folio=one.folio,
             rating=RATINGS[given.rating])  # fmt: skip
    return Outcome(Reply(done, links=links))


RATE = Conversation(
    name="rate",
    command="/calificar",
    run=rate,
    commit=_keep,
    title=_("Calificar un avance"),
    phrases=("calificar", "calificar un avance"),
    roles=frozenset({Role.AUDITOR}),
)
