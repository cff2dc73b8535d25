"""A day of ten thousand mixed updates, with everything that can go wrong going wrong five times in a hundred."""

from __future__ import annotations

import asyncio
import random
import re
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, text, update

from bot import clock
from models.obligations import Obligation
from models.people import Contact
from tests.crash.living import Life, Server, free_port
from tests.crash.officers import Officer
from tests.crash.seen import in_albums, nothing_seen_twice
from tests.emulators.bot_api.chats import Raw
from tests.emulators.telegram import Person, TelegramEmulator, faults
from tests.models.inspection_samples import encoded, ogg, pdf, picture
from tests.support.world import World, open_world, person

TOKEN = "123456:TEST"
SEED = 2024
UPDATES = 10_000
# Of every kind of fault so many in a hundred, and how many seconds what is late is late.
FAULTY, LATE = 0.05, 0.2
OFFICES = ("prensa", "tic", "comunitario")
OFFICERS, STRANGERS, GROUPS = range(1001, 1049), range(2001, 2013), range(-3003, -3000)
# Updates on their way at once; the first after which the server has seen everything and memory is measured.
AHEAD, SETTLED = 400, 2_000
# MB that it may grow by from then on: allocators keep some of what a burst needed. Measured: 10 to 41 (a leak of 10 kB an
# update would be 80 more).
GROWTH = 60
# Pictures are asked for until then only: Typst keeps up to 90 MB of what it made, which would hide anything else.
PICTURE = "/estado"
PATIENCE = 60

WORDS = (
    "/reportar", "/pendientes", "/ayuda", "/estado", "/cancelar", "/deshacer", "/corregir", "/seguir", "/atras", "/zzz",
    "sí", "no", "1", "2", "listo", "ayer", "Cumbal", "hola", "otra vez", "reportar 4 mayo", "Hicimos la tarea.",
    "https://narino.gov.co/x", "'; DROP TABLE reports; --", "<b>{n} %s", "🙂", "a" * 4000, "\u202e", "=1+1",
)  # fmt: skip
GARBAGE: tuple[Raw, ...] = (
    {"sticker": {"file_id": "s", "file_unique_id": "s"}}, {"contact": {"phone_number": "1"}}, {"dice": {"value": 3}},
    {"location": {"latitude": "x"}}, {"photo": []}, {"text": 7}, {"new_chat_title": "x"}, {"document": {}}, {},
)  # fmt: skip
PHOTOS = [encoded("jpeg", picture(64 + number)) for number in range(40)]


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """The officers of three offices, on Telegram, with more to report than they ever can."""
    one = open_world("sqlite", tmp_path)
    with one.database.begin() as connection:
        clock.set_to(connection, one.now)
        connection.execute(update(Obligation).where(Obligation.distinct == "").values(target=1000))
        for chat in OFFICERS:
            person(connection, str(chat), f"Ana {chat}", "officer", OFFICES[chat % len(OFFICES)])
            connection.execute(update(Contact).where(Contact.address == str(chat)).values(channel="telegram"))
    yield one
    one.close()


async def test_a_day_of_mixed_updates(world: World, tmp_path: Path) -> None:
    url = world.database.url.render_as_string(hide_password=False)
    async with TelegramEmulator(TOKEN) as telegram:
        server, crowd = Server(Life(url, tmp_path, TOKEN, telegram.url, free_port())), Crowd(telegram)
        server.start()
        await crowd.people[0].says("/ayuda")
        await crowd.people[0].hears("", PATIENCE)
        _plan_faults(telegram)
        halting = asyncio.create_task(_halt_now_and_then(telegram))
        await crowd.send(SETTLED)
        await _quiet(world, telegram)
        before = _resident(server.pid)
        await crowd.send(UPDATES)
        halting.cancel()
        telegram.faults.clear()
        await _quiet(world, telegram)
        grown = _resident(server.pid) - before
        print(f"seed {SEED}: {telegram.updates.count} updates, {dict(telegram.counts)}, {before} + {grown} MB")
        for someone in crowd.people:
            if someone.refusal:
                await someone.starts()
        await asyncio.gather(*(_finishes(telegram, chat) for chat in OFFICERS))
        await asyncio.gather(*(_is_answered(telegram.person(chat)) for chat in STRANGERS))
        await _quiet(world, telegram)
        assert "Traceback" not in server.log.read_text()
        await server.stop()
        with world.database.begin() as connection:
            _every_message_is_answered(connection, len(in_albums(telegram)))
            nothing_seen_twice(connection, telegram)
        assert grown <= GROWTH


