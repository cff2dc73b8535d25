"""Conversations as they read: a transcript is played against the real turn, and every line of it must hold.

    @officer                      who speaks from here on
    @officer on telegram          the same, from a chat of theirs on another channel
    > /reportar                   types
    > [Sí, enviar]                taps the button whose label begins so, on the newest message that has it
    > (foto acta.jpg) con texto   sends a photo (foto, documento, voz, video, enlace, lugar) with a caption
    < ¿Qué actividad              the answer contains this; several lines: the same answer contains all of them
    <! vencido                    the answer does not contain this
    < [Listo]                     the answer has this button
    ~ reload / ~ 3 days           restart; let time pass
    ~ invite Rosa|officer|prensa  an invitation; {token} is its token from here on
    ~ code officer                {token} is the code that person was shown last
    ~ only A04-2022-05            everything else counts as reported, and the cut-offs are left out
    ~ tick                        what the clock has to do at this moment, and everybody reads it
    = SELECT …  → 3               what a query gives

A line "@coordinator" followed by "<" reads the newest message that person got.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from sqlalchemy import text

from conversation.messages import Attachment
from tests.scheduler import clock
from tests.support.world import World, photo

KINDS = {"foto": "photo", "documento": "document", "voz": "voice", "video": "video"}


def play(world: World, script: Path, *, reload: bool = False, twice: bool = False, queries: bool = True) -> None:
    """Play a transcript; with a restart before every message, or with every message delivered twice."""
    person = ""
    for number, line in enumerate(script.read_text(encoding="utf-8").splitlines(), 1):
        where = f"{script.name}:{number}: {line}"
        mark, _, rest = line.partition(" ")
        if not line.strip() or line.startswith("#"):
            continue
        if line.startswith("@"):
            person = line[1:].strip().replace(" on ", "-")
        elif mark == ">":
            if reload:
                world.reload()
            _speak(world, person, rest.replace("{token}", world.token), where, twice)
        elif mark in ("<", "<!"):
            _check(world, person, rest, mark == "<!", where)
        elif mark == "~":
            _pass(world, rest)
        elif mark == "=" and not queries:
            continue
        elif mark == "=":
            query, _, wanted = rest.rpartition("→")
            found = world.rows(text(query.strip()))[0][0]
            assert str(found) == wanted.strip(), f"{where}: {found}"
        else:
            raise ValueError(where)


def _speak(world: World, person: str, said: str, where: str, twice: bool) -> None:
    before = len(world.heard(person))
    tap, words = "", said
    files: tuple[Attachment, ...] = ()
    if button := re.fullmatch(r"\[(.+)\]", said):
        tap, words = _tap(world, person, button[1], where), button[1]
    elif sent := re.match(r"\((\w+) ([^)]+)\)\s*(.*)", said):
        files, words = tuple(_attachment(sent[1], name.strip()) for name in sent[2].split(";")), sent[3]
    message_id = world.say(person, words, tap=tap, files=files)
    if twice:
        world.say(person, words, tap=tap, files=files, again=message_id)
    assert len(world.heard(person)) == before + 1, f"{where}: one message, one answer"


def _tap(world: World, person: str, label: str, where: str) -> str:
    for message in reversed(world.heard(person)):
        for button in message.buttons:
            if _names(button["label"], label):
                return button["tap"]
    raise AssertionError(f"{where}: no such button; the newest are {world.last(person).buttons}")


def _attachment(kind: str, name: str) -> Attachment:
    if kind == "enlace":
        return Attachment("link", name)
    if kind == "lugar":
        return Attachment("place", name)
    if kind == "malo":
        return replace(photo(name), ref="", problem="hostile")
    return photo(name, KINDS[kind])


def _check(world: World, person: str, wanted: str, absent: bool, where: str) -> None:
    message = world.last(person)
    whole = message.text + "\n" + "\n".join(f"[{button['label']}" for button in message.buttons)
    if wanted.startswith("["):
        found = any(_names(button["label"], wanted[1:].removesuffix("]")) for button in message.buttons)
    else:
        found = wanted in whole
    assert found is not absent, f"{where}\n--- said:\n{whole}"


def _names(shown: str, label: str) -> bool:
    """Whether a button is the one meant; a channel may have shortened what it shows."""
    begins, cut, ends = shown.partition("…")
    return shown.startswith(label) or bool(cut and label.startswith(begins) and label.endswith(ends))


def _pass(world: World, what: str) -> None:
    if what == "reload":
        world.reload()
        return
    if what.startswith("invite "):
        name, role, office = what.removeprefix("invite ").split("|")
        world.invite(name, role, office)
        return
    if what.startswith("code "):
        shown = world.last(what.removeprefix("code ").replace(" on ", "-")).text
        world.token = re.findall(r"\b[A-Z0-9]{4}-[A-Z0-9]{4}\b", shown)[-1]
        return
    if what == "tick":
        clock.tick_now(world)
        return
    if what.startswith("only "):
        clock.only(world, *what.split()[1:])
        return
    amount, unit = what.split()
    world.now += timedelta(**{unit: int(amount)})
