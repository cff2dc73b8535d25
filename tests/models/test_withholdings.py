"""Evidence kept from the public: by its content, wherever it is, until somebody shows it again."""

from __future__ import annotations

import pytest
from sqlalchemy import insert, select, update

from models import people, public, public_evidence, withholdings
from models.base import Conflict
from models.evidence import Evidence
from models.public_evidence import HIDDEN
from models.reports import Report
from models.visit import Visit
from tests.support.published import Published
from tests.support.world import RULES, START, World


def visit(connection, address: str) -> Visit:
    return Visit(connection, people.who(connection, "web", address, START, "es"), START, START, RULES.zone)


def test_the_same_bytes_are_kept_back_wherever_they_are(world: World, published: Published) -> None:
    with world.database.begin() as connection:
        one = connection.execute(select(Evidence).where(Evidence.id == published.photo)).one()._asdict()
        copy = {name: value for name, value in one.items() if name != "id"}
        again = connection.execute(insert(Evidence).values(copy).returning(Evidence.id)).scalar_one()
        alike = connection.execute(
            insert(Evidence).values({**copy, "ref": "f" * 64, "twin_id": published.photo}).returning(Evidence.id)
        ).scalar_one()
        shown = (published.photo, again, alike)
        assert all(public_evidence.photo(connection, number) for number in shown)
        before, stamp = public_evidence.done(connection, folio=published.folio)[0], public.stamp(connection)
        withholdings.withhold(visit(connection, "coordinator"), again)
        after = public_evidence.done(connection, folio=published.folio)[0]
        assert not any(public_evidence.photo(connection, number) for number in shown)
        assert after.held_back - before.held_back == len(before.pieces) - len(after.pieces) > 0
        assert public.stamp(connection) != stamp
        # Bytes are the same under a document: its hash is not told either.
        assert one["ref"] not in {piece.sha256 for piece in after.pieces}


def test_a_link_is_not_told_in_the_account_either(world: World, published: Published) -> None:
    with world.database.begin() as connection:
        one = public_evidence.done(connection, folio=published.folio)[0]
        link = next(piece for piece in one.pieces if piece.shown == "link")
        told = f"Mire {link.link}, y el acta."
        connection.execute(update(Report).where(Report.folio == published.folio).values(account=told))
        assert public_evidence.done(connection, folio=published.folio)[0].account == told
        withholdings.withhold(visit(connection, "coordinator"), link.id)
        assert public_evidence.done(connection, folio=published.folio)[0].account == f"Mire {HIDDEN}, y el acta."


def test_it_is_kept_back_once_and_shown_once(world: World, published: Published) -> None:
    with world.database.begin() as connection:
        marta = visit(connection, "coordinator")
        with pytest.raises(Conflict):
            withholdings.show(marta, published.photo, "Porque sí.")
        withholdings.withhold(marta, published.photo)
        with pytest.raises(Conflict):
            withholdings.withhold(marta, published.photo)
        withholdings.show(marta, published.photo, "Era otra foto.")
        assert public_evidence.photo(connection, published.photo)
        withholdings.withhold(marta, published.photo)
        assert withholdings.acts(connection) == 3


@pytest.mark.parametrize("who", ["auditor", "citizen", "tic"])
def test_others_do_not_decide(world: World, published: Published, who: str) -> None:
    with world.database.begin() as connection:
        with pytest.raises(PermissionError):
            withholdings.withhold(visit(connection, who), published.photo)
        with pytest.raises(PermissionError):
            withholdings.show(visit(connection, who), published.photo, "No.")
