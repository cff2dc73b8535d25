"""Files that are slow, broken or lost on Telegram: the person knows of each, and a report counts when all are here."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.channels import downloads, quick
from models.database import Database
from tests.bot.channels.running import OFFICER, TOKEN, running, settle_in
from tests.emulators.bot_api.people import Person
from tests.emulators.telegram import TelegramEmulator, faults
from tests.models.inspection_samples import encoded, picture
from tests.support.databases import drop_postgres

FOR_EVER = {"probability": 1.0}


@pytest.fixture(autouse=True)
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """What takes seconds and hours takes a moment."""
    monkeypatch.setattr(quick, "QUICK", 0.3)
    monkeypatch.setattr(quick, "TRIES", (0.0, 0.01))
    monkeypatch.setattr(downloads, "PAUSES", (0.2, 0.2))
    monkeypatch.setattr(downloads, "IDLE", 0.05)


@pytest.fixture
async def telegram() -> AsyncIterator[TelegramEmulator]:
    async with TelegramEmulator(TOKEN) as one:
        yield one


@pytest.fixture
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    kind = getattr(request, "param", "sqlite")
    url = settle_in(kind, tmp_path)
    yield url
    if kind == "postgres":
        drop_postgres(url)


both = pytest.mark.parametrize("url", ["sqlite", "postgres"], indirect=True)


def photo(number: int) -> bytes:
    return encoded("jpeg", picture(64 + number))


def one(database: Database, query: str) -> object:
    with database.begin() as connection:
        return connection.execute(text(query)).scalar_one()


async def becomes(database: Database, query: str, value: object) -> None:
    async with asyncio.timeout(5):
        while await asyncio.to_thread(one, database, query) != value:  # noqa: ASYNC110 – the database has no event for it
            await asyncio.sleep(0.02)


async def asked_for_proof(telegram: TelegramEmulator) -> Person:
    """Ana, up to where she is asked for the evidence."""
    ana = telegram.person(OFFICER, "Ana")
    await ana.says("/reportar 4 mayo")
    await ana.hears("Cuente en una o dos frases")
    await ana.says("Publicamos dos piezas.")
    await ana.hears("Envíe los soportes")
    return ana


async def test_what_comes_within_a_moment_is_one_turn(telegram: TelegramEmulator, url: str, tmp_path: Path) -> None:
    async with running(url, tmp_path, telegram) as database:
        ana = await asked_for_proof(telegram)
        before = len(ana.messages)
        telegram.faults.plan(faults.cut_download(), "download")
        await ana.sends_photo(photo(1))
        await ana.hears("Revise antes de enviar")
        assert len(ana.messages) == before + 1, [one.text for one in ana.messages]
        assert one(database, "SELECT count(*) FROM downloads") == 0


@both
async def test_what_comes_late_is_told_once(telegram: TelegramEmulator, url: str, tmp_path: Path) -> None:
    async with running(url, tmp_path, telegram) as database:
        ana = await asked_for_proof(telegram)
        telegram.faults.plan(faults.slow(1.5), "download", times=3)
        telegram.faults.plan(faults.duplicated(), "update")
        await ana.sends_photo(photo(1))
        await ana.hears("^0 de 1 guardadas; todavía recibo la primera.$")
        await ana.says("listo")
        await ana.hears("Todavía recibo la primera; le aviso cuando llegue.")
        before = len(ana.messages)
        await ana.hears("^Llegó la primera: ya está.\n\nRevise antes de enviar")
        assert len(ana.messages) == before + 1, [one.text for one in ana.messages]
        await ana.taps("No aparecen: enviar")
        await ana.hears("Guardé: 1 foto")
        assert one(database, "SELECT state FROM downloads") == "kept"
        ref = str(one(database, "SELECT ref FROM evidence"))
        assert (tmp_path / "evidence" / ref[:2] / ref).is_file()
        details = json.loads(str(one(database, "SELECT details FROM evidence")))
        assert details["recompressed"] is details["exif_stripped"] is True


async def test_of_several_only_the_last_is_told(telegram: TelegramEmulator, url: str, tmp_path: Path) -> None:
    async with running(url, tmp_path, telegram) as database:
        ana = await asked_for_proof(telegram)
        telegram.faults.plan(faults.slow(1.8), "download", times=4)
        for number, said in ((1, "recibo la primera"), (2, "recibo la primera y la segunda")):
            await ana.sends_photo(photo(number))
            await ana.hears(f"^0 de {number} guardadas; todavía {said}.$")
        before = len(ana.messages)
        await ana.hears("^Llegó la (primera|segunda): ya están las 2.\n\nRevise antes de enviar")
        assert len(ana.messages) == before + 1, [one.text for one in ana.messages]
        assert one(database, "SELECT count(*) FROM downloads WHERE state = 'kept'") == 2


async def test_four_of_five_and_the_third_again(telegram: TelegramEmulator, url: str, tmp_path: Path) -> None:
    async with running(url, tmp_path, telegram) as database:
        ana = await asked_for_proof(telegram)
        for number in (1, 2):
            await ana.sends_photo(photo(number))
            await ana.hears("Revise antes de enviar")
        telegram.faults.plan(faults.cut_download(), "download", **FOR_EVER)
        lost = await ana.sends_photo(photo(3))
        await ana.hears("^2 de 3 guardadas; todavía recibo la tercera.$")
        await ana.hears("^No pude recibir la tercera: responda a ese mensaje con el archivo.\n\n2 de 3 guardadas; ree")
        telegram.faults.clear()
        for number in (4, 5):
            telegram.faults.plan(faults.slow(0.6), "download", times=2)
            # In an album neither takes the place of the one that is lost.
            album = telegram.files.add_photo(photo(number))
            ana.sends(None, photo=album, media_group_id=str(number))
            await ana.hears(
                f"guardadas; todavía recibo la {'cuarta' if number == 4 else 'quinta'}. Reenvíe la tercera.$"
            )
            await ana.hears(f"^Llegó la .*\n\n.*\n\n{number - 1} de {number} guardadas; reenvíe la tercera.$")
        assert [button.label for button in ana.messages[-1].buttons] == ["Seguir sin ella"]
        await ana.says("listo")
        await ana.hears("Falta la tercera")
        await ana.replies_to(lost, photo=photo(6))
        await ana.hears("^Llegó la tercera: ya están las 5.\n\nRevise antes de enviar")
        await ana.taps("No aparecen: enviar")
        await ana.hears("Guardé: 5 fotos")
        assert one(database, "SELECT count(DISTINCT ref) FROM evidence") == 5
        assert one(database, f"SELECT state FROM downloads WHERE message = '{lost['message_id']}'") == "lost"


async def test_without_the_one_that_is_lost(telegram: TelegramEmulator, url: str, tmp_path: Path) -> None:
    async with running(url, tmp_path, telegram):
        ana = await asked_for_proof(telegram)
        await ana.sends_photo(photo(1))
        await ana.hears("Revise antes de enviar")
        telegram.faults.plan(faults.server_error(500), "download", **FOR_EVER)
        await ana.sends_photo(photo(2))
        await ana.hears("reenvíe la segunda")
        await ana.taps("Seguir sin ella")
        await ana.hears("Soportes: 1 foto")


@both
async def test_a_restart_in_the_middle_of_a_download(telegram: TelegramEmulator, url: str, tmp_path: Path) -> None:
    async with running(url, tmp_path, telegram) as database:
        ana = await asked_for_proof(telegram)
        telegram.faults.plan(faults.slow(60), "download", times=2)
        await ana.sends_photo(photo(1))
        await ana.hears("todavía recibo la primera")
        await becomes(database, "SELECT attempts FROM downloads", 1)
    telegram.files.expire_links()
    async with running(url, tmp_path, telegram) as database:
        await ana.hears("^Llegó la primera: ya está.")
        assert one(database, "SELECT attempts FROM downloads") == 2


@both
async def test_two_servers_tell_once(telegram: TelegramEmulator, url: str, tmp_path: Path) -> None:
    async with running(url, tmp_path, telegram), running(url, tmp_path, telegram) as database:
        ana = await asked_for_proof(telegram)
        telegram.faults.plan(faults.slow(0.5), "download", times=2)
        await ana.sends_photo(photo(1))
        await ana.hears("todavía recibo la primera")
        await ana.hears("Llegó la primera")
        assert telegram.counts["download"] == 2  # the quick try, and one more
        assert one(database, "SELECT attempts FROM downloads") == 1


async def test_what_telegram_no_longer_has(
    telegram: TelegramEmulator, url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(downloads, "PAUSES", (0.2,) * 99)
    async with running(url, tmp_path, telegram):
        ana = await asked_for_proof(telegram)
        telegram.faults.plan(faults.cut_download(), "download", **FOR_EVER)
        raw = await ana.sends_photo(photo(1))
        await ana.hears("todavía recibo la primera")
        telegram.files.forget(raw["photo"][-1]["file_id"])
        await ana.hears("No pude recibir la primera")
        telegram.faults.clear()
        await ana.sends_photo(photo(1))  # without a reply: only one is missing
        await ana.hears("^Llegó la primera: ya está.")


async def test_what_may_not_be_kept_is_lost_with_its_reason(
    telegram: TelegramEmulator, url: str, tmp_path: Path
) -> None:
    async with running(url, tmp_path, telegram):
        ana = await asked_for_proof(telegram)
        telegram.faults.plan(faults.slow(0.5), "download")
        await ana.sends_document(b"MZ" + bytes(2000), "acta.pdf")
        await ana.hears("todavía recibo la primera")
        await ana.hears("^No recibí la primera. .*\n\n0 de 1 guardadas; reenvíe la primera.$")


async def test_a_cancelled_report_hears_nothing_more(telegram: TelegramEmulator, url: str, tmp_path: Path) -> None:
    async with running(url, tmp_path, telegram) as database:
        ana = await asked_for_proof(telegram)
        telegram.faults.plan(faults.slow(0.5), "download", times=2)
        await ana.sends_photo(photo(1))
        await ana.hears("todavía recibo la primera")
        await ana.says("/cancelar")
        await ana.hears("cancelado")
        before = len(ana.messages)
        await becomes(database, "SELECT state FROM downloads", "kept")
        assert len(ana.messages) == before


async def test_a_photo_out_of_the_blue_that_is_slow(telegram: TelegramEmulator, url: str, tmp_path: Path) -> None:
    async with running(url, tmp_path, telegram):
        ana = telegram.person(OFFICER, "Ana")
        telegram.faults.plan(faults.slow(0.5), "download")
        await ana.sends_photo(photo(1))
        await ana.hears("^Todavía recibo lo que envió; le aviso cuando llegue.\n\n¿Qué actividad")
        await ana.hears("^Llegó la primera: ya está.\n\n¿Qué actividad")
        await ana.says("4 mayo")
        await ana.hears("Cuente en una o dos frases")
        await ana.says("Publicamos dos piezas.")
        await ana.hears("Soportes: 1 foto")
