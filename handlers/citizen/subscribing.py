"""/avisos: what somebody wants to hear of, at once or once a day: a purpose of its own, with a consent of its own."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from conversation.messages import Choice, Heard, Reply
from conversation.questions import Answer, Misread, Partial, Reading, Stale
from conversation.questions.base import Shown
from conversation.questions.choices import NO
from conversation.talk import Talk
from conversation.texts import Joined, Say, _, lines, listed, paragraphs, render
from conversation.understanding import best, fold
from handlers.base import Conversation, Outcome
from handlers.citizen.subjects import Subject, called, exists, read, subject
from handlers.everyone.welcome import VERSION, declined, notice
from models import audit, subscriptions
from models.offices import registry
from models.visit import Visit
from plans.terms import Office

# Whoever changes a word of the purpose changes the version: it says which words a person agreed to.
PURPOSE = "avisos-2026-11"
PACES = {
    "now": ("si", "acepto", "ya", "enseguida", "de una", "al instante", "de inmediato", "at once", "yes", "1"),
    "daily": ("diario", "cada dia", "una vez", "una al dia", "una vez al dia", "resumen", "once a day", "daily", "2"),
}
ANSWERS = (
    Choice("now", _("Sí, enseguida")), Choice("daily", _("Sí, una vez al día")), Choice("no", _("No, gracias")),
)  # fmt: skip
NAMED = ("Salud", "Educación", "Vías y obras", "Mujeres y género")
LOOK = Choice("/mis_avisos", _("Ver mis avisos"))
WORDS = re.compile(
    r"(?:quiero |deseo |me gustaria |por favor )*(?:recibir |tener |activar |pedir )?(?:los |unos )?"
    r"(?:avisos?|noticias|alertas?|notificaciones|avis\w*me|inform\w*me|enter\w*me|suscrib\w+|inscrib\w+ a avisos|saber"
    r"|alerts|subscribe(?: me)?|notify me|news|tell me) (?:cuando haya |algo )?"
    r"(?:de|del|sobre|a|en|para|for|about|to) (.+)"
)
# "quiero saber de la 6" asks how that goes.
NUMBERED = re.compile(r"\d")


@dataclass(frozen=True)
class Offices:
    """The offices, read once and only where somebody asks."""

    visit: Visit

    @cached_property
    def known(self) -> dict[str, Office]:
        """By code."""
        return {office.code: office for office in registry(self.visit.connection)}

    def __call__(self) -> dict[str, Office]:
        return self.known


@dataclass(frozen=True, slots=True)
class About:
    """What to hear of. Stored: the keys of its subjects."""

    offices: Offices

    def show(self, draft: Any) -> Shown:
        if draft:
            return Shown(_("¿Cuál de estos?"), tuple(Choice(",".join(keys), self._called(keys)) for keys in draft))
        prompt = _("¿De qué quiere avisos? Escriba un municipio, un tema o una oficina. Por ejemplo: salud en Tumaco. "
                   "O escriba: todo.")  # fmt: skip
        return Shown(prompt, (*(Choice(name, name) for name in NAMED), Choice("todo", _("Todo"))), "text")

    def read(self, heard: Heard, draft: Any) -> Reading:
        if draft and (chosen := self._one_of(heard, draft)):
            return Answer(chosen)
        meant = read(heard.choice or heard.text, self.offices)
        offers = [[one.key for one in offer] for offer in meant.offers]
        if len(offers) == 1:
            known = all(exists(subject(key), self.offices) for key in offers[0])
            return Answer(offers[0]) if known else Misread(_("Ese enlace ya no sirve."))
        if offers:
            return Partial(offers, _("Hay varios con ese nombre."))
        if meant.unknown:
            return Misread(_("No conozco «{words}». Escriba el nombre de un lugar o de un tema. O escriba: todo.",
                             words=meant.unknown[:80]))  # fmt: skip
        return Misread(_("Escriba el nombre de un lugar o de un tema. O escriba: todo."))

    def load(self, stored: Any) -> tuple[Subject, ...]:
        found = tuple(subject(key) for key in stored if isinstance(key, str)) if isinstance(stored, list) else ()
        if not found or not all(exists(one, self.offices) for one in found):
            raise Stale("")
        return found

    def _one_of(self, heard: Heard, draft: list[list[str]]) -> list[str] | None:
        typed = fold(heard.text)
        if typed.isdecimal() and 0 < int(typed[:3]) <= len(draft):
            return draft[int(typed[:3]) - 1]
        labels = {",".join(keys): (render(self._called(keys), heard.language),) for keys in draft}
        found = [heard.choice] if heard.choice in labels else best(heard.text, labels)
        return found[0].split(",") if len(found) == 1 else None

    def _called(self, keys: list[str]) -> Say:
        return named([subject(key) for key in keys], self.offices)


@dataclass(frozen=True, slots=True)
class Permission:
    """Whether, and how often. Stored: {"pace", "purpose": the wording agreed to, "notice": that of the first consent}.

    "" is stored where it was refused.
    """

    visit: Visit
    what: Say

    def show(self, draft: Any) -> Shown:
        first = notice(self.visit, asks=False) if not self.visit.who.consented else ""
        return Shown(paragraphs(first, self._purpose()), ANSWERS, again=self._purpose())

    def read(self, heard: Heard, draft: Any) -> Reading:
        typed = fold(heard.text)
        shown = {choice.key: (fold(render(choice.label, heard.language)),) for choice in ANSWERS}
        words = {key: (*shown[key], *PACES.get(key, (*NO, "3"))) for key in shown}
        if typed.partition(" ")[0] == "no":
            found = ["no"]
        else:
            found = [heard.choice] if heard.choice in words else best(typed, words)
        if len(found) != 1:
            return Misread(_("Escriba: enseguida, una vez al día, o no."))
        if found[0] == "no":
            return Answer("")
        first = "" if self.visit.who.consented else render(notice(self.visit, asks=False), heard.language)
        return Answer({"pace": found[0], "purpose": render(self._purpose(), heard.language), "notice": first})

    def load(self, stored: Any) -> dict[str, str] | None:
        if stored != "" and not (isinstance(stored, dict) and stored.get("pace") in PACES):
            raise Stale("")
        return stored or None

    def _purpose(self) -> Joined:
        return lines(
            _("Le aviso de: {what}.", what=self.what),
            _("Para eso se guarda qué avisos pidió. Puede dejarlos cuando quiera con la palabra BAJA. ¿Acepta?"),
        )


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to subscribe to, called so, at which pace; `consent` is one given before, else what was agreed to now."""

    subjects: tuple[Subject, ...]
    what: Say
    pace: str
    consent: int | None
    purpose: str = ""
    notice: str = ""


