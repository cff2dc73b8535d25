"""`chasqui invite` and `chasqui people`: from the link to the first coordinator, and what happens to people later."""

from __future__ import annotations

import re
from datetime import timedelta

from sqlalchemy import text

import locales
from bot.commands.opening import opened
from bot.turn import Rules, turn
from conversation.messages import Inbound
from models import deliveries, people, roster
from models.people import Role
from tests.bot.commands.conftest import Run
from tests.support.world import person

LINK = re.compile(r"/chat\?start=([A-Za-z0-9_-]{22})\s")


def uses(printed: str, address: str) -> int:
    """Somebody opens the link that was printed, agrees, and is who was invited; returns their number."""
    token = LINK.findall(printed)[0]
    with opened() as office, office.database.begin() as connection:
        rules = Rules(office.settings.timezone, locales.load())
        for at, said in enumerate((f"/start {token}", "acepto", "sí")):
            now = office.now + timedelta(seconds=at)
            turn(Inbound("web", address, f"{address}{at}", now, now, said), rules)(connection)
        return people.who(connection, "web", address, office.now, "es").id


def newest(address: str) -> str:
    """The newest message to an address."""
    with opened() as office, office.database.begin() as connection:
        return deliveries.latest(connection, "web", address, 1)[0].text


def workers() -> dict[int, roster.Worker]:
    """Who works on the plan."""
    with opened() as office, office.database.begin() as connection:
        return {one.id: one for one in roster.workers(connection)}


def test_the_first_coordinator_comes_in_from_the_command_line_and_nobody_after(imported: Run) -> None:
    invited = imported("invite", "--name", "Marta Rosero", "--role", "coordinadora")
    assert invited.exit_code == 0
    assert "Sirve una sola vez" in invited.stdout
    assert "█" in invited.stdout
    marta = uses(invited.stdout, "marta")
    listed = imported("people").stdout
    assert "espera que lo admitan" in listed
    assert "marta" not in listed  # her address
    assert imported("people", "admit", str(marta)).exit_code == 0
    assert newest("marta") == "Ya puede entrar, Marta Rosero: coordinación del plan."
    assert workers()[marta].roles == (Role.COORDINATOR,)

    jairo = uses(imported("invite", "--name", "Jairo", "--role", "responsable", "--office", "tic").stdout, "jairo")
    refused = imported("people", "admit", str(jairo))
    assert refused.exit_code == 2
    assert "la admite desde el chat quien coordina: Marta Rosero." in refused.stderr
    assert jairo not in workers()


def test_an_officer_is_never_the_first(imported: Run) -> None:
    printed = imported("invite", "--name", "Jairo", "--role", "responsable", "--office", "tic").stdout
    refused = imported("people", "admit", str(uses(printed, "jairo")))
    assert (refused.exit_code, "Primero debe entrar quien coordine" in refused.stderr) == (2, True)


def test_a_lost_phone_is_silent_and_a_new_one_takes_its_place(imported: Run) -> None:
    marta = uses(imported("invite", "--name", "Marta Rosero", "--role", "coordinador").stdout, "old")
    imported("people", "admit", str(marta))
    lost = imported("people", "lost-phone", str(marta), "--yes")
    assert not workers()[marta].reachable
    assert "sin teléfono" in imported("people", "list").stdout
    newcomer = uses(lost.stdout, "new")
    assert imported("people", "admit", str(newcomer)).exit_code == 0  # nobody else could be asked
    assert workers()[marta].reachable
    with opened() as office, office.database.begin() as connection:
        assert people.who(connection, "web", "new", office.now, "es").id == marta
        assert people.who(connection, "web", "old", office.now, "es").id != marta
    assert len(workers()) == 1


def test_moving_and_leaving_keep_the_person(imported: Run) -> None:
    with opened() as office, office.database.begin() as connection:
        jairo = person(connection, "jairo", "Jairo Benavides", "officer", "tic")
        marta = person(connection, "marta", "Marta Rosero", "coordinator", None)
    assert imported("people", "move", str(jairo), "--office", "prensa").exit_code == 0
    assert workers()[jairo].offices == ("prensa",)
    assert "otra dependencia" in newest("jairo")
    assert imported("people", "move", str(marta), "--office", "prensa").exit_code == 2
    assert imported("people", "leave", str(jairo), answer="n\n").exit_code == 2
    assert jairo in workers()
    assert imported("people", "leave", str(jairo), answer="s\n").exit_code == 0
    assert jairo not in workers()
    assert "Nadie coordina" in imported("people", "leave", str(marta), "--yes").stdout
    gone = imported("people", "leave", str(marta), "--yes")
    assert (gone.exit_code, "chasqui people" in gone.stderr) == (2, True)
    with opened() as office, office.database.begin() as connection:
        done = connection.execute(text("SELECT action FROM audit WHERE subject LIKE 'person:%' ORDER BY id"))
        assert [row.action for row in done] == ["membership.moved", "membership.ended", "membership.ended"]


def test_an_invitation_says_what_it_lacks(imported: Run) -> None:
    for words, said in (
        (("--name", "X", "--role", "gerente"), "«gerente» no es un papel"),
        (("--name", "X", "--role", "responsable"), "--office"),
        (("--name", "X", "--role", "auditor", "--office", "tic"), "--office"),
        (("--name", " ", "--role", "auditor"), "--name"),
        (("--name", "X", "--role", "responsable", "--office", "minas"), "No hay una dependencia «minas»"),
        (("--role", "auditor"), "Falta --name: vea «chasqui invite --help»."),
    ):
        done = imported("invite", *words)
        assert (done.exit_code, done.stdout) == (2, "")
        assert said in done.stderr
        assert len(done.stderr.splitlines()) == 1
