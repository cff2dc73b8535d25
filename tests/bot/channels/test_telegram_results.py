"""What each answer means for the message: repeat it, give it up, or never again."""

from __future__ import annotations

import orjson
import pytest

from bot.channels.telegram.results import Failed, Gone, Later, Moved, Refused, Result, Sent, Unknown, result


def refusal(status: int, description: str, **parameters: int) -> bytes:
    told = {"parameters": parameters} if parameters else {}
    return orjson.dumps({"ok": False, "error_code": status, "description": description, **told})


def failed(status: int, description: str) -> tuple[int, bytes, Failed]:
    return status, refusal(status, description), Failed(description)


def gone(status: int, description: str) -> tuple[int, bytes, Gone]:
    return status, refusal(status, description), Gone(description)


@pytest.mark.parametrize(
    ("status", "payload", "expected"),
    [
        (200, b'{"ok":true,"result":{"message_id":12,"text":"\\ud83d"}}', Sent(12)),
        (200, b'{"ok":true,"result":true}', Sent(0)),
        (200, b"<html>Inicie sesion</html>", Unknown("HTTP 200")),
        (200, b"", Unknown("HTTP 200")),
        (200, b"[]", Unknown("HTTP 200")),
        (429, refusal(429, "Too Many Requests: retry after 3", retry_after=3), Later(3, everybody=True)),
        (429, b"slow down", Later(5, everybody=True)),
        gone(403, "Forbidden: bot was blocked by the user"),
        gone(403, "Forbidden: user is deactivated"),
        gone(400, "Bad Request: chat not found"),
        gone(400, "Bad Request: PEER_ID_INVALID"),
        gone(400, "Bad Request: not enough rights to send text messages to the chat"),
        (400, refusal(400, "Bad Request: group chat was upgraded to a supergroup chat", migrate_to_chat_id=-1005),
         Moved(-1005)),
        (400, refusal(400, "Bad Request: message text is empty"), Refused("Bad Request: message text is empty")),
        (413, b"", Refused("HTTP 413")),
        (400, refusal(400, "x" * 500), Refused("x" * 200)),
        failed(401, "Unauthorized"),
        failed(404, "Not Found"),
        failed(500, "Internal Server Error"),
        failed(502, "Bad Gateway"),
        (503, b"<html>", Failed("HTTP 503")),
        (302, b"", Failed("HTTP 302")),
        (504, b"<html>", Unknown("HTTP 504")),
    ],
)  # fmt: skip
def test_what_an_answer_means(status: int, payload: bytes, expected: Result) -> None:
    assert result(status, payload, 1001) == expected


def test_a_group_that_hears_too_much_does_not_silence_everybody() -> None:
    assert result(429, refusal(429, "Too Many Requests", retry_after=30), -1005) == Later(30, everybody=False)
