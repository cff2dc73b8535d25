"""Somebody cannot be written to any more: nothing more is sent there, and who runs the plan hears of it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from bot.turn import Rules, told
from conversation.messages import Reply
from conversation.texts import _
from handlers.base import Notice
from models import deliveries, reachability
from models.people import RUN


def lost(connection: Connection, channel: str, address: str, now: datetime, rules: Rules) -> set[tuple[str, str]]:
    """Stop writing to the address; returns the (channel, address) pairs which now have something to read."""
    name = reachability.lose(connection, channel, address, now)
    if not name:
        return set()
    text = _("No puedo escribirle a {name}: bloqueó este chat o lo cerró. Búsquele por otro medio.", name=name)
    notice = Notice(f"unreachable:{channel}:{address}:{now.date()}", Reply(text), RUN)
    rows = told(connection, notice, rules, now)
    if rows:
        deliveries.add(connection, rows)
    return {(str(row["channel"]), str(row["address"])) for row in rows}
