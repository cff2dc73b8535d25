"""A dossier opens from a folder and tells the whole: originals with their hashes, who and when, what is missing."""

from __future__ import annotations

import csv
import hashlib
import io
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from html.parser import HTMLParser
from pathlib import Path

import pytest
from openpyxl import load_workbook
from sqlalchemy import insert, select, update

from documents.making import make
from models.evidence import Evidence
from models.people import Contact
from models.reports import Report
from models.vault import Vault
from models.wanted import Wanted
from tests.documents.conftest import HOSTILE, ZONE, Year
from tests.documents.counting import KNOWN, counted, stored

WHOLE = Wanted("dossier", "zip", "narino-2022", "2022", datetime(2022, 5, 18, 17, 0, tzinfo=ZONE))
MOMENTS = {"until": stored(WHOLE.as_of), "known": stored(WHOLE.as_of)}
PHONE = "573001112233"


class Page(HTMLParser):
    """What a page holds: its tags, where its links lead, its text."""

    def __init__(self, content: bytes) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.links: list[str] = []
        self.lang, self.words = "", ""
        self.feed(content.decode())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        given = dict(attrs)
        assert not any(name.startswith("on") for name in given), given
        self.lang = given.get("lang") or self.lang
        if given.get("href"):
            self.links.append(str(given["href"]))

    def handle_data(self, data: str) -> None:
        self.words += data


@pytest.fixture
def vault(tmp_path: Path, year: Year) -> Iterator[Vault]:
    """Every report of the plan has a photo; some of them show minors, one is lost, one was changed."""
    vault = Vault(tmp_path)

    def add(connection) -> None:
        for place, row in enumerate(connection.execute(select(Report).order_by(Report.id)).all()):
            kept = vault.put(io.BytesIO(b"photo %d" % row.id), 100)
            values = {
                "report_id": row.id, "kind": "photo", "ref": kept.sha256, "name": "../../=x.jpg", "mime": "image/jpeg",
                "size": kept.size, "quarantined": place == 2, "channel": "web", "sent_at": row.sent_at,
                "received_at": row.received_at,
            }  # fmt: skip
            connection.execute(insert(Evidence).values(values))
            if place == 0:
                vault.path(kept.sha256).unlink()
            if place == 1:
                vault.path(kept.sha256).chmod(0o600)
                vault.path(kept.sha256).write_bytes(b"other")

    year.read(add)
    yield vault
    year.read(lambda connection: connection.execute(Evidence.__table__.delete().where(Evidence.name == "../../=x.jpg")))


def made(year: Year, vault: Vault, wanted: Wanted = WHOLE) -> bytes:
    return b"".join(make(year.read, wanted, vault).chunks)


def test_it_opens_from_a_folder_and_tells_the_whole(year: Year, vault: Vault) -> None:
    content = made(year, vault)
    assert content == made(year, vault)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        names = archive.namelist()
        pages = {name: Page(archive.read(name)) for name in names if name.endswith(".html")}
        rows = list(csv.DictReader(io.StringIO(archive.read("manifest.csv").decode("utf-8-sig"))))
        files = {row["archivo"]: row["sha256"] for row in rows if row["archivo"]}
        assert {name for name in names if name.endswith(".jpg")} == files.keys()
        for name, sha256 in files.items():
            assert hashlib.sha256(archive.read(name)).hexdigest() == sha256
        table = load_workbook(io.BytesIO(archive.read("avances.xlsx"))).worksheets[0]
    assert not any(name.startswith("/") or ".." in name for name in names)
    first = pages["index.html"]
    assert first.lang == "es"
    for name, page in pages.items():
        assert "script" not in page.tags
        folder = name.rpartition("/")[0]
        for link in page.links:
            if not link.startswith("https://www.ejemplo.example/"):
                target = link.removeprefix("../") if link.startswith("../") else f"{folder}/{link}".lstrip("/")
                assert target in names, link
    assert HOSTILE in "".join(page.words for page in pages.values())
    known = len(year.rows(f"{KNOWN} SELECT c.folio FROM came c JOIN owed ON owed.id = c.obligation_id", **MOMENTS))
    assert table.max_row == known + 1
    assert {cell.data_type for row in table.iter_rows() for cell in row if cell.value is not None} <= {"s", "n"}
    notes = [row["nota"] for row in rows if row["nota"]]
    assert sorted(set(notes) - {"retirado por su autor"}) == [
        "cambió desde que se recibió: no se entrega", "falta en el depósito", "retenido: puede mostrar menores de edad"
    ]  # fmt: skip
    assert all(row["nombre original"] in ("", "../../=x.jpg") for row in rows)


def test_what_is_missing_is_told(year: Year, vault: Vault) -> None:
    with zipfile.ZipFile(io.BytesIO(made(year, vault))) as archive:
        told = Page(archive.read("index.html")).words
    late = [row for row in counted(year, WHOLE.as_of, WHOLE.as_of) if row.due <= date(2022, 5, 18) and not row.reported]
    assert late
    for row in late:
        assert row.code in told


def test_one_activity_and_nobody_named(year: Year, vault: Vault) -> None:
    with zipfile.ZipFile(io.BytesIO(made(year, vault, replace(WHOLE, activity=4, names=False)))) as archive:
        assert {name.partition("/")[0] for name in archive.namelist() if "/" in name} == {
            "04-difundir-espacio-de-participacion-sobre"
        }
        everything = b"".join(map(archive.read, archive.namelist())).decode(errors="ignore")
    for player in year.lived.players:
        assert player.name not in everything


def test_no_number_of_anybody_is_in_it(year: Year, vault: Vault) -> None:
    year.read(lambda connection: connection.execute(update(Contact).values(phone=PHONE)))
    with zipfile.ZipFile(io.BytesIO(made(year, vault))) as archive:
        everything = b"".join(map(archive.read, archive.namelist())).decode(errors="ignore")
    assert PHONE not in everything
