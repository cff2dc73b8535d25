"""The machine's view of a plan: the promised keys, plain values, ISO dates."""

from __future__ import annotations

import json
from typing import Any

import pytest

from plans.output import as_json
from plans.terms import Plan

PROMISED = (
    "number subcomponent text target_text responsible_text schedule_text title quantity unit every per start end due "
    "steps lead support confidence alternatives"
).split()


@pytest.fixture(scope="module")
def whole(narino_read: Plan) -> dict[str, Any]:
    plain: dict[str, Any] = json.loads(json.dumps(as_json(narino_read)))
    return plain


def test_three_parts_and_every_promised_key(whole: dict[str, Any]) -> None:
    assert list(whole) == ["plan", "activities", "problems"]
    assert len(whole["activities"]) == 24
    assert all(set(PROMISED) <= set(activity) for activity in whole["activities"])
    assert (whole["plan"]["slug"], whole["plan"]["year"]) == ("narino-2022", 2022)
    assert "activities" not in whole["plan"]


def test_dates_are_iso_and_due_is_null_where_periods_differ(whole: dict[str, Any]) -> None:
    rows = {activity["number"]: activity for activity in whole["activities"]}
    assert (rows[4]["start"], rows[4]["end"], rows[4]["due"]) == ("2022-02-01", "2022-12-31", None)
    assert rows[12]["due"] == "2022-12-31"
    assert rows[21]["steps"][0] == {"title": "Informe elaborado", "due": "2022-11-30"}
    assert rows[9]["alternatives"][0] == {
        "key": "2_por_semestre",
        "text": "2 informes por semestre, 4 en el año",
        "changes": {},
    }
    assert {"row", "field", "text", "message"} == set(whole["problems"][0])
