"""Calls to Telegram. Frequent ones go straight over the session, rare ones by python-telegram-bot's Bot."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, BinaryIO
from urllib.parse import quote, urlencode

import orjson
from telegram import Bot, BotCommandScope, BotCommandScopeChat

from bot.channels.bodies import encoded, told
from bot.channels.fetching import NotFetched
from bot.channels.remote import Remote, check, download
from bot.channels.session import Session
from bot.channels.telegram.attachments import MOST, MOST_LOCAL
from bot.channels.telegram.files import copy
from bot.channels.telegram.inbound import UPDATES, Me
from bot.channels.telegram.render import Call
from bot.channels.telegram.request import AiohttpRequest
from bot.channels.telegram.results import Failed, Result, Unknown, result
from bot.channels.uploads import upload
from bot.channels.wire import Cut, Wire

API_ROOT = "https://api.telegram.org"
# Files of at most so many bytes come in one piece, over the connections that calls use.
SMALL = 512 << 10
# Seconds added to how long Telegram may hold a long poll.
MARGIN = 10
# Webhook requests Telegram may send side by side: the most it allows.
WEBHOOK_CONNECTIONS = 100


class Client:
    """One bot at Telegram, or at a Bot API server of one's own. Open it inside the event loop.

    While it is open, `send`, `answer_press` and `typing` return a Result and raise nothing, what is about files raises
    NotFetched, and the rest telegram.error.TelegramError. The token is part of every address: neither errors nor the
    log hold it.
    """

    def __init__(self, token: str, api_root: str = API_ROOT, local: Path | None = None) -> None:
        """`local` is the folder in which a Bot API server of one's own, run with --local, leaves the files."""
        # Asked for details, the library logs the token when it starts and people's words at every call.
        library = logging.getLogger("telegram")
        library.setLevel(max(logging.INFO, library.getEffectiveLevel()))
        self.session = Session(api_root)
        request = AiohttpRequest(self.session)
        self.bot = Bot(token, f"{api_root}/bot", f"{api_root}/file/bot", request=request, get_updates_request=request)
        self._calls, self._files = f"{api_root}/bot{token}/", f"{api_root}/file/bot{token}/"
        self._local = local
        self._wire = Wire(self._calls)

    async def open(self) -> None:
        await self.session.open()

    async def close(self) -> None:
        self._wire.close()
        await self.session.close()

    async def send(self, call: Call, on_write: Callable[[], None] | None = None) -> Result:
        """Make one call and say what became of it.

        `on_write` runs right before the first byte leaves: whoever stops before that has sent nothing. If it raises,
        nothing leaves and the result is Failed. A task that is cancelled after it must be taken as Unknown.
        """
        try:
            if call.document:
                address = self._calls + call.method
                status, payload = await upload(self.session, address, call.params, "document", call.document, on_write)
            else:
                status, payload = await self._post(call.method, *encoded(call.params, call.files), on_write)
        except Cut as cut:
            return (Unknown if cut.written else Failed)(cut.reason)
        return result(status, payload, call.params.get("chat_id", 0))

    async def _post(
        self, method: str, kind: str, content: bytes, on_write: Callable[[], None] | None = None
    ) -> tuple[int, bytes]:
        if self.session.proxy:
            return await self.session.post(self._calls + method, kind, content, on_write)
        return await self._wire.post(method, kind, content, on_write)

    async def answer_press(self, query: str) -> Result:
        """Let a pressed button no longer wait."""
        return await self.send(Call("answerCallbackQuery", {"callback_query_id": query}))

    async def typing(self, chat_id: int, action: str = "typing") -> Result:
        """Show for five seconds that an answer is being written; "upload_photo": that a picture comes."""
        return await self.send(Call("sendChatAction", {"chat_id": chat_id, "action": action}))

    async def get_file(self, file_id: str) -> Remote:
        """Where the bytes of a file are, for an hour. Raises NotFetched: too_big, gone or broken."""
        try:
            status, payload = await self._post("getFile", *encoded({"file_id": file_id}, {}))
        except Cut as cut:
            raise NotFetched("broken", cut.reason) from None
        answer = told(payload)
        found = answer.get("result")
        if status == 200 and isinstance(found, dict) and found.get("file_path"):
            return Remote(found["file_path"], found.get("file_size", 0))
        said = str(answer.get("description") or f"HTTP {status}")
        if status == 400:
            raise NotFetched("too_big" if "too big" in said.lower() else "gone", said)
        raise NotFetched("broken", said)

    async def download(self, file: Remote, into: BinaryIO, most: int) -> int:
        """Write the bytes, at most `most`, into an open file; returns how many they are.

        Raises NotFetched (too_big, expired or broken) and what writing raises; what was written is then worth nothing.
        """
        if self._local:
            return await asyncio.to_thread(copy, self._local, file, into, most)
        address = self._files + quote(file.path)
        if self.session.proxy or not 0 < file.size <= SMALL:
            return await download(self.session.client, address, file, into, most)
        try:
            status, content = await self._wire.get(address)
        except Cut as cut:
            raise NotFetched("broken", cut.reason) from None
        check(status, len(content), file, most)
        return into.write(content)

    async def bring(self, file: Mapping[str, Any], into: BinaryIO, most: int) -> None:
        """Write the bytes of the file of a "file_id", at most `most`. Raises NotFetched and what writing raises."""
        await self.download(await self.get_file(str(file["file_id"])), into, most)

    async def get_updates(self, offset: int, timeout: int) -> list[dict[str, Any]]:
        """The updates from `offset` on, as JSON, after at most `timeout` seconds. Confirms those before `offset`."""
        query = urlencode({"offset": offset, "timeout": timeout, "allowed_updates": orjson.dumps(UPDATES).decode()})
        found = await self.bot.request.post(f"{self._calls}getUpdates?{query}", read_timeout=timeout + MARGIN)
        return found if isinstance(found, list) else []

    async def get_me(self) -> Me:
        """Who the bot is, and the largest file it can fetch."""
        user = await self.bot.get_me()
        return Me(user.id, user.username or "", MOST_LOCAL if self._local else MOST)

    async def set_commands(self, scope: int | str, language: str, commands: Sequence[tuple[str, str]]) -> None:
        """The command menu (name without "/", description) of one chat, or of a kind of chats: "default",
        "all_private_chats", "all_group_chats". `language` "" is everybody without a menu of their own."""
        where = BotCommandScopeChat(scope) if isinstance(scope, int) else BotCommandScope(scope)
        await self.bot.set_my_commands(commands, where, language or None)

    async def set_webhook(self, url: str, secret: str) -> None:
        """Have updates posted to `url`, with `secret` (1 to 256 of A-Z a-z 0-9 _ -) in a header."""
        await self.bot.set_webhook(
            url, secret_token=secret, allowed_updates=UPDATES, max_connections=WEBHOOK_CONNECTIONS
        )

    async def delete_webhook(self) -> None:
        """Have no updates posted, as long polling needs it. Those that wait are kept."""
        await self.bot.delete_webhook()
