"""Every kind of question, by button, number, label and synonym; what does not answer changes nothing."""

from contextlib import suppress
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conversation.messages import Attachment, Heard
from conversation.questions import (
    Answer,
    Count,
    Date,
    Files,
    Misread,
    Option,
    Partial,
    Pick,
    Place,
    Spot,
    Stale,
    Words,
    YesNo,
)  # fmt: skip

TODAY = date(2022, 5, 24)
PHOTO = Attachment("photo", "a" * 64, "a.jpg", "image/jpeg", 10)
TOWNS = [
    Option("52227", "Cumbal", "Cumbal"),
    Option("52520", "Francisco Pizarro", "Francisco Pizarro", ("Salahonda", "Pizarro")),
    Option("52427", "Magüí", "Magüí", ("Payán", "Magüí Payán")),
    Option("52621", "Roberto Payán", "Roberto Payán", ("San José de Roberto Payán",)),
    *(Option(f"x{n}", f"Vereda número {n}", f"Vereda {n}") for n in range(10)),
]
PICK = Pick("¿Dónde?", TOWNS)


def heard(text="", choice="", *files):
    return Heard(text, choice, files, TODAY)


@pytest.mark.parametrize(
    ("message", "key"),
    [
        (heard(choice="52227"), "52227"),
        (heard("1"), "52227"),
        (heard("cumbál"), "52227"),
        (heard("cunbal"), "52227"),
        (heard("salahonda"), "52520"),
        (heard("Roberto payan"), "52621"),
    ],
)
def test_pick_by_button_number_label_and_synonym(message, key):
    assert PICK.read(message, None) == Answer(key)
    assert PICK.load(key) == next(option.value for option in TOWNS if option.key == key)


def test_pick_narrows_a_doubt_to_what_it_could_be():
    doubt = PICK.read(heard("payan"), None)
    assert doubt == Answer("52427")  # a whole name beats a part of another
    doubt = PICK.read(heard("vereda"), None)
    assert isinstance(doubt, Partial)
    assert [choice.key for choice in PICK.show(doubt.draft).choices][:2] == ["x0", "x1"]
    assert PICK.read(heard("3"), doubt.draft) == Answer("x2")


def test_a_number_means_the_option_known_by_it_and_no_position():
    pick = Pick("?", [Option("a", "10. Mecanismos", 10, ("10",)), Option("b", "2. Agenda", 2, ("2",))])
    assert pick.read(heard("2"), None) == Answer("b")
    assert isinstance(pick.read(heard("1"), None), Misread)  # never another activity's


def test_pick_shows_a_page_at_a_time_and_comes_round():
    first = PICK.show(None)
    assert len(first.choices) == 9
    assert first.choices[-1].key == "+"
    more = PICK.read(heard("más"), None)
    assert isinstance(more, Partial)
    assert PICK.show(more.draft).choices[0].key == "x4"
    again = PICK.read(heard(choice="+"), more.draft)
    assert isinstance(again, Partial)
    assert PICK.show(again.draft) == first


def test_a_page_that_is_gone_by_now_shows_the_last_one():
    page = replace(PICK, options=PICK.options[:3]).show({"page": 1})
    assert [choice.key for choice in page.choices] == [option.key for option in PICK.options[:3]]


@pytest.mark.parametrize("message", [heard("zzzz"), heard(""), heard("99"), heard(choice="gone"), heard("", "", PHOTO)])
def test_pick_misreads_kindly(message):
    assert isinstance(PICK.read(message, None), Misread)


def test_pick_knows_what_can_be_named_but_no_longer_chosen():
    towns = [Option(name, name, name) for name in ("Cumbitara", "Ipiales")]
    pick = Pick("?", towns, gone="Ese ya está.", closed=[Option("Cumbal", "Cumbal", "Cumbal")])
    assert pick.read(heard("cumbal"), None) == Misread(pick.gone)
    assert pick.read(heard("", "Cumbal"), None) == Misread(pick.gone)
    assert pick.read(heard("cumbitara"), None) == Answer("Cumbitara")
    assert [choice.label for choice in pick.show(None).choices] == ["Cumbitara", "Ipiales"]


def test_pick_says_when_an_option_is_gone():
    with pytest.raises(Stale):
        PICK.load("elsewhere")


@pytest.mark.parametrize(("text", "value"), [("3", 3), ("las tres", 3), ("todas", 8), ("una", 1)])
def test_count(text, value):
    assert Count("?", most=8).read(heard(text), None) == Answer(value)


