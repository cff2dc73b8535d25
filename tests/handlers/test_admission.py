"""Who gets in, who decides it, and what is kept of that."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from hashlib import sha256
from pathlib import Path

import pytest
from sqlalchemy import select, update

from handlers.everyone.welcome import VERSION
from models import invitations
from models.invitations import Invitation
from models.offices import Office
from models.people import Consent, Contact, Person, Role
from tests.support.world import World, open_world

# The notice as it stands under VERSION. Changed a word of it? Then change VERSION too.
WORDING = ("2026-11", "430ce6ad6b608167")


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    world = open_world("sqlite", tmp_path)
    yield world
    world.close()


def invite(world: World, name: str, role: Role = Role.OFFICER, replaces: int | None = None) -> str:
    with world.database.begin() as connection:
        office = connection.execute(select(Office.id).where(Office.code == "turismo")).scalar_one()
        return invitations.create(connection, name, role, office if role is Role.OFFICER else None, world.now, replaces)


def enter(world: World, person: str, token: str) -> None:
    for text in (f"/entrar {token}", "acepto", "sí"):
        world.say(person, text)


def test_the_notice_has_the_version_of_its_words(world: World) -> None:
    world.say("rosa", "hola")
    world.say("rosa", "acepto")
    kept = world.rows(select(Consent).where(Consent.version == VERSION))[0]
    assert (VERSION, sha256(kept.wording.encode()).hexdigest()[:16]) == WORDING
    assert (kept.channel, kept.withdrawn_at) == ("web", None)


def test_the_wording_is_kept_as_it_was_read(world: World) -> None:
    world.say("rosa", "english")
    world.say("rosa", "/inicio")
    read = world.last("rosa").text
    world.say("rosa", tap=world.last("rosa").buttons[0]["tap"])
    assert world.rows(select(Consent.wording).where(Consent.version == VERSION)) == [(read,)]


def test_nobody_agrees_to_what_was_not_shown(world: World) -> None:
    world.say("rosa", "/inicio acepto")
    assert "¿Acepta?" in world.last("rosa").text
    world.say("sara", f"/entrar {invite(world, 'Sara Paz')} acepto")
    assert world.rows(select(Consent).where(Consent.version == VERSION)) == []


def test_the_token_is_kept_nowhere(world: World) -> None:
    token = invite(world, "Rosa Delgado")
    enter(world, "rosa", token)
    with world.database.begin() as connection:
        raw = "\n".join(connection.connection.driver_connection.iterdump())
    assert "Rosa Delgado" in raw
    assert token not in raw


def test_an_invitation_expires(world: World) -> None:
    token = invite(world, "Rosa Delgado")
    world.now += timedelta(days=8)
    world.say("rosa", f"/entrar {token}")
    assert "ya no sirve" in world.last("rosa").text


def test_an_invitation_taken_meanwhile_is_noticed(world: World) -> None:
    token = invite(world, "Rosa Delgado")
    world.say("rosa", f"/entrar {token}")
    enter(world, "somebody", token)
    world.say("rosa", "acepto")
    assert "ya no sirve" in world.last("rosa").text


def test_the_wrong_person_leaves_the_invitation_open(world: World) -> None:
    token = invite(world, "Rosa Delgado")
    for text in (f"/entrar {token}", "acepto", "no soy yo"):
        world.say("neighbour", text)
    assert "no usé la invitación" in world.last("neighbour").text
    assert world.rows(select(Invitation.state)) == [("open",)]
    assert world.rows(select(Person.name).where(Person.name == "Rosa Delgado")) == []


def test_who_is_refused_is_told_and_keeps_no_name(world: World) -> None:
    enter(world, "rosa", invite(world, "Rosa Delgado"))
    world.say("coordinator", "/rechazar 1")
    assert "no se admitió a Rosa Delgado" in world.last("coordinator").text
    assert "no confirmó su ingreso" in world.last("rosa").text
    assert world.rows(select(Person.name).where(Person.name == "Rosa Delgado")) == []
    world.say("coordinator", "/admitir 1")
    assert "Ya se decidió no admitir" in world.last("coordinator").text


def test_nobody_lets_themselves_in(world: World) -> None:
    enter(world, "coordinator", invite(world, "Marta Rosero"))
    world.say("coordinator", "sí")
    for command in ("/admitir 1", "/rechazar 1"):
        world.say("coordinator", command)
        assert "Nadie se admite a sí mismo" in world.last("coordinator").text
    world.say("coordinator", "/solicitudes")
    assert "Nadie está esperando" in world.last("coordinator").text
    assert world.rows(select(Invitation.state)) == [("used",)]


@pytest.mark.parametrize("person", ["officer", "auditor", "citizen", "stranger"])
def test_only_who_runs_the_plan_decides(world: World, person: str) -> None:
    enter(world, "rosa", invite(world, "Rosa Delgado"))
    for command in ("/admitir 1", "/rechazar 1", "/solicitudes"):
        world.say(person, command)
        assert "Rosa" not in world.last(person).text
    assert world.rows(select(Invitation.state)) == [("used",)]


def test_many_who_wait_fit_into_a_message(world: World) -> None:
    for number in range(6):
        enter(world, f"p{number}", invite(world, f"Persona {number}"))
    world.say("coordinator", "/solicitudes")
    message = world.last("coordinator")
    assert "y 2 personas más" in message.text
    assert len(message.buttons) == 8


@pytest.mark.parametrize("argument", ["", "0", "-1", "1.5", "uno", "99999999999999999999", "²", "1; DROP TABLE people"])
def test_a_wrong_number_is_answered(world: World, argument: str) -> None:
    world.say("coordinator", f"/admitir {argument}")
    assert "No encontré esa solicitud" in world.last("coordinator").text


def test_an_open_invitation_is_not_a_request(world: World) -> None:
    invite(world, "Rosa Delgado")
    world.say("coordinator", "/admitir 1")
    assert "No encontré" in world.last("coordinator").text


def test_a_coordinator_is_let_in_by_another(world: World) -> None:
    enter(world, "hugo", invite(world, "Hugo Paz", Role.COORDINATOR))
    assert "coordinación del plan" in world.heard("coordinator")[-1].text
    world.say("coordinator", "/admitir 1")
    world.say("hugo", "/solicitudes")
    assert "Nadie está esperando" in world.last("hugo").text


def test_a_visitor_who_declines_leaves_nothing_personal(world: World) -> None:
    world.say("rosa", "hola")
    world.say("rosa", "no")
    same = select(Person.name, Person.status).join(Contact).where(Contact.address == "rosa")
    assert world.rows(same) == [("", "visitor")]
    assert world.rows(update(Consent).where(Consent.version == VERSION).values(version="x").returning(Consent.id)) == []
