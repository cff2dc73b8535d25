"""What each answer means for the message: repeat it, send it in another way, give it up, or never again."""

from __future__ import annotations

from typing import Any

import orjson
import pytest

from bot.channels.whatsapp.results import (
    Closed,
    Failed,
    Gone,
    Halted,
    Later,
    NoTemplate,
    Paired,
    Refused,
    Result,
    Sent,
    Unknown,
    problem,
    result,
)
from tests.emulators.graph_api.errors import GraphError


def refusal(code: Any, details: str = "No.", **more: Any) -> bytes:
    told = {"message": f"(#{code}) x", "type": "OAuthException", "code": code, "error_data": {"details": details}}
    return orjson.dumps({"error": {**told, **more}})


@pytest.mark.parametrize(
    ("status", "payload", "expected"),
    [
        (200, b'{"messaging_product":"whatsapp","contacts":[],"messages":[{"id":"wamid.A="}]}', Sent("wamid.A=")),
        (200, b'{"messages":[{"id":"w","message_status":"held_for_quality_assessment"}]}', Sent("w")),
        (200, b'{"success":true}', Sent("")),
        (200, b"<html>Inicie sesion</html>", Unknown("HTTP 200")),
        (200, b'{"messages":[]}', Unknown("HTTP 200")),
        (200, b'{"messages":["x"]}', Unknown("HTTP 200")),
        (200, b'{"error":7}', Unknown("HTTP 200")),
        (504, refusal(131000), Unknown("HTTP 504")),
        (400, refusal(130429), Later("130429: No.")),
        (400, refusal(80007), Later("80007: No.")),
        (429, b"slow down", Later("HTTP 429")),
        (400, refusal(131056), Paired("131056: No.")),
        (400, refusal(131047), Closed("131047: No.")),
        (400, refusal(131026), Gone("131026: No.")),
        (404, refusal(132001), NoTemplate("132001: No.", "MISSING")),
        (400, refusal(132000), NoTemplate("132000: No.", "MISMATCH")),
        (400, refusal(132012), NoTemplate("132012: No.", "MISMATCH")),
        (400, refusal(132015), NoTemplate("132015: No.", "PAUSED")),
        (400, refusal(132016), NoTemplate("132016: No.", "DISABLED")),
        (400, refusal(132005), NoTemplate("132005: No.")),
        (400, refusal(132007), NoTemplate("132007: No.")),
        (400, refusal(131050), NoTemplate("131050: No.")),
        (400, refusal(131049), NoTemplate("131049: No.")),
        (401, refusal(190), Halted("190: No.")),
        (400, refusal(131042), Halted("131042: No.")),
        (403, refusal(10), Halted("10: No.")),
        (403, refusal(230), Halted("230: No.")),
        (400, refusal(100, error_subcode=33), Halted("100: No.")),
        (401, b"", Halted("HTTP 401")),
        (404, b"<html>", Halted("HTTP 404")),
        (400, refusal(100), Refused("100: No.")),
        (400, refusal(131009), Refused("131009: No.")),
        (400, refusal(987654), Refused("987654: No.")),
        (413, b"", Refused("HTTP 413")),
        (400, refusal(100, "x" * 500), Refused(f"100: {'x' * 195}")),
        (500, refusal(131000), Failed("131000: No.")),
        (400, refusal(131016), Failed("131016: No.")),
        (503, refusal(2), Failed("2: No.")),
        (500, refusal(987654), Failed("987654: No.")),
        (400, b'{"error":{"message":"Odd","code":[1]}}', Refused("[1]: Odd")),
        (502, b"<html>", Failed("HTTP 502")),
        (302, b"", Failed("HTTP 302")),
    ],
)  # fmt: skip
def test_what_an_answer_means(status: int, payload: bytes, expected: Result) -> None:
    assert result(status, payload) == expected


@pytest.mark.parametrize("code", [2, 190, 130429, 131000, 131026, 131047, 131050, 131056, 132001, 132015])
def test_a_failed_status_means_the_same_as_an_answer(code: int) -> None:
    error = GraphError(code)
    assert type(problem(error.told())) is type(result(error.status, orjson.dumps(error.answer())))
