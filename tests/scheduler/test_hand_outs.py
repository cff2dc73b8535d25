"""What is asked for is made once, told once, taken up again after a crash, and swept after a month."""

from __future__ import annotations

import asyncio
import io
import zipfile
from datetime import date, datetime, timedelta
from functools import partial

import pytest
from openpyxl import load_workbook
from sqlalchemy import insert, select, update

from bot.turn import rendered
from models import closes, hand_outs, linking, people
from models.evidence import Evidence
from models.hand_outs import HandOut
from models.obligations import Obligation
from models.people import Membership
from models.plan import Plan
from models.reports import Report
from models.summaries import midnight
from models.vault import Vault
from models.visit import Visit
from models.wanted import Wanted
from scheduler.hand_outs import LEASE, TRIES, Maker, sweep
from tests.support.world import RULES, World

ORIGINAL = b"\xff\xd8 the original bytes \xff\xd9"


class Making(Maker):
    """Makes by the world's clock; `told` holds who was told."""

    def __init__(self, world: World, vault: Vault) -> None:
        self.woken: list[set[tuple[str, str]]] = []
        super().__init__(
            world.database, vault, hand_outs.beside(vault), RULES.zone, lambda: world.now,
            lambda reply, language: rendered(reply, "", language, RULES), self.woken.append,
        )  # fmt: skip


def make(world: World, vault: Vault) -> Making:
    making = Making(world, vault)
    asyncio.run(making.run())
    return making


def states(world: World) -> list[str]:
    return [row.state for row in world.rows(select(HandOut.state).order_by(HandOut.id))]


def report(world: World, vault: Vault, quarantined: bool = False) -> str:
    """A report with a file of its own; returns its folio."""
    kept = vault.put(io.BytesIO(ORIGINAL), 1000)
    world.say("officer", "/reportar 4")
    with world.database.begin() as connection:
        duty = connection.execute(select(Obligation).where(Obligation.code == "A04-2022-05")).one()
        author = people.at(connection, "web", "officer")
        assert author
        values = {
            "plan_id": duty.plan_id, "obligation_id": duty.id, "folio": "A04-2022-05-0001", "version": 1,
            "state": "reported", "quantity": 1, "item": "", "account": "=1+1 <b>Publicamos</b>", "minors": quarantined,
            "done_on": world.now.date(), "author_id": author.id, "channel": "web", "sent_at": world.now,
            "received_at": world.now, "place": None,
        }  # fmt: skip
        number = connection.execute(insert(Report).values(values).returning(Report.id)).scalar_one()
        piece = {
            "report_id": number, "kind": "photo", "ref": kept.sha256, "name": "=cmd|calc.jpg", "mime": "image/jpeg",
            "size": kept.size, "quarantined": quarantined, "channel": "web", "sent_at": world.now,
            "received_at": world.now,
        }  # fmt: skip
        connection.execute(insert(Evidence).values(piece))
    return "A04-2022-05-0001"


def test_a_format_is_made_and_told_once(world: World, vault: Vault) -> None:
    world.say("coordinator", "/informe seguimiento de abril en excel")
    making = make(world, vault)
    assert states(world) == ["ready"]
    assert making.woken == [{("web", "coordinator")}]
    told = world.last("coordinator")
    assert told.text.startswith("Listo: el seguimiento de Control Interno.")
    assert told.document
    assert told.document["name"] == "seguimiento-control-interno-2022-04-30.xlsx"
    content = hand_outs.beside(vault).path(told.document["sha256"]).read_bytes()
    assert "Seguimiento" in load_workbook(io.BytesIO(content)).sheetnames
    before = len(world.heard("coordinator"))
    make(world, vault)
    assert len(world.heard("coordinator")) == before
    world.say("coordinator", "/descargar")
    (again,) = [button for button in world.last("coordinator").buttons if button["tap"].startswith("/descargar ")]
    world.say("coordinator", again["label"], tap=again["tap"])
    assert world.last("coordinator").document == told.document | {"caption": "Seguimiento de Control Interno"}


