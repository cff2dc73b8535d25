"""What officers answer to a nudge, beyond what the transcripts tell."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from sqlalchemy import select

from handlers.table import command, exactly, meant
from models import people
from models.blockers import Blocker
from models.visit import Visit
from tests.handlers.talking import MAY, talk
from tests.scheduler.clock import at
from tests.support.world import RULES, START, World, open_world


@pytest.fixture(scope="module")
def quiet(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    one = open_world("sqlite", tmp_path_factory.mktemp("world"))
    yield one
    one.close()


@pytest.mark.parametrize(
    ("text", "name", "argument"),
    [
        ("ya casi", "almost", ""),
        ("Ya casi lo termino", "almost", ""),
        ("no alcanzo a entregar", "late", ""),
        ("no alcance", "late", ""),
        ("no vamos a alcanzar", "late", ""),
        ("no alcanzo la 4", "late", "4"),
        ("eso no me toca", "not_mine", ""),
        ("la 4 no me toca", "not_mine", "4"),
        ("eso no es de mi dependencia", "not_mine", ""),
        ("estamos bloqueados", "blocked", ""),
        ("eso depende de otra dependencia", "blocked", ""),
        ("estoy de permiso hasta el lunes", "absence", "hasta el lunes"),
        ("estoy de vacaciones", "absence", ""),
        ("salgo a vacaciones del 5 al 10 de junio", "absence", "del 5 al 10 de junio"),
        ("estaré de permiso desde el lunes", "absence", "desde el lunes"),
        ("estoy incapacitada hasta el 15 de junio", "absence", "hasta el 15 de junio"),
        ("ya volví", "back", ""),
        ("avíseme a las 10", "hours", "a las 10"),
        # What means something else, or nothing.
        ("hecho", "report", ""),
        ("ya lo hice", "report", ""),
        ("mis pendientes", "pending", ""),
        ("dependencia", "leave", ""),
        ("me cambiaron de dependencia", "leave", ""),
        ("listo", "", ""),
        ("esta", "status", ""),
        ("no me alcanza la plata", "", ""),
        ("no me escriban mas", "", ""),
        ("quiero avisos de salud en el pacífico", "subscribe", "salud en el pacifico"),
        ("no soy de esa dependencia, soy de turismo", "", ""),
    ],
)
def test_plain_words(quiet: World, text: str, name: str, argument: str) -> None:
    with quiet.database.begin() as connection:
        visit = Visit(connection, people.who(connection, "web", "officer", START, "es"), START, START, RULES.zone)
        entry, said = meant(text, visit)
        assert (entry.name if entry else "", said) == (name, argument)
        if name == "almost":
            assert exactly(text, visit) == (None, "")


@pytest.mark.parametrize("text", ["/no_alcanzo", "/No_Alcanzo", "/no_alcanzó@chasqui_bot"])
def test_a_command_of_several_words(text: str) -> None:
    entry, argument = command(f"{text} {MAY}")
    assert entry is not None
    assert (entry.name, argument) == ("late", MAY)


def test_an_officer_names_only_whom_they_may_see(world: World) -> None:
    talk(world, "officer", f"/bloqueado {MAY}")
    assert "No encontré esa opción" in talk(world, "officer", "Jairo Benavides")
    talk(world, "officer", "Marta Rosero", "No ha firmado.")
    assert "Lo detiene: Marta Rosero" in world.last("coordinator").text
    assert world.rows(select(Blocker.kind, Blocker.outcome)) == [("blocked", "")]


def test_who_holds_it_up_is_told_once_and_may_answer(world: World) -> None:
    talk(world, "officer", f"/bloqueado {MAY}", "rosa", "El texto de la pauta.")
    asked = world.last("rosa")
    assert asked.text.startswith("Ana Lucía Ortega necesita algo de su parte para avanzar:")
    assert "Fecha del plan: 31 de mayo de 2022.\nFalta: El texto de la pauta." in asked.text
    assert [(b["label"], b["tap"]) for b in asked.buttons] == [
        ("Ya lo hice", "/desbloqueo 1 done"), ("No me corresponde", "/desbloqueo 1 declined"),
    ]  # fmt: skip
    assert "No encontré ese aviso" in talk(world, "tic", "/desbloqueo 1 done")
    assert "ya lo saben" in talk(world, "rosa", "/desbloqueo 1", "ya lo hice")
    assert "Responde: ya lo hizo." in world.last("hugo").text
    assert "Responde: ya lo hizo." in world.last("officer").text
    assert "ya se respondió" in talk(world, "rosa", "/desbloqueo 1 declined")
    assert world.rows(select(Blocker.reply, Blocker.outcome)) == [("done", "")]
    assert "Responde: ya lo hizo." in talk(world, "coordinator", "/por_decidir")
    talk(world, "coordinator", "/decidir 1 clear")
    assert "ya se resolvió" in talk(world, "rosa", "/desbloqueo 1 done")


def test_a_coordinator_who_holds_it_up_hears_of_it_once(world: World) -> None:
    before = len(world.heard("coordinator"))
    talk(world, "officer", f"/bloqueado {MAY}", "Marta Rosero", "No ha firmado.")
    assert len(world.heard("coordinator")) == before + 1
    assert "Lo detiene: Marta Rosero." in world.last("coordinator").text


@pytest.mark.parametrize("open_question", [f"/no_alcanzo {MAY}", f"/bloqueado {MAY}"])
def test_out_and_back_where_anything_may_be_written(world: World, open_question: str) -> None:
    talk(world, "officer", open_question, *(["tic"] if "bloqueado" in open_question else []))
    for word in ("atrás", "/atras", "Atrás."):
        said = talk(world, "officer", word)
        assert said.startswith(("¿Cuál", "¿Quién"))
        talk(world, "officer", MAY if "¿Cuál" in said else "tic")
    for word in ("cancelar", "/cancelar", "Cancelar."):
        assert "No guardé nada" in talk(world, "officer", word)
        talk(world, "officer", open_question)
    assert world.rows(select(Blocker.id)) == []


def test_a_code_that_is_done_is_never_taken_for_one_that_looks_alike(world: World) -> None:
    assert "Ese entregable ya no está pendiente." in talk(world, "officer", "/ya_casi A04-2022-04")
    assert world.rows(select(Blocker.id)) == []


def test_a_friday_rests_over_the_weekend_and_the_holiday(world: World) -> None:
    world.now = at("2022-05-27", "09:00")
    assert "desde el 1 de junio de 2022" in talk(world, "officer", f"/ya_casi {MAY}")  # Monday 30 May is a holiday
    assert world.rows(select(Blocker.quiet_until)) == [(date(2022, 6, 1),)]
