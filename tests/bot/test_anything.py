"""Ten thousand random messages: no crash, no stuck conversation, always an answer that helps."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from conversation.messages import Attachment
from handlers.table import CONVERSATIONS
from tests.support.world import World, open_world, photo

WORDS = [c.command for c in CONVERSATIONS] + [phrase for c in CONVERSATIONS for phrase in c.phrases] + [
    "sí", "no", "1", "2", "6", "listo", "hoy", "atrás", "cancelar", "seguir", "más", "prensa", "Cumbal", "/start x",
    "/start", "/reportar 4", "/corregir A04-2022-05-0001", "https://narino.gov.co", "1e9", "-1", "٣", "🙂", "\x00",
    "'; DROP TABLE reports; --", "{n}", "%s", "=1+1", "<script>", "../../etc/passwd", "\u202e", "a" * 5000,
]  # fmt: skip
FILES = [
    photo("a.jpg"), photo("b.jpg"), photo("voz.ogg", "voice"), Attachment("place", "1.2,-77.3"),
    Attachment("photo", "telegram:u1", problem="pending", details={"file_id": "f1", "message": 1}),
    Attachment("link", "https://narino.gov.co/x"), Attachment("document", "", "x.exe", problem="not_allowed"),
]  # fmt: skip
TAPS = st.one_of(
    st.sampled_from(["report|sure|1|yes", "report|duty|1|1", "||||", "|", "nada|x|1|y", "/admitir 1", "/zzz"]),
    st.builds("{}|{}|{}|{}".format, st.text(max_size=5), st.text(max_size=5), st.integers(), st.text(max_size=5)),
)
MESSAGE = st.fixed_dictionaries(
    {"person": st.sampled_from(["officer", "tic", "coordinator", "auditor", "citizen", "nobody"])},
    optional={
        "text": st.one_of(st.sampled_from(WORDS), st.text(max_size=60)),
        "tap": TAPS,
        "files": st.lists(st.sampled_from(FILES), max_size=3).map(tuple),
        "button": st.integers(0, 20),
    },
)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    one = open_world("sqlite", tmp_path_factory.mktemp("anything"))
    yield one
    one.close()


@settings(max_examples=500, suppress_health_check=list(HealthCheck))
@given(messages=st.lists(MESSAGE, min_size=16, max_size=26))
def test_anything_gets_an_answer(world: World, messages: list[dict]) -> None:
    for drawn in messages:
        message = {key: value for key, value in drawn.items() if key not in ("person", "button")}
        who, pressed = drawn["person"], drawn.get("button")
        if pressed is not None and (shown := world.heard(who, 1)) and (buttons := shown[-1].buttons):
            message["tap"] = buttons[pressed % len(buttons)]["tap"]
        before = world.newest(who)
        world.say(who, **message)
        answer = world.last(who)
        assert answer.id > before
        assert answer.text.strip() or answer.picture
    for who in ("officer", "tic", "coordinator", "auditor", "citizen", "nobody"):
        world.say(who, "cancelar")
        world.say(who, "/ayuda")
        assert "/estado" in str(world.last(who))
