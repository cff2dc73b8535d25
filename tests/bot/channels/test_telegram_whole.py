"""The whole of Telegram: a person at the emulator, the real application, real HTTP both ways."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
import uvicorn
from pydantic import SecretStr
from sqlalchemy import select, text, update

from bot import app, clock
from bot.settings import Settings
from models.database import Database
from models.deliveries import Delivery
from models.people import Contact
from tests.emulators.telegram import TelegramEmulator, faults
from tests.models.inspection_samples import encoded, picture
from tests.support.world import START, open_world

TOKEN = "123456:TEST"
OFFICER, COORDINATOR = 1001, 1002


@asynccontextmanager
async def running(folder: Path, telegram: TelegramEmulator, webhook: bool) -> AsyncIterator[Database]:
    """The application over a world whose officer and coordinator are on Telegram, at the day of the plan."""
    url = f"sqlite:///{folder / 'chasqui.db'}"
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    settings = Settings(
        _env_file=None, database_url=url, evidence_dir=folder / "evidence", port=port,
        public_url=f"http://127.0.0.1:{port}" if webhook else "", telegram_token=SecretStr(TOKEN),
        telegram_api=telegram.url, telegram_rate=0,
    )  # fmt: skip
    database = Database(url)
    with database.begin() as connection:
        today = clock.set_to(connection, START)
    server = uvicorn.Server(uvicorn.Config(app.build(settings, database, today), port=port, log_config=None))
    serving = asyncio.create_task(server.serve())
    try:
        async with asyncio.timeout(20):
            while not server.started:  # noqa: ASYNC110 – uvicorn has no event for it
                await asyncio.sleep(0.01)
        yield database
    finally:
        server.should_exit = True
        await serving


@pytest.fixture
async def telegram() -> AsyncIterator[TelegramEmulator]:
    async with TelegramEmulator(TOKEN) as one:
        yield one
        assert one.invalid == []


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    world = open_world("sqlite", tmp_path)
    with world.database.begin() as connection:
        for name, chat in (("officer", OFFICER), ("coordinator", COORDINATOR)):
            here = update(Contact).where(Contact.address == name)
            connection.execute(here.values(channel="telegram", address=str(chat)))
    world.close()
    return tmp_path


@pytest.mark.parametrize("webhook", [False, True], ids=["polling", "webhook"])
async def test_an_officer_reports_with_a_photo(telegram: TelegramEmulator, folder: Path, webhook: bool) -> None:
    async with running(folder, telegram, webhook) as database:
        ana, marta = telegram.person(OFFICER, "Ana"), telegram.person(COORDINATOR, "Marta")
        await ana.says("/reportar 4 mayo")
        await ana.hears(r"¿Cuántas reporta\?")
        await ana.taps("1")
        await ana.hears("Cuente en una o dos frases")
        await ana.says("Publicamos <b>dos</b> piezas_con *signos*.")
        await ana.hears("¿Qué día se hizo")
        await ana.taps("Hoy")
        await ana.hears("Envíe los soportes")
        await ana.sends_photo(encoded("jpeg"))
        await ana.hears("Llevo 1 soporte guardado")
        await ana.taps("Listo")
        await ana.hears("menores de edad")
        await ana.taps("No")
        await ana.hears(r"Publicamos <b>dos</b> piezas_con \*signos\*\.")
        await ana.taps("Sí, enviar")
        await ana.hears("A04-2022-05-0001")
        await marta.hears("Nuevo avance de Ana Lucía Ortega")
        await asyncio.to_thread(settled, database)
    with Database(f"sqlite:///{folder / 'chasqui.db'}").begin() as connection:
        ref = connection.execute(text("SELECT ref FROM evidence")).scalar_one()
        assert (folder / "evidence" / ref[:2] / ref[2:4] / ref).is_file()
        assert connection.execute(text("SELECT count(*) FROM reports")).scalar_one() == 1
    assert not telegram.unanswered


async def test_what_telegram_may_have_taken_is_not_said_twice(telegram: TelegramEmulator, folder: Path) -> None:
    async with running(folder, telegram, True) as database:
        ana = telegram.person(OFFICER, "Ana")
        telegram.faults.plan(faults.lost_answer(), "sendMessage", times=1)
        await ana.says("/ayuda")
        await ana.hears("Esto es lo que puede hacer")
        telegram.faults.plan(faults.server_error(), "sendMessage", times=1)
        await ana.says("/pendientes")
        await ana.hears("metas pendientes")
        telegram.faults.plan(faults.duplicated(), "update", times=1)
        await ana.says("/estado 4")
        await ana.hears("Actividad 4")
        await asyncio.to_thread(settled, database)
    assert [m.text.split("\n")[0][:12] for m in ana.messages].count("Esto es lo q") == 1
    with Database(f"sqlite:///{folder / 'chasqui.db'}").begin() as connection:
        states = connection.execute(select(Delivery.state).order_by(Delivery.id)).scalars().all()
    assert states == ["unknown", "sent", "sent"]


async def test_an_album_has_one_answer(telegram: TelegramEmulator, folder: Path) -> None:
    async with running(folder, telegram, True):
        ana = telegram.person(OFFICER, "Ana")
        await ana.says("/reportar 4 mayo")
        await ana.hears(r"¿Cuántas reporta\?")
        for words, answer in (("1", "Cuente"), ("Publicamos dos piezas.", "¿Qué día"), ("hoy", "Envíe los soportes")):
            await ana.says(words)
            await ana.hears(answer)
        before = len(ana.messages)
        await ana.sends_album([encoded("jpeg", picture(64 + n)) for n in range(3)])
        await ana.hears("Llevo 3 soportes guardados")
        assert len(ana.messages) == before + 1


async def test_who_blocks_the_bot_is_missed(telegram: TelegramEmulator, folder: Path) -> None:
    async with running(folder, telegram, True):
        ana, marta = telegram.person(OFFICER, "Ana"), telegram.person(COORDINATOR, "Marta")
        await ana.says("/ayuda")
        await ana.hears("Esto es lo que puede hacer")
        await ana.blocks()
        await marta.hears("No puedo escribirle a Ana Lucía Ortega")


async def test_in_a_group_nothing_personal_is_shown(telegram: TelegramEmulator, folder: Path) -> None:
    async with running(folder, telegram, True):
        ana = telegram.person(OFFICER, "Ana")
        group = telegram.group(-77, "Plan")
        await ana.says("hola a todos", to=group)
        await ana.says(f"/pendientes@{telegram.bot['username']}", to=group)
        await group.hears("Escríbame en un chat privado")
        await ana.says(f"/estado@{telegram.bot['username']}", to=group)
        await group.hears("Todo el plan")
        assert len(group.messages) == 2


def settled(database: Database) -> None:
    """Wait until nothing is on its way out."""
    import time

    for _ in range(200):
        with database.begin() as connection:
            if not connection.execute(text("SELECT 1 FROM deliveries WHERE state IN ('queued', 'sending')")).first():
                return
        time.sleep(0.05)
    raise AssertionError("something was not sent")
