"""What Meta tells of our messages after it accepted them, settled: many at once, in any order, as often as it likes."""

from __future__ import annotations

import logging
import re
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection

from bot.channels.whatsapp import CHANNEL
from bot.channels.whatsapp.inbound import Status
from bot.channels.whatsapp.results import Closed, Failed, Gone, Halted, Later, NoTemplate, Paired, Problem, problem
from bot.channels.whatsapp.routing import Pairs, elsewhere
from bot.reach import lost
from bot.turn import Rules
from models import charges, statuses, templates
from models.statuses import Kept

log = logging.getLogger(__name__)

# The delivery, and which part of it; the first is 0.
CALLBACK = re.compile(r"(\d{1,18})\.(\d{1,3})", re.ASCII)
# What failed for a passing reason is tried again after so long, then after as long as it is old, for a day.
AGAIN, AT_MOST = timedelta(minutes=1), timedelta(days=1)
HALTED = "WhatsApp sends nothing until somebody mends it: %s"


def settle(connection: Connection, told: Sequence[Status], now: datetime, rules: Rules) -> Pairs:
    """Keep what became of our messages: three statements for all of them, and a few more for each that failed.

    Returns the (channel, address) pairs for which something waits now.
    """
    meant = [(int(ours[1]), int(ours[2]), one) for one in told if (ours := CALLBACK.fullmatch(one.callback))]
    kept = statuses.kept(connection, {number for number, _part, _status in meant}) if meant else {}
    changed: dict[int, Kept] = {}
    priced: dict[str, dict[str, object]] = {}
    failures: list[tuple[Kept, Status, Problem]] = []
    for number, part, status in meant:
        one = kept.get(number)
        if one is None or one.channel != CHANNEL:
            continue
        if status.pricing and status.state != "failed":
            priced[status.message] = {
                "channel": CHANNEL, "message": status.message, "delivery_id": number, "priced_at": status.at,
                "category": status.pricing.category, "billable": status.pricing.billable,
            }  # fmt: skip
        if not one.meant(status.message):
            continue
        if status.state != "failed":
            if one.came(status.message, status.state, status.at):
                changed[number] = one
        elif one.state not in ("delivered", "read"):
            code, title = status.errors[0] if status.errors else (-1, "")
            found = problem({"code": code, "title": title})
            one.failed(status.message, found.reason, _again(one, part, found, now))
            changed[number] = one
            failures.append((one, status, found))
    statuses.keep(connection, changed.values())
    charges.add(connection, list(priced.values()))
    charges.drop(connection, CHANNEL, [status.message for _one, status, _found in failures])
    return {pair for one, status, found in failures for pair in _follow(connection, one, found, status.at, now, rules)}


def _again(one: Kept, part: int, found: Problem, now: datetime) -> datetime | None:
    """From when on it is to leave once more, None: never. Of a message in parts some may have arrived."""
    age = now - one.created_at
    match found:
        case _ if part:
            return None
        case Closed():
            return now
        case NoTemplate(status=wrong) if one.template and wrong:
            return now
        case Later() | Paired() | Failed() | Halted() if age < AT_MOST:
            return now + max(AGAIN, age)
    return None


def _follow(connection: Connection, one: Kept, found: Problem, at: datetime, now: datetime, rules: Rules) -> Pairs:
    """What else a failure means."""
    match found:
        case Closed():
            statuses.close(connection, CHANNEL, one.address, at)
        case NoTemplate(status=wrong) if one.template and wrong:
            usable = templates.usable(connection)
            language = one.language if (one.template, one.language) in usable else "es"
            templates.mark(connection, one.template, language, wrong, now)
        case NoTemplate(reason) if one.template:
            return elsewhere(connection, {one.id: one.person_id}, reason, now, rules)
        case Gone():
            return lost(connection, CHANNEL, one.address, now, rules)
        case Halted(reason):
            log.error(HALTED, reason)
    return {(CHANNEL, one.address)} if one.state == "queued" else set()
