"""/corte: the cut-offs and periods of the plan; who runs it freezes one, and what came later is told beside it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial

from conversation.messages import Choice, Reply
from conversation.talk import Talk
from conversation.texts import Say, Text, _, lines, listed, n_, paragraphs
from conversation.understanding import day as day_of
from conversation.understanding import fold
from handlers.base import Conversation, Notice, Outcome
from handlers.coordinator.subject import Sure
from handlers.spans import days_in, key_of
from handlers.wording import period_in_words
from models import adjustments, audit, closes
from models.adjustments import Adjustment, Cause
from models.as_of import as_of
from models.closes import Standing
from models.figures import NOTHING, Counts, Scope
from models.people import RUN, Role
from models.plan import Timetable, timetable
from models.summaries import midnight
from models.visibility import READ_ALL
from models.visit import Visit

# Adjustments told in a message.
SHOWN = 6
LAST = timedelta(microseconds=1)
# The name of the question carries what it is about: a yes to one close never closes another.
SURE = "sure-"
PAGED = re.compile(r" pag (\d{1,3})$")
HAPPENED: dict[str, Text] = {
    "report.filed": _("llegó"),
    "report.corrected": _("se corrigió"),
    "report.withdrawn": _("se retiró"),
    "report.verified": _("se verificó"),
    "report.returned": _("se devolvió"),
    "review.reverted": _("se revirtió la revisión de"),
    "reading": _("se decidió cómo se cuenta"),
    "topics": _("se aprobaron temas"),
    "event": _("se escribió un espacio de diálogo"),
    "waiver": _("se dispensó o se restableció"),
    "import": _("cambió el plan"),
}


@dataclass(frozen=True, slots=True)
class Cut:
    """What can be closed: a cut-off (`first` is None) or a period."""

    plan_id: int
    key: str
    first: date | None
    day: date

    @property
    def scope(self) -> Scope:
        """What it holds."""
        return Scope(days=(self.first, self.day) if self.first else None)


async def close(talk: Talk, visit: Visit) -> Cut | Reply | None:
    """Which; the figures and what is missing are read back first. What is closed is shown with what changed since."""
    known = timetable(visit.connection)
    if known is None:
        return Reply(_("Todavía no hay un plan."))
    said = talk.argument or next((name[len(SURE) :] for name in talk.names if name.startswith(SURE)), "")
    if not said:
        return _all(visit, known)
    page, said = _page(said)
    cut = cut_of(said, known, visit)
    if cut is None:
        return Reply(_("No encontré ese corte. Escriba una de sus fechas (30 de abril) o un periodo (trimestre 1)."),
                     links=(Choice("/corte", _("Ver los cortes")),))  # fmt: skip
    found = closes.standing(visit.connection, cut.plan_id, cut.key, figures=False)
    if found and not found[-1].reopened_at:
        return _closed(visit, closes.standing(visit.connection, cut.plan_id, cut.key)[-1], page)
    if not visit.who.may(RUN):
        return Reply(_("{what} no está cerrado.", what=called(cut)))
    if cut.day > visit.today:
        return Reply(_("{what} se puede cerrar desde el {day}.", what=called(cut), day=cut.day))
    talk.argument = ""
    sure = await talk.ask(SURE + cut.key, Sure(partial(_read_back, visit, cut, found), _("Sí, cerrar")))
    return cut if sure else None


def cut_of(said: str, known: Timetable, visit: Visit) -> Cut | None:
    """The cut-off or period that words name."""
    typed = fold(said)
    named = day_of(said, visit.today)
    for cutoff in known.cutoffs:
        if named and (cutoff.month, cutoff.day) == (named.month, named.day) and _year_fits(said, cutoff):
            return Cut(known.plan_id, cutoff.isoformat(), None, cutoff)
    year = known.cutoffs[0].year if known.cutoffs else visit.today.year
    days, rest = days_in(typed, year, visit.today)
    if days is None or rest.strip() not in ("", "periodo", "corte"):
        return None
    key = key_of(days)
    return Cut(known.plan_id, key, *days) if " " not in key else None


def _year_fits(said: str, cutoff: date) -> bool:
    """Words that name a year name this one."""
    years = [word for word in fold(said).split() if len(word) == 4 and word.isdecimal()]
    return not years or str(cutoff.year) in years


def called(cut: Cut | Standing) -> Say:
    """ "El corte del 30 de abril de 2022", "El periodo trimestre 1 de 2022"."""
    if cut.first is None:
        return _("El corte del {day}", day=cut.day)
    return _("El periodo {period} de {year}", period=period_in_words(cut.key) or cut.key, year=cut.day.year)


def percent(counts: Counts, period: bool) -> int:
    """Per cent that is done: of what was due, or of a period all of it; floored."""
    return counts.of_year if period else counts.to_date or 0


def until(visit: Visit, day: date) -> datetime:
    """The last moment of a day."""
    return midnight(day + timedelta(days=1), visit.zone) - LAST


def _all(visit: Visit, known: Timetable) -> Reply:
    """Every cut-off and every close, by day."""
    standing: dict[str, Standing] = {one.key: one for one in closes.standing(visit.connection, known.plan_id)}
    told: dict[str, tuple[date, Say]] = {key: (one.day, _line(one)) for key, one in standing.items()}
    links = [Choice(f"/corte {key}", called(one)) for key, one in standing.items() if not one.reopened_at]
    for cutoff in known.cutoffs:
        key = cutoff.isoformat()
        if key in standing:
            continue
        come = cutoff <= visit.today
        what = called(Cut(known.plan_id, key, None, cutoff))
        told[key] = (cutoff, _("{what}: sin cerrar.", what=what) if come else _("{what}: aún no llega.", what=what))
        if come and visit.who.may(RUN):
            links.append(Choice(f"/corte {key}", _("Cerrar el corte del {day}", day=cutoff)))
    if visit.who.may(RUN):
        links += [
            Choice(f"/corte {key}", _("Cerrar de nuevo {period}", period=key))
            for key, one in standing.items() if one.reopened_at
        ]  # fmt: skip
    ordered = [say for _day, say in sorted(told.values(), key=lambda one: one[0])]
    hint = _("También se cierra un periodo: /corte trimestre 1.") if visit.who.may(RUN) else ""
    return Reply(paragraphs(lines(*ordered) if ordered else _("El plan no tiene cortes."), hint), links=tuple(links))


def _line(one: Standing) -> Say:
    if one.reopened_at:
        return _("{what}: se reabrió.", what=called(one))
    period = one.first is not None
    return _("{what}: cerrado, {reported} % reportado, {verified} % verificado.", what=called(one),
             reported=percent(one.counts, period), verified=percent(one.counts.official, period))  # fmt: skip


def _figures(counts: Counts, period: bool) -> Say:
    """ "Reportado: 25 de 41 (60 %). Verificado: 20 de 41 (48 %)."""
    whole = counts.units if period else counts.due
    done, verified = (counts.done, counts.verified) if period else (counts.done_due, counts.verified_due)
    return _("Reportado: {done} de {whole} ({percent} %). Verificado, que es lo oficial: {verified} de {whole} "
             "({official} %).", done=done, verified=verified, whole=whole, percent=percent(counts, period),
             official=percent(counts.official, period))  # fmt: skip