@pytest.mark.parametrize("quarantined", [False, True])
def test_a_dossier_holds_the_originals_but_no_minors(world: World, vault: Vault, quarantined: bool) -> None:
    folio = report(world, vault, quarantined)
    world.say("coordinator", "expediente de mayo")
    make(world, vault)
    document = world.last("coordinator").document
    assert document
    assert document["name"] == "expediente-2022-05.zip"
    with zipfile.ZipFile(hand_outs.beside(vault).path(document["sha256"])) as archive:
        assert archive.testzip() is None
        files = [name for name in archive.namelist() if name.endswith(".jpg")]
        listed = archive.read("manifest.csv").decode("utf-8-sig")
        page = archive.read("04-difundir-espacio-de-participacion-sobre/index.html").decode()
    assert files == ([] if quarantined else [
        f"04-difundir-espacio-de-participacion-sobre/oficina-de-prensa-y-comunicaciones/{folio}-2022-05-24-foto.jpg"
    ])  # fmt: skip
    assert ("retenido: puede mostrar menores de edad" in listed) is quarantined
    assert "'=cmd|calc.jpg" in listed
    assert "&lt;b&gt;Publicamos&lt;/b&gt;" in page


def test_an_auditor_may_ask_for_minors_and_nobody_else_is_asked(world: World, vault: Vault) -> None:
    report(world, vault, quarantined=True)
    world.say("auditor", "expediente de mayo")
    assert "menores" in world.last("auditor").text
    world.say("auditor", "sí")
    make(world, vault)
    document = world.last("auditor").document
    assert document
    with zipfile.ZipFile(hand_outs.beside(vault).path(document["sha256"])) as archive:
        assert [archive.read(name) for name in archive.namelist() if name.endswith(".jpg")] == [ORIGINAL]


def test_an_officer_has_the_dossier_of_their_office_without_names(world: World, vault: Vault) -> None:
    report(world, vault)
    world.say("officer", "/cancelar")
    world.say("officer", "expediente de mayo")
    make(world, vault)
    document = world.last("officer").document
    assert document
    assert document["name"] == "expediente-2022-05-prensa.zip"
    with zipfile.ZipFile(hand_outs.beside(vault).path(document["sha256"])) as archive:
        whole = b"".join(archive.read(name) for name in archive.namelist() if not name.endswith(".jpg"))
    assert b"A04-2022-05-0001" in whole
    assert b"Ortega" not in whole
    for role, says in (("officer", "/informe trimestral"), ("citizen", "/informe"), ("citizen", "/descargar")):
        world.say(role, "/cancelar")
        world.say(role, says)
        assert states(world) == ["ready"], (role, says)


def test_what_a_dead_process_was_making_is_taken_up_again_and_told_once(world: World, vault: Vault) -> None:
    world.say("coordinator", "/informe seguimiento de abril en pdf")

    async def dies() -> None:
        assert await world.database.write(
            partial(hand_outs.claim, now=world.now, until=world.now + LEASE)
        )  # fmt: skip

    asyncio.run(dies())
    make(world, vault)
    assert states(world) == ["making"]  # it may still be at it
    world.now += LEASE
    make(world, vault)
    assert states(world) == ["ready"]
    assert [bool(one.document) for one in world.heard("coordinator", 2)] == [False, True]


def test_who_lost_their_lease_settles_nothing(world: World) -> None:
    world.say("coordinator", "/informe seguimiento de abril en pdf")
    with world.database.begin() as connection:
        first = hand_outs.claim(connection, world.now, world.now)
        second = hand_outs.claim(connection, world.now, world.now + LEASE)
        assert first
        assert second
        assert hand_outs.claim(connection, world.now, world.now + LEASE) is None
        assert not hand_outs.renew(connection, first, world.now, 5)
        assert not hand_outs.settle(connection, first, state="ready")
        assert hand_outs.settle(connection, second, state="failed", reason="x")


def test_who_may_no_longer_have_it_gets_nothing(world: World, vault: Vault) -> None:
    world.say("coordinator", "/informe seguimiento de abril en pdf")
    before = len(world.heard("coordinator"))
    with world.database.begin() as connection:
        connection.execute(update(Membership).where(Membership.role == "coordinator").values(until=world.now))
    make(world, vault)
    assert states(world) == ["failed"]
    assert len(world.heard("coordinator")) == before


