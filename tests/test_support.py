"""The test tools themselves: databases are real, fresh and empty; the browser is real."""

from __future__ import annotations

import http.server
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page
from sqlalchemy import NullPool, create_engine, inspect, text

from tests.support.databases import drop_postgres, fresh_postgres


@pytest.mark.parametrize("turn", [1, 2])
def test_each_test_gets_an_empty_database(database_url: str, turn: int) -> None:
    engine = create_engine(database_url, poolclass=NullPool)
    assert inspect(engine).get_table_names() == []
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE seen (turn integer)"))
        connection.execute(text("INSERT INTO seen VALUES (:turn)"), {"turn": turn})
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT turn FROM seen")) == turn


def test_a_copy_of_a_postgres_database_has_its_tables() -> None:
    original = fresh_postgres()
    with create_engine(original, poolclass=NullPool).begin() as connection:
        connection.execute(text("CREATE TABLE seen (turn integer)"))
    copy = fresh_postgres(original)
    assert inspect(create_engine(copy, poolclass=NullPool)).get_table_names() == ["seen"]
    drop_postgres(copy)
    drop_postgres(original)


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    (tmp_path / "page.html").write_text("<!doctype html><title>Chasqui</title><button>Listo</button>")

    class Folder(http.server.SimpleHTTPRequestHandler):
        def __init__(self, *args: object) -> None:
            super().__init__(*args, directory=str(tmp_path))  # type: ignore[arg-type]

        def log_message(self, *args: object) -> None: ...

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Folder) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/page.html"
        server.shutdown()


@pytest.mark.browser
def test_the_browser_opens_a_page(page: Page, address: str) -> None:
    page.goto(address)
    page.get_by_role("button", name="Listo").click()
    assert page.title() == "Chasqui"
