"""The account's message templates: handed in, decided on, counted out page by page, and filled in."""

from __future__ import annotations

import itertools
import re
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from tests.emulators.graph_api.chats import Option, Raw, Shown
from tests.emulators.graph_api.errors import GraphError
from tests.emulators.graph_api.events import Event

MOST_NAME, MOST_BODY, MOST_HEADER, MOST_REPLY, MOST_PAYLOAD = 512, 1024, 60, 25, 128  # characters
CATEGORIES = {"UTILITY", "MARKETING", "AUTHENTICATION"}
STATUSES = {"PENDING", "APPROVED", "REJECTED", "PAUSED", "DISABLED"}
FIELDS = ("name", "parameter_format", "components", "language", "status", "category", "rejected_reason", "id")
_BLANK = re.compile(r"\{\{(\w+)\}\}")
_UNCLEAN = re.compile(r"[\n\t]| {4}")


@dataclass(frozen=True, slots=True)
class Template:
    """One template in one language."""

    id: str
    name: str
    language: str
    category: str
    components: list[Raw]
    status: str
    rejected_reason: str = "NONE"

    def raw(self) -> Raw:
        """As the account lists it."""
        values = {name: getattr(self, name, "POSITIONAL") for name in FIELDS}
        return {name: values[name] for name in FIELDS}

    def text(self, kind: str) -> str:
        """The text of its HEADER, BODY or FOOTER; empty without one."""
        return next((str(one.get("text", "")) for one in self.components if one["type"] == kind), "")

    @property
    def replies(self) -> list[str]:
        """The labels of its quick replies."""
        buttons = [button for one in self.components for button in one.get("buttons", [])]
        return [button["text"] for button in buttons if button["type"] == "QUICK_REPLY"]


@dataclass(slots=True)
class Templates:
    """Every template by name and language. `tell` gets what the webhook is told; `now` dates it."""

    tell: Callable[[Event], None]
    now: Callable[[], int]
    instant: bool = False  # what is handed in is approved at once
    kept: dict[tuple[str, str], Template] = field(default_factory=dict)
    names: set[str] = field(default_factory=set)  # every name there ever was
    _numbers: itertools.count[int] = field(default_factory=lambda: itertools.count(10**14 + secrets.randbelow(10**14)))

    def add(
        self, name: str, language: str, body: str, *, category: str = "UTILITY", replies: Sequence[str] = (),
        status: str = "APPROVED",
    ) -> Template:  # fmt: skip
        """Have a template that is decided on already."""
        blanks = [f"x{at}" for at in range(len(_BLANK.findall(body)))]
        parts: list[Raw] = [{"type": "BODY", "text": body, **({"example": {"body_text": [blanks]}} if blanks else {})}]
        if replies:
            parts.append({"type": "BUTTONS", "buttons": [{"type": "QUICK_REPLY", "text": each} for each in replies]})
        return self._keep(name, language, category, parts, status)

    def create(self, given: Raw) -> Raw:
        """Hand one in. Raises GraphError."""
        if told := "; ".join(_problems(given)):
            raise GraphError(100, told, noted=True)
        if (given["name"], given["language"]) in self.kept:
            raise GraphError(100, f"There is already {given['language']} content for this template")
        status = "APPROVED" if self.instant else "PENDING"
        made = self._keep(given["name"], given["language"], given["category"], given["components"], status)
        return {"id": made.id, "status": made.status, "category": made.category}

    def page(self, limit: int, after: str, fields: str, url: str) -> Raw:
        """A page of the list; a cursor is a number, `url` the address asked without it. Raises GraphError."""
        start = int(after or 0)
        some = list(self.kept.values())[start : start + limit]
        wanted = {*fields.split(","), "id"} if fields else {*FIELDS} - {"rejected_reason"}
        if unknown := sorted(wanted - {*FIELDS}):
            raise GraphError(100, f"Tried accessing nonexisting field ({', '.join(unknown)})", noted=True)
        data = [{name: value for name, value in one.raw().items() if name in wanted} for one in some]
        if not some:
            return {"data": []}
        cursors = {"before": str(start), "after": str(start + len(some))}
        more = {"next": f"{url}&after={cursors['after']}"} if start + len(some) < len(self.kept) else {}
        return {"data": data, "paging": {"cursors": cursors, **more}}

    def delete(self, name: str) -> Raw:
        """Delete a template in all languages. Raises GraphError."""
        languages = [key for key in self.kept if key[0] == name]
        if not languages:
            raise GraphError(100, f"Message template {name!r} not found")
        for key in languages:
            del self.kept[key]
        return {"success": True}

    def decide(self, name: str, status: str, *, reason: str = "NONE") -> None:
        """Approve, reject or pause a template in all languages; the webhook is told."""
        assert status in STATUSES, status
        for key in [key for key in self.kept if key[0] == name]:
            self.kept[key] = replace(self.kept[key], status=status, rejected_reason=reason)
            self._tells(self.kept[key], "status", {"event": status, "reason": reason})

    def recategorise(self, name: str, category: str) -> None:
        """Count a template as another category, in all languages; the webhook is told."""
        for key in [key for key in self.kept if key[0] == name]:
            before, self.kept[key] = self.kept[key], replace(self.kept[key], category=category)
            self._tells(before, "category", {"previous_category": before.category, "new_category": category})

    def usable(self, given: Raw) -> Template:
        """The template a message names, if it may be sent with what it was given. Raises GraphError."""
        name, code = given["name"], given["language"]["code"]
        found = self.kept.get((name, code))
        if not found or found.status in {"PENDING", "REJECTED"}:
            told = f"template name ({name}) does not exist in {code}"
            raise GraphError(132001, told, noted=name not in self.names)
        if found.status in {"PAUSED", "DISABLED"}:
            raise GraphError(132015 if found.status == "PAUSED" else 132016)
        for kind, wanted in (("header", found.text("HEADER")), ("body", found.text("BODY"))):
            texts = _texts(given, kind)
            expected = len(set(_BLANK.findall(wanted)))
            if len(texts) != expected:
                told = f"{kind}: number of localizable_params ({len(texts)}) does not match the expected ({expected})"
                raise GraphError(132000, told, noted=True)
            if any(_UNCLEAN.search(text) or not text.strip() for text in texts):
                told = "Param text cannot be empty, have new-line/tab characters or more than 4 consecutive spaces"
                raise GraphError(132018, told, noted=True)
            if len(_filled(wanted, texts)) > MOST_BODY:
                raise GraphError(132005, f"{kind} is too long with its parameters", noted=True)
        for at, payload in _payloads(given).items():
            if at >= len(found.replies) or not 1 <= len(payload) <= MOST_PAYLOAD:
                raise GraphError(132018, f"button {at} with payload {payload[:40]!r}", noted=True)
        return found

    def shown(self, wamid: str, message: Raw) -> Shown:
        """A template as its reader sees it."""
        given = message["template"]
        found, payloads = self.usable(given), _payloads(given)
        parts = [_filled(found.text(kind.upper()), _texts(given, kind)) for kind in ("header", "body", "footer")]
        options = [Option(text, payloads.get(at, text), kind="template") for at, text in enumerate(found.replies)]
        return Shown(wamid, message, "\n".join(filter(None, parts)), options)

    def _keep(self, name: str, language: str, category: str, components: list[Raw], status: str) -> Template:
        made = Template(str(next(self._numbers)), name, language, category, components, status)
        self.kept[name, language] = made
        self.names.add(name)
        return made

    def _tells(self, one: Template, what: str, news: Raw) -> None:
        whose = {"id": int(one.id), "name": one.name, "language": one.language}
        body = {f"message_template_{key}": value for key, value in whose.items()} | news
        kind = f"message_template_{what}_update" if what == "status" else f"template_{what}_update"
        self.tell(Event("templates", body, kind, part=""))


