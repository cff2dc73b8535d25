"""Files that were sent but are not here: where they stand in a person's conversations, and what takes their place."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from conversation.messages import PENDING, Attachment, Inbound
from conversation.questions.gathered import arrived, standing
from conversation.talk import lists
from conversation.texts import Say, _
from models.conversations import Kept


@dataclass(frozen=True, slots=True)
class Awaited:
    """One such file: the list it is part of, its place there from 0, and whose list that is."""

    item: Kept
    files: list[dict[str, Any]]
    place: int

    @property
    def key(self) -> tuple[str, str]:
        """What the platform calls the file, and the message it came with."""
        return key(self.files[self.place])

    def replace(self, attachment: Attachment) -> Say:
        """Put the attachment there, unless the list holds the same already; returns what to say of it."""
        if any(file["ref"] == attachment.ref for file in self.files if not file["problem"]):
            del self.files[self.place]
            return _("Eso ya estaba guardado.")
        self.files[self.place] = attachment.stored()
        return "" if attachment.problem else arrived(self.files, self.place)

    def standing(self) -> Say:
        """How the list stands; "" where the open question shows it."""
        shown = self.item.status == "open" and self.files is self.item.state.draft
        return "" if shown else standing(self.files)


def awaited(kept: Iterable[Kept], *problems: str) -> Iterator[Awaited]:
    """The files with one of the problems, in every conversation that is not over."""
    for item in kept:
        for files in lists(item.state) if item.status != "ended" else ():
            for place, file in enumerate(files):
                if file["problem"] in problems:
                    yield Awaited(item, files, place)


def key(file: dict[str, Any]) -> tuple[str, str]:
    """Of a file as JSON: what the platform calls it, and the message it came with."""
    return str(file["ref"]), str((file["details"] or {}).get("message", ""))


def queued(inbound: Inbound, changed: Iterable[Kept], person_id: int) -> list[dict[str, Any]]:
    """A download for each file of the message that is not here and that a conversation waits for now."""
    coming = [file for file in inbound.attachments if file.problem == PENDING]
    wanted = {one.key for one in awaited(changed, PENDING)} if coming else set()
    return [
        {
            "channel": inbound.channel, "address": inbound.address, "person_id": person_id,
            "unique": file.ref.partition(":")[2], "file_id": str((file.details or {})["file_id"]),
            "message": key(file.stored())[1], "kind": file.kind, "name": file.name, "mime": file.mime,
            "size": file.size,
            "recompressed": bool((file.details or {}).get("recompressed")), "sent_at": inbound.sent_at,
            "next_at": inbound.received_at,
        }
        for file in coming
        if key(file.stored()) in wanted
    ]  # fmt: skip
