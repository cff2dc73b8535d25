"""`chasqui whatsapp templates check` and `submit`, against an account that approves when it is told to."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator

import pytest

from bot.channels.whatsapp import account
from bot.commands.opening import opened
from models import templates
from tests.bot.commands.conftest import Run
from tests.emulators.whatsapp import ACCOUNT, TOKEN, WhatsAppEmulator, faults

OURS = ("chasqui_recordatorio", "chasqui_novedad", "chasqui_resumen", "chasqui_anuncio")


@pytest.fixture
def meta(monkeypatch: pytest.MonkeyPatch) -> Iterator[WhatsAppEmulator]:
    """The account at Meta, in a thread of its own, and the settings to reach it."""
    emulator, loop = WhatsAppEmulator(), asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    asyncio.run_coroutine_threadsafe(emulator.start(), loop).result(10)
    for name, value in (("TOKEN", TOKEN), ("ACCOUNT", ACCOUNT), ("API", emulator.url)):
        monkeypatch.setenv(f"CHASQUI_WHATSAPP_{name}", value)
    yield emulator
    asyncio.run_coroutine_threadsafe(emulator.stop(), loop).result(10)
    loop.call_soon_threadsafe(loop.stop)
    thread.join(10)
    loop.close()
    assert not emulator.invalid


def usable() -> set[tuple[str, str]]:
    """What may be sent, as the database knows it."""
    with opened() as office, office.database.begin() as connection:
        return set(templates.usable(connection))


def line(printed: str, name: str, language: str = "es") -> str:
    """The line of a template."""
    return next(line for line in printed.splitlines() if name in line and f" {language} " in line)


def test_from_an_empty_account_to_templates_that_may_be_sent(imported: Run, meta: WhatsAppEmulator) -> None:
    empty = imported("whatsapp", "templates", "check")
    assert (empty.exit_code, "Por arreglar: 8 de 8." in empty.stdout) == (1, True)
    assert "submit" in line(empty.stdout, "chasqui_anuncio")
    asked = imported("whatsapp", "templates", "submit", answer="n\n")
    assert (asked.exit_code, len(meta.templates.kept)) == (2, 0)

    sent = imported("whatsapp", "templates", "submit", answer="s\n")
    assert sent.exit_code == 0, sent.stdout
    assert "Recordatorio del plan" in sent.stdout
    assert "chasqui_recordatorio (es): en revisión." in sent.stdout
    assert "templates check" in sent.stdout
    assert usable() == set()
    assert "No falta ninguna" in imported("whatsapp", "templates", "submit").stdout

    waiting = imported("whatsapp", "templates", "check")
    assert (waiting.exit_code, "en revisión" in line(waiting.stdout, "chasqui_novedad")) == (1, True)
    for name in OURS:
        meta.templates.decide(name, "APPROVED")
    done = imported("whatsapp", "templates", "check")
    assert (done.exit_code, "Todas están aprobadas" in done.stdout) == (0, True), done.stdout
    assert usable() == {(name, language) for name in OURS for language in ("es", "en")}


def test_check_says_what_changed_there(imported: Run, meta: WhatsAppEmulator, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(account, "PAGE", 3)
    meta.templates.instant = True
    for n in range(4):  # somebody else's, on the pages before
        meta.templates.add(f"otra_{n}", "es", "Hola")
    assert imported("whatsapp", "templates", "submit", "--yes").exit_code == 0
    meta.templates.decide("chasqui_novedad", "PAUSED")
    meta.templates.recategorise("chasqui_resumen", "MARKETING")
    meta.templates.add("chasqui_anuncio", "es", "Se vence: {{1}}. Y {{2}} más.", category="MARKETING", replies=["Ver"])
    meta.templates.add("chasqui_anuncio", "en", "News: {{1}} and so on.", category="MARKETING", replies=["See"])
    found = imported("whatsapp", "templates", "check")
    assert (found.exit_code, "Por arreglar: 6 de 8." in found.stdout) == (1, True), found.stdout
    assert "aprobada" in line(found.stdout, "chasqui_recordatorio")
    assert "pausada" in line(found.stdout, "chasqui_novedad")
    assert "Meta no la ve como UTILITY" in line(found.stdout, "chasqui_resumen")
    assert "no encaja" in line(found.stdout, "chasqui_anuncio")
    assert "iguálelos" in line(found.stdout, "chasqui_anuncio", "en")
    assert "otra_" not in found.stdout
    assert {name for name, language in usable() if language == "es"} == {"chasqui_recordatorio", "chasqui_resumen"}
    assert ("chasqui_anuncio", "en") in usable()


def test_submit_goes_on_after_one_that_is_not_taken(imported: Run, meta: WhatsAppEmulator) -> None:
    meta.faults.plan(faults.NONE, "templates")  # the list
    meta.faults.plan(faults.refused(100, "Body is too plain."), "templates")
    sent = imported("whatsapp", "templates", "submit", "--yes")
    assert sent.exit_code == 1
    assert "chasqui_recordatorio (es): Meta no lo recibió (100: Body is too plain.)" in sent.stdout
    assert len(meta.templates.kept) == 7
    assert imported("whatsapp", "templates", "submit", "--yes").exit_code == 0
    assert len(meta.templates.kept) == 8


def test_what_is_in_the_way_is_said_in_one_sentence(
    imported: Run, meta: WhatsAppEmulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused() -> str:
        done = imported("whatsapp", "templates", "check")
        assert (done.exit_code, done.stdout, len(done.stderr.splitlines())) == (2, "", 1), done.output
        assert "EAA" not in done.stderr
        return done.stderr

    meta.faults.plan(faults.refused(190, "Malformed access token EAAemulated"), "templates")
    assert "no acepta la clave" in refused()
    meta.faults.plan(faults.refused(130429), "templates")
    assert "pide esperar" in refused()
    meta.faults.plan(faults.refused(131000), "templates")
    assert "no respondió bien" in refused()
    monkeypatch.setenv("CHASQUI_WHATSAPP_API", "http://127.0.0.1:9/v25.0")
    assert "http://127.0.0.1:9/v25.0 no respondió" in refused()
    monkeypatch.delenv("CHASQUI_WHATSAPP_ACCOUNT")
    assert "Falta CHASQUI_WHATSAPP_ACCOUNT" in refused()
    monkeypatch.delenv("CHASQUI_WHATSAPP_TOKEN")
    assert "Falta CHASQUI_WHATSAPP_TOKEN" in refused()
