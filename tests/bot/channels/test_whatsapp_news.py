"""What Meta tells besides messages, and whatever else it may post."""

from __future__ import annotations

import copy
import random
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.whatsapp.inbound import (
    Capability,
    Event,
    Message,
    NumberChanged,
    Pricing,
    Status,
    Stray,
    TemplateNews,
    read,
)
from tests.bot.channels.test_whatsapp_inbound import (
    ANA,
    EXAMPLES,
    NOW,
    SENT,
    US,
    USER,
    WAMID,
    events,
    posted,
    said,
)


def status(state: str = "delivered", **more: Any) -> dict[str, Any]:
    return {"id": WAMID, "status": state, "timestamp": str(int(SENT.timestamp())), "recipient_id": ANA, **more}


def test_statuses() -> None:
    pricing = {"billable": True, "pricing_model": "PMP", "category": "utility", "type": "regular"}
    failed = {"errors": [{"code": 131047, "title": "Re-engagement message", "error_data": {"details": "…"}}]}
    found = events(
        statuses=[
            status("sent", pricing=pricing, biz_opaque_callback_data="17.0"),
            status("played", recipient_user_id=USER, pricing={"category": "service", "billable": False}),
            status("failed", **failed),
        ]
    )
    assert found == [
        Status(WAMID, "17.0", "sent", SENT, ANA, (), Pricing("utility", True)),
        Status(WAMID, "", "read", SENT, USER, (), Pricing("service", False)),
        Status(WAMID, "", "failed", SENT, ANA, ((131047, "Re-engagement message"),)),
    ]


@pytest.mark.parametrize("raw", [status("warning"), status(timestamp="x"), {"status": "sent"}])
def test_a_status_nobody_knows(raw: dict[str, Any]) -> None:
    assert events(statuses=[raw, status()]) == [Stray("status", raw), Status(WAMID, "", "delivered", SENT, ANA)]


NEW, NEW_USER = "573004445566", "CO.2"


@pytest.mark.parametrize(
    ("message", "system", "expected"),
    [
        ({}, {"wa_id": NEW}, NumberChanged(WAMID, (ANA,), NEW, "")),
        ({}, {"new_wa_id": NEW}, NumberChanged(WAMID, (ANA,), NEW, "")),
        ({"from_user_id": USER}, {"wa_id": NEW, "user_id": NEW_USER}, NumberChanged(WAMID, (USER, ANA), NEW, NEW_USER)),
        ({"from_user_id": NEW_USER}, {"wa_id": NEW, "user_id": NEW_USER, "previous_user_id": USER},
         NumberChanged(WAMID, (USER, ANA), NEW, NEW_USER)),
        ({"from": None}, {"type": "user_changed_user_id", "user_id": NEW_USER, "previous_user_id": USER},
         NumberChanged(WAMID, (USER,), "", NEW_USER)),
    ],
)  # fmt: skip
def test_a_new_number(message: dict[str, Any], system: dict[str, Any], expected: NumberChanged) -> None:
    assert events(said("system", {"type": "user_changed_number", **system}, **message)) == [expected]


def test_a_new_user_id() -> None:
    update = {"user_id": {"previous": USER, "current": NEW_USER}, "timestamp": int(SENT.timestamp())}
    both = [update, {**update, "wa_id": ANA}, {**update, "timestamp": 1}, {**update, "user_id": USER}]
    assert events(field="user_id_update", user_id_update=both) == [
        NumberChanged(f"{USER} {NEW_USER}", (USER,), "", NEW_USER),
        NumberChanged(f"{USER} {NEW_USER}", (USER,), ANA, NEW_USER),
        Stray("user_id_update", both[-1]),
    ]


@pytest.mark.parametrize("system", [{"type": "customer_identity_changed"}, {"type": "user_changed_number"}, None])
def test_other_news_of_the_system(system: Any) -> None:
    message = said("system", system)
    assert events(message) == [Stray("system", message)]


TEMPLATE = {"message_template_id": 1, "message_template_name": "recordatorio", "message_template_language": "es"}


@pytest.mark.parametrize(
    ("field", "value", "expected"),
    [
        ("message_template_status_update", {**TEMPLATE, "event": "PAUSED", "message_template_category": "UTILITY"},
         TemplateNews("recordatorio", "es", "PAUSED", "UTILITY")),
        ("template_category_update", {**TEMPLATE, "previous_category": "UTILITY", "new_category": "MARKETING"},
         TemplateNews("recordatorio", "es", "", "MARKETING")),
    ],
)  # fmt: skip
def test_news_of_templates(field: str, value: dict[str, Any], expected: TemplateNews) -> None:
    raw = {"entry": [{"id": "1", "changes": [{"field": field, "value": value}]}]}
    assert read(raw, NOW, US) == [expected]


