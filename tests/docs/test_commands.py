"""docs/commands.md tells of every command of the command line and of the chat, and of no other."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import typer.main

from bot.__main__ import app
from handlers.table import CONVERSATIONS
from tests.support.tree import ROOT

DOCUMENTED = (ROOT / "docs" / "commands.md").read_text("utf-8")
CODE = re.findall(r"`([^`\n]+)`", DOCUMENTED) + re.findall(r"^(?: {4}|\$ )?(chasqui .+)$", DOCUMENTED, re.MULTILINE)


def commands(group: Any, path: str = "chasqui") -> Iterator[str]:
    """ "chasqui serve", "chasqui plan read"…, hidden ones left out."""
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from commands(command, f"{path} {name}")
        elif not command.hidden:
            yield f"{path} {name}"


COMMANDS = set(commands(typer.main.get_command(app)))
CHAT = {f"/{conversation.command.lstrip('/')}" for conversation in CONVERSATIONS if conversation.command}


def begins_with(code: str, command: str) -> bool:
    return f"{code} ".startswith(f"{command} ")


def test_every_command_is_documented() -> None:
    assert {each for each in COMMANDS if not any(begins_with(code, each) for code in CODE)} == set()


def test_every_documented_command_exists() -> None:
    told = {code for code in CODE if begins_with(code, "chasqui") and code != "chasqui"}
    assert {code for code in told if not any(begins_with(code, each) for each in COMMANDS)} == set()


def test_every_chat_command_is_documented() -> None:
    assert {each for each in CHAT if not any(begins_with(code, each) for code in CODE)} == set()
