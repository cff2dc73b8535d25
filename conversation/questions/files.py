"""A question for evidence: photos, files, links, places, one message after another until "listo"."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from conversation.messages import LOST, PENDING, Attachment, AttachmentKind, Choice, Heard
from conversation.questions.base import Answer, Misread, Partial, Reading, Shown, Stale
from conversation.questions.gathered import kept, places, standing, waiting
from conversation.texts import Say, Text, _, lines, n_
from conversation.understanding import best

DONE = ("listo", "ya", "ya esta", "eso es todo", "es todo", "terminar", "termine", "no mas", "fin", "hecho", "done")
WITHOUT = ("seguir sin ella", "seguir sin ellas", "sigamos sin ella", "sin ella", "sin ellas", "without it",
           "go on without it", "go on without them")  # fmt: skip
LINK = re.compile(r"https?://[^\s<>\"']+", re.IGNORECASE)
LONGEST_LINK = 2000

# What inspection refuses, by its reason, and what to do about it.
PROBLEMS: Mapping[str, Text] = {
    "empty": _("Llegó vacío. Envíelo otra vez."),
    "cut_off": _("Llegó incompleto. Envíelo otra vez, si puede con mejor señal."),
    "disguised": _(
        "No es de la clase que dice su nombre, por eso no lo recibo. Envíe la foto o el documento original."
    ),
    "too_large": _("Es muy grande. Envíe uno más liviano o el enlace donde está publicado."),
    "hostile": _("Contiene algo que puede hacer daño, por eso no se recibe. Envíe una foto o un PDF."),
    "no_file": _("Aquí no recibo stickers, contactos ni encuestas."),
    "not_allowed": _("Ese tipo de archivo no se recibe. Envíe foto, video, nota de voz, PDF o un archivo de Office."),
    "encrypted": _("Está protegido con clave. Envíelo sin clave."),
}


@dataclass(frozen=True, slots=True)
class Files:
    """At least `least` attachments of the given kinds; each one is kept as it comes."""

    prompt: Say
    least: int = 1
    most: int = 20
    kinds: Collection[AttachmentKind] = field(default=("photo", "document", "voice", "audio", "video", "link", "place"))

    def enough(self, draft: Any) -> bool:
        """Whether what has come suffices, and nothing more is on its way or lost."""
        files = draft or []
        return len(kept(files)) == len(files) >= self.least

    def show(self, draft: Any) -> Shown:
        have = len(draft or [])
        if have and (incomplete := standing(draft)):
            return Shown(incomplete, self._without(draft), "file")
        done = (Choice("done", _("Listo")),) if self.enough(draft) else ()
        return Shown(lines(_have(have), self._more(have)) if have else self.prompt, done, "file")

    def read(self, heard: Heard, draft: Any) -> Reading:
        files = list(draft or [])
        optional = self._may_go_on(files)
        if heard.choice == "done" or (not heard.attachments and best(heard.text, {"done": DONE}) == ["done"]):
            if self.enough(files):
                return Answer(files)
            return Misread(waiting(files, optional) or self._more(len(files)))
        if optional and (heard.choice == "without" or best(heard.text, {"": WITHOUT})):
            return Partial(kept(files))
        sent = [*heard.attachments, *links(heard.text)]
        if not sent:
            ask = _("Envíe una foto, un archivo o un enlace. Si ya terminó, escriba listo.")
            return Misread(waiting(files, optional) or ask)
        known = {item["ref"] for item in files}
        fresh = [item for item in sent if not item.refused and item.kind in self.kinds and item.ref not in known]
        room = self.most - len(files)
        notes = [refusal(item) for item in sent if item.refused or item.kind not in self.kinds]
        notes += [_("Eso ya estaba guardado.")] if len(fresh) + len(notes) < len(sent) else []
        notes += [n_("Solo cabe {n} soporte más.", "Solo caben {n} soportes más.", room)] if len(fresh) > room else []
        if not fresh[:room]:
            return Misread(lines(*notes))
        return Partial(files + [item.stored() for item in fresh[:room]], lines(*notes))

    def gathered(self, come: Sequence[dict[str, Any]]) -> Partial:
        """Files that came before they were asked for: each once, as many as there is room for."""
        each = list({file["ref"]: file for file in come}.values())
        fit = n_("Solo cabe {n} soporte más.", "Solo caben {n} soportes más.", self.most)
        return Partial(each[: self.most], fit if len(each) > self.most else "")

    def load(self, stored: Any) -> tuple[Attachment, ...]:
        if not isinstance(stored, list) or not self.least <= len(stored) <= self.most:
            raise Stale("")
        try:
            files = tuple(Attachment(**item) for item in stored)
        except TypeError as error:
            raise Stale("") from error
        if any(file.problem for file in files):
            raise Stale("")
        return files

    def _may_go_on(self, files: list[dict[str, Any]]) -> bool:
        """Whether those that are here suffice without those that are not."""
        return self.least <= len(kept(files)) < len(files)

    def _without(self, files: list[dict[str, Any]]) -> tuple[Choice, ...]:
        """Offered once nothing more is on its way: who taps at once would lose what comes a second later."""
        if places(files, PENDING) or not self._may_go_on(files):
            return ()
        one = len(places(files, LOST)) == 1
        return (Choice("without", _("Seguir sin ella") if one else _("Seguir sin ellas")),)

    def _more(self, have: int) -> Say:
        missing = self.least - have
        if missing > 0:
            return n_("Falta {n} soporte. Envíelo, por favor.", "Faltan {n} soportes. Envíelos, por favor.", missing)
        return _("¿Algo más? Envíelo, o toque Listo.")


def links(text: str) -> list[Attachment]:
    """The web addresses in a text, as evidence."""
    found = [link.rstrip(".,;:)!?") for link in LINK.findall(text)]
    return [Attachment("link", link) for link in dict.fromkeys(found) if len(link) <= LONGEST_LINK]


def _have(count: int) -> Text:
    return n_("Llevo {n} soporte guardado.", "Llevo {n} soportes guardados.", count)


def refusal(item: Attachment) -> Say:
    """Why an attachment was not taken, and what to do."""
    why = PROBLEMS.get(item.problem, PROBLEMS["not_allowed"])
    return _("{name}: {why}", name=item.name, why=why) if item.name else why
