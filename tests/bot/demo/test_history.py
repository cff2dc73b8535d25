"""The demonstration's history: the same every time, believable, and with something left for the newcomer."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Connection, text

import locales
from bot import clock
from bot.channels.web.sessions import address_of, demo_token
from bot.demo import gathering, history, pictures
from bot.settings import Settings
from bot.turn import Rules, rendered, turn
from conversation.messages import Inbound, Reply
from models import custody, deliveries, installation, migrations, obligations, people, public, public_evidence
from models.database import Database
from models.people import Role
from models.vault import Vault
from models.visit import Visit
from scheduler import nudges, summaries, taking_part


def seeded(folder: Path) -> Database:
    """A demonstration in a folder."""
    settings = Settings.model_construct(database_url=f"sqlite:///{folder}/demo.db", evidence_dir=folder / "evidence")
    database = Database(settings.database_url)
    migrations.upgrade(database.engine)
    history.seed(database, settings, lambda done, of: None)
    return database


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("demo")


@pytest.fixture(scope="module")
def database(folder: Path) -> Iterator[Database]:
    database = seeded(folder)
    yield database
    database.close()


def phone(connection: Connection, slot: str) -> list[deliveries.Outgoing]:
    """What a phone of the page opens with."""
    address = address_of(demo_token(installation.secret(connection), slot))
    return deliveries.latest(connection, "web", address, 50)


def told(database: Database) -> list[tuple[object, ...]]:
    """Everything that was reported, and with what."""
    wanted = """SELECT r.folio, r.quantity, r.item, r.account, r.done_on, r.place, r.minors, r.sent_at, p.name, e.ref
                FROM reports r JOIN people p ON p.id = r.author_id JOIN evidence e ON e.report_id = r.id
                ORDER BY r.id, e.id"""
    with database.begin() as connection:
        return [tuple(row) for row in connection.execute(text(wanted))]


def test_it_is_the_same_every_time(database: Database, tmp_path: Path) -> None:
    again = seeded(tmp_path)
    assert told(again) == told(database)
    again.close()


def test_reports_come_from_many_offices_and_months_and_some_are_late(database: Database) -> None:
    with database.begin() as connection:
        late = connection.execute(text("SELECT count(*) FROM reports r JOIN obligations o ON o.id = r.obligation_id "
                                       "WHERE date(r.received_at) > o.due")).scalar_one()  # fmt: skip
        months = connection.execute(text("SELECT DISTINCT strftime('%m', sent_at) FROM reports")).scalars().all()
        overdue = connection.execute(text("SELECT count(*) FROM obligations WHERE due < '2022-05-01' "
                                          "AND reported < target AND withdrawn_at IS NULL")).scalar_one()  # fmt: skip
    reports = {row[0]: row[8] for row in told(database)}
    assert 40 <= len(reports) <= 60
    assert len(set(reports.values())) == 8
    assert sorted(months) == ["02", "03", "04", "05"]
    assert late >= 4
    assert overdue >= 3


def test_every_file_is_in_the_vault_and_was_looked_at(database: Database, folder: Path) -> None:
    vault = Vault(folder / "evidence")
    with database.begin() as connection:
        files = custody.files(connection)
        kinds = Counter(connection.execute(text("SELECT kind FROM evidence")).scalars())
        looked = connection.execute(text("SELECT count(*) FROM evidence WHERE details LIKE '%width%'")).scalar_one()
    assert len(files) == kinds["photo"] + kinds["document"] >= 40
    assert all(vault.verify(file.sha256) for file in files)
    assert looked == kinds["photo"]


def test_one_of_two_is_left_of_activity_4_in_may(database: Database) -> None:
    with database.begin() as connection:
        address = address_of(demo_token(installation.secret(connection), "officer"))
        who = people.who(connection, "web", address, history.BEGINS, "es")
        assert (who.name, who.roles) == ("Ana Lucía Ortega", {Role.OFFICER})
        visit = Visit(connection, who, history.BEGINS, history.BEGINS, ZoneInfo("America/Bogota"))
        open_now = [(duty.period, duty.left) for duty in obligations.open_for(visit) if duty.number == 4]
    assert open_now == [("2022-05", 1)]


def test_phones_open_with_a_short_history_that_was_read(database: Database) -> None:
    with database.begin() as connection:
        officer = [message.text for message in phone(connection, "officer")]
        assert "metas pendientes" in officer[-2]
        assert officer[-1].startswith("3 entregables por reportar: 1 venció hace 24 días, 2 vencen en 7 días.")
        coordinator = [message.text for message in phone(connection, "coordinator")]
        assert coordinator[-3].startswith("Nuevo avance de ")
        assert coordinator[-2].startswith("3 entregables sin reportar: ")
        assert coordinator[-1].startswith("Desde el 16 de mayo de 2022: ")
        assert len(coordinator) < 20
        assert phone(connection, "citizen") == []
        assert connection.execute(text("SELECT count(*) FROM deliveries WHERE state = 'queued'")).scalar_one() == 0


def test_an_event_was_held_and_one_of_two_promises_kept(database: Database) -> None:
    with database.begin() as connection:
        [event] = public.happenings(connection, municipality="52227")
        assert (event.state, event.title) == ("held", "Mesa de diálogo con productores de papa")
        assert event.conclusions
        kept, open_ = public.promises(connection, event=event.key)
        assert (kept.state(history.BEGINS.date()), open_.state(history.BEGINS.date())) == ("kept", "open")
        [answered] = public_evidence.answers(connection, event.key)
        assert "puente" in answered.text
        opinion = public.opinion(connection, event.key)
        assert opinion
        assert (opinion.count, opinion.comments) == (6, 3)
        assert [one.folio for one in public_evidence.done(connection)] == [f"{gathering.KEPT}-0001"]
        came = connection.execute(text("SELECT count(*) FROM attendances WHERE state = 'came'")).scalar_one()
        assert came == len(gathering.OPINIONS)


def test_anybody_may_ask_what_was_promised(tmp_path: Path) -> None:
    with closing(seeded(tmp_path)) as database:
        at = history.BEGINS
        inbound = Inbound("web", "somebody", "x1", at, at, "¿Qué prometieron en Cumbal?")
        asyncio.run(database.write(turn(inbound, Rules(history.ZONE, locales.load()))))
        with database.begin() as connection:
            [said] = deliveries.latest(connection, "web", "somebody", 1)
    assert "1 por cumplir" in said.text
    assert "1 cumplido" in said.text
    assert "Arreglar el puente de la vereda Cuaical" in said.text


def test_nothing_is_told_again_as_the_phones_open(database: Database) -> None:
    def render(reply: Reply, language: str) -> dict[str, object]:
        return rendered(reply, "", language, Rules(history.ZONE, locales.load()))

    for one in (nudges.tick, summaries.tick, taking_part.tick):
        assert asyncio.run(one(database, history.BEGINS, history.ZONE, render)) == set()


def test_the_clock_stands_at_nine_on_tuesday_24_may_and_goes_on(database: Database) -> None:
    with database.begin() as connection:
        assert history.begun(connection)
        passed = clock.kept(connection).now() - history.BEGINS
    assert timedelta(0) <= passed < timedelta(hours=1)


def test_pictures_differ_by_seed_only() -> None:
    for scene in pictures.SCENES:
        assert pictures.photo(scene, "a") == pictures.photo(scene, "a") != pictures.photo(scene, "b")
    day = history.BEGINS
    assert pictures.document("a", day) == pictures.document("a", day) != pictures.document("b", day)
