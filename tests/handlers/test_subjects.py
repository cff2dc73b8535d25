"""What people want to hear of, in their words."""

from __future__ import annotations

import pytest

from handlers.citizen.subjects import Subject, exists, read, subject
from handlers.citizen.subscribing import SUBSCRIBE
from handlers.everyone.enrolment import ENROL
from handlers.everyone.event import EVENT
from handlers.table import command, exactly
from plans.dialogue import catalogue
from plans.places import municipalities
from plans.terms import Office

OFFICES = {
    "hacienda": Office("hacienda", "Secretaría de Hacienda", ("Hacienda",), None, None, True),
    "educacion": Office("educacion", "Secretaría de Educación", ("Educación", "SED"), None, None, True),
    "prensa": Office("prensa", "Oficina de Prensa y Comunicaciones", ("Prensa",), None, None, True),
}


def meant(text: str) -> list[list[str]]:
    return [[one.key for one in offer] for offer in read(text, lambda: OFFICES).offers]


@pytest.mark.parametrize("place", municipalities(), ids=lambda place: place.name)
def test_every_municipality_by_each_of_its_names(place) -> None:
    for name in (place.name, place.name.upper(), *(alias.partition(" (")[0] for alias in place.aliases)):
        assert [f"municipality:{place.code}"] in meant(name), name


@pytest.mark.parametrize("kind", ["topics", "kinds"])
def test_every_topic_and_kind_by_each_of_its_words(kind: str) -> None:
    key = {"topics": "topic", "kinds": "event_kind"}[kind]
    for entry in getattr(catalogue(), kind).values():
        for word in (entry.name, *entry.words):
            assert [f"{key}:{entry.code}"] in meant(word), word


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("Satinga", ["municipality:52490"]), ("payan", ["municipality:52427"]), ("barbacoas", ["municipality:52079"]),
        ("tumako", ["municipality:52835"]), ("de Tumaco", ["municipality:52835"]), ("florida", ["municipality:52381"]),
        ("salud en Tumaco", ["topic:salud@52835"]), ("foros en el río mayo", ["event_kind:foro_focal@rio_mayo"]),
        ("Cumbal y Pasto", ["municipality:52227", "municipality:52001"]), ("todo", ["all:"]),
        ("todo lo de salud", ["topic:salud"]), ("todo nariño", ["all:"]), ("prensa", ["office:prensa"]),
        ("la secretaría de educación", ["office:educacion"]), ("educación", ["topic:educacion"]),
        ("hacienda en Pasto", ["topic:cuentas@52001"]), ("s_topic_salud--52835", ["topic:salud@52835"]),
        ("s_all", ["all:"]), ("s_event_kind_foro_focal", ["event_kind:foro_focal"]),
    ],
)  # fmt: skip
def test_one_meaning(text: str, keys: list[str]) -> None:
    assert meant(text) == [keys]


@pytest.mark.parametrize(
    ("text", "count"), [("Nariño", 2), ("salud en el pacífico", 3), ("cruz", 2), ("chambú", 0), ("", 0), ("???", 0)]
)
def test_a_doubt_is_asked_about(text: str, count: int) -> None:
    assert len(meant(text)) == count


def test_words_that_nobody_knows_are_not_passed_over() -> None:
    assert read("salud en chambú", dict).unknown == "chambu"
    assert read("salud en chambú", dict).offers == ()


@pytest.mark.parametrize(
    "key", ["topic:salud@52835", "all:", "municipality:52001", "event_kind:foro_focal@rio_mayo", "office:prensa"]
)
def test_a_link_leads_back(key: str) -> None:
    one = subject(key)
    assert meant(one.payload) == [[key]]
    assert len(one.payload) <= 64
    assert exists(one, lambda: OFFICES)


@pytest.mark.parametrize("key", ["topic:nada", "municipality:99999", "municipality:52001@52835", "office:x", "y:z"])
def test_what_does_not_exist(key: str) -> None:
    assert not exists(subject(key), lambda: OFFICES)


def test_links_open_what_they_carry() -> None:
    assert command("/start s_topic_salud--52835") == (SUBSCRIBE, "s_topic_salud--52835")
    assert command("/start e_E0001") == (EVENT, "e_E0001")
    assert command("/start s_x8Jw3kPq-_zr4t5yB2mNaQ") == (ENROL, "s_x8Jw3kPq-_zr4t5yB2mNaQ")


def test_a_subject_of_everything_has_no_value() -> None:
    assert Subject("all").payload == "s_all"


class Citizen:
    """Nobody who works on the plan."""

    class who:  # noqa: N801
        consented, roles = True, frozenset()

        @staticmethod
        def may(roles) -> bool:
            return False


@pytest.mark.parametrize(
    ("text", "command"),
    [("avisos de Cumbal", "/avisos"), ("quiero saber de salud en Tumaco", "/avisos"), ("Avíseme de foros", "/avisos"),
     ("quiero recibir avisos sobre vías", "/avisos"), ("suscribirme a Pasto", "/avisos"), ("mis avisos", "/mis_avisos"),
     ("dejar los avisos de Cumbal", "/mis_avisos"), ("alerts for Tumaco", "/avisos"), ("evento E0001", "/evento"),
     ("próximos eventos", "/eventos"), ("cambiar la hora", "/horario")],
)  # fmt: skip
def test_plain_words(text: str, command: str) -> None:
    entry, _argument = exactly(text, Citizen(), talking=False)
    assert entry is not None
    assert entry.command == command


@pytest.mark.parametrize("text", ["quiero saber de la 6", "quiero saber de la actividad 6", "quiero saber algo"])
def test_questions_about_the_plan_are_none_of_it(text: str) -> None:
    entry, _argument = exactly(text, Citizen(), talking=False)
    assert entry is None or entry.command != "/avisos"
