"""A file that came in: put into the vault, looked at, and described as evidence, or as the reason why it is none."""

from __future__ import annotations

import logging
import os
from dataclasses import asdict
from datetime import datetime
from typing import BinaryIO

from conversation.messages import Attachment
from models.inspection import Finding, Refused, inspect, safe_name
from models.vault import TooLarge, Vault

log = logging.getLogger(__name__)


def keep(vault: Vault, file: BinaryIO, name: str, mime: str, most: int) -> Attachment:
    """The file as evidence; `most` is the largest that is taken, in bytes. Blocks; raises NoSpace."""
    name = safe_name(name) if name else ""
    try:
        while True:
            file.seek(0)
            stored = vault.put(file, most)
            path = vault.path(stored.sha256)
            try:
                os.utime(path)  # an orphan of yesterday that is sent again is none
                break
            except FileNotFoundError:  # it was cleared away at this very moment
                continue
        found = inspect(path, name, mime)
    except TooLarge:
        return Attachment("document", "", name, problem="too_large")
    except Refused as refused:
        log.info("a file was refused as %s: %s", refused.reason, refused.detail)
        return Attachment("document", "", name, problem=refused.reason)
    return Attachment(found.kind, stored.sha256, name, found.mime, stored.size, details=_details(found))


def _details(found: Finding) -> dict[str, object]:
    """What inspection found besides kind and type, as JSON; what does not apply is left out."""
    details = {name: value for name, value in asdict(found).items() if value not in (None, False)}
    for said in ("kind", "mime", "extension"):
        del details[said]
    if isinstance(details.get("taken_at"), datetime):
        details["taken_at"] = details["taken_at"].isoformat()
    return details
