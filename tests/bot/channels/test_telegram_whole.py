"""The whole of Telegram: a person at the emulator, the real application, real HTTP both ways."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import select, text

from models.database import Database
from models.deliveries import Delivery
from tests.bot.channels.running import COORDINATOR, OFFICER, TOKEN, running, settle_in
from tests.emulators.telegram import TelegramEmulator, faults
from tests.models.inspection_samples import encoded, picture


@pytest.fixture
async def telegram() -> AsyncIterator[TelegramEmulator]:
    async with TelegramEmulator(TOKEN) as one:
        yield one


@pytest.fixture
def url(tmp_path: Path) -> str:
    return settle_in("sqlite", tmp_path)


@pytest.mark.parametrize("webhook", [False, True], ids=["polling", "webhook"])
async def test_an_officer_reports_with_a_photo(
    telegram: TelegramEmulator, url: str, tmp_path: Path, webhook: bool
) -> None:
    async with running(url, tmp_path, telegram, webhook) as database:
        ana, marta = telegram.person(OFFICER, "Ana"), telegram.person(COORDINATOR, "Marta")
        await ana.says("/reportar 4 mayo")
        await ana.hears("Cuente en una o dos frases")
        await ana.says("Publicamos <b>dos</b> piezas_con *signos*.")
        await ana.hears("Envíe los soportes")
        await ana.sends_photo(encoded("jpeg"))
        await ana.hears(r"Publicamos <b>dos</b> piezas_con \*signos\*\.")
        await ana.taps("No aparecen: enviar")
        await ana.hears("A04-2022-05-0001")
        await marta.hears("Nuevo avance de Ana Lucía Ortega")
        await asyncio.to_thread(settled, database)
    with Database(url).begin() as connection:
        ref = connection.execute(text("SELECT ref FROM evidence")).scalar_one()
        assert (tmp_path / "evidence" / ref[:2] / ref).is_file()
        assert connection.execute(text("SELECT count(*) FROM reports")).scalar_one() == 1
    assert not telegram.unanswered


async def test_what_telegram_may_have_taken_is_not_said_twice(
    telegram: TelegramEmulator, url: str, tmp_path: Path
) -> None:
    async with running(url, tmp_path, telegram, True) as database:
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
    with Database(url).begin() as connection:
        said = select(Delivery.state).where(Delivery.kind == "answer").order_by(Delivery.id)
        states = connection.execute(said).scalars().all()
    assert states == ["unknown", "sent", "sent"]


async def test_an_album_has_one_answer(telegram: TelegramEmulator, url: str, tmp_path: Path) -> None:
    async with running(url, tmp_path, telegram, True):
        ana = telegram.person(OFFICER, "Ana")
        await ana.says("/reportar 4 mayo")
        await ana.hears("Cuente")
        await ana.says("Publicamos dos piezas.")
        await ana.hears("Envíe los soportes")
        before = len(ana.messages)
        await ana.sends_album([encoded("jpeg", picture(64 + n)) for n in range(3)])
        await ana.hears("Soportes: 3 fotos")
        assert len(ana.messages) == before + 1, [one.text for one in ana.messages]


async def test_who_blocks_the_bot_is_missed(telegram: TelegramEmulator, url: str, tmp_path: Path) -> None:
    async with running(url, tmp_path, telegram, True):
        ana, marta = telegram.person(OFFICER, "Ana"), telegram.person(COORDINATOR, "Marta")
        await ana.says("/ayuda")
        await ana.hears("Esto es lo que puede hacer")
        await ana.blocks()
        await marta.hears("No puedo escribirle a Ana Lucía Ortega")


async def test_a_message_edited_into_baja_ends_the_messages(
    telegram: TelegramEmulator, url: str, tmp_path: Path
) -> None:
    async with running(url, tmp_path, telegram, True):
        luz = telegram.person(555, "Luz")
        said = await luz.says("bja")
        await luz.hears("Ley 1581")
        await luz.edits(said, "BAJA")
        await luz.hears("aquí ya no le llegan avisos")
    with Database(url).begin() as connection:
        muted = connection.execute(text("SELECT muted_at FROM contacts WHERE address = '555'")).scalar_one()
    assert muted


async def test_in_a_group_nothing_personal_is_shown(telegram: TelegramEmulator, url: str, tmp_path: Path) -> None:
    async with running(url, tmp_path, telegram, True):
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


async def test_each_role_has_its_own_menu(telegram: TelegramEmulator, url: str, tmp_path: Path) -> None:
    async with running(url, tmp_path, telegram) as database:
        ana = telegram.person(OFFICER, "Ana")
        for words in ("/estado 4", "/estado 4"):
            await ana.says(words)
            await ana.hears("Actividad 4")
        await telegram.person(555, "Luz").says("hola")
        await telegram.person(555, "Luz").hears("Ley 1581")
        await asyncio.to_thread(settled, database)
        mine = {each["command"]: each["description"] for each in telegram.commands["chat 1001", ""]}
        assert mine["reportar"] == "Reportar un avance"
        assert "por_decidir" not in mine
        assert "chat 555" not in {scope for scope, _language in telegram.commands}
        await ana.says("/idioma en")
        await ana.hears("English")
        await ana.says("/estado 4")
        await ana.hears("Activity 4")
        await asyncio.to_thread(settled, database)
        mine = {each["command"]: each["description"] for each in telegram.commands["chat 1001", ""]}
        assert mine["reportar"] == "Send a report"
    assert [call.method for call in telegram.calls].count("setMyCommands") == 2 + 2


async def test_who_waits_for_a_picture_sees_that_it_comes(telegram: TelegramEmulator, url: str, tmp_path: Path) -> None:
    async with running(url, tmp_path, telegram):
        ana = telegram.person(OFFICER, "Ana")
        await ana.says("/estado")
        await ana.hears("Todo el plan")
        calls = [call.method for call in telegram.calls if call.chat == OFFICER]
        assert calls.index("sendChatAction") < calls.index("sendPhoto")
