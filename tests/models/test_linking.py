"""Codes that are typed from a phone, two people made one, and which of their chats is written to."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import Connection, event, func, insert, select, text, update

from conversation.talk import State
from models import conversations, linking, people, reachability
from models.base import Base, Conflict
from models.conversations import Conversation, Kept
from models.deliveries import Delivery
from models.linking import LinkCode
from models.people import Consent, Contact, Person, Reached
from models.subscriptions import Subscription
from tests.support.world import START, World

SOON = START + timedelta(minutes=1)
# Columns that name only people who work on the plan, or have: two of those are not made one.
AT_WORK = {
    "blockers.blocker_id", "blockers.decided_by", "blockers.person_id", "citizen_questions.answered_by",
    "closes.asked_by", "closes.by_id", "closes.reopened_by", "handovers.by_id", "ratings.by_id", "remarks.by_id",
    "samples.by_id", "topics.by_id", "waivers.by_id", "waivers.ended_by", "events.approved_by", "events.proposed_by",
    "invitations.decided_by", "invitations.replaces", "leaves.person_id",
    "leaves.substitute_id", "memberships.person_id", "nudges.person_id", "preferences.person_id", "reports.author_id",
    "reviews.by_id", "summary_times.person_id", "withholdings.by_id", "withholdings.ended_by",
}  # fmt: skip


@pytest.fixture
def connection(world: World) -> Iterator[Connection]:
    with world.database.begin() as connection:
        yield connection


def who(connection: Connection, address: str, channel: str = "web") -> people.Who:
    return people.who(connection, channel, address, START, "es")


def linked(connection: Connection, me: people.Who, other: str) -> int:
    """Type a code of the other's."""
    code = linking.hashed(linking.new_code(connection, who(connection, other).id, START))
    found = linking.of(connection, code, me, SOON)
    assert found
    return linking.join(connection, me, found, code, SOON)


def chat(connection: Connection, person_id: int, channel: str, days: int, **more: object) -> None:
    values = {"channel": channel, "address": f"{channel}{person_id}", "since": START + timedelta(days=days), **more}
    connection.execute(insert(Contact).values(person_id=person_id, **values))


def answered(connection: Connection, person_id: int, channel: str, address: str) -> None:
    count = connection.execute(select(func.count()).select_from(Delivery)).scalar_one()
    connection.execute(
        insert(Delivery).values(
            dedupe_key=f"answer:{count}", person_id=person_id, channel=channel, address=address, kind="answer",
            text="Sí", buttons=[], wants="", created_at=START,
        )
    )  # fmt: skip


def draft(connection: Connection, person_id: int, name: str, status: str, revision: int) -> None:
    kept = Kept(0, name, status, revision - 1, State({"of": person_id}, "question", asked=revision))
    conversations.save(connection, person_id, kept, START + timedelta(days=1))


def test_a_code_is_known_however_it_is_typed(connection: Connection) -> None:
    code = linking.new_code(connection, who(connection, "officer").id, START)
    kept = connection.execute(select(LinkCode.code_hash)).scalar_one()
    assert code not in kept
    typed = (code, code.lower(), code.replace("-", ""), code.replace("-", " – "), " ".join(code), f"«{code}».")
    assert [linking.hashed(form) for form in typed] == [kept] * 6
    assert linking.alone(code.lower().replace("-", " "))


@pytest.mark.parametrize(
    "other", ["acta 3467", "hace 4777", "aparecer", "pague 437", "34679346", "K7QM", "K7QM-4XRT-9", "K7O0-4XRT", ""]
)
def test_other_words_are_no_code(other: str) -> None:
    assert not linking.alone(other)


def test_a_code_is_good_once_for_a_while_and_until_the_next(connection: Connection) -> None:
    ana, stranger = who(connection, "officer"), who(connection, "5", "telegram")
    first, second = (linking.hashed(linking.new_code(connection, ana.id, START)) for _time in range(2))
    assert linking.of(connection, first, stranger, SOON) is None
    assert linking.of(connection, second, stranger, START + linking.VALID) is None
    found = linking.of(connection, second, stranger, SOON)
    assert found
    assert (found.person_id, found.name, found.rooted, found.me_rooted) == (ana.id, ana.name, True, False)
    assert found.chat == Reached(ana.id, "web", "officer", "es")
    assert linking.join(connection, stranger, found, second, SOON) == ana.id
    assert linking.of(connection, second, stranger, SOON) is None
    with pytest.raises(Conflict):
        linking.join(connection, stranger, found, second, SOON)


