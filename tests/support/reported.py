"""A report to hang evidence on."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, insert

from models.obligations import Obligation
from models.plan import Activity, Plan
from models.reports import Report


def a_report(connection: Connection, author: int, now: datetime) -> int:
    """A report on an obligation of a plan with nothing else in it."""
    today = now.date()
    plan = {"slug": "p", "entity": "e", "contact": "", "title": "t", "year": 2026, "source_name": "",
            "source_sha256": "", "document": {}, "imported_at": now}  # fmt: skip
    plan_id = connection.execute(insert(Plan).values(plan).returning(Plan.id)).scalar_one()
    activity = {"plan_id": plan_id, "number": 1, "subcomponent": 1, "subcomponent_title": "", "title": "", "place": 0}
    activity_id = connection.execute(insert(Activity).values(activity).returning(Activity.id)).scalar_one()
    owed = {
        "plan_id": plan_id, "activity_id": activity_id, "code": "A01", "period": "2026", "topic": "",
        "event": "", "starts": today, "due": today, "warn": today, "fixed": False, "target": 1, "unit": "", "units": 1,
        "steps": [], "distinct": "", "proofs": [], "provisional": False,
    }  # fmt: skip
    obligation_id = connection.execute(insert(Obligation).values(owed).returning(Obligation.id)).scalar_one()
    told = {
        "plan_id": plan_id, "obligation_id": obligation_id, "folio": "A01-1", "version": 1, "state": "reported",
        "quantity": 1, "item": "", "account": "", "done_on": today, "author_id": author, "channel": "web",
        "sent_at": now, "received_at": now,
    }  # fmt: skip
    return connection.execute(insert(Report).values(told).returning(Report.id)).scalar_one()
