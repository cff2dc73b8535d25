"""Checked access to nested plain data: each value of the kind it must be, no key unknown."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from plans.terms import PlanError

_MOST_TEXT = 20_000
_MOST_ITEMS = 2_000


class Fields:
    """One mapping of a file and where it stands, for messages: "narino-2022.yaml, activities 3".

    Every reader takes a key and raises PlanError, one Spanish sentence naming key and place, when the value
    is missing (unless a default makes sense) or of another kind.
    """

    def __init__(self, value: Any, place: str) -> None:
        if not isinstance(value, dict):
            raise PlanError(f"{place}: se esperaban claves con sus valores.")
        self.place = place
        self._values: dict[Any, Any] = value
        self._known: set[str] = set()

    def close(self) -> None:
        """Refuse keys that nobody asked for."""
        unknown = [str(key)[:40] for key in self._values if key not in self._known]
        if unknown:
            raise PlanError(f"{self.place}: no se conoce la clave «{unknown[0]}».")

    def has(self, key: str) -> bool:
        return key in self._values

    def text(self, key: str, default: str | None = None, pattern: str = "") -> str:
        value = self._value(key, default)
        if not isinstance(value, str) or len(value) > _MOST_TEXT:
            raise self._wrong(key, "un texto")
        if pattern and not re.fullmatch(pattern, value):
            raise self._wrong(key, f"un texto de la forma {pattern}")
        return value

    def one_of(self, key: str, choices: Sequence[str]) -> Any:
        value = self._value(key)
        if value not in choices:
            raise self._wrong(key, f"uno de: {', '.join(choices)}")
        return value

    def whole(self, key: str, least: int, most: int) -> int:
        value = self._value(key)
        if type(value) is not int or not least <= value <= most:
            raise self._wrong(key, f"un número entre {least} y {most}")
        return value

    def maybe_whole(self, key: str, least: int, most: int) -> int | None:
        return None if self._value(key, None, optional=True) is None else self.whole(key, least, most)

    def wholes(self, key: str) -> tuple[int, ...]:
        return tuple(self._each(key, lambda one: type(one) is int, "una lista de números"))

    def share(self, key: str) -> float:
        """A number from 0 to 1; 1 where the key is left out."""
        value = self._value(key, 1.0)
        if type(value) not in (int, float) or not 0 <= value <= 1:
            raise self._wrong(key, "un número entre 0 y 1")
        return float(value)

    def yes(self, key: str, default: bool = False) -> bool:
        value = self._value(key, default)
        if type(value) is not bool:
            raise self._wrong(key, "true o false")
        return value

    def day(self, key: str) -> date:
        value = self._value(key)
        if not isinstance(value, date) or not _is_day(value):
            raise self._wrong(key, "una fecha como 2022-12-31")
        return value

    def maybe_day(self, key: str) -> date | None:
        return None if self._value(key, None, optional=True) is None else self.day(key)

    def days(self, key: str) -> tuple[date, ...]:
        return tuple(self._each(key, _is_day, "una lista de fechas como 2022-12-31"))

    def texts(self, key: str) -> tuple[str, ...]:
        return tuple(self._each(key, lambda one: isinstance(one, str), "una lista de textos"))

    def section(self, key: str, empty: bool = False) -> Fields:
        """The mapping under `key`; `empty`: nothing stands for an empty one."""
        return Fields(self._value(key, {} if empty else None), f"{self.place}, {key}")

    def sections(self, key: str) -> list[Fields]:
        return [Fields(one, f"{self.place}, {key} {at}") for at, one in enumerate(self.items(key), start=1)]

    def items(self, key: str) -> list[Any]:
        return self._each(key, lambda _: True, "una lista")

    def _each(self, key: str, fits: Callable[[Any], bool], kind: str) -> list[Any]:
        """A list of what fits; empty where the key is left out."""
        value = self._value(key, [])
        if not isinstance(value, list) or len(value) > _MOST_ITEMS or not all(fits(one) for one in value):
            raise self._wrong(key, kind)
        return value

    def _value(self, key: str, default: Any = None, *, optional: bool = False) -> Any:
        self._known.add(key)
        value = self._values.get(key, default)
        if value is None and not optional:
            raise PlanError(f"{self.place}: falta la clave «{key}».")
        return value

    def _wrong(self, key: str, kind: str) -> PlanError:
        return PlanError(f"{self.place}: la clave «{key}» debe ser {kind}.")


def _is_day(value: Any) -> bool:
    return type(value) is date and 1990 <= value.year <= 2100
