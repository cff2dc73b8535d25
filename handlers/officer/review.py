"""The last look at a report: what would be sent, what can still be put right, and the word that sends it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from conversation.messages import Attachment, Choice, Heard
from conversation.questions import Amend, Answer, Count, Date, Files, Misread, Partial, Reading, Shown, Stale
from conversation.questions.choices import NO, YES
from conversation.questions.files import DONE, links
from conversation.texts import Say, _, paragraphs, render
from conversation.understanding import best, day, fold, number

SHOWS_PEOPLE = ("photo", "video")
SEND = (*YES, *DONE, "enviar", "envielo", "enviarlo", "mandelo", "send")
DROP = ("no enviar", "no lo envie", "no enviarlo", "descartar", "do not send", "dont send")
PLAIN_YES = ("si", "s", "sip", "si senor", "si senora", "yes")
ABOUT = frozenset({"menor", "menores", "aparece", "aparecen", "sale", "salen", "ninos", "minors"})
# Amounts that fit on buttons.
FEW = 4


@dataclass(frozen=True, slots=True)
class Reviewed:
    """The last word. `minors` is None where nothing could show any; `sends` False means: rather not."""

    proof: tuple[Attachment, ...]
    minors: bool | None
    sends: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Review(Files):
    """Evidence, and once there is enough of it everything as it would be sent.

    More files may still come; the day and the amount (None where there is only one) are put right by a button or by
    writing them. Where people can be seen, whether minors are among them is what is asked, and the answer sends it.
    """

    told: Callable[[tuple[Attachment, ...]], Say]
    day: Date
    amount: Count | None

    def show(self, draft: Any) -> Shown:
        if not self.enough(draft):
            return Files.show(self, draft)
        files = _attachments(draft)
        ask = _("¿Aparecen menores de edad? Al responder, se envía.") if shows_people(files) else _("¿Lo envío?")
        return Shown(paragraphs(self.told(files), ask), (*_closing(files), *self._others()), "file")

    def read(self, heard: Heard, draft: Any) -> Reading:
        if not self.enough(draft) or heard.attachments or links(heard.text):
            return Files.read(self, heard, draft)
        files = _attachments(draft)
        said = heard.choice or _typed(heard, files, self.amount is None)
        if said in ("yes", "no", "drop"):
            return Answer({"files": draft, "said": said})
        return self._amended(said, heard, draft) or Misread(
            _("Responda sí o no. También puede enviar otro soporte.")
            if shows_people(files)
            else _("Toque un botón, o envíe otro soporte.")
        )

    def load(self, stored: Any) -> Any:
        if not isinstance(stored, dict) or stored.get("said") not in ("yes", "no", "drop"):
            raise Stale("")
        proof = Files.load(self, stored.get("files"))
        return Reviewed(proof, stored["said"] == "yes" if shows_people(proof) else None, stored["said"] != "drop")

    def _others(self) -> tuple[Choice, ...]:
        amounts: tuple[Choice, ...] = ()
        if self.amount and self.amount.most <= FEW:
            amounts = tuple(Choice(str(n), _("Son {n}", n=n)) for n in range(1, self.amount.most + 1))
        elif self.amount:
            amounts = (Choice("amount", _("Otra cantidad")),)
        return (*amounts, Choice("day", _("Fue otro día")))

    def _amended(self, said: str, heard: Heard, draft: Any) -> Reading | None:
        """The day or the amount, if that is what the message is about."""
        if said == "day":
            return Partial(draft, _("Escriba el día: ayer, el martes, 9 de junio."))
        if said == "amount":
            return Partial(draft, _("Escriba cuántas son."))
        if day(heard.text, heard.today):
            return _amend("day", self.day.read(heard, None))
        if self.amount and number(heard.choice or heard.text) is not None:
            return _amend("done", self.amount.read(heard, None))
        return None


def shows_people(files: tuple[Attachment, ...]) -> bool:
    """Whether minors could be seen in them."""
    return any(item.kind in SHOWS_PEOPLE for item in files)


def _amend(name: str, reading: Reading) -> Reading:
    return Amend(name, reading.stored) if isinstance(reading, Answer) else reading


def _attachments(draft: Any) -> tuple[Attachment, ...]:
    return tuple(Attachment(**item) for item in draft)


def _closing(files: tuple[Attachment, ...]) -> tuple[Choice, ...]:
    """The words that end it, by what they store."""
    drop = Choice("drop", _("No enviar"))
    if shows_people(files):
        return (Choice("no", _("No aparecen: enviar")), Choice("yes", _("Sí aparecen: enviar")), drop)
    return (Choice("yes", _("Sí, enviar")), drop)


def _typed(heard: Heard, files: tuple[Attachment, ...], by_position: bool) -> str:
    """The button that the words mean, "" for none. A "no" to "¿Lo envío?" is a no; to "¿Aparecen menores?" it sends."""
    typed, closing = fold(heard.text), _closing(files)
    if typed in DROP:
        return "drop"
    for position, choice in enumerate(closing, 1):
        if typed == fold(render(choice.label, heard.language)) or (by_position and typed == str(position)):
            return choice.key
    if not shows_people(files):
        return "yes" if best(typed, {"yes": SEND}) else "drop" if typed in NO else ""
    # Anything longer could mean something else ("no lo envíe aún"): it must speak of minors.
    about = bool(ABOUT & set(typed.split()))
    if typed in NO or (about and typed.startswith(("no ", "sin ", "ningun"))):
        return "no"
    return "yes" if typed in PLAIN_YES or about else ""
