"""`chasqui costs`: messages and money of a month."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import update

from bot import clock
from models import charges
from models.deliveries import Delivery
from tests.bot.channels.leaving import ANA, queue, settle_on_whatsapp
from tests.bot.commands.conftest import Run
from tests.support.world import START, World, open_world


@pytest.fixture(params=["sqlite", "postgres"])
def world(
    request: pytest.FixtureRequest, here: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[World]:
    one = open_world(request.param, tmp_path)
    monkeypatch.setenv("CHASQUI_DATABASE_URL", one.database.url.render_as_string(hide_password=False))
    settle_on_whatsapp(one)
    with one.database.begin() as connection:
        clock.set_to(connection, START)
    yield one
    one.close()


def fill(world: World) -> None:
    prices = [("service", True)] * 10 + [("service", False)] * 2 + [("marketing", True), ("of_tomorrow", True)]
    numbers = [queue(world, ANA, text=str(n)) for n in range(len(prices) + 3)]
    with world.database.begin() as connection:
        connection.execute(update(Delivery).values(state="delivered", sent_at=START))
        rows = [
            {"channel": "whatsapp", "message": f"w{number}", "delivery_id": number, "category": category,
             "billable": billable, "priced_at": START + timedelta(days=number % 2)}
            for number, (category, billable) in zip(numbers, prices, strict=False)
        ]  # fmt: skip
        charges.add(connection, rows)


def test_a_month(world: World, run: Run) -> None:
    fill(world)
    told = run("costs")
    assert told.exit_code == 0, told.output
    lines = [" ".join(line.replace("│", " ").split()) for line in told.stdout.splitlines()]
    assert "WhatsApp, 2022-05" in lines
    assert "respuestas 12 10 0,0008 0,01" in lines
    assert "plantillas de anuncios 1 1 0,0125 0,01" in lines
    assert "of_tomorrow 1 1 0,00" in lines
    assert "Total 14 12 0,02" in lines
    assert "hubo 2): en promedio 7,0 mensajes y 0,0102 USD." in told.stdout
    assert "No se sabe cuánto cuesta un mensaje «of_tomorrow»" in told.stdout
    assert "no ha dicho el precio todavía: 3." in told.stdout
    assert "por confirmar por la entidad" in told.stdout
    assert run("costs", "--month", "2022-05").stdout == told.stdout


def test_a_month_without_messages(world: World, run: Run) -> None:
    fill(world)
    assert run("costs", "--month", "2022-12").stdout == "En 2022-12 no salió ningún mensaje por WhatsApp.\n"


@pytest.mark.parametrize("month", ["2022-13", "mayo", "2022-5", "22-05", "2022-05-01"])
def test_what_is_no_month(world: World, run: Run, month: str) -> None:
    refused = run("costs", "--month", month)
    assert refused.exit_code == 2
    assert f"«{month}» no es un mes" in refused.output
