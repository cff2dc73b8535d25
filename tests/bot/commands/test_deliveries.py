"""`chasqui deliveries`: counts and lists of messages, without their words."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import update

from bot import clock
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
    monkeypatch.setenv("COLUMNS", "120")
    settle_on_whatsapp(one)
    with one.database.begin() as connection:
        connection.execute(Delivery.__table__.delete())
        clock.set_to(connection, START)
    yield one
    one.close()


def cells(told: str) -> list[str]:
    return [" ".join(line.replace("│", " ").split()) for line in told.splitlines()]


def test_what_there_is(world: World, run: Run) -> None:
    assert "En 7 días no hubo mensajes." in run("deliveries").stdout
    states = ("sent", "sent", "unknown", "failed", "queued", "delivered")
    with world.database.begin() as connection:
        clock.set_to(connection, START)
    numbers = [queue(world, ANA, text=f"Secreto {n}") for n in range(len(states))]
    with world.database.begin() as connection:
        for number, state in zip(numbers, states, strict=True):
            old = timedelta(days=30) if state in ("queued", "delivered") else timedelta()
            became = {"state": state, "created_at": START - old, "reason": "cut off" if state == "unknown" else ""}
            connection.execute(update(Delivery).where(Delivery.id == number).values(**became))
    told = run("deliveries")
    assert told.exit_code == 0, told.output
    assert "whatsapp avisos enviado 2 2022-05-24 09:00" in cells(told.stdout)
    # What still waits is counted however old it is, what is settled is not.
    assert "whatsapp avisos en cola 1 2022-04-24 09:00" in cells(told.stdout)
    assert "entregado" not in told.stdout
    assert "whatsapp avisos entregado 1 2022-04-24 09:00" in cells(run("deliveries", "--days", "40").stdout)
    listed = run("deliveries", "--state", "unknown").stdout
    assert f"{numbers[2]} 2022-05-24 09:00 whatsapp avisos" in " ".join(cells(listed))
    assert "cut off" in listed
    assert "Secreto" not in told.stdout + listed
    assert "No hay mensajes en este estado: leído." in run("deliveries", "--state", "read").stdout


def test_an_unknown_state_is_named_with_the_known_ones(world: World, run: Run) -> None:
    told = run("deliveries", "--state", "perdido")
    assert told.exit_code == 2
    assert "No hay un estado «perdido». Son: queued" in told.stderr
