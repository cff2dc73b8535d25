"""Evidence: what shows that a report is true. The bytes lie in the vault under their SHA-256; here is what they are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Connection,
    ForeignKey,
    String,
    and_,
    bindparam,
    func,
    insert,
    literal,
    or_,
    select,
    text,
    union_all,
    update,
)
from sqlalchemy.orm import Mapped, aliased, mapped_column

from conversation.messages import Attachment
from conversation.texts import Text, _
from models.base import Base, Json, Key, Utc, partial_index
from models.prepared import Prepared

# After every id there is.
LAST = 2**62
# What minors could be seen in.
VISIBLE = ("photo", "video")

# What people call the kinds.
KINDS: dict[str, Text] = {
    "photo": _("foto"), "video": _("video"), "voice": _("nota de voz"), "audio": _("nota de voz"),
    "document": _("documento"), "link": _("enlace"), "place": _("ubicación"),
}  # fmt: skip

_UNSEEN = text("kind = 'photo' AND dhash IS NULL")


class Evidence(Base):
    """One file, link or place of one version of a report.

    ref          SHA-256 of the original bytes, the link's address, or "lat,lng"
    details      what inspection found: width, height, taken_at (EXIF, declared by the camera), exif_stripped
    quarantined  never shown outside the entity: it may show minors
    dhash        of a photo (models.inspection.looks), "" where it cannot be decoded; None: nobody has looked yet
    twin_id      the oldest evidence of another report that looks alike, where there is any (models.lookalikes)
    """

    __tablename__ = "evidence"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    report_id: Mapped[int] = mapped_column(ForeignKey("reports.id"), index=True)
    kind: Mapped[str] = mapped_column(String(10))
    ref: Mapped[str] = mapped_column(String(2000), index=True)
    name: Mapped[str] = mapped_column(String(200))
    mime: Mapped[str] = mapped_column(String(100))
    size: Mapped[int]
    details: Mapped[dict[str, Any] | None] = mapped_column(Json)
    quarantined: Mapped[bool]
    channel: Mapped[str] = mapped_column(String(12))
    sent_at: Mapped[datetime] = mapped_column(Utc)
    received_at: Mapped[datetime] = mapped_column(Utc)
    dhash: Mapped[str | None] = mapped_column(String(16))
    twin_id: Mapped[int | None] = mapped_column(Key)  # no foreign key: SQLite cannot add one to a table that is there

    __table_args__ = (partial_index("ix_evidence_unseen", "id", where=_UNSEEN.text),)


@dataclass(frozen=True, slots=True)
class Unseen:
    """A photo that has no difference hash; `known` is what the same file has elsewhere."""

    id: int
    ref: str
    known: str | None


def add(
    connection: Connection, report_id: int, items: Iterable[Attachment], quarantined: bool, channel: str,
    sent_at: datetime, received_at: datetime,
) -> None:  # fmt: skip
    """Attach evidence to a version of a report."""
    _ADD.many(connection, _rows(report_id, items, quarantined, channel, sent_at, received_at))


def _rows(
    report_id: int, items: Iterable[Attachment], quarantined: bool, channel: str, sent_at: datetime,
    received_at: datetime,
) -> list[dict[str, Any]]:  # fmt: skip
    return [
        {
            "report_id": report_id, "kind": item.kind, "ref": item.ref, "name": item.name, "mime": item.mime,
            "size": item.size, "details": item.details, "quarantined": quarantined and item.kind in VISIBLE,
            "channel": channel, "sent_at": sent_at, "received_at": received_at,
        }
        for item in items
    ]  # fmt: skip


def carry_over(
    connection: Connection, old: int, new: int, items: Iterable[Attachment], quarantined: bool, channel: str,
    sent_at: datetime, received_at: datetime, without: int | None = None,
) -> None:  # fmt: skip
    """Repeat the evidence of one version under the next, with its own dates, and attach more to it. One statement.

    The bytes of what is repeated are the same. `without`: the id of what the next version replaces.
    """
    columns = {column.name: column for column in Evidence.__table__.columns if column.name != "id"}
    hidden = or_(Evidence.quarantined, and_(literal(quarantined), Evidence.kind.in_(VISIBLE)))
    changed: dict[str, Any] = {"report_id": literal(new, Key), "quarantined": hidden}
    repeated = select(*(changed.get(name, column).label(name) for name, column in columns.items()), Evidence.id)
    added = [
        select(*(literal(row.get(name), column.type).label(name) for name, column in columns.items()),
               literal(LAST + place, Key).label("id"))
        for place, row in enumerate(_rows(new, items, quarantined, channel, sent_at, received_at))
    ]  # fmt: skip
    whole = union_all(repeated.where(Evidence.report_id == old, Evidence.id != (without or 0)), *added).subquery()
    rows = select(*(whole.c[name] for name in columns)).order_by(whole.c.id)
    connection.execute(insert(Evidence).from_select(list(columns), rows))


def unseen(connection: Connection, after: int, most: int) -> list[Unseen]:
    """Up to `most` photos without a difference hash, oldest first, from those with an id above `after`."""
    return [Unseen(*row) for row in connection.execute(_NEXT, {"after": after, "most": most})]


def saw(connection: Connection, hashes: Mapping[str, str]) -> None:
    """Keep the difference hashes of files, by their `ref`, wherever they are evidence."""
    connection.execute(_SAW, [{"file": ref, "hash": dhash} for ref, dhash in hashes.items()])


_ADD = Prepared(insert(Evidence))
_same = aliased(Evidence)
_known = select(func.max(_same.dhash)).where(_same.ref == Evidence.ref).scalar_subquery()
_NEXT = (
    select(Evidence.id, Evidence.ref, _known)
    .where(_UNSEEN, Evidence.id > bindparam("after"))
    .order_by(Evidence.id)
    .limit(bindparam("most"))
)
_SAW = update(Evidence).where(Evidence.ref == bindparam("file"), _UNSEEN).values(dhash=bindparam("hash"))