class Crowd:
    """Everybody who writes, and what they do next."""

    def __init__(self, telegram: TelegramEmulator) -> None:
        self.telegram, self.chance = telegram, random.Random(SEED)
        self.people = [telegram.person(chat, f"Ana {chat}") for chat in (*OFFICERS, *STRANGERS)]
        self.groups = [telegram.group(chat, "Equipo") for chat in GROUPS]
        self.written: dict[int, Raw] = {}
        acts: dict[Callable[[Person], Awaitable[object]], int] = {
            self._writes: 34, self._taps: 26, self._taps_long_ago: 5, self._photo: 8, self._album: 1,
            self._document: 3, self._voice: 3, self._place: 4, self._edits: 4, self._garbage: 4, self._in_group: 4,
            self._blocks: 1, self._forwards: 1, self._replies: 2,
        }  # fmt: skip
        self._acts, self._weights = list(acts), list(acts.values())

    async def send(self, until: int) -> None:
        """Do this and that until there have been so many updates, never far ahead of the server."""
        while self.telegram.updates.count < until:
            while len(self.telegram.updates.pending) > AHEAD:  # noqa: ASYNC110 – there is no event for it
                await asyncio.sleep(0.01)
            someone = self.chance.choice(self.people)
            if someone.refusal:
                await someone.starts()
            else:
                await self.chance.choices(self._acts, self._weights)[0](someone)
            await asyncio.sleep(0)

    async def _writes(self, someone: Person) -> None:
        words = self.chance.choice(WORDS)
        if not self._too_late(words):
            self.written[someone.id] = await someone.says(words)

    async def _taps(self, someone: Person) -> None:
        await self._tap(someone, someone.shown[-3:])

    async def _taps_long_ago(self, someone: Person) -> None:
        await self._tap(someone, someone.shown)

    async def _tap(self, someone: Person, among: list[Any]) -> None:
        """A button of one of these messages."""
        with_buttons = [message for message in among if message.buttons]
        if with_buttons:
            message = self.chance.choice(with_buttons)
            button = self.chance.choice(message.buttons)
            if not self._too_late(button.data):
                await someone.taps(button.label, on=message)

    def _too_late(self, words: str) -> bool:
        return words.startswith(PICTURE) and self.telegram.updates.count > SETTLED

    async def _photo(self, someone: Person) -> None:
        await someone.sends_photo(self.chance.choice(PHOTOS), self.chance.choice(("", "", "La reunión de ayer")))

    async def _album(self, someone: Person) -> None:
        await someone.sends_album(self.chance.sample(PHOTOS, self.chance.randint(2, 4)))

    async def _document(self, someone: Person) -> None:
        data = self.chance.choice((pdf(), b"MZ" + bytes(2000), self.chance.choice(PHOTOS)))
        await someone.sends_document(data, "acta.pdf", size=self.chance.choice((None, None, None, 21 << 20)))

    async def _voice(self, someone: Person) -> None:
        await someone.sends_voice(ogg())

    async def _place(self, someone: Person) -> None:
        await someone.shares_place(1.2, -77.3)

    async def _edits(self, someone: Person) -> None:
        if written := self.written.get(someone.id):
            await someone.edits(written, self.chance.choice(WORDS))

    async def _garbage(self, someone: Person) -> None:
        content = self.chance.choice(GARBAGE)
        if content:
            someone.sends(None, **content)
        else:
            self.telegram.updates.add(someone.id, self.chance.choice(("message", "callback_query")), {"nothing": 1})

    async def _in_group(self, someone: Person) -> None:
        words = self.chance.choice(("hola", "@chasqui_bot hola", "@chasqui_bot /reportar", "/pendientes@chasqui_bot"))
        await someone.says(words, to=self.chance.choice(self.groups))

    async def _blocks(self, someone: Person) -> None:
        await someone.blocks()

    async def _forwards(self, someone: Person) -> None:
        await someone.forwards("Mire", channel=self.chance.choice(("", "gobernacion")))

    async def _replies(self, someone: Person) -> None:
        if someone.shown:
            await someone.replies_to(self.chance.choice(someone.shown), photo=self.chance.choice(PHOTOS))


