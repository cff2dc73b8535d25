"""What belongs to something sent before: a file in place of a lost one, a file for a report, a changed message."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from bot.turn import turn
from conversation.messages import Attachment, Inbound
from tests.support.world import RULES, World, open_world, photo


@pytest.fixture(params=["sqlite", "postgres"])
def world(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[World]:
    one = open_world(request.param, tmp_path)
    yield one
    one.close()


def say(world: World, words: str = "", *files: Attachment, **more: Any) -> str:
    """One message of the officer's; what is answered, with the labels of its buttons."""
    world.count += 1
    inbound = Inbound("web", "officer", f"m{world.count}", world.now, world.now, words, "", files, **more)
    asyncio.run(world.database.write(turn(inbound, RULES)))
    last = world.last("officer")
    return "\n".join([last.text, *(f"[{button['label']}]" for button in last.buttons)])


def tap(world: World, label: str) -> str:
    button = next(b for b in world.last("officer").buttons if b["label"].startswith(label))
    world.say("officer", tap=button["tap"])
    return world.last("officer").text


def on_its_way(number: int) -> Attachment:
    details = {"file_id": f"f{number}", "message": number}
    return Attachment("photo", f"telegram:u{number}", "", "image/jpeg", 900, "pending", details)


def report(world: World) -> None:
    say(world, "/reportar 4 mayo", number="1")
    say(world, "Publicamos dos piezas.", number="2")


def filed(world: World) -> str:
    """The folio of a report with one photo; the message that names it is number 90 on the platform."""
    report(world)
    say(world, "", photo())
    assert "A04-2022-05-0001" in tap(world, "No aparecen")
    with world.database.begin() as connection:
        connection.execute(text("UPDATE deliveries SET platform_id = '90' WHERE text LIKE '%(folio)%'"))
    return "A04-2022-05-0001"


def test_a_reply_to_the_message_of_a_file_takes_its_place(world: World) -> None:
    report(world)
    assert "0 de 1 guardadas; todavía recibo la primera." in say(world, "", on_its_way(3), number="3")
    assert "1 de 2 guardadas; todavía recibo la primera." in say(world, "", photo("b.jpg"))
    said = say(world, "", photo("a.jpg"), number="5", reply_to="3")
    assert said.startswith("Llegó la primera: ya están las 2.\n\nRevise antes de enviar")


def test_also_while_something_else_is_talked_about(world: World) -> None:
    report(world)
    say(world, "", on_its_way(3), number="3")
    say(world, "/idioma")
    assert "Revise antes de enviar" in say(world, "", photo("a.jpg"), number="5", reply_to="3")


def test_a_file_that_is_not_wanted_takes_no_place(world: World) -> None:
    report(world)
    say(world, "", on_its_way(3), number="3")
    refused = replace(photo(), ref="", problem="hostile")
    assert "0 de 1 guardadas; todavía recibo la primera." in say(world, "", refused, number="5", reply_to="3")


def test_what_is_on_its_way_is_queued_once_and_only_if_it_is_wanted(world: World) -> None:
    say(world, "/pendientes")
    asyncio.run(
        world.database.write(
            turn(Inbound("web", "citizen", "c1", world.now, world.now, attachments=(on_its_way(9),), number="9"), RULES)
        )
    )
    assert world.rows(text("SELECT message FROM downloads")) == []
    report(world)
    say(world, "", on_its_way(3), number="3")
    say(world, "", on_its_way(3), number="3")
    assert world.rows(text("SELECT message, state FROM downloads")) == [("3", "queued")]


def test_a_reply_to_a_message_with_a_folio_adds_to_that_report(world: World) -> None:
    folio = filed(world)
    said = say(world, "", photo("b.jpg"), reply_to="90")
    assert said.startswith(f"Lo agrego al avance {folio}.")
    assert "Llevo 1 soporte guardado." in said
    assert "Llevo 2 soportes guardados." in say(world, "", photo("c.jpg"), reply_to="90")
    tap(world, "Listo")
    tap(world, "No")
    assert f"El avance {folio} queda en su versión 2." in tap(world, "Sí, corregir")
    assert (
        len(world.rows(text("SELECT ref FROM evidence JOIN reports ON reports.id = report_id WHERE version = 2"))) == 3
    )


def test_a_reply_to_any_other_message_adds_to_nothing(world: World) -> None:
    filed(world)
    assert "¿Qué actividad va a reportar?" in say(world, "", photo("b.jpg"), reply_to="91")


