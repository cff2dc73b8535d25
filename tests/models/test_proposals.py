"""A proposed topic is decided on once, by who runs the plan, and goes with who proposed it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from models import forgetting, people, proposals
from models.base import Conflict
from models.participation import Proposal
from models.proposals import Proposed
from models.visit import Visit
from tests.support.world import RULES, START, World, open_world


@pytest.fixture(params=["sqlite", "postgres"])
def world(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[World]:
    one = open_world(request.param, tmp_path)
    with one.database.begin() as connection:
        proposals.propose(connection, visit(connection, "citizen").who.id, "La vía a Chiles", START)
    yield one
    one.close()


def visit(connection, address: str) -> Visit:
    return Visit(connection, people.who(connection, "web", address, START, "es"), START, START, RULES.zone)


@pytest.mark.parametrize("who", ["citizen", "officer", "auditor"])
def test_others_do_not_decide(world: World, who: str) -> None:
    with world.database.begin() as connection, pytest.raises(PermissionError):
        proposals.decide(visit(connection, who), 1, "taken", "")


def test_it_is_decided_on_once(world: World) -> None:
    with world.database.begin() as connection:
        assert proposals.waiting(connection, 5) == [Proposed(1, "La vía a Chiles")]
        marta, citizen = visit(connection, "coordinator"), visit(connection, "citizen").who.id
        assert proposals.decide(marta, 1, "declined", "No es de este año.") == citizen
        with pytest.raises(Conflict):
            proposals.decide(marta, 1, "taken", "")
        assert proposals.waiting(connection, 5) == []
        assert proposals.find(connection, 1) is None
        row = connection.execute(select(Proposal)).one()
        assert (row.state, row.reason, row.decided_by) == ("declined", "No es de este año.", marta.who.id)


def test_it_goes_with_who_proposed_it(world: World) -> None:
    with world.database.begin() as connection:
        citizen = visit(connection, "citizen").who.id
        forgetting.begin(connection, citizen, START)
        forgetting.forget_the_rest(connection, forgetting.Begun(0, citizen, START), START)
        assert proposals.waiting(connection, 5) == []
