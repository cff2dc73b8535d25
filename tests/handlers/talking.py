"""What tests of answers to nudges share: two obligations, and short ways to say several things."""

from __future__ import annotations

from tests.support.world import World

MAY, FILM = "A04-2022-05", "A05-2022-T2"  # due on Tuesday 31 May and on Thursday 30 June 2022


def talk(world: World, who: str, *texts: str) -> str:
    for text in texts:
        world.say(who, text)
    return world.last(who).text


def late(world: World, code: str = MAY, who: str = "officer") -> None:
    talk(world, who, f"/no_alcanzo {code}", "Falta la firma.", "10 de junio")
