"""The line of a summary that says what WhatsApp cost."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import insert, select, update

from models import charges
from models.deliveries import Delivery
from models.obligations import Obligation
from models.people import Contact
from tests.handlers.talking import talk
from tests.support.world import START, World, person


@pytest.fixture
def world(world: World) -> World:
    with world.database.begin() as connection:
        person(connection, "head", "Julia Enríquez", "head", "prensa")
        whose = connection.execute(select(Contact.person_id).where(Contact.address == "citizen")).scalar_one()
        row = {
            "dedupe_key": "x", "person_id": whose, "channel": "whatsapp", "address": "CO.1", "kind": "nudge",
            "text": "x", "buttons": [], "wants": "", "created_at": START - timedelta(hours=1), "state": "failed",
        }  # fmt: skip
        delivery = connection.execute(insert(Delivery).values(**row).returning(Delivery.id)).scalar_one()
        then = START - timedelta(hours=1)
        priced = [(then, "service", 300), (then, "utility", 20), (then, "marketing", 81)]
        priced += [(START + timedelta(days=9), "marketing", 2), (START - timedelta(days=40), "marketing", 3)]
        charges.add(
            connection,
            [
                {"channel": "whatsapp", "message": f"{at} {category} {n}", "delivery_id": delivery,
                 "category": category, "billable": category != "utility" or n == 0, "priced_at": at}
                for at, category, count in priced for n in range(count)
            ],
        )  # fmt: skip
    return world


def test_who_coordinates_reads_what_the_month_cost(world: World) -> None:
    # 300 × 0.0008 + 1 × 0.0008 + 81 × 0.0125 = 1.2533
    assert "WhatsApp: 401 mensajes, 1,25 USD en mayo." in talk(world, "coordinator", "/resumen")
    assert "WhatsApp: 401 mensajes, 1,25 USD en mayo." in talk(world, "coordinator", "/resumen mes")
    world.now += timedelta(days=10)
    assert "WhatsApp: 2 mensajes, 0,02 USD en junio." in talk(world, "coordinator", "/resumen trimestre")
    assert "WhatsApp: 401 mensajes, 1,25 USD en mayo." in talk(world, "coordinator", "/resumen mayo")
    assert "WhatsApp" not in talk(world, "coordinator", "/resumen marzo")


def test_heads_of_office_do_not(world: World) -> None:
    with world.database.begin() as connection:
        late = START.date() - timedelta(days=1)
        connection.execute(update(Obligation).where(Obligation.code == "A04-2022-05").values(due=late))
    told = talk(world, "head", "/resumen")
    assert "Vencido" in told
    assert "WhatsApp" not in told