def _read_back(visit: Visit, cut: Cut, before: Sequence[Standing]) -> Say:
    """The figures that would be frozen, and what speaks against it now."""
    moment = min(until(visit, cut.day), visit.now)
    rows = as_of(visit.connection, cut.plan_id, moment, cut.scope, decided=visit.now)
    counts = sum((row.counts(cut.day) for row in rows), NOTHING)
    waiting = closes.unreviewed(visit.connection, cut.plan_id, moment)
    missing = counts.due - counts.done_due
    return paragraphs(
        _("Va a cerrar: {what}.", what=called(cut)),
        lines(
            _figures(counts, cut.first is not None),
            n_("De lo vencido falta {n} entregable.", "De lo vencido faltan {n} entregables.", missing)
            if missing else "",
        ),
        lines(
            n_("Ojo: {n} avance que llegó a tiempo sigue sin revisar; no contará como verificado.",
               "Ojo: {n} avances que llegaron a tiempo siguen sin revisar; no contarán como verificados.", waiting)
            if waiting else "",
            n_("Ojo: {n} entregable tiene criterio provisional.", "Ojo: {n} entregables tienen criterio provisional.",
               counts.provisional) if counts.provisional else "",
            _("Ojo: el día del corte no ha terminado.") if cut.day == visit.today else "",
            _("Ya se había cerrado y se reabrió: {reason}", reason=before[-1].reason) if before else "",
        ),
        _("Las cifras quedan congeladas: lo que llegue o se decida después se ve aparte, como ajuste. ¿Confirma?"),
    )  # fmt: skip


