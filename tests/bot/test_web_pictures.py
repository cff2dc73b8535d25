"""A picture is drawn for the one it was written to, and for nobody else."""

from __future__ import annotations

import io
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

from PIL import Image

from bot.channels.web.sessions import address_of
from models import deliveries, people
from models.database import Database
from models.figures import Counts
from tests.bot.web import Phone, serving, settings_in

NOW = datetime(2022, 5, 16, 15, 0, tzinfo=UTC)
COUNTS = asdict(Counts(units=8, done=3, verified=1, due=4, done_due=3, provisional=0))
FIGURES = {
    "plan": "Plan", "entity": "Gobernación", "day": "2022-05-16", "heading": "Estado", "total": COUNTS,
    "bars": [{"label": "Prensa", **COUNTS}, {"label": "TIC", **COUNTS}],
}  # fmt: skip


def give_picture(database: Database, address: str) -> None:
    with database.begin() as connection:
        who = people.who(connection, "web", address, NOW, "es")
        row = {
            "dedupe_key": f"picture:{address}", "person_id": who.id, "channel": "web", "address": address,
            "kind": "answer", "text": "", "buttons": [], "wants": "", "created_at": NOW,
            "picture": {"drawing": "status", "figures": FIGURES, "alt": "Prensa: 3 de 8"},
        }  # fmt: skip
        deliveries.add(connection, [row])


def test_a_picture_is_its_readers_only(tmp_path: Path) -> None:
    settings = settings_in(tmp_path)
    with serving(settings) as port:
        reader, stranger = Phone(port), Phone(port)
        database = Database(settings.database_url)
        for phone in (reader, stranger):
            give_picture(database, address_of(phone.cookies["chasqui-me"].value))
        database.close()
        (message,) = reader.history()
        shown = message["picture"]
        assert shown["alt"] == "Prensa: 3 de 8"
        status, headers, body = reader.fetch("GET", shown["url"])
        assert (status, headers["content-type"]) == (200, "image/png")
        assert headers["cache-control"].startswith("private")
        with Image.open(io.BytesIO(body)) as picture:
            assert picture.size == (shown["width"], shown["height"])
        assert reader.fetch("GET", f"{shown['url']}?dark=1")[2] != body
        assert stranger.fetch("GET", shown["url"])[0] == 404
        assert reader.fetch("GET", f"/chat/me/pictures/{10**30}.png")[0] == 404
