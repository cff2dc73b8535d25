"""A plan as plain data for machines: `chasqui plan read --json`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from typing import Any

from plans.terms import Plan


def as_json(plan: Plan) -> dict[str, Any]:
    """{"plan", "activities", "problems"}: plain values, ISO dates; `due` is null where periods differ."""
    whole = _plain(plan)
    return {
        "plan": {key: value for key, value in whole.items() if key not in ("activities", "problems")},
        "activities": whole["activities"],
        "problems": whole["problems"],
    }


def _plain(value: Any) -> Any:
    if is_dataclass(value):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Mapping):
        return {key: _plain(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(part) for part in value]
    return value.isoformat() if isinstance(value, date) else value
