"""What people do: they report when they get to it, answer what they are asked, go away, and lose their signal."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from random import Random
from typing import Any

from sqlalchemy import Connection, select

from bot.simulation.agenda import Agenda, Span, working_time
from bot.simulation.cast import COORDINATOR, Player
from bot.simulation.ledger import Ledger
from bot.simulation.world import Arrived, World
from models.deliveries import Delivery
from models.nudges import Nudge
from models.obligations import Obligation
from plans.calendar import Calendar

# What people say when they are asked, by the name of the question; "#1" presses the second button.
ANSWERS: Mapping[str, str] = {
    "item": "#0", "account": "Se hizo lo previsto, con la participación de la comunidad.", "place": "Pasto",
    "reason": "Falta la firma de otra dependencia.", "by": "#1", "until": "#1", "substitute": "#1", "who": "#1",
    "whose": "#2", "why": "La fecha del plan se mantiene.", "verdict": "#0",
}  # fmt: skip
MOST_QUESTIONS = 12
STEP = timedelta(seconds=7)
PROOF = " ".join(f"https://www.ejemplo.example/soporte-{n}" for n in (1, 2))


@dataclass(slots=True)
class Lives:
    """Everybody's phone and plans. `offline`: when whose phone has no signal; `planned`: (address, code) to come."""

    world: World
    agenda: Agenda
    calendar: Calendar
    players: dict[str, Player]
    chance: Random
    ledger: Ledger
    offline: dict[str, list[Span]] = field(default_factory=dict)
    planned: set[tuple[str, str]] = field(default_factory=set)
    screens: dict[str, Arrived] = field(default_factory=dict)

    def hear(self, arrived: Arrived) -> None:
        """Something reached a phone; without signal it is read once that is back."""
        if arrived.kind == "menu":
            return  # the platform's list of commands is no message
        self.screens[arrived.address] = arrived
        if arrived.kind == "answer":
            return
        back = self._back(arrived.address, arrived.at)
        if back:
            self.agenda.add(back, lambda at: self._read(arrived, at))
        else:
            self._read(arrived, arrived.at)

    def _read(self, arrived: Arrived, at: datetime) -> None:
        player = self.players.get(arrived.address)
        if arrived.address == COORDINATOR:
            taps = [tap for button in arrived.buttons if (tap := button["tap"]).startswith("/decidir")]
            if taps:
                tap = self.chance.choice(taps)
                self.agenda.add(self._when(at, self.chance.randrange(1, 4)), lambda when: self._decide(tap, when))
        elif player and arrived.kind == "nudge":
            for code in self.world.store.run(partial(_told, delivery_id=arrived.id)):
                self._react(player, code, at)

    def _react(self, player: Player, code: str, at: datetime) -> None:
        """What an officer does about one obligation they were asked for."""
        if (player.address, code) in self.planned:
            return
        luck, answer, wait = self.chance.random(), "", self.chance.randrange(3)
        if player.temper == "late":
            answer = "/no_alcanzo" if luck < 0.2 else "/ya_casi" if luck < 0.4 else ""
            wait = self.chance.randrange(6, 20)
            if luck > 0.75:
                return
        elif player.temper == "silent":
            wait = self.chance.randrange(4, 12)
            if luck < 0.8:
                return
        elif luck < 0.2:
            answer = "/ya_casi" if luck < 0.12 else "/bloqueado" if luck < 0.16 else "/no_me_toca"
            wait = self.chance.randrange(3, 12)
        if answer:
            self.agenda.add(at + timedelta(minutes=self.chance.randrange(2, 90)),
                            lambda when: self.talk(player.address, f"{answer} {code}", when))  # fmt: skip
        self.plan(player, code, self._when(at, wait))

    def plan(self, player: Player, code: str, at: datetime) -> None:
        """An officer means to report something at a moment."""
        self.planned.add((player.address, code))
        self.agenda.add(at, lambda when: self._report(player, code, when))

    def _decide(self, tap: str, at: datetime) -> None:
        self.talk(COORDINATOR, tap, at)
        self.ledger.note(self.world, at)  # an obligation may be another office's now

    def _report(self, player: Player, code: str, at: datetime) -> None:
        self.planned.discard((player.address, code))
        if self.chance.random() < 0.1:
            return  # forgotten after all
        self.talk(player.address, f"/reportar {code}", at)
        if self.world.store.run(partial(_left, code=code)) and self.chance.random() < 0.9:
            self.plan(player, code, self._when(at, self.chance.randrange(3)))

    def talk(self, address: str, opening: str, at: datetime) -> None:
        """A whole conversation. Without signal, or while the server is down, its first message arrives late."""
        sent, times = at, 2 if self.players[address].twice else 1
        while late := self.agenda.up_again(at) or self._back(address, at):
            at = late + timedelta(seconds=self.chance.randrange(20, 300))
        if at > sent:
            self.agenda.add(at, lambda when: self._converse(address, opening, when, sent, times))
        else:
            self._converse(address, opening, at, sent, times)

    def _converse(self, address: str, opening: str, at: datetime, sent: datetime, times: int) -> None:
        self.world.say(address, opening, at, sent=sent, times=times)
        proven = False
        for _question in range(MOST_QUESTIONS):
            question = self.world.question(address, at)
            if not question:
                return
            at += STEP
            words = ANSWERS.get(question, "/cancelar")
            if question == "review":
                words, proven = ("sí" if proven else PROOF), True
            text, tap = self._pressed(address, words)
            self.world.say(address, text, at, tap=tap, times=times)
        raise RuntimeError(f"«{opening}» no llegó a su fin: quedó en «{self.world.question(address, at)}»")

    def _pressed(self, address: str, words: str) -> tuple[str, str]:
        """(text, tap) of what somebody says, or of the button they press on the last answer; the last where too few."""
        buttons = self.screens[address].buttons
        if not words.startswith("#") or not buttons:
            return words, ""
        return "", buttons[min(int(words[1:]), len(buttons) - 1)]["tap"]

    def _back(self, address: str, at: datetime) -> datetime | None:
        return next((one.ends for one in self.offline.get(address, ()) if one.begins <= at < one.ends), None)

    def _when(self, at: datetime, days: int) -> datetime:
        """A moment so many business days later, never before now."""
        found = working_time(self.agenda, self.calendar, at.astimezone(self.agenda.zone).date(), days, self.chance)
        return max(found, at + timedelta(minutes=self.chance.randrange(3, 120)))


def _told(connection: Connection, delivery_id: int) -> list[str]:
    """The obligations that a message asks its reader to report."""
    wanted: Any = select(Obligation.code).join(Nudge, Nudge.obligation_id == Obligation.id)
    wanted = wanted.join(Delivery, Delivery.id == Nudge.delivery_id)
    return list(
        connection.execute(wanted.where(Delivery.id == delivery_id, ~Nudge.escalated).order_by(Obligation.id)).scalars()
    )


def _left(connection: Connection, code: str) -> bool:
    row = connection.execute(select(Obligation.target - Obligation.reported).where(Obligation.code == code))
    return bool(row.scalar_one())
