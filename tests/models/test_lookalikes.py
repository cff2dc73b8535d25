"""Photos that look like one of another report are tied to the oldest of them."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as some
from sqlalchemy import select, update

from models import lookalikes
from models.evidence import Evidence
from models.lookalikes import BLANK, NEAR, bands, distance
from models.reports import Report
from tests.models.test_reviews import evidence, filed
from tests.support.world import World

HASH = "8f3a61c2d4e59b07"


def turned(dhash: str, *bits: int) -> str:
    """The hash with some bits the other way round."""
    return f"{int(dhash, 16) ^ sum(1 << bit for bit in bits):016x}"


@given(some.integers(1, 2**64 - 1), some.sets(some.integers(0, 63), max_size=NEAR))
def test_what_differs_in_few_bits_is_found(value: int, bits: set[int]) -> None:
    one, other = f"{value:016x}", turned(f"{value:016x}", *bits)
    assert distance(one, other) == len(bits)
    assert BLANK in (one, other) or set(bands(one)) & set(bands(other))


def test_a_look_alike_of_another_report_is_tied_to_the_oldest(world: World) -> None:
    with world.database.begin() as connection:
        first, second = filed(connection, "A04-2022-04"), filed(connection, "A04-2022-05")
        refs = {letter: letter * 64 for letter in "abcdefg"}
        oldest = evidence(connection, first, "photo", refs["a"])
        evidence(connection, first, "photo", refs["b"])
        near = evidence(connection, second, "photo", refs["c"])
        same = evidence(connection, second, "photo", refs["a"])
        far = evidence(connection, second, "photo", refs["d"])
        blank = evidence(connection, second, "photo", refs["e"])
        evidence(connection, first, "photo", refs["f"])
        cut = evidence(connection, second, "photo", refs["g"])
        lookalikes.saw(connection, {refs["a"]: HASH, refs["b"]: turned(HASH, 1), refs["f"]: BLANK})
        lookalikes.saw(connection, {refs["c"]: turned(HASH, 3, 40, 63), refs["d"]: turned(HASH, 5, 20, 41, 60)})
        lookalikes.saw(connection, {refs["e"]: BLANK, refs["g"]: ""})
        lookalikes.saw(connection, {refs["e"]: BLANK})  # again
        twins = dict(connection.execute(select(Evidence.id, Evidence.twin_id)).all())
    assert twins[near] == twins[same] == oldest
    assert [twins[one] for one in (oldest, far, blank, cut)] == [None] * 4
    # Within one report, whatever its version, nothing is a look-alike.
    assert world.rows(select(Evidence.twin_id).where(Evidence.ref == refs["b"])) == [(None,)]


def test_versions_of_one_report_are_not_each_other_s_twins(world: World) -> None:
    with world.database.begin() as connection:
        first, second = filed(connection, "A04-2022-04"), filed(connection, "A04-2022-05")
        folio = select(Report.folio, Report.plan_id, Report.obligation_id).where(Report.id == first)
        one = connection.execute(folio).one()
        connection.execute(update(Report).where(Report.id == second).values(folio=one.folio, version=2))
        evidence(connection, first, "photo", "a" * 64)
        evidence(connection, second, "photo", "b" * 64)
        lookalikes.saw(connection, {"a" * 64: HASH, "b" * 64: HASH})
    assert set(world.rows(select(Evidence.twin_id))) == {(None,)}
