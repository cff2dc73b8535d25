"""Calls to Meta's Cloud API for one number."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, BinaryIO
from urllib.parse import quote, urlsplit

import aiohttp

from bot.channels.bodies import File, Stored, encoded, told
from bot.channels.fetching import NotFetched
from bot.channels.remote import Remote, check, download, limit
from bot.channels.session import PATIENCE, Session
from bot.channels.uploads import upload
from bot.channels.whatsapp.results import Failed, Problem, Refused, Result, Sent, Unknown, result
from bot.channels.wire import Cut, Wire

# Files of at most so many bytes come in one piece, over the connections that calls use.
SMALL = 512 << 10
# An address as it can stand in a request.
PLAIN = re.compile(r"[!-~]+")
# Where files lie, nothing is given to those who do not say who they are.
AGENT = "chasqui"
# What a number is asked about itself, and its tiers: people who may be knocked at in 24 hours. 0: no limit.
FIELDS = "display_phone_number,verified_name,whatsapp_business_manager_messaging_limit"
TIERS = {"TIER_50": 50, "TIER_250": 250, "TIER_1K": 1000, "TIER_2K": 2000, "TIER_10K": 10_000, "TIER_100K": 100_000,
         "TIER_UNLIMITED": 0}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Me:
    """The number that the bot writes from. `tier`: None where the platform does not tell."""

    number: str
    name: str
    tier: int | None


class NotDone(Exception):
    """A call of which nothing came; `found` says why."""

    def __init__(self, found: Problem | Unknown) -> None:
        super().__init__(str(found))
        self.found = found


class Client:
    """One number at the Cloud API. Open it inside the event loop.

    While it is open, `send` and `seen` return a Result and raise nothing, `bring` raises NotFetched, and the rest
    NotDone. The token is in a header of every call: neither errors nor the log hold it.
    """

    def __init__(self, token: str, phone: str, api: str) -> None:
        """`phone` is the number's id (it is not the number), `api` the Graph API's address with its version."""
        self.session = Session(api)
        self._headers = {"Authorization": f"Bearer {token}", "User-Agent": AGENT}
        self._api, self._phone = f"{api}/", phone
        self._wire = Wire(self._api, self._headers)
        home = urlsplit(api)
        # By the server: that of the calls, and that of the files.
        self._wires = {f"{home.scheme}://{home.netloc}": self._wire}

    async def open(self) -> None:
        await self.session.open()

    async def close(self) -> None:
        for wire in self._wires.values():
            wire.close()
        await self.session.close()

    async def send(self, body: Mapping[str, Any], on_write: Callable[[], None] | None = None) -> Result:
        """Send one message and say what became of it.

        `on_write` runs right before the first byte leaves: whoever stops before that has sent nothing. If it raises,
        nothing leaves and the result is Failed. A task that is cancelled after it must be taken as Unknown.
        """
        try:
            return result(*await self._post(f"{self._phone}/messages", *encoded(body, {}), on_write))
        except Cut as cut:
            return (Unknown if cut.written else Failed)(cut.reason)

    async def seen(self, message: str) -> Result:
        """Show that a message was read, and for some seconds that an answer is being written."""
        typing = {"status": "read", "message_id": message, "typing_indicator": {"type": "text"}}
        return await self.send({"messaging_product": "whatsapp", **typing})

    async def upload(self, file: File | Stored) -> str:
        """Leave a file with the platform; the id by which messages carry it, for 30 days. Raises NotDone."""
        path, fields = f"{self._phone}/media", {"messaging_product": "whatsapp", "type": file.mime}
        if isinstance(file, File):
            call = self._post(path, *encoded(fields, {"file": file}))
        else:
            call = upload(self.session, self._api + path, fields, "file", file, headers=self._headers)
        found = await self._asked(call)
        if not found.get("id"):
            raise NotDone(Failed("no id"))
        return str(found["id"])

    async def me(self) -> Me:
        """The number, the name people see, and how many people may be knocked at. Raises NotDone."""
        found = await self.get(f"{self._phone}?fields={FIELDS}")
        tier = TIERS.get(str(found.get("whatsapp_business_manager_messaging_limit")))
        return Me(str(found.get("display_phone_number") or ""), str(found.get("verified_name") or ""), tier)

    async def get(self, path: str) -> dict[str, Any]:
        """What the Graph API has at "path?query". Raises NotDone."""
        return await self._asked(self._get(self._api + path))

    async def post(self, path: str, params: Mapping[str, Any]) -> dict[str, Any]:
        """What the Graph API answers to a call. Raises NotDone."""
        return await self._asked(self._post(path, *encoded(params, {})))

    async def bring(self, file: Mapping[str, Any], into: BinaryIO, most: int) -> None:
        """Write a file's bytes, at most `most`. Raises NotFetched and what writing raises.

        file  its "file_id", and "url" where the message said it: there a small file is had with one call less
        """
        url = str(file.get("url") or "")
        there = Remote(url, 0) if url else await self._where(str(file["file_id"]))
        limit(there.size, most)
        wire = self._wire_to(there.path)
        if self.session.proxy or not (url or 0 < there.size <= SMALL):
            await download(self.session.client, there.path, there, into, most, self._headers)
            return
        try:
            status, content = await (wire.get(url, SMALL) if url else wire.get(there.path))
        except Cut as cut:
            raise NotFetched("broken", cut.reason) from None
        check(status, len(content), there, most)
        into.write(content)

    async def _where(self, file_id: str) -> Remote:
        """Where a file lies for the next five minutes. Raises NotFetched."""
        try:
            found = await self.get(f"{quote(file_id, safe='')}?phone_number_id={self._phone}")
        except NotDone as error:
            # An object that is not there is said in the words for a phone that is none.
            lost = isinstance(error.found, Refused) or error.found.reason.startswith("100:")
            raise NotFetched("gone" if lost else "broken", str(error)) from None
        size = found.get("file_size")
        return Remote(str(found.get("url") or ""), size if isinstance(size, int) else 0)

    def _wire_to(self, url: str) -> Wire:
        """The connections to where a file lies. They take the token along: only over https, or to where calls go.

        Raises NotFetched.
        """
        try:
            parts = urlsplit(url)
            root = f"{parts.scheme}://{parts.netloc}"
            if root not in self._wires and parts.scheme == "https":
                self._wires[root] = Wire(f"{root}/", self._headers)
            if root in self._wires and PLAIN.fullmatch(url):
                return self._wires[root]
        except ValueError:  # not an address at all
            pass
        raise NotFetched("broken", "not an address to take the token to")

    async def _post(
        self, path: str, kind: str, content: bytes, on_write: Callable[[], None] | None = None
    ) -> tuple[int, bytes]:
        if self.session.proxy:
            return await self.session.post(self._api + path, kind, content, on_write, self._headers)
        return await self._wire.post(path, kind, content, on_write)

    async def _get(self, url: str) -> tuple[int, bytes]:
        if not self.session.proxy:
            return await self._wire.get(url)
        try:
            async with self.session.client.get(url, headers=self._headers, timeout=PATIENCE) as answer:
                return answer.status, await answer.read()
        except (aiohttp.ClientError, OSError) as error:
            raise Cut(type(error).__name__, written=True) from None

    async def _asked(self, call: Awaitable[tuple[int, bytes]]) -> dict[str, Any]:
        try:
            status, payload = await call
        except Cut as cut:
            raise NotDone((Unknown if cut.written else Failed)(cut.reason)) from None
        answer = told(payload)
        if status < 300 and not answer.get("error"):
            return answer
        wrong = result(status, payload)
        raise NotDone(Failed("not an answer") if isinstance(wrong, Sent) else wrong)
