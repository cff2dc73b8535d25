"""Files somebody asked for: in a queue until they are made, then kept for a month."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    BigInteger,
    Connection,
    ForeignKey,
    String,
    bindparam,
    func,
    insert,
    select,
    text,
    update,
)
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Json, Key, Utc, partial_index
from models.people import RUN, Role, Who
from models.plan import Plan
from models.reports import Report
from models.vault import Vault

# Who may have any of them, and of the whole entity; officers may have the dossier of an office of theirs.
WHOLE = RUN | {Role.AUDITOR}
READY_FOR = timedelta(days=30)


class HandOut(Base):
    """One file for one person.

    channel, address  the chat it was asked in, where its reader hears of it
    kind      follow-up, quarterly, interactions, coverage, evaluation, dossier, my-data
    params    what exactly, as models.wanted.Wanted keeps it
    as_of     what is in it is what was known at this moment: when it was asked for
    state     queued, making, ready, failed (reason), expired (the file is gone)
    attempts  how often it was begun; next_at: when it may be begun (again), while one is at it the end of its lease
    progress  per cent
    """

    __tablename__ = "hand_outs"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    channel: Mapped[str] = mapped_column(String(12))
    address: Mapped[str] = mapped_column(String(80))
    kind: Mapped[str] = mapped_column(String(16))
    params: Mapped[dict[str, Any]] = mapped_column(Json)
    as_of: Mapped[datetime] = mapped_column(Utc)
    state: Mapped[str] = mapped_column(String(8), default="queued")
    attempts: Mapped[int] = mapped_column(default=0)
    next_at: Mapped[datetime] = mapped_column(Utc)
    progress: Mapped[int] = mapped_column(default=0)
    name: Mapped[str] = mapped_column(String(200), default="")
    mime: Mapped[str] = mapped_column(String(100), default="")
    sha256: Mapped[str] = mapped_column(String(64), default="")
    size: Mapped[int] = mapped_column(BigInteger, default=0)
    reason: Mapped[str] = mapped_column(String(200), default="")
    made_at: Mapped[datetime | None] = mapped_column(Utc)
    expires_at: Mapped[datetime | None] = mapped_column(Utc)

    __table_args__ = (
        partial_index("ix_hand_outs_waiting", "next_at", where="state IN ('queued', 'making')"),
        partial_index("ix_hand_outs_ready", "expires_at", where="state = 'ready'"),
    )


@dataclass(frozen=True, slots=True)
class Claimed:
    """One that somebody is making; `attempts` tells this time from any other."""

    id: int
    person_id: int
    channel: str
    address: str
    kind: str
    params: dict[str, Any]
    as_of: datetime
    attempts: int


@dataclass(frozen=True, slots=True)
class Kept:
    """One as its reader sees it."""

    id: int
    kind: str
    params: dict[str, Any] = field(compare=False)
    as_of: datetime
    state: str
    progress: int
    name: str
    mime: str
    sha256: str
    size: int


def beside(vault: Vault) -> Vault:
    """Where the files lie: below the evidence, in the one folder the entity has given us for files. They are named by
    their hash as evidence is, but none of them is evidence: they are swept, and a backup may leave them out."""
    return Vault(vault.root / "handouts")


def may(who: Who, kind: str, office: int) -> bool:
    """Whether somebody may have a kind of file, of one office by its number, or of all with 0."""
    if kind == "my-data":
        return True
    return who.may(WHOLE) or (kind == "dossier" and Role.OFFICER in who.roles and office in who.offices)


def ask(connection: Connection, who: Who, kind: str, params: dict[str, Any], now: datetime) -> int:
    """Queue one; its number. Raises PermissionError."""
    if not may(who, kind, params.get("office_id", 0)):
        raise PermissionError(f"person {who.id} may not have {kind}")
    values = {
        "person_id": who.id, "channel": who.channel, "address": who.address, "kind": kind, "params": params,
        "as_of": now, "next_at": now,
    }  # fmt: skip
    return int(connection.execute(insert(HandOut).values(values).returning(HandOut.id)).scalar_one())


def of(connection: Connection, person_id: int, most: int) -> list[Kept]:
    """A person's newest, newest first, without those whose file is gone."""
    wanted = _KEPT.where(HandOut.person_id == person_id, HandOut.state != "expired")
    return [Kept(*row) for row in connection.execute(wanted.order_by(HandOut.id.desc()).limit(most))]


