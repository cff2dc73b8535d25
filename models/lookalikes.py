"""Photos that look like one of another report: found by parts of their difference hash, not by reading them all."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Connection, String, bindparam, select, update
from sqlalchemy.dialects.postgresql import insert as insert_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_sqlite
from sqlalchemy.orm import Mapped, aliased, mapped_column

from models import evidence
from models.base import Base
from models.evidence import Evidence
from models.reports import Report

# Bits by which two photos may differ and still look alike. Hashes that differ in fewer bits than there are bands have
# at least one band in common.
NEAR = 3
BAND = 4
# An even picture, a blank page: all of them look alike, and it says nothing.
BLANK = "0" * 16


class Look(Base):
    """A quarter of the hash of a photo, after its place: "0a3f2"; `ref` is the photo's file."""

    __tablename__ = "looks"

    band: Mapped[str] = mapped_column(String(5), primary_key=True)
    ref: Mapped[str] = mapped_column(String(64), primary_key=True)


def bands(dhash: str) -> list[str]:
    """The parts by which a hash is found; none of one that says nothing."""
    if dhash in ("", BLANK):
        return []
    return [f"{at // BAND}{dhash[at : at + BAND]}" for at in range(0, len(dhash), BAND)]


def saw(connection: Connection, hashes: Mapping[str, str]) -> None:
    """Keep the hashes of files, and tie each photo of them to the oldest one of another report that looks like it."""
    evidence.saw(connection, hashes)
    rows = [{"band": band, "ref": ref} for ref, dhash in hashes.items() for band in bands(dhash)]
    if not rows:
        return
    connection.execute(_KEEP[connection.dialect.name], rows)
    twins = []
    for photo in connection.execute(_PHOTOS, {"refs": [row["ref"] for row in rows]}).all():
        asked = {"bands": bands(photo.dhash), "photo": photo.id, "plan": photo.plan_id, "folio": photo.folio}
        alike = (one.id for one in connection.execute(_CANDIDATES, asked) if distance(one.dhash, photo.dhash) <= NEAR)
        twins.append({"photo": photo.id, "twin": next(alike, None)})
    if found := [one for one in twins if one["twin"]]:
        connection.execute(_TIE, found)


def distance(one: str, other: str) -> int:
    """In how many bits two hashes differ."""
    return (int(one, 16) ^ int(other, 16)).bit_count()


_KEEP = {
    name: insert(Look).on_conflict_do_nothing()
    for name, insert in (("sqlite", insert_sqlite), ("postgresql", insert_postgresql))
}
_PHOTOS = (
    select(Evidence.id, Evidence.dhash, Report.plan_id, Report.folio)
    .join(Report, Report.id == Evidence.report_id)
    .where(Evidence.ref.in_(bindparam("refs", expanding=True)), Evidence.dhash != "")
)
_other = aliased(Report)
_CANDIDATES = (
    select(Evidence.id, Evidence.dhash)
    .join(_other, _other.id == Evidence.report_id)
    .where(
        Evidence.ref.in_(select(Look.ref).where(Look.band.in_(bindparam("bands", expanding=True)))),
        Evidence.id < bindparam("photo"),
        Evidence.dhash != "",
        (_other.plan_id != bindparam("plan")) | (_other.folio != bindparam("folio", type_=String)),
    )
    .order_by(Evidence.id)
)
_TIE = update(Evidence).where(Evidence.id == bindparam("photo")).values(twin_id=bindparam("twin"))
