"""The table of a year: what was owed, asked, told and reported."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, text

from bot.simulation.inspection import Breaches
from bot.simulation.year import Lived

KINDS = {"answer": "respuestas", "notice": "avisos entre personas", "nudge": "avisos de plazos", "summary": "resúmenes",
         "menu": "menús"}  # fmt: skip
STATES = {
    "sent": "enviadas", "unknown": "no se sabe si llegaron", "failed": "no salieron", "skipped": "retiradas a tiempo",
    "queued": "en cola",
}  # fmt: skip
ANSWERS = {"almost": "ya casi", "late": "no alcanzo", "not_mine": "no me toca", "blocked": "algo lo impide"}
ON_TIME, LATE, NEVER = "Cumplidos a tiempo", "Cumplidos tarde", "Sin cumplir"

Line = tuple[str, str]


def tally(lived: Lived, breaches: Breaches) -> list[Line]:
    """(what, how much), in the order they are read."""
    return lived.world.store.run(lambda connection: list(_lines(connection, lived, breaches)))


def _lines(connection: Connection, lived: Lived, breaches: Breaches) -> Iterator[Line]:
    def rows(sql: str) -> list[Any]:
        return list(connection.execute(text(sql)))

    def counted(sql: str) -> str:
        return str(rows(sql)[0][0])

    owed = "FROM obligations WHERE withdrawn_at IS NULL"
    yield "Personas", str(len(lived.players))
    yield "Entregables", f"{counted(f'SELECT count(*) {owed}')} ({counted(f'SELECT sum(units) {owed}')} unidades)"
    for step, told in rows("SELECT step, count(*) FROM nudges WHERE state = 'told' AND NOT escalated GROUP BY step"):
        yield f"Avisos {_step(step)}", str(told)
    passed = "SELECT count(*) FROM nudges WHERE state = 'told' AND escalated"
    yield "Escalamientos a jefaturas y coordinación", counted(passed)
    reminded = "SELECT count(*) FROM deliveries WHERE dedupe_key LIKE 'cutoff:%' AND state <> 'skipped'"
    yield "Avisos de cortes de Control Interno", counted(reminded)
    for reason, skipped in rows("SELECT reason, count(*) FROM nudges WHERE state = 'skipped' GROUP BY 1 ORDER BY 1"):
        yield f"Avisos que no hizo falta dar: {reason}", str(skipped)
    for kind, given in rows("SELECT kind, count(*) FROM blockers GROUP BY kind ORDER BY kind"):
        yield f"Respuestas «{ANSWERS[kind]}»", str(given)
    leaves, covered = rows("SELECT count(*), count(substitute_id) FROM leaves")[0]
    yield "Permisos (con suplente)", f"{leaves} ({covered})"
    yield "Avances", counted("SELECT count(*) FROM reports")
    yield from _punctuality(rows, lived.agenda.zone)
    messages: dict[str, Counter[str]] = {}
    for kind, state, many in rows("SELECT kind, state, count(*) FROM deliveries GROUP BY 1, 2 ORDER BY 1, 2"):
        messages.setdefault(kind, Counter())[state] = many
    for kind, states in messages.items():
        some = ", ".join(f"{many} {STATES[state]}" for state, many in states.items())
        yield f"Mensajes: {KINDS.get(kind, kind)}", some
    yield "Faltas: repetidos", str(len(breaches.twice))
    yield "Faltas: avisos de plazos omitidos", str(len(breaches.missed))
    yield "Faltas: avisos de cortes omitidos", str(len(breaches.cutoffs))
    yield "Faltas: resúmenes omitidos", str(len(breaches.summaries))
    yield "Faltas: respuestas omitidas", str(len(breaches.answers))
    yield "Faltas: fuera de hora", str(len(breaches.at_night))
    yield "Faltas: sobre algo ya hecho", str(len(breaches.moot))


def _punctuality(rows: Any, zone: ZoneInfo) -> Iterator[Line]:
    """By the day on which the last report came that completed an obligation."""
    reported: dict[int, list[Any]] = {}
    for row in rows("SELECT obligation_id, received_at, quantity FROM reports ORDER BY received_at"):
        reported.setdefault(row.obligation_id, []).append(row)
    found: Counter[str] = Counter()
    for row in rows("SELECT id, due, target FROM obligations WHERE withdrawn_at IS NULL"):
        left, done = row.target, None
        for report in reported.get(row.id, ()):
            left -= report.quantity
            done = report.received_at
        day = datetime.fromisoformat(f"{done}+00:00").astimezone(zone).date() if done else date.min
        late = day > date.fromisoformat(row.due)
        found[NEVER if left > 0 else LATE if late else ON_TIME] += 1
    yield from ((word, str(found[word])) for word in (ON_TIME, LATE, NEVER))


def _step(step: int) -> str:
    if step == 0:
        return "del día"
    amount = "1 día hábil" if abs(step) == 1 else f"{abs(step)} días hábiles"
    return f"{amount} {'antes' if step < 0 else 'después'}"
