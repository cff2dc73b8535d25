"""What people saw, against what is kept of it."""

from __future__ import annotations

from collections import Counter

from sqlalchemy import Connection, text

from tests.emulators.telegram import TelegramEmulator


def in_albums(telegram: TelegramEmulator) -> list[str]:
    """The album of every message that was sent as part of one."""
    said = [raw for chat in telegram.chats.values() for raw in chat.history.values() if raw["from"]["id"] == chat.id]
    return [raw["media_group_id"] for raw in said if "media_group_id" in raw]


def nothing_seen_twice(connection: Connection, telegram: TelegramEmulator) -> None:
    """Every message that was sent was seen once, every one that is unknown at most once, and nothing else was seen."""
    seen = {(str(chat.id), str(one.id)): one.text for chat in telegram.chats.values() for one in chat.shown}
    assert len(seen) == sum(len(chat.shown) for chat in telegram.chats.values())
    # A command menu is a delivery too, but nothing that is said.
    kept = "SELECT address, platform_id, state, text FROM deliveries WHERE channel = 'telegram' AND kind <> 'menu'"
    maybe = Counter[tuple[str, str]]()
    for address, platform_id, state, words in connection.execute(text(kept)):
        assert state not in ("queued", "sending")
        if state == "sent":
            assert seen.pop((address, platform_id)) == words
        elif state == "unknown":
            maybe[address, words] += 1
    # Above a text that is too long for it, a picture is a message of its own.
    assert Counter((address, words) for (address, _id), words in seen.items() if words) <= maybe
