"""Questions with given answers: one of several, yes or no."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from conversation.messages import Choice, Heard
from conversation.questions.base import Answer, Misread, Partial, Reading, Shown, Stale
from conversation.texts import Language, Say, _, n_, render
from conversation.understanding import best, fold

T = TypeVar("T")

PAGE = 8
MORE = ("mas", "ver mas", "siguiente", "siguientes", "otras", "mas opciones")


@dataclass(frozen=True, slots=True)
class Option(Generic[T]):
    """One answer. `key` is what is stored (short, stable), `words` what people may call it besides its label."""

    key: str
    label: Say
    value: T
    words: tuple[str, ...] = ()

    def phrases(self, language: Language) -> tuple[str, ...]:
        """Everything that means this option."""
        return (render(self.label, language), *self.words)


@dataclass(frozen=True, slots=True)
class Pick(Generic[T]):
    """One of the options, shown a page at a time.

    A bare number means the option known by it; the position only where options are not told apart by numbers.
    `closed`: what can be named too but no longer chosen; who does hears `gone`.
    """

    prompt: Say
    options: Sequence[Option[T]]
    gone: Say = field(default_factory=lambda: _("Esa opción ya no está disponible."))
    closed: Sequence[Option[T]] = ()

    def show(self, draft: Any) -> Shown:
        shown = self._among(draft)
        # There may be fewer of them by now than when the page was turned.
        last = max(0, len(shown) - 1) // PAGE
        start = min(int((draft or {}).get("page", 0)), last) * PAGE
        page = shown[start : start + PAGE]
        left = len(shown) - start - len(page)
        more = (Choice("+", n_("Ver {n} más", "Ver {n} más", left)),) if left > 0 else ()
        return Shown(self.prompt, tuple(Choice(o.key, o.label) for o in page) + more)

    def read(self, heard: Heard, draft: Any) -> Reading:
        if heard.choice == "+" or fold(heard.text) in MORE:
            return self._next_page(draft)
        meant = [heard.choice] if heard.choice else self._meant(heard, draft)
        known = {option.key for option in self.options}
        found = [key for key in meant if key in known]
        if len(found) == 1:
            return Answer(found[0])
        if found:
            return Partial({"among": found}, _("Hay varias opciones que se parecen."))
        if meant:
            return Misread(self.gone)
        return Misread(_("No encontré esa opción. Toque una de la lista o escriba su nombre o su número."))

    def load(self, stored: Any) -> T:
        for option in self.options:
            if option.key == stored:
                return option.value
        raise Stale(self.gone)

    def _among(self, draft: Any) -> list[Option[T]]:
        """The options a doubt has narrowed the list to, or all of them."""
        among = (draft or {}).get("among")
        narrowed = [option for option in self.options if option.key in among] if among else []
        return narrowed or list(self.options)

    def _next_page(self, draft: Any) -> Reading:
        pages = -(-len(self._among(draft)) // PAGE)
        if pages <= 1:
            return Misread(_("Estas son todas las opciones."))
        return Partial({**(draft or {}), "page": (int((draft or {}).get("page", 0)) + 1) % pages})

    def _meant(self, heard: Heard, draft: Any) -> list[str]:
        typed, shown = fold(heard.text), self._among(draft)
        if typed.isdecimal() and len(typed) < 6:
            known = [{int(word) for word in option.words if word.isdecimal()} for option in shown]
            called = [option.key for option, numbers in zip(shown, known, strict=True) if int(typed) in numbers]
            if any(numbers != known[0] for numbers in known):
                return called
            # Options that have no number of their own, or all the same, can only be told apart by position.
            return [option.key for option in shown[int(typed) - 1 : int(typed)]] or called
        named = {option.key: option.phrases(heard.language) for option in (*shown, *self.closed)}
        return best(heard.text, named)


YES = (
    "si", "s", "sip", "claro", "ok", "vale", "dale", "listo", "correcto", "de una", "confirmo", "confirmar", "acepto",
    "esta bien", "asi es", "bueno", "yes",
)  # fmt: skip
NO = ("no", "n", "nop", "negativo", "todavia no", "no acepto", "para nada", "no gracias")


@dataclass(frozen=True, slots=True)
class YesNo:
    """Yes or no, in whatever words."""

    prompt: Say
    yes: Say = field(default_factory=lambda: _("Sí"))
    no: Say = field(default_factory=lambda: _("No"))

    def show(self, draft: Any) -> Shown:
        return Shown(self.prompt, (Choice("yes", self.yes), Choice("no", self.no)))

    def read(self, heard: Heard, draft: Any) -> Reading:
        meant = heard.choice or self._meant(heard)
        return Answer(meant) if meant in ("yes", "no") else Misread(_("Responda sí o no, por favor."))

    def _meant(self, heard: Heard) -> str:
        typed = fold(heard.text)
        first = typed.partition(" ")[0]
        # A refusal may hold all the words of the yes: "no corregir".
        if first in ("si", "no") or typed in ("1", "2"):
            return "yes" if first in ("si", "1") else "no"
        labels = {"yes": (*YES, render(self.yes, heard.language)), "no": (*NO, render(self.no, heard.language))}
        found = best(heard.text, labels)
        return found[0] if len(found) == 1 else ""

    def load(self, stored: Any) -> bool:
        if stored not in ("yes", "no"):
            raise Stale("")
        return bool(stored == "yes")
