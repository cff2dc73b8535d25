"""A world whose people sit at phones: the real application serves it, and each message takes its channel's own way."""

from __future__ import annotations

import asyncio
import hashlib
import re
import threading
import time
from collections.abc import Callable, Coroutine
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Any, Protocol, Self, TypeVar

from sqlalchemy import Connection, func, select, update

from bot.app import build
from bot.clock import Clock
from bot.serving import Server, bound
from bot.settings import Settings
from conversation.messages import Attachment
from models.database import Database
from models.deliveries import Delivery, Outgoing
from models.people import Contact
from tests.models.inspection_samples import encoded, ogg, pdf, picture
from tests.support.world import PEOPLE, World

T = TypeVar("T")
# Seconds until an answer must be there.
PATIENCE = 20.0
# Seconds between two parts of a message, at most.
READING = 0.05
HARMFUL = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


@dataclass(frozen=True, slots=True)
class Sent:
    """A file on its way from a phone."""

    kind: str
    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Seen:
    """A message as a phone shows it; buttons as {"label", "tap"}."""

    text: str
    buttons: list[dict[str, str]]


class Phones(Protocol):
    """The phones of one channel. All that is awaited runs in the event loop of the application."""

    channel: str

    async def open(self, now: Callable[[], float]) -> dict[str, Any]:
        """Be there before the application is, on this clock (Unix seconds); the settings it needs."""
        ...

    async def served(self, port: int) -> None:
        """The application is there, at this port."""
        ...

    def stay(self) -> None:
        """Nobody has been silent for long."""
        ...

    async def close(self) -> None:
        """Be gone after the application is."""
        ...

    def address(self, person: str) -> str:
        """Where the channel knows a person."""
        ...

    async def write(self, person: str, text: str, tap: str, files: list[Sent]) -> None:
        """Say something, tap a button, or send files with a caption."""
        ...

    async def shown(self, person: str) -> list[Seen]:
        """What the phone shows from the bot, oldest first."""
        ...


@dataclass(slots=True)
class Hands(Clock):
    """A clock that shows what the world shows."""

    show: Callable[[], datetime] = datetime.now

    def now(self) -> datetime:
        """The world's moment."""
        return self.show()


@dataclass(slots=True)
class Heard:
    """What a person has read so far, and how many of the messages on the phone that was."""

    messages: list[Outgoing] = field(default_factory=list)
    count: int = 0