@pytest.mark.parametrize("field", ["account_update", "phone_number_quality_update", "message_template_status_update"])
def test_news_of_the_account_are_kept_aside(field: str) -> None:
    change = {"field": field, "value": {"event": "X"}}
    assert read({"entry": [{"id": "1", "changes": [change]}]}, NOW, US) == [Stray(field, change)]


@pytest.mark.parametrize(("told", "people"), [(2000, 2000), (-1, 0)])
def test_how_many_people_may_be_knocked_at(told: int, people: int) -> None:
    field = "business_capability_update"
    assert events(field=field, max_daily_conversation_per_phone=told, max_phone_numbers_per_business=2) == [
        Capability(people)
    ]


def test_what_is_said_to_another_number_is_none_of_ours() -> None:
    assert events(said(), phone_id="999") == []
    assert events(field="group_lifecycle_update", phone_id="999", groups=[{}]) == []
    assert read({"entry": [{"changes": [{"field": "messages", "value": {"messages": [said()]}}]}]}, NOW, US) == []


def test_one_post_with_everything() -> None:
    others = [said(**{"id": f"wamid.{n}", "from": f"5730000000{n:02}"}) for n in range(20)]
    both = posted(*others, "broken", {"id": 5}, statuses=[status(), "broken"])
    both["entry"] += posted(said())["entry"] * 2 + [None, {"changes": {}}, {"changes": ["x", {}]}]
    found = read(both, NOW, US)
    assert [type(event) for event in found] == [*[Message] * 20, Stray, Status, Message, Message, Stray]


@pytest.mark.parametrize("name", EXAMPLES)
def test_every_example_of_meta_is_taken_in(name: str) -> None:
    payload = EXAMPLES[name]
    (change,) = payload["entry"][0]["changes"]
    about = change["value"]["messages"][0] if "messages" in change["value"] else change["value"]["groups"][0]
    found = read(payload, datetime.fromtimestamp(int(about["timestamp"]) + 60, UTC), US)
    kinds = {"reaction": [], "system": [NumberChanged]}
    expected = [Stray] if "groups" in change["value"] else kinds.get(about["type"], [Message])
    assert [type(event) for event in found] == expected


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)
FIELDS = (
    "from", "from_user_id", "id", "timestamp", "type", "text", "context", "errors", "image", "document", "audio",
    "location", "interactive", "button", "contacts", "system", "edit", "referral", "status", "pricing", "order",
)  # fmt: skip


@given(st.sampled_from(["messages", "statuses", "contacts", "metadata"]), JSON)
def test_no_payload_stops_the_bot(key: str, content: Any) -> None:
    read(posted(said(), **{key: content}), NOW, US)


@given(st.dictionaries(st.sampled_from(["object", "entry"]) | st.text(max_size=5), JSON, max_size=4))
def test_nor_does_any_other(payload: dict[str, Any]) -> None:
    read(payload, NOW, US)


@given(st.dictionaries(st.sampled_from(FIELDS), JSON, max_size=5), st.sampled_from(FIELDS))
def test_nor_a_message_or_a_status(content: dict[str, Any], kind: str) -> None:
    for event in events({**said(kind, {}), **content}, statuses=[{**status(), **content}]):
        if isinstance(event, Message):
            assert 0 < len(event.inbound.address) <= 80 >= len(event.inbound.message_id)
            assert "\0" not in repr(event)


def test_nor_an_example_with_something_else_in_it() -> None:
    dice = random.Random(7)
    odd = [None, True, -1, 10**30, 1.5, "", "\0", "x" * 300, [], {}, [None], {"id": 1}, "9" * 400, float("nan")]
    for _ in range(3000):
        payload = copy.deepcopy(dice.choice(list(EXAMPLES.values())))
        place: Any = payload
        while True:
            key = dice.choice(list(place) if isinstance(place, dict) else range(len(place)))
            if not isinstance(place[key], dict | list) or not place[key] or dice.random() < 0.1:
                place[key] = dice.choice(odd)
                break
            place = place[key]
        for event in read(payload, NOW, US):
            assert isinstance(event, Event)
