"""What is posted becomes turns: each message once and in its order, whatever else is in the same POST or goes wrong."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update

from bot.channels import quick
from bot.channels.whatsapp import CHANNEL
from bot.channels.whatsapp.inbound import TemplateNews
from models import forgetting, inbox, strays
from models.conversations import Conversation
from models.database import Database
from models.downloads import Download
from models.inbox import Taken
from models.people import Contact, Person
from models.strays import Stray
from tests.bot.channels.test_whatsapp_inbound import ANA, USER
from tests.bot.channels.test_whatsapp_news import NEW, status
from tests.bot.channels.whatsapp import LUIS, Desk, image, message, window
from tests.support.world import START, open_world


@pytest.fixture(params=["sqlite", "postgres"])
async def desk(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Desk]:
    world = open_world(request.param, tmp_path)
    with world.database.begin() as connection:
        for name, address in (("officer", ANA), ("auditor", LUIS)):
            here = update(Contact).where(Contact.address == name)
            connection.execute(here.values(channel=CHANNEL, address=address, phone=address))
    yield Desk(world, tmp_path / "evidence")
    await asyncio.to_thread(world.close)


async def test_a_message_is_answered_and_opens_the_window(desk: Desk) -> None:
    await desk.take(message("/reportar 4 mayo"))
    assert "Cuente en una o dos frases" in desk.answers(ANA)[0]
    assert (CHANNEL, ANA) in desk.told[-1]
    with desk.world.database.begin() as connection:
        assert window(connection, ANA) == (ANA, START)


async def test_messages_in_a_row_open_the_window_once(desk: Desk) -> None:
    for number, (seconds, kept) in enumerate([(0, 0), (59, 0), (61, 61), (120, 61), (121, 121)], 1):
        desk.clock.moment = START + timedelta(seconds=seconds)
        await desk.take(message(number=number, at=desk.clock.moment))
        with desk.world.database.begin() as connection:
            assert window(connection, ANA) == (ANA, START + timedelta(seconds=kept))
    assert len(desk.answers(ANA)) == 5


async def test_a_newcomer_may_be_answered_too(desk: Desk) -> None:
    await desk.take(message("Hola", who=NEW, from_user_id=USER))
    assert len(desk.answers(USER)) == 1
    with desk.world.database.begin() as connection:
        assert window(connection, USER) == (NEW, START)


async def test_a_post_with_much_in_it(desk: Desk) -> None:
    """Messages of many people side by side, of each in their order; the statuses together."""
    people = [f"5730100000{n:02}" for n in range(20)]
    messages = [message(f"/orden{turn}", 100 * turn + n, who=one) for turn in range(3) for n, one in enumerate(people)]
    await desk.take(*messages, statuses=[status(id=f"wamid.s{n}") for n in range(50)])
    assert [len(one) for one in desk.settled] == [50]
    assert all(len(desk.answers(one)) == 3 for one in people)
    numbers = select(Taken.address, Taken.message_id).where(Taken.address == people[3])
    assert {number for _address, number in desk.rows(numbers)} == {"wamid.3", "wamid.103", "wamid.203"}
    assert {(CHANNEL, "x")} in desk.told


async def test_the_messages_of_a_chat_are_taken_in_the_order_they_came(desk: Desk) -> None:
    """Also where the first has to wait for its file, and the second comes in a POST of its own."""
    await desk.take(message("/reportar 4 mayo"), message("Publicamos dos piezas.", 2))
    desk.shelf.slow = 0.2
    await asyncio.gather(desk.take(image(3)), desk.take(message("listo", 4)))
    assert "Revise antes de enviar" in desk.answers(ANA)[-1]


async def test_the_same_message_twice_at_once_is_one_turn(desk: Desk) -> None:
    await asyncio.gather(*(desk.take(message("Hola", who=NEW, from_user_id=USER)) for _ in range(8)))
    await desk.take(message("Hola", who=NEW, from_user_id=USER), message("Hola", who=NEW, from_user_id=USER))
    assert len(desk.answers(USER)) == 1
    assert desk.rows(select(Contact.phone).where(Contact.address == USER)) == [(NEW,)]


async def test_what_fails_is_raised_and_the_rest_is_taken(desk: Desk) -> None:
    desk.fails = True
    with pytest.raises(RuntimeError):
        await desk.take(message(), statuses=[status()])
    assert len(desk.answers(ANA)) == 1
    desk.fails = False
    await desk.take(message(), statuses=[status()])
    assert (len(desk.answers(ANA)), len(desk.settled)) == (1, 1)


async def test_after_a_message_that_fails_the_later_ones_wait(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    write = Database.write
    left = [1]

    async def fail_once(self: Database, work: Any) -> Any:
        if left:
            raise OSError(left.pop())
        return await write(self, work)

    monkeypatch.setattr(Database, "write", fail_once)
    both = (message("/reportar 4 mayo"), message("Publicamos dos piezas.", 2))
    with pytest.raises(OSError, match="1"):
        await desk.take(*both)
    assert desk.answers(ANA) == []
    await desk.take(*both)
    assert "Envíe los soportes" in desk.answers(ANA)[-1]


async def test_a_thumb_says_nothing(desk: Desk) -> None:
    await desk.take({**message(), "type": "reaction", "reaction": {"emoji": "👍", "message_id": "wamid.B"}})
    assert desk.answers(ANA) == []


async def test_a_sticker_is_refused_kindly(desk: Desk) -> None:
    await desk.take({**message(), "type": "sticker", "sticker": {"id": "1"}})
    assert desk.answers(ANA)[0].startswith("Aquí no recibo stickers")


@pytest.fixture
async def asked(desk: Desk) -> Desk:
    """Up to where Ana is asked for the evidence."""
    await desk.take(message("/reportar 4 mayo"), message("Publicamos dos piezas.", 2))
    return desk


def drafts(desk: Desk) -> list[dict[str, Any]]:
    (found,) = desk.rows(select(Conversation.draft).where(Conversation.status == "open"))
    return list(found[0])


async def test_a_photo_is_here_when_the_answer_goes_out(asked: Desk) -> None:
    await asked.take(image(3))
    (file,) = drafts(asked)
    assert (len(file["ref"]), file["problem"]) == (64, "")
    assert (file["details"]["message"], file["details"]["recompressed"]) == ("wamid.3", True)
    assert asked.seen == []


async def test_a_photo_that_is_slow_is_shown_to_be_worked_on_and_comes_later(
    asked: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(quick, "QUICK", 0.3)
    monkeypatch.setattr(quick, "LONG", 0.1)
    asked.shelf.slow = 30
    await asked.take(image(3))
    assert asked.seen == ["wamid.3"]
    assert [file["problem"] for file in drafts(asked)] == ["pending"]
    assert asked.rows(select(Download.file_id, Download.message, Download.address)) == [("3", "wamid.3", ANA)]
    assert asked.downloads.news.is_set()


@pytest.mark.parametrize(("reason", "said"), [("too_big", "Es muy grande"), ("gone", "Llegó incompleto")])
async def test_a_photo_that_will_never_come(asked: Desk, reason: str, said: str) -> None:
    asked.shelf.reason = reason
    await asked.take(image(3))
    assert said in asked.answers(ANA)[-1]


async def test_what_is_posted_again_for_days_is_taken_once(desk: Desk) -> None:
    first = message("/reportar 4 mayo")
    await desk.take(first)
    for days in (1, 3, 7):
        desk.clock.moment = START + timedelta(days=days, hours=1)
        await desk.take(first)
    desk.clock.moment = START + timedelta(days=31)
    with desk.world.database.begin() as connection:
        assert inbox.forget(connection, desk.clock.moment - timedelta(days=30)) == 1
    await desk.take(first)
    assert len(desk.answers(ANA)) == 1


async def test_a_message_that_was_long_under_way_is_taken(desk: Desk) -> None:
    await desk.take(message(at=START - timedelta(days=7)))
    assert len(desk.answers(ANA)) == 1


async def test_a_visitor_who_was_forgotten_is_not_answered_again(desk: Desk) -> None:
    hello = message("Hola", who=NEW)
    await desk.take(hello)
    desk.later(days=1, minutes=1)
    with desk.world.database.begin() as connection:
        assert forgetting.forget_visitors(connection, desk.clock.moment - timedelta(days=1)) == 1
    await desk.take(hello)
    assert desk.rows(select(Contact.id).where(Contact.address == NEW)) == []
    await desk.take(message("Buenas", 2, who=NEW, at=desk.clock.moment))
    await desk.take(hello)
    assert len(desk.answers(NEW)) == 1


async def test_who_gets_a_user_id_stays_the_same_person(desk: Desk) -> None:
    before, hidden = message("/reportar 4 mayo"), message("Publicamos dos piezas.", 2, who=USER)
    await desk.take(before)
    await desk.take(message("/repetir", 3, from_user_id=USER, at=START))
    assert desk.rows(select(Person.name).join(Contact).where(Contact.address == USER)) == [("Ana Lucía Ortega",)]
    await desk.take(before)  # without the user_id, as it was posted the first time
    assert (len(desk.answers(ANA)), len(desk.answers(USER))) == (0, 2)  # what still waited went along
    await desk.take(hidden)
    assert "Envíe los soportes" in desk.answers(USER)[-1]
    assert desk.rows(select(Contact.phone).where(Contact.address == USER)) == [(ANA,)]


async def test_a_message_without_the_user_id_goes_to_the_person_who_has_one(desk: Desk) -> None:
    await desk.take(message("/reportar 4 mayo", from_user_id=USER))
    for _ in range(2):
        await desk.take(message("Publicamos dos piezas.", 2))
    assert len(desk.answers(USER)) == 2
    assert desk.rows(select(Contact.id).where(Contact.address == ANA)) == []


async def test_a_new_number_once(desk: Desk) -> None:
    changed = {**message(number=9), "type": "system", "system": {"type": "user_changed_number", "wa_id": NEW}}
    await desk.take(changed)
    await desk.take(message("/reportar 4 mayo", 10, who=NEW))
    assert "Cuente en una o dos frases" in desk.answers(NEW)[0]
    await desk.take(message("Hola", 11, who=ANA))  # the old number is somebody else's now
    await desk.take(changed)
    assert desk.rows(select(Person.name).join(Contact).where(Contact.address == NEW)) == [("Ana Lucía Ortega",)]
    assert desk.rows(select(Person.name).join(Contact).where(Contact.address == ANA)) == [("",)]


async def test_who_had_blocked_us_and_writes_is_reached_again(desk: Desk) -> None:
    with desk.world.database.begin() as connection:
        connection.execute(update(Contact).where(Contact.address == ANA).values(blocked_at=START - timedelta(days=1)))
    await desk.take(message())
    assert desk.rows(select(Contact.blocked_at).where(Contact.address == ANA)) == [(None,)]


async def test_strays_are_kept_once_and_not_for_ever(desk: Desk) -> None:
    deep: Any = 1
    for _ in range(500):
        deep = [deep]
    for _ in range(2):
        await desk.take(field="account_update", event="X")
        await desk.take(field="x" * 100, event="é" * 40_000)
        await desk.take(field="group_settings_update", groups=deep, name="\ud83d")
    kept = desk.rows(select(Stray.kind, Stray.payload).order_by(Stray.kind))
    assert [kind for kind, _payload in kept] == ["account_update", "group_settings_update", "x" * 60]
    assert kept[0][1]["value"]["event"] == "X"
    assert 60_000 < len(kept[2][1]["cut"].encode()) <= strays.LARGEST
    with desk.world.database.begin() as connection:
        assert strays.forget(connection, START) == 0
        assert strays.forget(connection, START + timedelta(seconds=1)) == 3


async def test_news_of_templates_are_handed_on(desk: Desk) -> None:
    named = {"message_template_name": "recordatorio", "message_template_language": "es"}
    await desk.take(field="message_template_status_update", **named, event="PAUSED")
    assert desk.news == [TemplateNews("recordatorio", "es", "PAUSED", "")]