class Stage(World):
    """The world on one channel. `with` begins and ends it; the database is the world's own."""

    def __init__(self, world: World, phones: Phones, folder: Path) -> None:
        super().__init__(world.database, world.now)
        self.phones, self.folder = phones, folder
        self._heard: dict[str, Heard] = {}
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever)

    def __enter__(self) -> Self:
        self._thread.start()
        listening = bound("127.0.0.1", 0)
        port = listening.getsockname()[1]
        given = self._await(self.phones.open(lambda: self.now.timestamp()))  # noqa: PLW0108 – it moves on
        url = self.database.url.render_as_string(hide_password=False)
        settings = Settings(
            _env_file=None, database_url=url, evidence_dir=self.folder / "evidence", port=port,
            public_url=f"http://127.0.0.1:{port}", **given,
        )  # fmt: skip
        with self.database.begin() as connection:
            for name in PEOPLE:
                moved = update(Contact).where(Contact.address == name, Contact.channel == "web")
                connection.execute(moved.values(channel=self.phones.channel, address=self.phones.address(name)))
        app = build(settings, Database(url), Hands(show=lambda: self.now))
        self._server = Server(app)
        self._serving = self._start(self._server.serve([listening]))
        self._until(lambda: self._server.started or self._serving.done())
        self._await(self.phones.served(port))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.should_exit = True
        self._serving.result(PATIENCE)
        self._await(self.phones.close())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def say(
        self, person: str, text: str = "", *, tap: str = "", files: tuple[Attachment, ...] = (), again: str = ""
    ) -> str:
        """One message from the person's phone, until it is answered there and everybody has what follows from it."""
        assert not again, "a phone does not send twice; what the platform repeats is tested elsewhere"
        # What cannot be kept as a file is typed: links and places, as people paste them.
        typed = [item.ref or item.name for item in files if item.kind in ("link", "place")]
        sent = [_sent(item) for item in files if item.kind not in ("link", "place")]
        self._stay()
        before = self._answers(person)
        self._await(self.phones.write(person, " ".join([*typed, text]) if typed else text, tap, sent))
        self._until(lambda: self._answers(person) > before and not self._waiting())
        self._rest(person)
        assert self._answers(person) == before + 1, "one message, one answer"
        self._look(person, together=True)
        self.now += timedelta(seconds=20)
        return ""

    def settle(self) -> None:
        """Everybody gets what is queued for them; a page that is closed by now had it before."""
        self._stay()
        self._until(lambda: not self._waiting())
        if self.phones.channel == "web":
            super().settle()

    def heard(self, person: str, most: int = 1000) -> list[Outgoing]:
        """What the person has read, oldest first."""
        return self._look(person).messages[-most:]

    def _stay(self) -> None:
        """Who was silent for long is knocked at in other words; transcripts are about what is said to the others."""
        self.phones.stay()
        with self.database.begin() as connection:
            connection.execute(update(Contact).values(heard_at=self.now))

    def _look(self, person: str, *, together: bool = False) -> Heard:
        """Read what is new; an answer in several parts is read `together`."""
        heard = self._heard.setdefault(person, Heard())
        shown = self._await(self.phones.shown(person))
        new, heard.count = shown[heard.count :], len(shown)
        if together and new:
            new = [Seen("\n".join(one.text for one in new), [button for one in new for button in one.buttons])]
        for one in new:
            heard.messages.append(Outgoing(len(heard.messages) + 1, one.text, one.buttons, None, "", self.now))
        return heard

    def _rest(self, person: str) -> None:
        """A platform may tell that the first part of a message arrived before the others left."""
        count = -1
        while count != (count := len(self._await(self.phones.shown(person)))):
            time.sleep(READING)

    def _answers(self, person: str) -> int:
        here = (Delivery.channel == self.phones.channel, Delivery.address == self.phones.address(person))
        return self._count(select(func.count()).where(*here, Delivery.kind == "answer"))

    def _waiting(self) -> int:
        """Messages on their way; on the page a message waits in the database until it is read."""
        if self.phones.channel == "web":
            return 0
        under_way = (Delivery.channel == self.phones.channel, Delivery.state.in_(("queued", "sending")))
        return self._count(select(func.count()).where(*under_way))

    def _count(self, statement: Any) -> int:
        with self.database.begin() as connection:
            return _number(connection, statement)

    def _until(self, true: Callable[[], object]) -> None:
        limit = time.monotonic() + PATIENCE
        while not true():
            assert time.monotonic() < limit, "it takes too long"
            time.sleep(0.01)

    def _start(self, work: Coroutine[Any, Any, T]) -> Future[T]:
        return asyncio.run_coroutine_threadsafe(work, self._loop)

    def _await(self, work: Coroutine[Any, Any, T]) -> T:
        return self._start(work).result(PATIENCE)


def labelled(text: str, buttons: list[dict[str, str]]) -> Seen:
    """A message whose choices may be numbered lines instead of buttons: to tap one is to type its number."""
    numbered = [{"label": label, "tap": f"type {number}"} for number, label in re.findall(r"(?m)^(\d+)\. (.+)$", text)]
    return Seen(text, buttons or numbered)


def _number(connection: Connection, statement: Any) -> int:
    return int(connection.execute(statement).scalar_one())


def _sent(item: Attachment) -> Sent:
    """The bytes of a file of this name: the same name is the same file."""
    size = 64 + int(hashlib.sha256(item.name.encode()).hexdigest(), 16) % 900
    if item.problem:
        return Sent("document", item.name, HARMFUL)
    if item.kind == "photo":
        return Sent(item.kind, item.name, encoded("jpeg", picture(size)))
    return Sent(item.kind, item.name, ogg() if item.kind == "voice" else pdf(b"%%%d" % size))
