"""Said once to each person: how to send a photo so that it keeps what the camera wrote."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta

from bot.driving import Said
from conversation.messages import Attachment
from conversation.talk import lists
from conversation.texts import _, paragraphs
from models import people
from models.visit import Visit

ADVICE = _("Consejo: si la fecha o el lugar de la foto importan, envíela como archivo (clip → Archivo).")
# The answer to an album is written anew with each of its messages, which come within this time.
ALBUM = timedelta(minutes=1)


def advise(visit: Visit, come: Iterable[Attachment], said: Said, in_album: bool = False) -> None:
    """Add the advice to the answer to a person's first photo that a platform has recompressed, once it is kept."""
    before = visit.who.advised_at
    if before and not (in_album and visit.now - before < ALBUM):
        return
    photos = {item.ref for item in come if not item.problem and (item.details or {}).get("recompressed")}
    held = {file["ref"] for kept in said.changed for files in lists(kept.state) for file in files} if photos else set()
    if not photos & held:
        return
    if not before:
        people.advise(visit.connection, visit.who.id, visit.now)
    said.reply = replace(said.reply, text=paragraphs(said.reply.text, ADVICE))
