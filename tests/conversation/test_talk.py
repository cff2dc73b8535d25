"""A conversation stops at a question, goes on with its answer, and survives new code and a changed world."""

import pytest

from conversation.questions import Count, Option, Pick
from conversation.talk import Asking, Finished, State, Talk, back, proceed


async def order(talk, most=5, dishes=("soup", "bread")):
    dish = await talk.ask("dish", Pick("Which?", [Option(name, name, name) for name in dishes]))
    count = await talk.ask("count", Count("How many?", most=most))
    return dish, count


def run_to(state, **world):
    return proceed(order(Talk(state), **world))


def test_it_stops_at_the_first_open_question_and_goes_on():
    state = State()
    run = order(Talk(state))
    asking = proceed(run)
    assert isinstance(asking, Asking)
    assert asking.name == "dish"
    following = proceed(run, "soup")
    assert isinstance(following, Asking)
    assert following.name == "count"
    assert proceed(run, 2) == Finished(("soup", 2))
    assert state.answers == {"dish": "soup", "count": 2}


def test_a_run_from_stored_answers_is_the_same():
    assert run_to(State({"dish": "soup", "count": 2})) == Finished(("soup", 2))
    asking = run_to(State({"dish": "soup"}))
    assert isinstance(asking, Asking)
    assert asking.name == "count"


def test_a_removed_question_is_ignored_and_a_new_one_asked():
    state = State({"dish": "soup", "table": 7})
    asking = run_to(state)
    assert isinstance(asking, Asking)
    assert asking.name == "count"


def test_a_stricter_question_is_asked_again_with_a_word():
    state = State({"dish": "soup", "count": 4})
    talk = Talk(state)
    asking = proceed(order(talk, most=2))
    assert isinstance(asking, Asking)
    assert asking.name == "count"
    assert talk.notes
    assert "count" not in state.answers


def test_an_option_that_is_gone_is_noticed():
    state = State({"dish": "soup", "count": 2})
    asking = run_to(state, dishes=("bread",))
    assert isinstance(asking, Asking)
    assert asking.name == "dish"


def test_back_takes_the_last_answer_and_keeps_files():
    photo = {"ref": "a" * 64, "kind": "photo"}
    state = State({"dish": "soup", "proof": [photo]}, "sure", None, [], 3)
    assert back(state)
    assert state.answers == {"dish": "soup"}
    assert state.stash == [photo]
    assert back(state)
    assert not back(state)


def test_an_awaited_stranger_is_refused():
    async def wrong(talk):
        class Other:
            def __await__(self):
                yield "something"

        await Other()

    with pytest.raises(TypeError, match=r"talk\.ask"):
        proceed(wrong(Talk(State())))
