"""Which files must be in the vault, and for which reports: what `chasqui verify` goes by."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from models.evidence import Evidence
from models.reports import Report


@dataclass(frozen=True, slots=True)
class File:
    """A file by its SHA-256, and a report it belongs to (the first where there are several)."""

    sha256: str
    folio: str


def files(connection: Connection) -> list[File]:
    """Every file that evidence refers to, each once."""
    rows = connection.execute(
        select(Evidence.ref, func.min(Report.folio))
        .join(Report, Report.id == Evidence.report_id)
        .where(Evidence.size > 0)
        .group_by(Evidence.ref)
        .order_by(func.min(Report.folio), Evidence.ref)
    )
    return [File(*row) for row in rows]
