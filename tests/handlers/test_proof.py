"""/avance tells what was decided, to whom it concerns, and hands out the files of a report and of no other."""

from __future__ import annotations

import csv
import hashlib
import io
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select, update

from conversation.messages import Attachment
from documents.making import make
from models.hand_outs import HandOut
from models.obligations import Obligation
from models.vault import Vault
from models.wanted import restored
from tests.support.world import RULES, World, open_world, person

FOLIO = "A04-2022-02-0001"


@pytest.fixture(params=["sqlite", "postgres"])
def world(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[World]:
    one = open_world(request.param, tmp_path)
    with one.database.begin() as connection:
        person(connection, "head", "Nelly Jurado", "head", "prensa")
        person(connection, "general", "Rosa Mora", "officer", "general")
    yield one
    one.close()


def file(world: World, month: str) -> None:
    world.say("officer", f"/reportar 4 {month}")
    world.say("officer", "Publicamos en redes.")
    name = f"{month}.jpg"
    digest = hashlib.sha256(name.encode()).hexdigest()
    world.say("officer", files=(Attachment("photo", digest, name, "image/jpeg", len(name)),))
    world.say("officer", "uno")
    world.say("officer", "no")


def told(world: World, who: str, said: str) -> str:
    world.say(who, said)
    return world.last(who).text


def returned(world: World) -> None:
    for said in (f"/revisar {FOLIO}", "devolver", "Falta el enlace", "sí"):
        world.say("coordinator", said)


def test_who_decided_what_when_and_why_is_told_to_whom_it_concerns(world: World) -> None:
    file(world, "febrero")
    assert "Revisión:" not in told(world, "coordinator", f"/avance {FOLIO}")
    returned(world)
    for who in ("coordinator", "auditor", "officer", "tic"):  # TIC supports Prensa in it
        assert "– Marta Rosero devolvió la versión 1, el 24 de mayo de 2022 a las" in told(
            world, who, f"/avance {FOLIO}"
        )
        assert "Falta el enlace" in world.last(who).text
    told(world, "coordinator", f"/revertir {FOLIO}")
    for said in ("Era el de marzo", "sí"):
        world.say("coordinator", said)
    assert "– Marta Rosero revirtió esa decisión, el" in told(world, "officer", f"/avance {FOLIO}")
    # A head reads the report, and not who judged it; who has no part in it reads nothing.
    assert FOLIO in told(world, "head", f"/avance {FOLIO}")
    assert "Revisión:" not in world.last("head").text
    assert "No encontré ese avance" in told(world, "general", f"/avance {FOLIO}")


def test_its_files_are_handed_out_and_no_others(world: World, tmp_path: Path) -> None:
    vault = Vault(tmp_path / "vault")
    vault.put([b"febrero.jpg"], 100)
    file(world, "febrero")
    file(world, "marzo")
    world.say("officer", f"/avance {FOLIO}")
    assert f"/soportes {FOLIO}" in str(world.last("officer").buttons)
    assert "Lo estoy preparando: los soportes de" in told(world, "officer", f"/soportes {FOLIO}")
    with world.database.begin() as connection:
        (asked,) = connection.execute(select(HandOut)).all()
        # What was waived since is evidence all the same.
        gone = update(Obligation).where(Obligation.code == "A04-2022-02")
        connection.execute(gone.values(withdrawn_at=world.now))
    wanted = restored(asked.kind, asked.params, asked.as_of, RULES.zone)
    with world.database.begin() as connection:
        made = make(lambda work: work(connection), wanted, vault)
        content = b"".join(made.chunks)
    assert made.name == f"soportes-{FOLIO}.zip"
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        rows = list(csv.DictReader(io.StringIO(archive.read("manifest.csv").decode("utf-8-sig"))))
        photos = [name for name in archive.namelist() if name.endswith(".jpg")]
    assert len(rows) == len(photos) == 1
    assert FOLIO in photos[0]


@pytest.mark.parametrize("who", ["tic", "general", "head", "citizen"])
def test_who_may_not_have_them_gets_nothing(world: World, who: str) -> None:
    world.say("officer", "/reportar A05-2022-T2")
    for said in ("Un video.", "https://narino.gov.co/video", "listo"):
        world.say("officer", said)
    world.say(who, "/soportes A05-2022-T2-0001")
    assert world.rows(select(HandOut)) == []


def test_a_report_without_files_has_none(world: World) -> None:
    world.say("officer", "/reportar A05-2022-T2")
    for said in ("Un video.", "https://narino.gov.co/video", "listo"):
        world.say("officer", said)
    assert told(world, "coordinator", "/soportes A05-2022-T2-0001") == "Ese avance no tiene archivos."
    assert "No encontré ese avance" in told(world, "coordinator", "/soportes A99")
