"""Files on disk as part of a form: read while they leave, so that a large one is never in memory whole."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import aiohttp
import orjson

from bot.channels.bodies import Stored
from bot.channels.session import Session
from bot.channels.wire import Cut

# Seconds: in all, until connected, and until the platform has answered once everything is there.
PATIENCE = aiohttp.ClientTimeout(total=900, sock_connect=10, sock_read=120)


async def upload(
    session: Session, url: str, fields: Mapping[str, Any], key: str, file: Stored,
    on_write: Callable[[], None] | None = None, headers: Mapping[str, str] | None = None,
) -> tuple[int, bytes]:  # fmt: skip
    """Post a form: fields as text or JSON, and under `key` the file. Status and body of the answer. Raises Cut.

    `on_write` is called before anything leaves; if it raises, or the file is gone, nothing does.
    """
    form = aiohttp.FormData()
    for name, value in fields.items():
        form.add_field(name, value if isinstance(value, str) else orjson.dumps(value).decode())
    try:
        content = file.path.open("rb")
        if on_write:
            on_write()
    except Exception as error:  # noqa: BLE001 – whatever it was, nothing has left
        raise Cut(type(error).__name__, written=False) from None
    with content:
        form.add_field(key, content, filename=file.name, content_type=file.mime)
        try:
            async with session.client.post(
                url, data=form, headers=headers, timeout=PATIENCE, allow_redirects=False
            ) as answer:
                return answer.status, await answer.read()
        except (aiohttp.ClientError, OSError) as error:
            # Where no connection came about nothing was sent.
            connected = not isinstance(error, aiohttp.ClientConnectorError)
            raise Cut(type(error).__name__, written=connected) from None
