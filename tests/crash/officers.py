"""Officers at their phones: they read the newest message and do what it asks for, until a report is in."""

from __future__ import annotations

import asyncio
import hashlib
import random
import re
from collections.abc import Callable, Mapping
from itertools import count
from typing import Any

from tests.emulators.bot_api.chats import Raw, Shown, file_id
from tests.emulators.graph_api.chats import Shown as WhatsAppShown
from tests.emulators.shared.files import Stored
from tests.emulators.telegram import Person, TelegramEmulator
from tests.emulators.whatsapp import Person as WhatsAppPerson
from tests.emulators.whatsapp import WhatsAppEmulator
from tests.models.inspection_samples import encoded, pdf, picture

FOLIO = re.compile(r"\(folio\) es (\S+)\.")
# Who waits longer for an answer than these seconds asks again, and at most so often for one report.
PATIENCE, MOST = 4.0, 150
READING = 0.02
BUTTONS = (
    ("¿Qué actividad", ""), ("¿Qué parte", ""), ("se parecen", ""), ("a medias", "Seguir con"),
    ("¿Aparecen menores", "No aparecen: enviar"), ("¿Lo envío", "Sí, enviar"), ("eenvíe l", "Seguir sin"),
    ("Más opciones", ""),
)  # fmt: skip
TOWNS = ("Cumbal", "Ipiales", "Tumaco", "Sandoná", "Samaniego", "Barbacoas", "Túquerres", "La Unión", "Pasto", "Olaya")
_sizes = count(64)


class Officer:
    """One officer.

    accounts  what they told in each report
    sent      the SHA-256 of every file they sent
    folios    the receipts they have seen
    """

    def __init__(
        self, telegram: TelegramEmulator, chat: int, chance: random.Random, patience: float = PATIENCE
    ) -> None:
        self.chance, self.patience = chance, patience
        self.person: Person | WhatsAppPerson = telegram.person(chat, f"Ana {chat}")
        self._begin(telegram.files.kept, file_id)

    def _begin(self, kept: Mapping[str, Stored], ref: Callable[[Raw], str]) -> None:
        """`kept`: the files of the platform; `ref`: which of them a message carries."""
        self._kept, self._ref = kept, ref
        self._name = next(iter(self.person.ids)) if isinstance(self.person, WhatsAppPerson) else str(self.person.id)
        self.accounts: list[str] = []
        self.sent: set[str] = set()
        self.folios = self._receipts()
        self._closed = False

    async def report(self) -> None:
        """One report with one to three files, until it is certain that it is in."""
        self.accounts.append(f"Hicimos la tarea {self._name}-{len(self.accounts) + 1}.")
        self._closed = False
        await self._hears(lambda: self.person.says("/reportar"))
        for _ in range(MOST):
            if self._is_in():
                return
            await self._go_on()
        raise AssertionError(f"{self.accounts[-1]} {self._newest().text}")

    def _is_in(self) -> bool:
        """Whether the receipt is here, or was lost: then nothing is open any more."""
        before, self.folios = self.folios, self._receipts()
        new = self.folios - before
        return bool(new) or (self._closed and "¿Qué desea hacer" in self._newest().text)

    def _receipts(self) -> set[str]:
        return {folio for message in self.person.shown for folio in FOLIO.findall(message.text)}

    async def _go_on(self) -> None:
        """Do what the newest message asks for."""
        said, person = self._newest().text, self.person
        button = next((label for words, label in BUTTONS if words in said), None)
        if "odavía recibo" in said:
            await self._hears(None)
        elif button is not None and _choices(self._newest()):
            self._closed |= "enviar" in button
            await self._hears(lambda: person.taps(button, on=self._newest()))
        elif "Cuente en" in said:
            await self._hears(lambda: person.says(self.accounts[-1]))
        elif "municipio" in said or "¿Dónde fue" in said:
            # Some duties take a report from each municipality once: another, where one is in already.
            await self._hears(lambda: person.says(self.chance.choice(TOWNS)))
        elif any(words in said for words in ("Envíe los soportes", "Falta", "eenvíe l")):
            await self._hears(self._show)
        else:
            await self._hears(lambda: person.says("/reportar"))

    async def _show(self) -> None:
        """A photo, a document, or several photos as an album."""
        kind = self.chance.random()
        if kind < 0.1 and isinstance(self.person, Person):
            sent = await self.person.sends_album([_photo(), _photo()])
        elif kind < 0.3:
            sent = [await self.person.sends_document(pdf(b"%%%d" % next(_sizes)), "acta.pdf")]
        else:
            sent = [await self.person.sends_photo(_photo()) for _ in range(self.chance.choice((1, 1, 1, 2)))]
        self.sent.update(self._hash(message) for message in sent)

    def _hash(self, message: Raw) -> str:
        return hashlib.sha256(self._kept[self._ref(message)].data).hexdigest()

    def _newest(self) -> Shown | WhatsAppShown:
        return self.person.messages[-1]

    async def _hears(self, act: Callable[[], object] | None) -> None:
        """Do something and wait for an answer; where none comes it may have begun to leave in time: ask again."""
        before = len(self.person.shown)
        if act:
            await act()  # type: ignore[misc]
        while not await self._heard(before, self.patience):
            await self.person.says("otra vez")
        while await self._heard(len(self.person.shown), READING):
            pass  # what comes right after it is read too

    async def _heard(self, before: int, within: float) -> bool:
        try:
            async with asyncio.timeout(within):
                while len(self.person.shown) == before:
                    await self.person.news(self.person.revision, within)
        except TimeoutError:
            return False
        return True


class WhatsAppOfficer(Officer):
    """The same on WhatsApp; `number`: their phone, digits."""

    def __init__(
        self, whatsapp: WhatsAppEmulator, number: str, user_id: str, chance: random.Random, patience: float = PATIENCE
    ) -> None:
        self.chance, self.patience = chance, patience
        self.person = whatsapp.person(number, f"Ana {number}", user_id)
        self._begin(whatsapp.media.kept, lambda message: str(message[message["type"]]["id"]))


def _choices(message: Shown | WhatsAppShown) -> list[Any]:
    return message.options if isinstance(message, WhatsAppShown) else message.buttons


def _photo() -> bytes:
    return encoded("jpeg", picture(next(_sizes)))