def _problems(given: Raw) -> list[str]:
    parts = {one.get("type"): one for one in given.get("components", []) if isinstance(one, dict)}
    body = str(parts.get("BODY", {}).get("text", ""))
    blanks = _BLANK.findall(body)
    example = parts.get("BODY", {}).get("example", {}).get("body_text", [[]])
    replies = parts.get("BUTTONS", {}).get("buttons", [])
    known = {"name", "language", "category", "components", "allow_category_change", "parameter_format"}
    checks = {
        f"unknown fields {sorted(given.keys() - known)}": not given.keys() - known,
        "name": re.fullmatch(rf"[a-z0-9_]{{1,{MOST_NAME}}}", str(given.get("name", ""))),
        "language": re.fullmatch(r"[a-z]{2,3}(_[A-Z]{2})?", str(given.get("language", ""))),
        "category": given.get("category") in CATEGORIES,
        "component types": parts.keys() <= {"HEADER", "BODY", "FOOTER", "BUTTONS"},
        f"BODY of {len(body)} characters": 1 <= len(body) <= MOST_BODY,
        "parameters are not {{1}}, {{2}}, … in order": blanks == [str(at + 1) for at in range(len(blanks))],
        "BODY begins or ends with a parameter": not re.search(r"^\s*\{\{|\}\}\s*$", body),
        "example.body_text must have a value for each parameter": not blanks or len(example[0]) == len(blanks),
        "HEADER or FOOTER too long": all(
            len(parts.get(kind, {}).get("text", "")) <= MOST_HEADER for kind in ("HEADER", "FOOTER")
        ),
        "button text": all(1 <= len(one.get("text", "")) <= MOST_REPLY for one in replies),
    }
    return [told for told, fine in checks.items() if not fine]


def _component(given: Raw, kind: str) -> list[Raw]:
    return [one for one in given.get("components", []) if one["type"] == kind]


def _texts(given: Raw, kind: str) -> list[str]:
    parameters = [each for one in _component(given, kind) for each in one["parameters"]]
    return [each["text"] for each in parameters if each["type"] == "text"]


def _payloads(given: Raw) -> dict[int, str]:
    return {int(one["index"]): one["parameters"][0]["payload"] for one in _component(given, "button")}


def _filled(text: str, values: list[str]) -> str:
    return _BLANK.sub(lambda found: values[int(found[1]) - 1], text)