def test_a_changed_message_changes_the_answer_it_was(world: World) -> None:
    report(world)
    assert "Qué se hizo: Publicamos dos piezas." in say(world, "", photo())
    said = say(world, "Publicamos tres piezas.", number="2", edited=True)
    assert said.startswith("Vi que cambió su mensaje.\n\nRevise antes de enviar")
    assert "Qué se hizo: Publicamos tres piezas." in said
    assert "Soportes: 1 foto" in said
    assert "Cuente en una o dos frases" in say(world, "atrás")  # still the last answer


def test_a_changed_message_that_no_longer_answers_is_asked_again_and_nothing_else_is_lost(world: World) -> None:
    report(world)
    say(world, "", photo())
    assert "Cuente en una o dos frases" in say(world, "...", number="2", edited=True)
    assert "Soportes: 1 foto" in say(world, "Publicamos tres piezas.", number="7")


def test_what_was_not_understood_is_read_again(world: World) -> None:
    say(world, "/reportar", number="1")
    say(world, "zzzz", number="2")
    assert "Cuente en una o dos frases" in say(world, "4 mayo", number="2", edited=True)


@pytest.mark.parametrize("open_report", [True, False])
def test_any_other_changed_message_is_answered_with_what_can_be_done(world: World, open_report: bool) -> None:
    if open_report:
        report(world)
    said = say(world, "Otra cosa", number="77", edited=True)
    assert "Para cambiar una respuesta escriba /atras; si ya la envió, /corregir." in said
    assert ("Envíe los soportes" in said) is open_report
    assert world.rows(text("SELECT count(*) FROM reports")) == [(0,)]


@pytest.mark.parametrize("open_report", [True, False])
def test_a_message_changed_into_a_word_that_stops_stops(world: World, open_report: bool) -> None:
    if open_report:
        report(world)
    else:
        say(world, "Buenas tardes", number="2")
    muted = text("SELECT count(*) FROM contacts WHERE muted_at IS NOT NULL")
    assert "aquí ya no le llegan avisos" in say(world, "Baja, por favor", number="2", edited=True)
    assert world.rows(muted) == [(1,)]
    say(world, "se dio de baja un contrato", number="9", edited=True)
    say(world, "ALTA", number="10")
    assert world.rows(muted) == [(0,)]
    say(world, "se dio de baja un contrato", number="10", edited=True)
    assert world.rows(muted) == [(0,)]


def test_how_to_keep_the_date_of_a_photo_is_said_once(world: World) -> None:
    small = [replace(photo(name), details={"recompressed": True}) for name in ("a.jpg", "b.jpg", "c.jpg")]
    report(world)
    assert "Consejo:" not in say(world, "", photo("z.jpg"))
    assert "clip → Archivo" in say(world, "", small[0], album="x")
    assert "clip → Archivo" in say(world, "", small[1], album="x")  # the same answer, written anew
    assert "Consejo:" not in say(world, "", small[2])


def test_nobody_is_advised_on_what_was_not_kept(world: World) -> None:
    asyncio.run(world.database.write(_citizens_photo(world)))
    assert "Consejo:" not in world.last("citizen").text


def _citizens_photo(world: World) -> Any:
    small = replace(photo(), details={"recompressed": True})
    return turn(Inbound("web", "citizen", "c1", world.now, world.now, attachments=(small,)), RULES)


def test_stickers_and_contacts_are_no_files(world: World) -> None:
    sticker = Attachment("document", "", problem="no_file")
    assert say(world, "", sticker).startswith("Aquí no recibo stickers, contactos ni encuestas.\n[Reportar")
    report(world)
    assert say(world, "", sticker).startswith("Aquí no recibo stickers, contactos ni encuestas.\n\nEnvíe los soportes")


def test_files_outlive_the_activity_they_were_sent_for(world: World) -> None:
    report(world)
    say(world, "", photo(), on_its_way(3), number="3")
    with world.database.begin() as connection:
        connection.execute(text("UPDATE obligations SET reported = target WHERE code = 'A04-2022-05'"))
    assert "Esa actividad ya quedó completa" in say(world, "listo")
    world.say("officer", tap=world.last("officer").buttons[0]["tap"])
    assert "1 de 2 guardadas; todavía recibo la segunda" in say(world, "otra vez")


def test_more_than_fits_before_it_is_asked_for(world: World) -> None:
    for number in range(21):
        said = say(world, "", photo(f"{number}.jpg"))
    say(world, "4 mayo")
    said = say(world, "Publicamos dos piezas.")
    assert "Solo caben 20 soportes más." in said
    assert "Guardé: 20 fotos" in tap(world, "No aparecen")


def test_going_on_with_that_one(world: World) -> None:
    filed(world)
    report(world)
    say(world, "/corregir")
    assert "Tiene un avance a medias" in say(world, "/reportar")
    assert "Envíe los soportes" in tap(world, "Seguir con ese")
