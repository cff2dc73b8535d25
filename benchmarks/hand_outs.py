"""A dossier and the formats of a plan with a hundred thousand reports: how long they take, how much memory."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import insert, select

from benchmarks.figures import Figure, Size
from models.evidence import Evidence
from models.obligations import Obligation
from models.people import Contact
from models.reports import Report
from models.vault import Vault
from tests.support.world import START, open_world

# Promised in issue 6.
MOST_MB = 200
KINDS = {"dossier": "2022", "follow-up": "2022-12-31", "interactions": "2022-S1", "evaluation": "2022"}
# A process of its own, so that its memory is nobody else's.
MAKE = """
import json, sys, time
from contextlib import closing
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo
from documents.making import make
from models.database import Database
from models.vault import Vault
from models.wanted import Wanted
kind, period, database, vault, out = sys.argv[1:]
engine = Database(database).engine
def read(work):
    with engine.connect() as connection:
        return work(connection)
form = "zip" if kind == "dossier" else "xlsx"
moment = datetime(2023, 1, 16, 17, 0, tzinfo=ZoneInfo("America/Bogota"))
began = time.perf_counter()
made = make(read, Wanted(kind, form, "narino-2022", period, moment), Vault(Path(vault)))
size = 0
with open(out, "wb") as file, closing(made.chunks):
    for chunk in made.chunks:
        size += file.write(chunk)
spent = time.perf_counter() - began
# Not getrusage, which begins at what the parent had.
(memory,) = [line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM")]
print(json.dumps({"seconds": spent, "mb": int(memory) / 1024, "size": size / 1e6}))
"""


def hand_outs(size: Size, folder: Path) -> Iterator[Figure]:
    """On SQLite, spread over the obligations of a plan; each report has a photo of a kilobyte."""
    count = max(size.histories)
    world = open_world("sqlite", folder)
    vault = Vault(folder / "evidence")
    _fill(world.database, vault, count)
    url = world.database.url.render_as_string(hide_password=False)
    world.close()
    for kind, period in KINDS.items():
        asked = [sys.executable, "-c", MAKE, kind, period, url, str(vault.root), str(folder / "made")]
        told = json.loads(subprocess.run(asked, check=True, capture_output=True, text=True).stdout)
        what = f"{count:,} reports: {kind}"
        yield Figure(what, told["seconds"], "s")
        yield Figure(f"{what}, memory", told["mb"], "MB", MOST_MB)
        yield Figure(f"{what}, size", told["size"], "MB")


def _fill(database: Any, vault: Vault, count: int) -> None:
    photos = [vault.put(io.BytesIO(number.to_bytes(4, "big") * 256), 2000).sha256 for number in range(1000)]
    with database.begin() as connection:
        author = connection.execute(select(Contact.person_id).where(Contact.address == "officer")).scalar_one()
        duties = connection.execute(select(Obligation.id, Obligation.plan_id, Obligation.code)).all()
        reports, pieces = [], []
        for number in range(1, count + 1):
            duty, at = duties[number % len(duties)], START + timedelta(seconds=number)
            reports.append({
                "id": number, "plan_id": duty.plan_id, "obligation_id": duty.id, "folio": f"{duty.code}-{number:06}",
                "version": 1, "state": "reported", "quantity": 1, "item": "", "account": "Se publicó. " * 20,
                "done_on": date(2022, 5, 24), "author_id": author, "channel": "web", "sent_at": at, "received_at": at,
            })  # fmt: skip
            pieces.append({
                "report_id": number, "kind": "photo", "ref": photos[number % len(photos)], "name": "foto.jpg",
                "mime": "image/jpeg", "size": 1024, "quarantined": False, "channel": "web", "sent_at": at,
                "received_at": at,
            })  # fmt: skip
        connection.execute(insert(Report), reports)
        connection.execute(insert(Evidence), pieces)