def test_what_cannot_be_made_is_tried_again_and_then_told(
    world: World, vault: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_given: object) -> None:
        raise OSError("disk")

    monkeypatch.setattr("scheduler.hand_outs.make", broken)
    world.say("coordinator", "/informe seguimiento de abril en pdf")
    for _try in range(TRIES):
        make(world, vault)
        world.now += timedelta(minutes=5)
    assert states(world) == ["failed"]
    assert world.last("coordinator").text.startswith("No pude hacer esto: el seguimiento de Control Interno.")


def test_stopping_puts_it_back(world: World, vault: Vault) -> None:
    report(world, vault)
    world.say("coordinator", "expediente de mayo")
    making = Making(world, vault)

    async def stops() -> None:
        real = making._make
        making._make = lambda claimed, loop: setattr(making, "_stopping", True) or real(claimed, loop)  # type: ignore[method-assign]
        await making.run()

    asyncio.run(stops())
    assert states(world) == ["queued"]
    assert not list(hand_outs.beside(vault).root.glob("??/*"))
    make(world, vault)
    assert states(world) == ["ready"]


def test_after_a_month_the_file_is_gone(world: World, vault: Vault) -> None:
    world.say("coordinator", "/informe seguimiento de abril en pdf")
    make(world, vault)
    handed = hand_outs.beside(vault)
    (path,) = handed.root.glob("??/*")

    def swept(after: timedelta) -> int:
        later = datetime.fromtimestamp(path.stat().st_mtime, RULES.zone) + after
        return asyncio.run(sweep(world.database, handed, world.now + after, later))

    assert (swept(timedelta(days=29)), path.exists()) == (0, True)
    assert (swept(timedelta(days=31)), path.exists()) == (1, False)
    assert states(world) == ["expired"]
    world.say("coordinator", "/descargar")
    assert world.last("coordinator").text == "No tiene archivos pedidos."


def test_of_a_closed_cut_off_it_is_the_same_whenever_it_is_asked_for(world: World, vault: Vault) -> None:
    with world.database.begin() as connection:
        who = people.at(connection, "web", "coordinator")
        assert who
        visit = Visit(connection, who, world.now, world.now, RULES.zone)
        plan = connection.execute(select(Plan.id)).scalar_one()
        day = date(2022, 4, 30)
        closes.close(visit, plan, "2022-04-30", None, day, midnight(day + timedelta(days=1), RULES.zone))
    made: list[str] = []
    for days in (1, 40):
        world.now += timedelta(days=days)
        if days == 40:
            report(world, vault)
            world.say("officer", "/cancelar")
        world.say("coordinator", "/informe seguimiento de abril en pdf")
        make(world, vault)
        document = world.last("coordinator").document
        assert document
        made.append(document["sha256"])
    assert made[0] == made[1]


def test_what_somebody_asked_for_follows_them_to_another_chat(world: World, vault: Vault) -> None:
    """Two chats become one while a copy of the data waits: it comes, and it is of the one they are now."""
    with world.database.begin() as connection:
        ana = people.at(connection, "web", "officer")
        me = people.who(connection, "telegram", "5", world.now, "es")
        assert ana
        wanted = Wanted("my-data", "txt", "", "2022-05-24", world.now, person=me.id)
        number = hand_outs.ask(connection, me, "my-data", wanted.stored(), world.now)
        code = linking.hashed(linking.new_code(connection, ana.id, world.now))
        other = linking.of(connection, code, me, world.now)
        assert other
        assert linking.join(connection, me, other, code, world.now) == ana.id
        assert [one.id for one in hand_outs.of(connection, ana.id, 5)] == [number]
    making = make(world, vault)
    assert making.woken == [{("telegram", "5")}]
    with world.database.begin() as connection:
        [mine] = hand_outs.of(connection, ana.id, 5)
    assert mine.state == "ready"
    assert "Ana Lucía Ortega" in hand_outs.beside(vault).path(mine.sha256).read_text("utf-8")
