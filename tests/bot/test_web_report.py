"""The main job over HTTP: an officer reports with a photo, the coordinator's phone tells of it at once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update

from bot import clock
from bot.channels.web.sessions import DEMO_SLOTS, address_of, demo_token
from models import installation
from models.database import Database
from models.evidence import Evidence
from models.people import Contact
from models.vault import Vault
from tests.bot.test_inbound import photo
from tests.bot.web import Phone, serving, settings_in
from tests.support.world import START, open_world

# What is written to each question, by a word of the question. The rest is answered by its first button.
WRITTEN = {"Qué actividad": "4", "Hay varias": "mayo", "Cuente": "Publicamos dos.", "menores": "no"}


@pytest.fixture
def port(tmp_path: Path) -> Iterator[int]:
    world = open_world("sqlite", tmp_path)
    with world.database.begin() as connection:
        secret = installation.secret(connection)
        for slot in DEMO_SLOTS:
            address = address_of(demo_token(secret, slot))
            connection.execute(update(Contact).where(Contact.address == slot).values(address=address))
        clock.set_to(connection, START + timedelta(hours=1))
        started = clock.kept(connection)
    world.close()
    with serving(settings_in(tmp_path), demo=True, clock=started) as port:
        yield port


def test_a_report_with_a_photo_is_heard_of_at_once(port: int, tmp_path: Path) -> None:
    officer, coordinator = Phone(port, "officer"), Phone(port, "coordinator")
    with coordinator.listening() as events:
        assert officer.say(files=(("pieza.jpg", "image/jpeg", photo()),))[0] == 200
        for _ in range(12):
            asked = officer.history()[-1]
            if "folio" in asked["text"]:
                break
            text = next((text for word, text in WRITTEN.items() if word in asked["text"]), "")
            tap = "" if text else asked["buttons"][0]["tap"]
            assert officer.say(text or asked["buttons"][0]["label"], tap=tap)[0] == 200
        assert "(folio) es A04-2022-" in officer.history()[-1]["text"]
        assert "Nuevo avance de Ana Lucía Ortega" in events.next()["text"]
    assert not any("avance" in message["text"] for message in Phone(port, "citizen").history())
    database = Database(f"sqlite:///{tmp_path}/chasqui.db")
    with database.begin() as connection:
        (ref,) = connection.execute(select(Evidence.ref)).scalars()
    database.close()
    assert Vault(tmp_path / "evidence").path(ref).read_bytes() == photo()


def test_a_refused_photo_is_explained_to_the_officer(port: int) -> None:
    officer = Phone(port, "officer")
    officer.say(files=(("foto.jpg", "image/jpeg", b"#!/bin/sh\nrm -rf /"),))
    assert "foto.jpg: No es de la clase que dice su nombre" in officer.history()[-1]["text"]


def test_the_status_comes_with_its_picture(port: int) -> None:
    citizen = Phone(port, "citizen")
    citizen.say("¿Cómo va el plan?")
    picture = citizen.history()[-1]["picture"]
    assert picture["alt"]
    assert citizen.fetch("GET", picture["url"])[0] == 200
    assert citizen.fetch("GET", picture["url"].replace("citizen", "officer"))[0] == 404