def load(connection: Connection, plan: str) -> tuple[int, int]:
    """How many reports the plan of this slug has, and how many files wait to be made."""
    reports = select(func.count()).select_from(Report).join(Plan, Plan.id == Report.plan_id).where(Plan.slug == plan)
    waiting = select(func.count()).select_from(HandOut).where(_WAITING)
    return connection.execute(reports).scalar_one(), connection.execute(waiting).scalar_one()


def waits(connection: Connection, now: datetime) -> bool:
    """Whether there is something to make."""
    return connection.execute(_ANY, {"time": now}).first() is not None


def claim(connection: Connection, now: datetime, until: datetime) -> Claimed | None:
    """Take the oldest that is due for oneself `until` then; also one whose maker has not been heard of."""
    row = connection.execute(_CLAIM, {"time": now, "until": until}).one_or_none()
    return Claimed(*row) if row else None


def renew(connection: Connection, claimed: Claimed, until: datetime, progress: int) -> bool:
    """Keep it for oneself, and tell how far it is; False where somebody else is at it by now."""
    kept = {**_key(claimed), "until": until, "per_cent": progress}
    return connection.execute(_RENEW, kept).rowcount == 1


def settle(connection: Connection, claimed: Claimed, **values: Any) -> bool:
    """Keep what became of it; False where somebody else did or is at it by now."""
    return connection.execute(_MINE.values(values), _key(claimed)).rowcount == 1


def expire(connection: Connection, now: datetime) -> int:
    """Those whose month is over are not ready any more; returns how many."""
    over = update(HandOut).where(HandOut.state == "ready", HandOut.expires_at <= now)
    return connection.execute(over.values(state="expired")).rowcount


def needed(connection: Connection, hashes: Collection[str]) -> set[str]:
    """Those of the files that somebody may still fetch."""
    ready = select(HandOut.sha256).where(HandOut.state == "ready", HandOut.sha256.in_(list(hashes)))
    return set(connection.execute(ready).scalars())


def _key(claimed: Claimed) -> dict[str, int]:
    return {"number": claimed.id, "attempt": claimed.attempts}


_KEPT = select(
    HandOut.id, HandOut.kind, HandOut.params, HandOut.as_of, HandOut.state, HandOut.progress, HandOut.name,
    HandOut.mime, HandOut.sha256, HandOut.size,
)  # fmt: skip
_WAITING = text("state IN ('queued', 'making')")
_ANY = (
    select(HandOut.id)
    .where(_WAITING, HandOut.next_at <= bindparam("time"))
    .order_by(HandOut.next_at, HandOut.id)
    .limit(1)
)
_NEXT = _ANY.with_for_update(skip_locked=True)
_CLAIM = (
    update(HandOut)
    .where(HandOut.id == _NEXT.scalar_subquery())
    .values(state="making", attempts=HandOut.attempts + 1, next_at=bindparam("until"), progress=0)
    .returning(
        HandOut.id, HandOut.person_id, HandOut.channel, HandOut.address, HandOut.kind, HandOut.params, HandOut.as_of,
        HandOut.attempts,
    )
)  # fmt: skip
_MINE = update(HandOut).where(
    HandOut.id == bindparam("number"), HandOut.attempts == bindparam("attempt"), HandOut.state == "making"
)
_RENEW = _MINE.values(next_at=bindparam("until"), progress=bindparam("per_cent"))
