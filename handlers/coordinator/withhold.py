"""/ocultar and /mostrar: a piece of evidence that shows personal data is kept from the public site, and shown again."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import Any

from conversation.messages import Choice, Heard, Picture, Reply
from conversation.questions import Answer, Misread, Option, Pick, Reading, Shown, Stale, Words, YesNo
from conversation.talk import Talk
from conversation.texts import Say, _, lines, paragraphs
from handlers.base import Conversation, Notice, Outcome
from handlers.wording import period_in_words, titled
from models import audit, withholdings
from models.evidence import KINDS
from models.filed import Kept, Listed, evidence_of, one_filed
from models.people import RUN
from models.visit import Visit
from models.withholdings import MAY

LONGEST = 60


@dataclass(frozen=True, slots=True)
class Filed:
    """A report by its folio, among those the visitor may read."""

    prompt: Say
    visit: Visit

    def show(self, draft: Any) -> Shown:
        return Shown(self.prompt, (), "text")

    def read(self, heard: Heard, draft: Any) -> Reading:
        found = one_filed(self.visit, heard.text.strip().upper())
        if found is None:
            return Misread(_("No encontré ese avance entre los que usted puede ver."))
        return Answer(found.folio)

    def load(self, stored: Any) -> Listed:
        found = one_filed(self.visit, str(stored))
        if found is None:
            raise Stale("")
        return found


@dataclass(frozen=True, slots=True)
class Piece(Pick[tuple[int, Kept]]):
    """A piece of evidence by its place in the report; the files are shown in one picture."""

    sheet: Picture | None = None

    def show(self, draft: Any) -> Shown:
        return replace(Pick.show(self, draft), picture=self.sheet)


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which piece of which report; `why`: why it is shown again."""

    report: Listed
    number: int
    piece: Kept
    why: str = ""


async def hide(talk: Talk, visit: Visit) -> Chosen | Reply | None:
    """Which report, which of its evidence, and whether to do it."""
    report = await talk.ask("report", Filed(_("¿De cuál avance? Escriba su folio."), visit))
    pieces = _numbered(visit, report, held=False)
    if not pieces:
        return Reply(_("Ese avance no tiene soportes que se puedan ocultar."), links=(_look(report),))
    prompt = _("¿Cuál soporte de {folio} muestra datos personales?", folio=report.folio)
    number, piece = await talk.ask("piece", Piece(prompt, _options(pieces), sheet=_sheet(report, pieces)))
    sure = paragraphs(
        _("Va a ocultar del sitio público el soporte {n} ({kind}) de {folio}.", n=number, kind=KINDS[piece.kind],
          folio=report.folio),
        _("Deja de verse ya, aquí y en cualquier otro avance que lo tenga. No se borra: quien revisa lo sigue viendo. "
          "¿Confirma?"),
    )  # fmt: skip
    return Chosen(report, number, piece) if await talk.ask("sure", YesNo(sure, yes=_("Sí, ocultar"))) else None


def _hide(visit: Visit, given: Chosen) -> Outcome:
    """Keep it back, and tell who runs the plan and whose report it is."""
    author = withholdings.withhold(visit, given.piece.id)
    _record(visit, given, "evidence.withheld")
    told = _("{by} ocultó del sitio público un soporte que muestra datos personales:", by=visit.who.name)
    done = _("Listo: ya no se publica. Si un buscador lo guardó, pídale que lo actualice.")
    undo = Choice(f"/mostrar {given.report.folio}", _("Volver a mostrar"))
    return Outcome(Reply(done, links=(undo, _look(given.report))), (_notice(visit, given, told, author),))


async def show(talk: Talk, visit: Visit) -> Chosen | Reply | None:
    """Which report, which of what is hidden, why, and whether to do it."""
    report = await talk.ask("report", Filed(_("¿De cuál avance? Escriba su folio."), visit))
    pieces = _numbered(visit, report, held=True)
    if not pieces:
        return Reply(_("Ese avance no tiene soportes ocultos."), links=(_look(report),))
    theirs = [(n, piece) for n, piece in pieces if visit.who.may(RUN) or piece.held_by_id == visit.who.id]
    if not theirs:
        return Reply(_("Lo ocultó otra persona. Pida a la coordinación que lo vuelva a mostrar."))
    prompt = _("¿Cuál soporte de {folio} se vuelve a mostrar?", folio=report.folio)
    number, piece = await talk.ask("piece", Piece(prompt, _options(theirs), sheet=_sheet(report, theirs)))
    why = await talk.ask("why", Words(_("¿Por qué? Queda escrito."), most=500))
    sure = paragraphs(
        _("El soporte {n} ({kind}) de {folio} se vuelve a publicar.", n=number, kind=KINDS[piece.kind],
          folio=report.folio),
        _("Motivo: {reason}", reason=why),
        _("Que estuvo oculto queda a la vista de quien trabaja en el plan. ¿Confirma?"),
    )  # fmt: skip
    return Chosen(report, number, piece, why) if await talk.ask("sure", YesNo(sure, yes=_("Sí, mostrar"))) else None