def _freeze(visit: Visit, cut: Cut) -> Outcome:
    number = closes.close(visit, cut.plan_id, cut.key, cut.first, cut.day, until(visit, cut.day))
    audit.record(visit.connection, visit.now, visit.who.id, "close.made", f"close:{number}", key=cut.key)
    told = Reply(_("{by} cerró: {what}. Sus cifras ya no cambian.", by=visit.who.name, what=called(cut)),
                 links=(Choice(f"/corte {cut.key}", _("Ver el corte")),))  # fmt: skip
    links = (Choice(f"/corte {cut.key}", _("Ver el corte")), Choice(f"/reabrir {cut.key}", _("Pedir que se reabra")))
    done = _("Listo: {what} queda cerrado.", what=called(cut))
    return Outcome(Reply(done, links=links), (Notice(f"closed:{number}", told, RUN | {Role.AUDITOR}),))


def _page(said: str) -> tuple[int, str]:
    """The page asked for behind a cut-off, and the cut-off."""
    found = PAGED.search(said)
    return (max(1, int(found[1])), said[: found.start()]) if found else (1, said)


def _closed(visit: Visit, one: Standing, page: int) -> Reply:
    """As it was frozen, as it is now, and why they differ: what was due first, as that moves the official per cent."""
    every = adjustments.adjustments(visit.connection, one)
    now, period = adjustments.total(one, every), one.first is not None
    changed = sorted(every, key=lambda change: not (change.then.due or change.now.due))[SHOWN * (page - 1) :]
    more = len(changed) - SHOWN
    text = paragraphs(
        lines(
            _("{what} se cerró el {day}, por {by}.", what=called(one), day=one.at.astimezone(visit.zone).date(),
              by=one.by),
            _("Reportado: al cierre {then} %, hoy {now} %.", then=percent(one.counts, period),
              now=percent(now, period)),
            _("Verificado: al cierre {then} %, hoy {now} %.", then=percent(one.counts.official, period),
              now=percent(now.official, period)),
        ),
        lines(
            _("Ajustes desde el cierre:"),
            *(_adjusted(change, visit) for change in changed[:SHOWN]),
            n_("y {n} más", "y {n} más", more) if more > 0 else "",
        ) if every else _("Nada ha cambiado desde el cierre."),
        _("{name} pidió reabrirlo: {reason}", name=one.asker, reason=one.reason) if one.asked_by else "",
    )  # fmt: skip
    links = [Choice(f"/corte {one.key} pag {page + 1}", _("Más ({n})", n=more))] if more > 0 else []
    links.append(Choice("/corte", _("Ver los cortes")))
    if visit.who.may(RUN):
        label = _("Decidir si se reabre") if one.asked_by else _("Pedir que se reabra")
        links.append(Choice(f"/reabrir {one.key}", label))
    return Reply(text, links=tuple(links))


def _adjusted(change: Adjustment, visit: Visit) -> Say:
    """ "+1 por A04-2022-05: llegó A04-2022-05-0002, el 4 de mayo de 2022"."""

    def signed(now: int, then: int) -> str:
        return f"{now - then:+}" if now != then else ""

    now, then = change.now, change.then
    moved = [
        _("{n} reportado", n=more) if (more := signed(now.done, then.done)) else "",
        _("{n} verificado", n=more) if (more := signed(now.verified, then.verified)) else "",
        _("{n} por entregar", n=more) if (more := signed(now.units, then.units)) else "",
    ]
    why = listed([_cause(cause, visit) for cause in change.causes[-2:]], "; ")
    told: Say = listed([one for one in moved if one]) if any(moved) else _("otro avance o fecha")
    if not change.causes:
        return _("{told} en {code}", told=told, code=change.code)
    return _("{told} en {code}: {why}", told=told, code=change.code, why=why)


def _cause(cause: Cause, visit: Visit) -> Say:
    said, day = HAPPENED[cause.what], cause.at.astimezone(visit.zone).date()
    if cause.folio:
        return _("{said} {folio}, el {day}", said=said, folio=cause.folio, day=day)
    return _("{said}, el {day}", said=said, day=day)


CLOSE = Conversation(
    name="close",
    command="/corte",
    run=close,
    commit=_freeze,
    title=_("Ver y cerrar los cortes"),
    phrases=("corte", "cortes", "cerrar el corte", "cerrar corte", "cerrar periodo", "ver los cortes"),
    roles=READ_ALL,
)