async def subscribe(talk: Talk, visit: Visit) -> Wanted | Reply:
    """What, and how often; who has agreed before is asked no more than what."""
    offices = Offices(visit)
    subjects = await talk.ask("about", About(offices))
    what = named(subjects, offices)
    agreed = subscriptions.agreed(visit.connection, visit.who.id, PURPOSE) if visit.who.consented else None
    if agreed:
        held = subscriptions.of(visit.connection, visit.who.id)
        return Wanted(subjects, what, held[-1].pace if held else "now", agreed)
    given = await talk.ask("permission", Permission(visit, what))
    if given is None:
        return Reply(_("Está bien, no le envío avisos.")) if visit.who.consented else declined()
    return Wanted(subjects, what, given["pace"], None, given["purpose"], given["notice"])


def _subscribe(visit: Visit, wanted: Wanted) -> Outcome:
    """Keep the consents and what they are for."""
    connection, who, now = visit.connection, visit.who, visit.now
    consent = wanted.consent
    if consent is None:
        given = [(VERSION, wanted.notice)] if wanted.notice else []
        consent = subscriptions.agree(connection, who, [*given, (PURPOSE, wanted.purpose)], now)
    pairs = [(one.kind, one.value) for one in wanted.subjects]
    subscriptions.hold(connection, who.id, pairs, wanted.pace, consent, now)
    # Not what they want to hear of: that can be forgotten, what is written here cannot.
    audit.record(connection, now, who.id, "subscription.begun", f"person:{who.id}", consent=consent)
    return Outcome(Reply(
        paragraphs(
            _("Listo. Le aviso de {what}, {pace}.", what=wanted.what, pace=pace_in_words(wanted.pace)),
            _("Para cambiar algo escriba /mis_avisos. Para dejar todo escriba BAJA."),
        ),
        links=(LOOK,),
    ))  # fmt: skip


def named(subjects: tuple[Subject, ...] | list[Subject], offices: Offices) -> Joined:
    """ "Salud en Cumbal, Pasto"."""
    return listed([called(one, offices) for one in subjects])


def pace_in_words(pace: str) -> Say:
    """ "enseguida", "una vez al día"."""
    return _("una vez al día") if pace == "daily" else _("enseguida")


def _understands(text: str) -> str | None:
    """ "avisos de Cumbal" → "cumbal"; "quiero saber de la 6" is a question about the plan."""
    found = WORDS.fullmatch(fold(text))
    if not found:
        return None
    meant = read(found[1], dict)
    sure = re.search(r"\b(?:avis|alert|suscri|subscri|notif|inscri)", fold(text))
    return found[1] if meant.offers or (sure and not NUMBERED.search(found[1])) else None


SUBSCRIBE: Conversation = Conversation(
    name="subscribe",
    command="/avisos",
    run=subscribe,
    commit=_subscribe,
    title=_("Recibir avisos de eventos"),
    phrases=("avisos", "quiero avisos", "quiero recibir avisos", "suscribirme", "suscripcion", "subscribe", "alerts"),
    understands=_understands,
    consent=False,
)
