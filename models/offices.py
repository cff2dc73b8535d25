"""Offices: secretariats, directorates, committees, with the names people call them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from sqlalchemy import Connection, Date, String, insert, select, update
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Json, Key
from plans.terms import Office as PlannedOffice


class Office(Base):
    """valid_from and valid_to bound the time in which the office exists; `dependency` counts it in "todas"."""

    __tablename__ = "offices"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    code: Mapped[str] = mapped_column(String(24), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    aliases: Mapped[list[str]] = mapped_column(Json)
    valid_from: Mapped[date | None] = mapped_column(Date)
    valid_to: Mapped[date | None] = mapped_column(Date)
    dependency: Mapped[bool]


def register(connection: Connection, offices: Iterable[PlannedOffice]) -> dict[str, int]:
    """Add the offices or bring them up to date; returns ids by code."""
    known = {row.code: row.id for row in connection.execute(select(Office.code, Office.id))}
    for office in offices:
        values: dict[str, Any] = {
            "name": office.name,
            "aliases": list(office.aliases),
            "valid_from": office.valid_from,
            "valid_to": office.valid_to,
            "dependency": office.dependency,
        }
        if office.code in known:
            connection.execute(update(Office).where(Office.id == known[office.code]).values(values))
        else:
            added = connection.execute(insert(Office).values(code=office.code, **values).returning(Office.id))
            known[office.code] = added.scalar_one()
    return known


def registry(connection: Connection) -> list[PlannedOffice]:
    """Every office, by name."""
    return list(numbered(connection).values())


def numbered(connection: Connection) -> dict[int, PlannedOffice]:
    """Every office by its number, in the order of their names."""
    rows = connection.execute(select(Office).order_by(Office.name)).all()
    return {
        row.id: PlannedOffice(row.code, row.name, tuple(row.aliases), row.valid_from, row.valid_to, row.dependency)
        for row in rows
    }
