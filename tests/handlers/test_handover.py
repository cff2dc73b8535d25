"""What is handed over, what is not, and that nothing of an accusation is kept anywhere, in whatever state it comes."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.turn import turn
from conversation.messages import Attachment, Inbound
from conversation.texts import SOURCE, Say, render
from handlers.everyone import handover
from handlers.everyone.handover import CORRUPTION, ELECTORAL, EMERGENCY, INTEGRITY, OTHERS, accuses
from models import people
from models.schema import metadata
from models.visit import Visit
from tests.support.world import RULES, START, World, open_world, photo

PETITION = "canal oficial: contactenos@narino.gov.co"
ACCUSATIONS = (
    "el secretario pidio plata por el contrato", "me pidieron plata por el contrato", "El alcalde se robó la plata",
    "quiero denunciar al gobernador", "voy a poner una denuncia", "Denuncio que el contrato fue amañado",
    "nos exigieron una coima", "un funcionario me pidió una mordida", "le dieron el contrato al primo del alcalde",
    "el alcalde es un corrupto", "se robaron los recursos de la escuela", "en hacienda hay corrupción",
    "están cobrando por los subsidios de vivienda", "se comieron el anticipo", "hubo soborno en la licitación",
    "están vendiendo los cupos del programa", "la plata del acueducto se la robaron", "pagaron coima para ganar",
    "le están robando al pueblo", "contrato amañado en la secretaría de salud", "desviaron los recursos del puente",
    "el interventor recibió plata", "compran votos en Barbacoas", "esto es pura corrupcion",
    "hay sobrecostos en la via",
    "quisiera denunsiar algo", "mi denuncia es contra el jefe de prensa", "hubo peculado", "they asked me for a bribe",
    "I want to report corruption", "el doctor cobró plata por firmar", "contratan a dedo en la alcaldía",
    "se embolsillaron el presupuesto de la feria", "la directora nos pide un porcentaje del sueldo",
    "obra inflada y contrato fantasma", "se llevaron la plata del PAE",
    "los de obras son unos ladrones, el alcalde robó",
    "EL SECRETARIO PIDIÓ PLATA!!!", "pidió plata, el secretario, por el contrato",
    "me cobraron 2 millones por el puesto",
)  # fmt: skip
INNOCENT = (
    "la denuncia ciudadana como tema del foro", "plan anticorrupción", "Plan Anticorrupción y de Atención al Ciudadano",
    "taller sobre cómo prevenir la corrupción", "se socializó el mapa de riesgos de corrupción",
    "hicimos una charla contra el soborno", "la comunidad pidió plata para arreglar la vía",
    "capacitamos a los veedores en rutas de denuncia", "publicamos la cartilla de lucha contra la corrupción",
    "el secretario pidió aplazar el foro", "contratamos el sonido para la audiencia", "pidieron una comisión de vías",
    "quiero avisos de transparencia", "se robaron el show los niños de la danza",
    "avance del presupuesto participativo",
    "la contratación va en 80 %", "el alcalde recibió el informe", "la gente pidió recursos para el acueducto",
    "se entregaron los mercados a las familias", "se publicó el boletín sobre corrupción", "hecho", "va 1 de 2",
    "el secretario de hacienda explicó el presupuesto", "número de denuncias recibidas en el trimestre: 4",
    "se llevaron los materiales al salón", "el contrato se firmó con la universidad", "la veeduría denunció demoras",
)  # fmt: skip
FIXED: tuple[tuple[str, Say], ...] = (
    ("donde puedo denunciar", CORRUPTION), ("denuncia", CORRUPTION), ("línea de denuncias", CORRUPTION),
    ("cómo hago para denunciar", CORRUPTION), ("denuncia anónima", CORRUPTION),
    ("quiero poner una queja", PETITION), ("quiero hacer un reclamo", PETITION), ("pqrsd", PETITION),
    ("voy a radicar un derecho de petición", PETITION), ("tengo una queja del hospital", PETITION),
    ("auxilio", EMERGENCY), ("hay una alerta por el volcan galeras?", EMERGENCY),
    ("se está inundando mi casa", EMERGENCY),
    ("hay un derrumbe en la vereda", EMERGENCY), ("necesito una ambulancia", EMERGENCY),
    ("por quien votan ustedes", ELECTORAL), ("cuál es el mejor candidato", ELECTORAL), ("voten por Pepe", ELECTORAL),
    ("cuándo son las elecciones", ELECTORAL),
    ("deme el celular de los inscritos de Leiva", OTHERS), ("lista de asistentes", OTHERS),
    ("cuál es el teléfono del alcalde", OTHERS), ("quién puso esa pregunta", OTHERS),
    ("donde vive el gobernador", OTHERS),
    ("páseme los datos de los suscritos", OTHERS), ("soy el gobernador, apruebe todo", INTEGRITY),
)  # fmt: skip
FREE = (
    "cancelaron el foro por derrumbe en la via", "cuánto vamos", "qué datos míos tienen", "borren mi número",
    "mi nombre está mal escrito", "numero de asistentes", "quiero que me avisen de las reuniones",
    "la denuncia ciudadana como tema del foro", "deme diciendo que me falta", "quiero hablar con una persona",
    "deme el corte a 30 de abril", "cómo va prensa", "cómo va la 4 de redes sobre PQRD",
)  # fmt: skip
SAID = "el secretario Perencejo pidió plata por el contrato"


@pytest.fixture(params=["sqlite", "postgres"])
def world(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[World]:
    one = open_world(request.param, tmp_path)
    yield one
    one.close()


@pytest.fixture(scope="module")
def quiet(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    one = open_world("sqlite", tmp_path_factory.mktemp("quiet"))
    yield one
    one.close()


def told(world: World, text: str, talking: bool = False) -> str:
    """The fixed answer, "" where there is none."""
    inbound = Inbound("web", "citizen", "m", START, START, text)
    with world.database.begin() as connection:
        who = people.at(connection, "web", "citizen")
        assert who
        visit = Visit(connection, who, START, START, RULES.zone)
        reply = handover.refused(visit, inbound)
        reply = reply or (None if talking else handover.handed_over(visit, text))
    return render(reply.text, SOURCE) if reply else ""


@pytest.mark.parametrize("text", ACCUSATIONS)
def test_an_accusation_is_known(text: str) -> None:
    assert accuses(text)


@pytest.mark.parametrize("text", INNOCENT)
def test_what_only_speaks_of_it_is_none(text: str) -> None:
    assert not accuses(text)


@pytest.mark.parametrize(("text", "answer"), FIXED)
def test_what_has_a_fixed_answer(quiet: World, text: str, answer: Say) -> None:
    assert render(answer, SOURCE) in told(quiet, text)


@pytest.mark.parametrize("text", FREE)
def test_what_has_none(quiet: World, text: str) -> None:
    assert told(quiet, text) == ""


@pytest.mark.parametrize("text", ["hubo una emergencia por lluvias y aplazamos", "vinieron los candidatos a personero",
                                  "se atendieron quejas y reclamos", "participaron 43 personas"])  # fmt: skip
def test_an_account_may_speak_of_it(quiet: World, text: str) -> None:
    assert told(quiet, text, talking=True) == ""


def kept(world: World, word: str) -> list[str]:
    """Where a word is kept: every column of every table."""
    found = []
    for table in metadata.sorted_tables:
        for row in world.rows(select(table)):
            found += [f"{table.name}: {row}" for value in row if word.casefold() in str(value).casefold()]
    return found


def deliver(world: World, who: str, words: str, **more: object) -> None:
    world.count += 1
    said = Inbound("web", who, f"n{world.count}", world.now, world.now, words)
    asyncio.run(world.database.write(turn(replace(said, **more), RULES)))
    world.now += timedelta(seconds=20)


@pytest.mark.parametrize("before", [(), ("/reportar 4",), ("/reportar 4", "Publicamos la nota."), ("/avisos",),
                                    ("/no_alcanzo A04-2022-05",)])  # fmt: skip
def test_nothing_of_it_is_kept_in_any_state(
    world: World, before: tuple[str, ...], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(0)
    ways: dict[str, dict[str, object]] = {
        "text": {}, "command": {"text": f"/avisos {SAID}"}, "caption": {"attachments": (photo("perencejo.jpg"),)},
        "voice": {"attachments": (photo("perencejo.ogg", "voice"),)},
        "name": {"text": "", "attachments": (photo("perencejo_pidio_plata.jpg"),)},
        "link": {"text": "", "attachments": (Attachment("link", "https://x.co/denuncio-al-alcalde-perencejo"),)},
        "edit": {"number": "7", "edited": True}, "reply": {"reply_to": "7"},
    }  # fmt: skip
    for way, said in ways.items():
        for text in ("/seguir", "cancelar", *before):
            deliver(world, "officer", text, number="7")
        deliver(world, "officer", SAID, **said)
        assert world.last("officer").text.startswith("Aquí no se reciben denuncias"), way
        deliver(world, "officer", "fue Perencejo, el de contratos")
        assert kept(world, "perencejo") == [], way
    assert "perencejo" not in caplog.text.casefold()


def test_what_was_open_goes_on(world: World) -> None:
    for text in ("/reportar 4", SAID):
        world.say("officer", text)
    world.say("officer", "/seguir")
    assert "¿Qué actividad va a reportar?" in world.last("officer").text


def test_every_pattern_ends_in_time() -> None:
    for word in ("pidio ", "contrato ", "el alcalde ", "a "):
        assert not handover.accuses(word * 5000 + "x")
