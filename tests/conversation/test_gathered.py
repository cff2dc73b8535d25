"""Files of which some are not here yet: what is said of them, and what they keep from being sent."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from conversation.messages import Attachment, Heard
from conversation.questions import Answer, Files, Misread, Partial, Stale
from conversation.questions.gathered import nth, standing
from conversation.texts import SOURCE, render

PHOTO = Attachment("photo", "a" * 64, "a.jpg", "image/jpeg", 10)
FILES = Files("Envíe")


def files(marks: str) -> list[dict[str, Any]]:
    """ "kpl": one that is kept, one that is pending, one that is lost."""
    problems = {"k": "", "p": "pending", "l": "lost"}
    return [replace(PHOTO, ref=str(n), problem=problems[mark]).stored() for n, mark in enumerate(marks)]


def heard(words: str = "", choice: str = "", *sent: Attachment) -> Heard:
    return Heard(words, choice, sent, date(2022, 5, 24))


@pytest.mark.parametrize(
    ("marks", "said"),
    [
        ("kkk", ""),
        ("kkpkk", "4 de 5 guardadas; todavía recibo la tercera."),
        ("kklkk", "4 de 5 guardadas; reenvíe la tercera."),
        ("plp", "0 de 3 guardadas; todavía recibo la primera y la tercera. Reenvíe la segunda."),
        ("lll", "0 de 3 guardadas; reenvíe la primera, la segunda y la tercera."),
    ],
)
def test_how_a_list_stands(marks: str, said: str) -> None:
    assert render(standing(files(marks)), SOURCE) == said


def test_places_have_names_as_far_as_a_question_goes() -> None:
    assert render(nth([19, 20]), SOURCE) == "la vigésima y la número 21"


@pytest.mark.parametrize(
    ("marks", "offered"), [("kk", ["done"]), ("kp", []), ("kl", ["without"]), ("kpl", []), ("l", [])]
)
def test_what_can_be_tapped(marks: str, offered: list[str]) -> None:
    assert [choice.key for choice in FILES.show(files(marks)).choices] == offered


@pytest.mark.parametrize("marks", ["kp", "kl", "p"])
@pytest.mark.parametrize("words", ["listo", "otra cosa"])
def test_nothing_is_done_while_one_is_missing(marks: str, words: str) -> None:
    reading = FILES.read(heard(words), files(marks))
    assert isinstance(reading, Misread)
    assert "la segunda" in render(reading.say, SOURCE) or marks == "p"
    assert isinstance(FILES.read(heard(choice="done"), files(marks)), Misread)


@pytest.mark.parametrize("message", [heard(choice="without"), heard("sin ella"), heard("Seguir sin ella")])
@pytest.mark.parametrize("marks", ["klk", "kpk"])
def test_without_it_only_when_that_is_said(message: Heard, marks: str) -> None:
    whole = files(marks)
    assert FILES.read(message, whole) == Partial([whole[0], whole[2]])


def test_not_without_what_is_needed() -> None:
    assert isinstance(Files("Envíe", least=2).read(heard("sin ella"), files("kl")), Misread)


def test_what_is_on_its_way_is_taken_and_known_again() -> None:
    coming = replace(PHOTO, ref="telegram:u1", problem="pending")
    reading = FILES.read(heard("", "", coming), files("k"))
    assert isinstance(reading, Partial)
    assert isinstance(FILES.read(heard("", "", coming), reading.draft), Misread)


@pytest.mark.parametrize("marks", ["p", "kl"])
def test_no_answer_holds_what_is_not_here(marks: str) -> None:
    with pytest.raises(Stale):
        FILES.load(files(marks))
    assert FILES.read(heard("listo"), files("k")) == Answer(files("k"))


def test_what_came_before_it_was_asked_for() -> None:
    assert FILES.gathered(files("kk") + files("kp")) == Partial(files("kk")[:1] + files("kp")[1:])
    more = FILES.gathered(files("k" * 21))
    assert (len(more.draft), render(more.say, SOURCE)) == (20, "Solo caben 20 soportes más.")