def test_wrong_codes_are_counted_for_an_hour(connection: Connection) -> None:
    ana, jairo = who(connection, "officer"), who(connection, "tic")
    for minutes in (0, 30, 50):
        linking.missed(connection, ana.id, START + timedelta(minutes=minutes))
    assert linking.misses(connection, ana.id, START + timedelta(minutes=59)) == 3
    assert linking.misses(connection, ana.id, START + timedelta(minutes=61)) == 2
    assert linking.misses(connection, jairo.id, START + timedelta(minutes=59)) == 0


@pytest.mark.parametrize(("mine", "other"), [("telegram", "officer"), ("officer", "citizen")])
def test_who_works_on_the_plan_is_who_stays(connection: Connection, mine: str, other: str) -> None:
    ana = who(connection, "officer")
    me = who(connection, "5", "telegram") if mine == "telegram" else ana
    if mine == "telegram":
        people.consent(connection, me, "test", "test", START)
        me = replace(me, status="citizen")
    answered(connection, me.id, me.channel, me.address)
    assert linked(connection, me, other) == ana.id
    gone = connection.execute(select(Person.id).where(Person.status == "linked")).scalar_one()
    for noun in (Contact, Consent, Delivery):
        owners = connection.execute(select(noun.person_id)).scalars().all()
        assert gone not in owners
    assert linking.chats(connection, ana.id) == 2


def test_who_waits_to_be_let_in_stays_too(connection: Connection) -> None:
    rosa = who(connection, "5", "telegram")
    connection.execute(update(Person).where(Person.id == rosa.id).values(status="pending"))
    code = linking.hashed(linking.new_code(connection, rosa.id, START))
    found = linking.of(connection, code, who(connection, "officer"), SOON)
    assert found
    assert (found.rooted, found.me_rooted) == (True, True)


def test_a_draft_is_kept_where_there_is_none(connection: Connection) -> None:
    ana, me = who(connection, "officer"), who(connection, "5", "telegram")
    draft(connection, ana.id, "report", "open", 4)
    draft(connection, ana.id, "help", "ended", 7)
    for name, status in (("report", "parked"), ("help", "open"), ("language", "ended"), (linking.LINK, "open")):
        draft(connection, me.id, name, status, 2)
    assert linked(connection, me, "officer") == ana.id
    kept = conversations.all_of(connection, ana.id, SOON)
    assert {name: (item.status, item.state.answers["of"]) for name, item in kept.items()} == {
        "report": ("open", ana.id), "help": ("parked", me.id),
    }  # fmt: skip
    assert kept["help"].revision > 7  # so that no button of before answers it
    assert (kept["help"].state.waiting_for, kept["report"].state.waiting_for) == ("", "question")
    left = connection.execute(select(Conversation.name).where(Conversation.person_id == me.id)).scalars()
    assert sorted(left) == ["language", linking.LINK, "report"]


def test_what_a_citizen_wished_for_follows_once(connection: Connection) -> None:
    citizen, me = who(connection, "citizen"), who(connection, "5", "telegram")
    people.consent(connection, me, "test", "test", START)
    consent = connection.execute(select(Consent.id).limit(1)).scalar_one()
    wishes = ((citizen, "52001", None), (citizen, "52356", SOON), (me, "52001", None), (me, "52356", None))
    for one, value, until in wishes:
        wish = {"kind": "municipality", "value": value, "pace": "now", "since": START, "until": until}
        connection.execute(insert(Subscription).values(person_id=one.id, consent_id=consent, **wish))
    assert linked(connection, replace(me, status="citizen"), "citizen") == citizen.id
    held = select(Subscription.value).where(Subscription.person_id == citizen.id, Subscription.until.is_(None))
    assert sorted(connection.execute(held).scalars()) == ["52001", "52356"]


