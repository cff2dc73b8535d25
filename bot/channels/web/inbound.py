"""From what a page posts to an Inbound: the form is read with limits, files go into the vault and are looked at."""

from __future__ import annotations

import logging
import math
import re
from collections.abc import AsyncGenerator
from datetime import UTC, datetime

from anyio import CapacityLimiter, to_thread
from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import Request

from bot.channels.web import CHANNEL
from bot.custody import keep
from conversation.messages import Attachment, Inbound
from models.vault import Vault

MOST_FILES = 10
MOST_FIELDS = 10
LONGEST_TEXT = 8000
LONGEST_TAP = 200
# A field is text in UTF-8, at most 4 bytes a sign.
LARGEST_FIELD = 4 * LONGEST_TEXT
MEGABYTE = 1 << 20
MESSAGE_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
PLACE = re.compile(r"(-?\d{1,2}(?:\.\d{1,15})?), ?(-?\d{1,3}(?:\.\d{1,15})?)", re.ASCII)

log = logging.getLogger(__name__)


async def received(
    request: Request, vault: Vault, most_mb: int, limiter: CapacityLimiter
) -> tuple[FormData, list[Attachment]]:
    """Read the request's form; its files are in the vault afterwards. `most_mb`: the largest file, in megabytes.

    Raises NoSpace and HTTPException 413, 415 and 422 with a sentence for the person.
    """
    form = await _form(request, MOST_FILES * most_mb * MEGABYTE + MEGABYTE)
    try:
        uploads = [upload for upload in form.getlist("file") if isinstance(upload, UploadFile)]
        files = [(each.file, each.filename or "archivo", each.content_type or "") for each in uploads]
        most = most_mb * MEGABYTE
        return form, [await to_thread.run_sync(keep, vault, *each, most, limiter=limiter) for each in files]
    finally:
        await form.close()


def inbound(form: FormData, attachments: list[Attachment], address: str, now: datetime) -> Inbound:
    """The message a form holds. `now` is when it reached us. Raises HTTPException 413 and 422."""
    message_id, text, tap = _field(form, "id"), _field(form, "text"), _field(form, "tap")
    if not MESSAGE_ID.fullmatch(message_id):
        raise HTTPException(422, "El mensaje llegó sin un número válido. Recargue la página y escríbalo otra vez.")
    if len(text) > LONGEST_TEXT:
        raise HTTPException(413, f"El mensaje es muy largo. Envíelo en partes de hasta {LONGEST_TEXT} letras.")
    if len(tap) > LONGEST_TAP:
        raise HTTPException(422, "Ese botón no es de este chat. Recargue la página.")
    if place := _field(form, "place"):
        attachments = [*attachments, _place(place)]
    if not (text.strip() or tap or attachments):
        raise HTTPException(422, "El mensaje llegó vacío. Escriba algo o envíe un archivo.")
    sent_at = min(_moment(_field(form, "sent_at"), now), now)
    return Inbound(CHANNEL, address, message_id, sent_at, now, text, tap, tuple(attachments))


async def _form(request: Request, most: int) -> FormData:
    too_large = HTTPException(413, "Los archivos son muy grandes para un solo mensaje. Envíelos de a uno.")
    if not request.headers.get("content-type", "").startswith("multipart/form-data"):
        raise HTTPException(415, "El mensaje llegó en un formato que no se recibe. Recargue la página.")
    if int(request.headers.get("content-length", "0")) > most:
        raise too_large

    async def limited() -> AsyncGenerator[bytes, None]:
        size = 0
        async for chunk in request.stream():
            size += len(chunk)
            if size > most:
                raise too_large
            yield chunk

    try:
        return await MultiPartParser(
            request.headers, limited(), max_files=MOST_FILES, max_fields=MOST_FIELDS, max_part_size=LARGEST_FIELD
        ).parse()
    except MultiPartException as error:
        log.info("a form was refused: %s", error.message)
        sentence = f"El mensaje llegó dañado, o trae más de {MOST_FILES} archivos o un texto muy largo."
        raise HTTPException(422, sentence) from None


def _place(text: str) -> Attachment:
    match = PLACE.fullmatch(text)
    latitude, longitude = map(float, match.groups()) if match else (math.inf, math.inf)
    if abs(latitude) > 90 or abs(longitude) > 180:
        raise HTTPException(422, "El lugar llegó dañado. Compártalo otra vez o escriba su nombre.")
    return Attachment("place", f"{latitude:.6f},{longitude:.6f}")


def _moment(text: str, now: datetime) -> datetime:
    """When the device says the message was written; a form that does not say so was written now."""
    if not text:
        return now
    try:
        moment = datetime.fromisoformat(text)
        if moment.tzinfo is None:
            raise ValueError("a moment needs its zone")
        return moment.astimezone(UTC)
    except (ValueError, OverflowError):
        raise HTTPException(422, "La hora de este dispositivo llegó dañada. Revise su reloj.") from None


def _field(form: FormData, name: str) -> str:
    """A text field, without what no database takes: zero bytes and halves of characters."""
    value = form.get(name, "")
    return value.replace("\0", "").encode("utf-8", "ignore").decode() if isinstance(value, str) else ""