@pytest.mark.parametrize("text", ["0", "9", "-1", "hola", "1 o 2", "", "9" * 40])
def test_count_refuses_what_is_out_of_bounds(text):
    assert isinstance(Count("?", most=8).read(heard(text), None), Misread)


def test_a_stricter_count_is_asked_again():
    with pytest.raises(Stale):
        Count("?", most=2).load(3)


@pytest.mark.parametrize("text", ["sí", "SI", "claro", "si señor", "1", "de una"])
def test_yes(text):
    assert YesNo("?").read(heard(text), None) == Answer("yes")


@pytest.mark.parametrize("text", ["no", "No.", "nop", "no señora", "2", "no corregir", "no, sí no"])
def test_no(text):
    assert YesNo("?", yes="Sí, corregir", no="No").read(heard(text), None) == Answer("no")


@pytest.mark.parametrize("text", ["tal vez", "", "sino", "3"])
def test_neither_yes_nor_no(text):
    assert isinstance(YesNo("?").read(heard(text), None), Misread)


def test_words_keeps_what_people_write_but_not_what_could_disguise_it():
    assert Words("?").read(heard(" =SUMA(A1)\u202e <b>hola</b> "), None) == Answer("=SUMA(A1) <b>hola</b>")
    assert isinstance(Words("?", most=5).read(heard("muy largo"), None), Misread)
    assert isinstance(Words("?").read(heard("..."), None), Misread)


def test_date_between_bounds():
    question = Date("?", date(2022, 2, 1), TODAY)
    assert question.read(heard("ayer"), None) == Answer("2022-05-23")
    assert question.read(heard("", "hoy"), None) == Answer("2022-05-24")
    assert question.load("2022-05-23") == date(2022, 5, 23)
    for text in ("25/5/2022", "31/1/2022", "algún día"):
        assert isinstance(question.read(heard(text), None), Misread)


def test_place_shared_or_written():
    shared = Place("?").read(heard("parque", "", Attachment("place", "1.2,-77.2")), None)
    assert isinstance(shared, Answer)
    assert Place("?").load(shared.stored) == Spot("parque", "1.2,-77.2")
    assert Place("?").read(heard("Coliseo de Tumaco"), None) == Answer({"name": "Coliseo de Tumaco", "position": ""})
    assert isinstance(Place("?").read(heard("12"), None), Misread)


def test_files_gathers_until_done():
    question = Files("Envíe", least=2)
    first = question.read(heard("", "", PHOTO), None)
    assert isinstance(first, Partial)
    assert isinstance(question.read(heard("listo"), first.draft), Misread)
    second = question.read(heard("va el enlace: https://narino.gov.co/nota."), first.draft)
    assert isinstance(second, Partial)
    done = question.read(heard("listo"), second.draft)
    assert isinstance(done, Answer)
    assert question.load(done.stored) == (PHOTO, Attachment("link", "https://narino.gov.co/nota"))


def test_files_refuses_kindly_and_keeps_the_rest():
    question = Files("Envíe")
    bad = Attachment("document", "", "virus.exe", "", 0, "not_allowed")
    both = question.read(heard("", "", PHOTO, bad), None)
    assert isinstance(both, Partial)
    assert len(both.draft) == 1
    assert isinstance(question.read(heard("", "", bad), both.draft), Misread)
    assert isinstance(question.read(heard("", "", PHOTO), both.draft), Misread)  # the same photo again


def test_files_has_a_limit():
    question = Files("Envíe", most=2)
    three = [Attachment("photo", str(n) * 64, "", "image/jpeg", 1) for n in range(3)]
    kept = question.read(heard("", "", *three), None)
    assert isinstance(kept, Partial)
    assert len(kept.draft) == 2


QUESTIONS = [
    PICK,
    Count("?", most=8),
    Words("?"),
    Date("?", date(2022, 2, 1), TODAY),
    Place("?"),
    Files("?"),
    YesNo("?"),
]
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda part: st.lists(part) | st.dictionaries(st.text(), part),
    max_leaves=5,
)


@given(st.sampled_from(QUESTIONS), st.text(), st.text(), st.booleans())
def test_any_message_is_read_and_every_answer_loads(question, text, choice, with_photo):
    reading = question.read(Heard(text, choice, (PHOTO,) if with_photo else (), TODAY), None)
    if isinstance(reading, Answer):
        question.load(reading.stored)
    elif isinstance(reading, Partial):
        question.show(reading.draft)


@given(st.sampled_from(QUESTIONS), JSON)
def test_a_stored_answer_loads_or_is_asked_again(question, stored):
    with suppress(Stale):
        question.load(stored)