def _plan_faults(telegram: TelegramEmulator) -> None:
    """Everything that can go wrong but 429, which comes in spells."""
    calls = [faults.server_error(), faults.lost_call(), faults.lost_answer(), faults.slow(LATE)]
    ways: list[tuple[faults.Fault, str | None]] = [(fault, None) for fault in calls]
    ways += [(fault, "download") for fault in (faults.server_error(), faults.cut_download(), faults.slow(2 * LATE))]
    ways += [(fault, "update") for fault in (faults.duplicated(), faults.held(LATE), faults.cut_download())]
    ways += [(faults.forbidden(), "sendMessage"), (faults.too_many(1), "getFile")]
    for seed, (fault, method) in enumerate(ways):
        telegram.faults.plan(fault, method, probability=FAULTY, seed=seed)


async def _halt_now_and_then(telegram: TelegramEmulator) -> None:
    """Refuse whatever is being sent for a moment, until it was so many messages in a hundred."""
    while True:
        if telegram.counts["429"] < FAULTY * telegram.counts["sendMessage"]:
            telegram.limits.halt(LATE)
        await asyncio.sleep(2 * LATE)


async def _quiet(world: World, telegram: TelegramEmulator) -> None:
    """Wait until everything is taken, fetched and sent."""
    async with asyncio.timeout(PATIENCE):
        while telegram.updates.pending or await world.database.read(_left):  # noqa: ASYNC110 – no event for it
            await asyncio.sleep(0.05)


def _left(connection: Connection) -> int:
    """What waits to be sent or fetched."""
    return sum(
        connection.execute(text(query)).scalar_one()
        for query in (
            "SELECT count(*) FROM downloads WHERE state = 'queued'",
            "SELECT count(*) FROM deliveries WHERE channel = 'telegram' AND state IN ('queued', 'sending')",
        )
    )


def _resident(pid: int) -> int:
    """The memory of a process, in MB."""
    [size] = re.findall(r"VmRSS:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text())
    return int(size) // 1024


async def _finishes(telegram: TelegramEmulator, chat: int) -> None:
    """Whatever is half done, a report can be finished."""
    officer = Officer(telegram, chat, random.Random(chat))
    before = set(officer.folios)
    await officer.report()
    assert officer.folios > before


async def _is_answered(someone: Person) -> None:
    await someone.says("/ayuda")
    await someone.hears("", PATIENCE)


def _every_message_is_answered(connection: Connection, in_an_album: int) -> None:
    """Once each, albums as one."""
    answered = "SELECT 1 FROM deliveries d WHERE d.dedupe_key = 'answer:telegram:' || i.address || ':' || i.message_id"
    silent = f"SELECT count(*) FROM inbox i WHERE i.channel = 'telegram' AND NOT EXISTS ({answered})"
    assert connection.execute(text(silent)).scalar_one() == in_an_album
    pending = "SELECT count(*) FROM conversations WHERE draft LIKE :held OR stash LIKE :held"
    assert connection.execute(text(pending), {"held": '%"problem": "pending"%'}).scalar_one() == 0
