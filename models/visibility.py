"""Who sees whose people and reports. Figures of an office are everybody's; names and reports are not."""

from __future__ import annotations

from sqlalchemy import ColumnElement, or_, select, true

from models.obligations import Ownership
from models.people import RUN, Role, Who
from models.reports import Report

# Who reads of every office. Officers and heads read of their own.
READ_ALL = RUN | {Role.AUDITOR}
STAFF = READ_ALL | {Role.OFFICER, Role.HEAD}


def sees(who: Who, office_id: int | None) -> bool:
    """Whether the person may know who works in this office."""
    return who.may(READ_ALL) or (who.may(STAFF) and office_id in who.offices)


def readable(who: Who) -> ColumnElement[bool]:
    """Whether the person may read a row's Report: of their offices, whatever part these have in it, and their own."""
    if who.may(READ_ALL):
        return true()
    offices = list(who.offices) if who.may(STAFF) else []
    concerned = select(Ownership.obligation_id).where(Ownership.office_id.in_(offices))
    return or_(Report.obligation_id.in_(concerned), Report.author_id == who.id)