def _show(visit: Visit, given: Chosen) -> Outcome:
    author = withholdings.show(visit, given.piece.id, given.why)
    _record(visit, given, "evidence.shown")
    told = _("{by} volvió a mostrar en el sitio público un soporte que estaba oculto:", by=visit.who.name)
    done = _("Listo: se trata de nuevo como los demás soportes.")
    return Outcome(Reply(done, links=(_look(given.report),)), (_notice(visit, given, told, author),))


def _numbered(visit: Visit, report: Listed, held: bool) -> list[tuple[int, Kept]]:
    """The evidence that is hidden, or that is not, each with its place in the report."""
    pieces = enumerate(evidence_of(visit.connection, report), 1)
    return [(n, one) for n, one in pieces if one.held is held and one.kind != "place"]


def _options(pieces: list[tuple[int, Kept]]) -> list[Option[tuple[int, Kept]]]:
    return [Option(str(one.id), _label(n, one), (n, one), (str(n),)) for n, one in pieces]


def _label(number: int, one: Kept) -> Say:
    called = one.ref if one.kind == "link" else one.name
    if not called:  # photos of a platform have no name
        return _("{n}. {kind}", n=number, kind=KINDS[one.kind])
    return _("{n}. {kind}: {name}", n=number, kind=KINDS[one.kind], name=called[:LONGEST])


def _sheet(report: Listed, pieces: list[tuple[int, Kept]]) -> Picture | None:
    files = [(n, one) for n, one in pieces if one.kind != "link"]
    if not files:
        return None
    tiles = [
        {"number": n, "kind": one.kind, "ref": one.ref, "name": one.name, "minors": one.quarantined, "odd": False}
        for n, one in files
    ]
    heading = asdict(_("{number}. {title}", number=report.number, title=report.title))
    return Picture(
        "evidence",
        {"entity": report.office, "heading": heading, "plan": report.folio,
         "day": report.received_at.date().isoformat(), "tiles": tiles},
        lines(_("Soportes del avance {folio}:", folio=report.folio), *(_label(n, one) for n, one in files)),
    )  # fmt: skip


def _record(visit: Visit, given: Chosen, action: str) -> None:
    audit.record(
        visit.connection, visit.now, visit.who.id, action, given.report.folio, evidence=given.piece.id,
        report=given.report.id,
    )  # fmt: skip


def _notice(visit: Visit, given: Chosen, told: Say, author: int) -> Notice:
    report = given.report
    what = _("{folio}, soporte {n} ({kind})", folio=report.folio, n=given.number, kind=KINDS[given.piece.kind])
    text = paragraphs(told, lines(
        what, titled(report, report.office, period_in_words(report.period), report.item),
        _("Motivo: {reason}", reason=given.why) if given.why else "",
    ))  # fmt: skip
    return Notice(f"withheld:{given.piece.id}:{visit.now.isoformat()}", Reply(text, links=(_look(report),)), RUN,
                  people=(author,))  # fmt: skip


def _look(report: Listed) -> Choice:
    return Choice(f"/avance {report.folio}", _("Ver el avance"))


HIDE = Conversation(
    name="hide_evidence",
    command="/ocultar",
    run=hide,
    commit=_hide,
    title=_("Ocultar un soporte del sitio público"),
    phrases=("ocultar", "ocultar un soporte", "ocultar una foto", "ocultar un archivo", "no publicar una foto",
             "quitar una foto del sitio", "esa foto no se puede publicar"),
    roles=MAY,
)  # fmt: skip
SHOW = Conversation(
    name="show_evidence",
    command="/mostrar",
    run=show,
    commit=_show,
    title=_("Volver a mostrar un soporte oculto"),
    phrases=("mostrar un soporte", "volver a mostrar un soporte", "volver a publicar una foto"),
    roles=MAY,
    hidden=True,
)
