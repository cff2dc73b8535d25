"""What goes over the wire when faults are planned: connections that are cut, downloads that take long."""

from __future__ import annotations

import asyncio
import io
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import suppress

from aiohttp import web

from tests.emulators.shared.faults import DOWNLOAD, NONE, Fault, Faults, Refusal
from tests.emulators.shared.files import Stored

_CHUNKS = 10  # a slow download comes in so many pieces


def cut_off(request: web.Request) -> web.Response:
    """End the connection without an answer."""
    if request.transport:
        request.transport.abort()
    return web.Response()


async def cut_short(body: bytes) -> AsyncIterator[bytes]:
    """To be posted: these bytes, then the end of the connection."""
    yield body
    raise ConnectionResetError


async def download(
    request: web.Request, find: Callable[[web.Request], Stored], faults: Faults, counts: Counter[str]
) -> web.StreamResponse:
    """The file that `find` finds for this request, or the Refusal it raises; counted, and with its faults."""
    try:
        stored, fault = find(request), faults.next(DOWNLOAD)
        if fault.error:
            raise fault.error
    except Refusal as error:
        counts[f"{DOWNLOAD} {error.status}"] += 1
        return web.json_response(error.answer(), status=error.status)
    counts[DOWNLOAD] += 1
    if fault == NONE:
        return web.Response(body=io.BytesIO(stored.data), headers={"Content-Type": stored.mime})
    return await _badly(request, stored, fault)


async def _badly(request: web.Request, stored: Stored, fault: Fault) -> web.StreamResponse:
    answer = web.StreamResponse(headers={"Content-Type": stored.mime, "Content-Length": str(len(stored.data))})
    sent = stored.data if fault.cut is None else stored.data[: int(len(stored.data) * fault.cut)]
    piece = max(1, len(sent) // _CHUNKS)
    with suppress(ConnectionResetError):  # nobody waits for it any more
        await answer.prepare(request)
        for start in range(0, len(sent), piece):
            await answer.write(sent[start : start + piece])
            await asyncio.sleep(fault.delay / _CHUNKS)
    if fault.cut is not None and request.transport:
        request.transport.close()  # what was written still goes out
    return answer
