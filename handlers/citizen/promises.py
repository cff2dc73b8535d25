"""/compromisos: what was promised, by whom, until when, and whether it was kept: "¿qué prometieron en Cumbal?"."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from conversation.messages import Choice, Reply
from conversation.talk import Talk
from conversation.texts import Say, Text, _, lines, n_, paragraphs
from conversation.understanding import fold
from handlers.base import Conversation, said_like
from handlers.citizen.event_card import LEAVE, titled
from handlers.citizen.subjects import Subject, called, read
from handlers.citizen.subscribing import Offices, named
from models import commitments
from models.commitments import Promise
from models.event_cards import Card
from models.visit import Visit

PAGE = 4
ALL = ("", "todo", "todos", "all")
PAGED = re.compile(r"(.*?) ?\bpag (\d{1,3})")
EVENT = re.compile(r"(?:e_)?(e\d{4,6})", re.IGNORECASE)
ONE = re.compile(r"c-\d{4}-\d{3,}", re.IGNORECASE)
# "¿qué prometieron en Cumbal?" → "cumbal".
SAID = re.compile(
    r"(?:y )?(?:que (?:me |nos |se )?(?:prometieron|prometio|ha prometido|han prometido)|que compromisos (?:hay|"
    r"hicieron)|(?:ver )?(?:los )?(?:compromisos|promesas)|(?:ya )?cumplieron (?:lo que prometieron|los compromisos|"
    r"las promesas)|what did they promise|promises)(?: (?:en|de|del|sobre|para|a|in|about) (.+))?"
)
STATES: Mapping[str, Text] = {
    "kept": _("Cumplido. Otra persona ya lo revisó."),
    "reported": _("Dicen que está hecho. Falta que otra persona lo revise."),
    "late": _("Se venció y no está hecho."),
    "open": _("Aún no se ha hecho."),
}


async def promises(talk: Talk, visit: Visit) -> Reply:
    """Reads only; the same for everybody, at the level of offices."""
    words, page = talk.argument.strip(), 1
    if found := PAGED.fullmatch(words):
        words, page = found[1], int(found[2])
    known = commitments.promised(visit.connection, visit.today)
    if ONE.fullmatch(words) or EVENT.fullmatch(words):
        event = EVENT.fullmatch(words)
        code = (event[1] if event else words).upper()
        some = [one for one in known if code in (one.key, one.event)]
        return _told(some, code, page, "")
    if fold(words) in ALL:
        return _told(known, "", page, "")
    offices = Offices(visit)
    meant = read(words, offices)
    if not meant.offers:
        text = _("No conozco «{words}». Escriba un municipio, un tema o una oficina.", words=words[:80])
        return Reply(text, links=(Choice("/compromisos", _("Ver todos")),))
    if len(meant.offers) > 1:
        subjects = (one for offer in meant.offers for one in offer)
        links = tuple(Choice(f"/compromisos {one.payload}", called(one, offices)) for one in subjects)
        return Reply(_("Hay varios con ese nombre. ¿Cuál?"), links=links)
    about = meant.offers[0]
    some = [one for one in known if one.concerns & {subject.key for subject in about}]
    said = about[0].payload if len(about) == 1 else words
    return _told(some, said, page, named(about, offices) if about != (Subject("all"),) else "")


def concluded(event: Card, details: Mapping[str, Any]) -> Reply:
    """What came of an event, as those it concerns read it; `details` as models.concluding announces them."""
    made = [
        lines(_("{code}: {text}", code=one["key"], text=one["text"]),
              _("A cargo: {office}, hasta el {day}.", office=one["office"], day=date.fromisoformat(one["due"])))
        for one in details["promises"][:PAGE]
    ]  # fmt: skip
    more = len(details["promises"]) - len(made)
    text = paragraphs(
        titled(event), _("Esto se concluyó: {text}", text=details["conclusions"]),
        _("Esto se prometió:") if made else _("No hubo promesas."), *made,
        n_("y {n} más", "y {n} más", more) if more > 0 else "", _("Le aviso cuando se cumpla.") if made else "", LEAVE,
    )  # fmt: skip
    return Reply(text, links=(_all_of(event),))


def kept(event: Card, details: Mapping[str, Any]) -> Reply:
    """That a promise was kept; `details` as models.commitments announces them."""
    text = paragraphs(
        titled(event), _("Se cumplió lo que se prometió: {text}", text=details["text"]),
        _("Lo hizo: {office}. Otra persona ya lo revisó.", office=details["office"]), LEAVE,
    )  # fmt: skip
    return Reply(text, links=(_all_of(event),))


def _told(some: list[Promise], said: str, page: int, where: Say) -> Reply:
    """A page of promises, those that are not kept first."""
    head: Say = _("Compromisos: {where}", where=where) if where else _("Compromisos")
    if not some:
        return Reply(lines(head, _("No hay compromisos.")), links=(Choice("/eventos", _("Ver los próximos eventos")),))
    ordered = sorted(some, key=lambda one: one.state == "kept")
    page = max(1, min(page, -(-len(ordered) // PAGE)))
    left = len(ordered) - page * PAGE
    more = f"/compromisos {said} pag {page + 1}".replace("  ", " ")
    text = paragraphs(
        lines(head, _counts(some)),
        *(_line(one) for one in ordered[(page - 1) * PAGE : page * PAGE]),
    )
    return Reply(text, links=(Choice(more, n_("Ver {n} más", "Ver {n} más", left)),) if left > 0 else ())


def _counts(some: list[Promise]) -> Say:
    done, late = (_count(some, state) for state in ("kept", "late"))
    waits = len(some) - done - late
    return lines(
        n_("{n} cumplido", "{n} cumplidos", done) if done else "",
        n_("{n} por cumplir", "{n} por cumplir", waits) if waits else "",
        n_("{n} vencido", "{n} vencidos", late) if late else "",
    )


def _count(some: list[Promise], state: str) -> int:
    return sum(one.state == state for one in some)


def _line(one: Promise) -> Say:
    return lines(
        _("{code}: {text}", code=one.key, text=one.text),
        _("A cargo: {office}, hasta el {day}.", office=one.office, day=one.due),
        STATES[one.state],
    )


def _all_of(event: Card) -> Choice:
    return Choice(f"/compromisos {event.key}", _("Ver los compromisos"))


PROMISES = Conversation(
    name="promises", command="/compromisos", run=promises, title=_("Ver qué se prometió y si se cumplió"),
    understands=said_like(SAID), consent=False,
)  # fmt: skip
