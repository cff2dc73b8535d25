"""No page, feed or file says anything of a person, nor what was not published."""

from __future__ import annotations

import io
import re
import time
from collections.abc import Iterator
from xml.etree import ElementTree as ET

import pytest
from PIL import Image
from sqlalchemy import insert, select, update

from bot.site.public import LOOK
from models.evidence import Evidence
from models.people import Person
from models.reports import Report
from models.withholdings import Withholding
from tests.bot.site.conftest import Site
from tests.support.published import MARK, NOW, personal

BASE = "https://cuentas.example.org"
HOLDING = {
    "people", "contacts", "reports", "evidence", "reviews", "events", "commitments", "citizen_questions", "proposals",
    "surveys",
}  # fmt: skip
# A phone as it is written in accounts and answers, the code shown at the place of an event, and the mark of the rest.
FORBIDDEN = re.compile(rf"{MARK}|555.?0142|987654|sin verificar|borrador".encode(), re.IGNORECASE)


def everything(site: Site) -> Iterator[tuple[str, bytes]]:
    """All that can be reached from the home and the sitemap, and every piece of evidence by its number."""
    links = [node.text or "" for node in ET.fromstring(site.get("/sitemap.xml")[2]).iter()]
    waiting = ["/", "/en", *(link.removeprefix(BASE) or "/" for link in links if link.startswith(BASE))]
    waiting += [f"/foto/{number}.jpg" for number in range(1, 60)]
    seen = set()
    while waiting:
        path = waiting.pop()
        if path in seen or path.startswith(("/chat", "/demo")):
            continue
        seen.add(path)
        _status, headers, body = site.get(path)
        yield path, body + repr(headers).encode()
        if headers["content-type"].startswith("text/html"):
            links = re.findall(r'(?:href|src)="([^"#]+)', body.decode())
            # Photos of one number stand for all: their bytes are looked at below.
            waiting += [link for link in links if link.startswith("/") and not link.startswith("/foto/")]


def test_nothing_personal_is_said_anywhere(site: Site) -> None:
    with site.database.begin() as connection:
        assert personal(connection) >= HOLDING
    found = {path: FORBIDDEN.search(body) for path, body in everything(site)}
    assert {path: match[0] for path, match in found.items() if match} == {}
    assert {"/datos/avances.json", "/datos/soportes.csv", "/calendario.ics", "/datapackage.json"} <= set(found)
    assert len(found) > 600


def test_a_photo_says_nothing_but_what_is_seen(site: Site) -> None:
    for path, longest in ((f"/foto/{site.published.photo}.jpg", 1280), (f"/foto/m/{site.published.photo}.jpg", 400)):
        status, headers, body = site.get(path)
        assert (status, headers["content-type"]) == (200, "image/jpeg")
        image = Image.open(io.BytesIO(body))
        assert max(image.size) == longest
        assert dict(image.getexif()) == {}
        assert set(image.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density", "progressive", "progression"}
        assert MARK.encode() not in body


def test_what_is_held_back_cannot_be_had_by_its_number(site: Site) -> None:
    assert len(site.published.held_back) > 100
    for number in site.published.held_back[::9]:
        assert site.get(f"/foto/{number}.jpg")[0] == 404
        assert site.get(f"/foto/m/{number}.jpg")[0] == 404


@pytest.mark.parametrize("change", ["quarantined", "minors", "returned"])
def test_a_photo_is_gone_the_moment_it_is_held_back(site: Site, change: str) -> None:
    number = site.published.photo
    assert site.get(f"/foto/{number}.jpg")[0] == 200
    with site.database.begin() as connection:
        report = connection.execute(Evidence.__table__.select().where(Evidence.id == number)).one().report_id
        statement = {
            "quarantined": update(Evidence).where(Evidence.id == number).values(quarantined=True),
            "minors": update(Report).where(Report.id == report).values(minors=None),
            "returned": update(Report).where(Report.id == report).values(state="returned"),
        }[change]
        connection.execute(statement)
    assert site.get(f"/foto/{number}.jpg")[0] == 404
    with site.database.begin() as connection:
        connection.execute(update(Evidence).where(Evidence.id == number).values(quarantined=False))
        connection.execute(update(Report).where(Report.id == report).values(minors=False, state="verified"))
    assert site.get(f"/foto/{number}.jpg")[0] == 200


def test_what_somebody_keeps_back_is_gone_everywhere_at_once(site: Site) -> None:
    """Its address, the pages, the open data, and what browsers and the server keep of them."""
    folio = site.published.folio
    with site.database.begin() as connection:
        report = connection.execute(select(Report.id).where(Report.folio == folio)).scalar_one()
        found = select(Evidence).where(Evidence.report_id == report).order_by(Evidence.id)
        pieces = {row.kind: row for row in reversed(connection.execute(found).all())}
    hidden = [pieces["photo"], pieces["link"], pieces["document"]]
    photo, page, data = f"/foto/{pieces['photo'].id}.jpg", f"/avance/{folio}", "/datos/soportes.csv"
    links = re.compile(rf"/foto/{pieces['photo'].id}\.jpg|{re.escape(pieces['link'].ref)}(?!\d)".encode())
    status, headers, _body = site.get(photo)
    assert (status, headers["cache-control"]) == (200, "public, no-cache")
    assert all(links.search(site.get(path)[2]) for path in (page, data))
    before = site.get(data)[2].count(pieces["document"].ref.encode())
    assert before
    with site.database.begin() as connection:
        marta = connection.execute(select(Person.id).where(Person.name == "Marta Rosero")).scalar_one()
        for ref, number in {piece.ref: piece.id for piece in hidden}.items():
            kept = {"evidence_id": number, "ref": ref, "by_id": marta, "at": NOW, "why": ""}
            connection.execute(insert(Withholding).values(kept))
    assert site.get(photo, If_None_Match=headers["etag"])[0] == 404
    time.sleep(LOOK)  # each server looks so often whether anything changed
    for path in (page, f"/en{page}", data):
        assert not links.search(site.get(path)[2]), path
    assert pieces["document"].ref.encode() not in site.get(data)[2]
    with site.database.begin() as connection:
        connection.execute(update(Withholding).values(ended_by=marta, ended_at=NOW, why="No era."))
    assert site.get(photo)[0] == 200
    time.sleep(LOOK)
    assert all(links.search(site.get(path)[2]) for path in (page, data))
