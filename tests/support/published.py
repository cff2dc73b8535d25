"""A year of a plan as the public site finds it: reports with evidence, events, commitments, and what nobody may see.

Whatever is personal, or not public for another reason, holds MARK.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from PIL import Image
from sqlalchemy import Connection, insert, select, update

from models.audit import Entry
from models.base import Base
from models.commitments import Commitment
from models.events import Event
from models.evidence import Evidence
from models.figures import NEWEST
from models.installation import TELEGRAM_NAME, WHATSAPP_NUMBER, put
from models.obligations import Obligation
from models.offices import Office
from models.participation import Attendance, Proposal, Question, Survey
from models.people import Contact, Person
from models.reports import Report
from models.reviews import Review
from models.vault import Vault
from plans.dialogue import catalogue
from plans.places import municipalities

MARK = "ZqPersonal"
PHONE = "+57 318 555 0142"
NOW = datetime(2022, 12, 20, 15, 0, tzinfo=UTC)
ACCOUNT = "Se hizo la jornada con la comunidad y quedó el acta firmada. Informes en el {phone}."


@dataclass(frozen=True, slots=True)
class Published:
    """Ids of pieces of evidence: a public photo, and those that must stay back."""

    photo: int
    held_back: tuple[int, ...]
    folio: str


def picture(shade: int) -> bytes:
    """A JPEG of 1600 × 1200 with a camera, a place and a comment in it."""
    image = Image.effect_noise((1600, 1200), 40 + shade % 40).convert("RGB")
    exif = Image.Exif()
    exif[0x010F], exif[0x9286] = f"{MARK} camera", f"{MARK} comment"
    exif.get_ifd(0x8825)[1] = "N"
    file = io.BytesIO()
    image.save(file, "JPEG", exif=exif, comment=f"{MARK} comment".encode(), quality=70)
    return file.getvalue()


def publish(connection: Connection, vault: Vault, most: int = 10_000) -> Published:
    """Fill a world (tests.support.world) up to `most` reports."""
    people = [
        connection.execute(insert(Person).values(name=f"{MARK} {n}", created_at=NOW).returning(Person.id)).scalar_one()
        for n in range(4)
    ]
    connection.execute(insert(Contact), [
        {"person_id": one, "channel": "web", "address": f"{MARK}{one}", "phone": f"{MARK}{one}", "since": NOW}
        for one in people
    ])  # fmt: skip
    put(connection, TELEGRAM_NAME, "chasqui_bot")
    put(connection, WHATSAPP_NUMBER, "573001112233")
    found = _reports(connection, vault, people, most)
    _events(connection, people)
    connection.execute(insert(Entry).values(at=NOW, actor_id=people[0], action="plan.read", subject="x", detail={}))
    return found


def _reports(connection: Connection, vault: Vault, people: list[int], most: int) -> Published:
    owed = connection.execute(select(Obligation).where(Obligation.plan_id == NEWEST).order_by(Obligation.due)).all()
    files = [vault.put([picture(n)], 10**7) for n in range(6)]
    pieces: list[dict[str, Any]] = []
    public = back = None
    for place, one in enumerate(owed[:most]):
        verified = place % 4 != 3
        told = {
            "plan_id": one.plan_id, "obligation_id": one.id, "folio": f"{one.code}-0001", "version": 1,
            "state": "verified" if verified else "reported", "quantity": one.target, "item": "",
            "account": ACCOUNT.format(phone=PHONE) if verified else f"{MARK} sin verificar", "done_on": one.due,
            "place": {"lat": 1.2, "lng": -77.2, "name": MARK}, "minors": place % 5 == 4, "author_id": people[0],
            "channel": "web", "sent_at": NOW, "received_at": NOW,
        }  # fmt: skip
        report = connection.execute(insert(Report).values(told).returning(Report.id)).scalar_one()
        connection.execute(
            update(Obligation)
            .where(Obligation.id == one.id)
            .values(reported=one.target, verified=one.target if verified else 0, filed=1)
        )
        if verified:
            connection.execute(insert(Review).values(
                report_id=report, outcome="verified", part="", reason=MARK, by_id=people[1], at=NOW
            ))  # fmt: skip
            public = public or (report if place % 5 != 4 else None)
            back = back or (report if place % 5 == 4 else None)
        pieces += _evidence(report, files[place % 5], files[5], place)
    connection.execute(insert(Evidence), pieces)
    open_photo = select(Evidence.id).where(Evidence.report_id == public, Evidence.kind == "photo").limit(1)
    held = select(Evidence.id).where(Evidence.kind.in_(("photo", "video", "voice", "document", "place")))
    hidden = held.where((Evidence.ref == files[5].sha256) | Evidence.quarantined | (Evidence.kind != "photo"))
    folio = connection.execute(select(Report.folio).where(Report.id == public)).scalar_one()
    return Published(
        connection.execute(open_photo).scalar_one(), tuple(connection.execute(hidden).scalars()), folio
    )  # fmt: skip


def _evidence(report: int, file: Any, hidden: Any, place: int) -> Iterator[dict[str, Any]]:
    """A photo, a link, a document, a voice note, a place; now and then a photo that was held back elsewhere."""
    minors = place % 5 == 4
    common: dict[str, Any] = {
        "report_id": report, "name": f"{MARK}.jpg", "mime": "", "size": 10, "details": {"by": MARK}, "channel": "web",
        "sent_at": NOW, "received_at": NOW, "quarantined": False, "dhash": "",
    }  # fmt: skip
    yield {**common, "kind": "photo", "ref": hidden.sha256 if minors else file.sha256, "quarantined": minors}
    yield {**common, "kind": "link", "ref": f"https://www.narino.example/{report}", "size": 0}
    yield {**common, "kind": "link", "ref": f"https://wa.me/{MARK}", "size": 0}
    yield {**common, "kind": "document", "ref": file.sha256}
    yield {**common, "kind": "voice", "ref": file.sha256}
    yield {**common, "kind": "place", "ref": "1.2,-77.2", "size": 0}
    if place % 7 == 0:
        yield {**common, "kind": "photo", "ref": hidden.sha256}


def _events(connection: Connection, people: list[int]) -> None:
    plan = connection.execute(select(NEWEST)).scalar_one()
    offices = list(connection.execute(select(Office.id).where(Office.dependency).order_by(Office.id)).scalars())
    kinds = list(catalogue().kinds)
    for n, place in enumerate(municipalities()):
        day = date(2022, 2, 10) + timedelta(days=5 * n)
        starts = datetime(day.year, day.month, day.day, 14, tzinfo=UTC)
        state = "proposed" if n == 3 else "declined" if n == 4 else "cancelled" if n == 5 else "held"
        state = "announced" if day > NOW.date() and n != 63 else "changed" if n == 63 else state
        event = connection.execute(insert(Event).values(
            plan_id=plan, key=f"E{n + 1:04}", office_id=offices[n % len(offices)], kind=kinds[n % len(kinds)],
            title=MARK if state in ("proposed", "declined") else f"Diálogo sobre agua en {place.name}", day=day,
            recorded_at=NOW, state=state, starts_at=starts, ends_at=starts + timedelta(hours=3),
            municipality=place.code, place="Casa de la cultura", lat=1.2, lng=-77.28, transport="Bus a las 7",
            prior_report="https://www.narino.example/informe", groups=["comunidad", "mujeres"], version=1,
            proposed_by=people[0], proposed_change={"note": MARK}, checkin_code="987654", announced_at=NOW,
            change_note="Cambió la hora." if state == "changed" else "",
            conclusions="Se acordó revisar el acueducto.\nSe hará otra reunión." if n % 2 else f"{MARK} borrador",
            conclusions_at=NOW if n % 2 else None,
        ).returning(Event.id)).scalar_one()  # fmt: skip
        _dialogue(connection, event, n, offices[n % len(offices)], people[n % len(people)], day)


def _dialogue(connection: Connection, event: int, n: int, office: int, person: int, day: date) -> None:
    for k in range(3):
        connection.execute(insert(Commitment).values(
            key=f"C-2022-{3 * n + k + 1:03}", event_id=event, office_id=office,
            text=MARK if k == 2 else f"Arreglar el tramo {k + 1} del acueducto.", due=day + timedelta(days=60),
            made_at=NOW, kept_at=NOW if k == 1 else None, withdrawn_at=NOW if k == 2 else None,
        ))  # fmt: skip
    asked = {"event_id": event, "person_id": person, "asked_at": NOW, "due": day, "answered_by": person}
    for k, (public, answer) in enumerate(((True, f"Sí, en marzo. Llame al {PHONE}"), (False, MARK), (True, ""))):
        text = f"¿Cuándo arreglan la vía? Mi correo es {MARK}@correo.example" if k == 0 else f"{MARK} pregunta"
        connection.execute(insert(Question).values(
            folio=f"P-2022-{3 * n + k:04}", text=text, public=public, answer=answer,
            answered_at=NOW if answer else None, **asked,
        ))  # fmt: skip
    connection.execute(insert(Attendance).values(event_id=event, person_id=person, state="coming", at=NOW))
    connection.execute(insert(Proposal).values(event_id=event, person_id=person, text=MARK, state="new", at=NOW))
    for k in range(5 if n == 1 else 1):  # so many are told of
        other = insert(Person).values(name=f"{MARK} {n}", created_at=NOW).returning(Person.id)
        one = connection.execute(other).scalar_one() if k else person
        connection.execute(insert(Survey).values(event_id=event, person_id=one, clear=5, heard=4, comment=MARK, at=NOW))


def personal(connection: Connection) -> set[str]:
    """The names of all tables whose texts hold MARK: what a search of the site's output stands for."""
    found = set()
    for table in Base.metadata.sorted_tables:
        for row in connection.execute(select(table)):
            if MARK in repr(row):
                found.add(table.name)
    return found
