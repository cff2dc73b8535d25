"""Files that go out with messages: where they lie, and where somebody finds one that a channel does not take."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.channels.bodies import Stored
from bot.turn import Rules
from conversation.texts import _, render
from models.vault import Vault


@dataclass(frozen=True, slots=True)
class Handing:
    """`address`: the site's, where people download what is too large for another channel."""

    vault: Vault
    address: str
    rules: Rules

    def file(self, document: Mapping[str, Any], most: int) -> Stored | None:
        """The file of a delivery's document; None where it has more bytes than `most`, or is gone."""
        if document["size"] > most or document["sha256"] not in self.vault:
            return None
        return Stored(document["name"], self.vault.path(document["sha256"]), document["mime"])

    def instead(self, delivery: int, document: Mapping[str, Any]) -> str:
        """What is said in place of a file that does not come, in its reader's language."""
        if document["sha256"] in self.vault:
            link = f"{self.address}/chat/me/documents/{delivery}"
            said = _("El archivo {name} pesa {size} MB y no cabe en este chat. Descárguelo desde su chat en la web: "
                     "{link} (si no lo tiene unido con este, escriba /vincular).",
                     name=document["name"], size=-(-document["size"] // 1_000_000), link=link)  # fmt: skip
        else:
            said = _("El archivo {name} ya no está. Pídalo otra vez.", name=document["name"])
        return render(said, self.rules.language(document["language"]))