def test_a_chat_goes_its_own_way_as_somebody_new(connection: Connection) -> None:
    ana, me = who(connection, "officer"), who(connection, "5", "telegram")
    linked(connection, me, "officer")
    reachability.mute(connection, "telegram", "5", START)
    linking.part(connection, replace(ana, channel="telegram", address="5"), SOON)
    after = who(connection, "5", "telegram")
    assert (after.status, after.roles) == ("visitor", frozenset())
    assert after.id not in (ana.id, me.id)
    assert linking.chats(connection, ana.id) == 1
    still = connection.execute(select(Contact.muted_at).where(Contact.address == "5")).scalar_one()
    assert still == START


def test_whatever_is_a_person_s_is_thought_of() -> None:
    """A new table of somebody's either follows them, or only who works on the plan has rows in it."""
    theirs = {
        f"{table.name}.{column.name}"
        for table in Base.metadata.tables.values()
        for column in table.columns
        if any(key.column.table.name == "people" for key in column.foreign_keys)
    }
    follow = {f"{noun.__tablename__}.person_id" for noun in (Contact, Conversation, *linking.FOLLOW)}
    # A code and the last question soon say nothing any more; what was done and used is told as it was.
    stay = {"link_codes.person_id", "questions.person_id", "audit.actor_id", "invitations.used_by"}
    assert theirs - follow - stay <= AT_WORK


def test_one_chat_is_written_to(connection: Connection) -> None:
    ana = who(connection, "officer")

    def now() -> str:
        (here,) = people.reached(connection, people=(ana.id,))
        assert reachability.last_used(connection, [ana.id]) == {ana.id: here}
        return here.channel

    chat(connection, ana.id, "telegram", -3)
    chat(connection, ana.id, "whatsapp", -2)
    chat(connection, ana.id, "blocked", 0, blocked_at=START)
    chat(connection, ana.id, "lost", 0, until=START)
    assert now() == "whatsapp"  # it came last
    for channel in ("telegram", "web", "whatsapp"):
        answered(connection, ana.id, channel, "officer" if channel == "web" else f"{channel}{ana.id}")
        assert now() == channel
    reachability.mute(connection, "whatsapp", f"whatsapp{ana.id}", START)
    assert now() == "web"  # the one before
    reachability.lose(connection, "web", "officer", START)
    assert now() == "telegram"
    reachability.mute(connection, "telegram", f"telegram{ana.id}", START)
    assert people.reached(connection, people=(ana.id,)) == []
    assert reachability.last_used(connection, [ana.id]) == {}
    assert reachability.unmute(connection, "whatsapp", f"whatsapp{ana.id}")
    assert not reachability.unmute(connection, "whatsapp", f"whatsapp{ana.id}")
    assert now() == "whatsapp"


def test_what_waits_for_a_muted_chat_is_not_sent_but_answers_are(connection: Connection) -> None:
    ana = who(connection, "officer")
    answered(connection, ana.id, "web", "officer")
    connection.execute(text("UPDATE deliveries SET kind = 'notice'"))
    answered(connection, ana.id, "web", "officer")
    reachability.mute(connection, "web", "officer", START)
    rows = connection.execute(select(Delivery.kind, Delivery.state, Delivery.reason).order_by(Delivery.id)).all()
    assert rows == [("notice", "skipped", "pidió no recibir avisos"), ("answer", "queued", "")]


def test_joining_costs_no_more_than_any_turn(world: World) -> None:
    world.say("officer", "/vincular")
    code = re.findall(r"\b\w{4}-\w{4}\b", world.last("officer").text)[0]
    world.say("5-telegram", "hola")
    world.say("5-telegram", "acepto")
    world.say("5-telegram", f"/vincular {code}")
    counted: list[str] = []
    event.listen(world.database.engine, "before_cursor_execute", lambda *args: counted.append(args[2]))
    world.say("5-telegram", "sí")
    assert 8 < len(counted) <= 12, "\n".join(counted)
    assert "Desde ahora" in world.last("5-telegram").text
