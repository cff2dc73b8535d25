"""The emulators and a bot without a library: one HTTP call after another."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import io
import json
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from aiohttp import test_utils, web
from PIL import Image

from tests.emulators.telegram import TelegramEmulator
from tests.emulators.whatsapp import WhatsAppEmulator

Answer = tuple[int, Any]


class RawBot:
    """Calls the Bot API; an answer is its status and its body."""

    def __init__(self, telegram: TelegramEmulator, session: aiohttp.ClientSession) -> None:
        self.telegram, self.session = telegram, session

    async def call(self, method: str, **params: Any) -> Answer:
        """With a JSON body."""
        return await self.post(method, json=params)

    async def post(self, method: str, **request: Any) -> Answer:
        """With any body."""
        address = f"{self.telegram.url}/bot{self.telegram.token}/{method}"
        async with self.session.post(address, **request) as answer:
            return answer.status, await answer.json()

    async def ok(self, method: str, **params: Any) -> Any:
        """The result of a call that must be accepted."""
        status, body = await self.call(method, **params)
        assert status == 200, body
        return body["result"]

    async def updates(self, offset: int = 0) -> list[Any]:
        """What waits, without waiting for more."""
        return list(await self.ok("getUpdates", offset=offset))

    async def heard(self) -> Any:
        """The one update that waits, confirmed."""
        [update] = await self.updates()
        await self.updates(update["update_id"] + 1)
        return update

    async def download(self, file_id: str) -> bytes:
        """The bytes of a file."""
        found = await self.ok("getFile", file_id=file_id)
        async with self.session.get(self.link(found["file_path"])) as answer:
            answer.raise_for_status()
            return await answer.read()

    def link(self, path: str) -> str:
        """Where a file is."""
        return f"{self.telegram.url}/file/bot{self.telegram.token}/{path}"


@pytest.fixture
async def telegram() -> AsyncIterator[TelegramEmulator]:
    async with TelegramEmulator() as emulator:
        yield emulator


@pytest.fixture
async def bot(telegram: TelegramEmulator) -> AsyncIterator[RawBot]:
    async with aiohttp.ClientSession() as session:
        yield RawBot(telegram, session)


@pytest.fixture
def jpeg() -> bytes:
    """A photo of 1000 × 700 pixels with an EXIF date."""
    exif, written = Image.Exif(), io.BytesIO()
    exif[0x0132] = "2022:05:24 09:00:00"
    Image.linear_gradient("L").resize((1000, 700)).save(written, "JPEG", exif=exif)
    return written.getvalue()


def buttons(*labels: str) -> dict[str, Any]:
    """A message's buttons, one a row."""
    return {"inline_keyboard": [[{"text": label, "callback_data": f"d:{label}"}] for label in labels]}


def compact(value: Any) -> str:
    """A value as a form carries it."""
    return json.dumps(value, separators=(",", ":"))


class RawGraph:
    """Calls the Graph API; an answer is its status and its body."""

    def __init__(self, whatsapp: WhatsAppEmulator, session: aiohttp.ClientSession) -> None:
        self.whatsapp, self.session = whatsapp, session
        self.headers = {"Authorization": f"Bearer {whatsapp.token}"}

    async def call(self, method: str, path: str, **request: Any) -> Answer:
        """Any call, by its path below the version."""
        address = f"{self.whatsapp.url}/{path}"
        async with self.session.request(method, address, **{"headers": self.headers, **request}) as answer:
            return answer.status, await answer.json()

    async def post(self, message: dict[str, Any]) -> Answer:
        """A body for messages, as it is."""
        return await self.call("POST", f"{self.whatsapp.phone}/messages", json=message)

    async def send(self, to: str, kind: str = "text", content: Any = None, **more: Any) -> Answer:
        """A message; without content the text "Hola"."""
        whole = {"messaging_product": "whatsapp", "recipient_type": "individual", "to": to, "type": kind, **more}
        return await self.post({**whole, kind: content or {"body": "Hola"}})

    async def ok(self, to: str, kind: str = "text", content: Any = None, **more: Any) -> str:
        """The wamid of a message that must be accepted."""
        status, body = await self.send(to, kind, content, **more)
        assert status == 200, body
        return str(body["messages"][0]["id"])

    async def upload(self, data: bytes, name: str, mime: str) -> Answer:
        """A file for a message."""
        form = aiohttp.FormData({"messaging_product": "whatsapp", "type": mime})
        form.add_field("file", io.BytesIO(data), filename=name, content_type=mime)
        return await self.call("POST", f"{self.whatsapp.phone}/media", data=form)

    async def download(self, media_id: str) -> bytes:
        """The bytes of a file, by its id."""
        status, body = await self.call("GET", media_id)
        assert status == 200, body
        async with self.session.get(body["url"], headers=self.headers) as answer:
            answer.raise_for_status()
            return await answer.read()


class Hook:
    """The bot's side of the webhook: checks the signature, keeps what it takes, fails the first `failing` times."""

    def __init__(self, whatsapp: WhatsAppEmulator) -> None:
        self.whatsapp, self.url, self.word = whatsapp, "", whatsapp.verify
        self.taken: list[Any] = []
        self.failing = self.attempts = 0
        self.news = asyncio.Event()

    async def answer(self, request: web.Request) -> web.Response:
        """The challenge."""
        right = request.query["hub.verify_token"] == self.word
        return web.Response(text=request.query["hub.challenge"] if right else "no", status=200 if right else 403)

    async def take(self, request: web.Request) -> web.Response:
        """One POST."""
        self.attempts += 1
        body = await request.read()
        mark = hmac.new(self.whatsapp.delivery.secret.encode(), body, hashlib.sha256).hexdigest()
        assert request.headers["X-Hub-Signature-256"] == f"sha256={mark}"
        if self.attempts <= self.failing:
            return web.Response(status=500)
        self.taken.append(json.loads(body))
        self.news.set()
        return web.Response()

    @property
    def values(self) -> list[Any]:
        """The value of every change, in the order they came."""
        return [change["value"] for post in self.taken for entry in post["entry"] for change in entry["changes"]]

    def all(self, part: str) -> list[Any]:
        """Every message or status."""
        return [one for value in self.values for one in value.get(part, [])]

    async def has(self, part: str, count: int) -> list[Any]:
        """Wait for so many of them."""
        async with asyncio.timeout(5):
            while len(self.all(part)) < count:
                self.news.clear()
                await self.news.wait()
        return self.all(part)


@pytest.fixture
async def whatsapp() -> AsyncIterator[WhatsAppEmulator]:
    async with WhatsAppEmulator(retry_pause=0.001) as emulator:
        yield emulator


@pytest.fixture
async def graph(whatsapp: WhatsAppEmulator) -> AsyncIterator[RawGraph]:
    async with aiohttp.ClientSession() as session:
        yield RawGraph(whatsapp, session)


@pytest.fixture
async def hook(whatsapp: WhatsAppEmulator) -> AsyncIterator[Hook]:
    """A webhook that is registered."""
    hook, application = Hook(whatsapp), web.Application()
    application.router.add_get("/whatsapp", hook.answer)
    application.router.add_post("/whatsapp", hook.take)
    async with test_utils.TestServer(application) as server:
        hook.url = str(server.make_url("/whatsapp"))
        await whatsapp.webhook(hook.url)
        yield hook
        await whatsapp.delivery.close()
