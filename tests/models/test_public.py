"""What everybody may see: of verified reports only, of photos without minors only, and no number of anybody."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import insert, select, update

from models import public, public_evidence
from models.evidence import Evidence
from models.plan import Plan
from models.public_evidence import HIDDEN, masked
from models.reports import Report
from tests.support.published import NOW, Published
from tests.support.world import World


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("Llame al 312 456 7890", f"Llame al {HIDDEN}"),
        ("Tel: 7235003; o ana.paz@correo.co", f"{HIDDEN}; o {HIDDEN}"),
        ("c.c. 12.345.678, de Pasto", f"{HIDDEN}, de Pasto"),
        ("escriba a @anapaz22", f"escriba a {HIDDEN}"),
        ("+57 (318) 555-0142", HIDDEN),
        ("fueron 120 personas el 2022-05-24", "fueron 120 personas el 2022-05-24"),
        ("costó $ 12.500.000 en 2020-2023", "costó $ 12.500.000 en 2020-2023"),
        ("a las 9:30, en 24/05/2022", "a las 9:30, en 24/05/2022"),
    ],
)
def test_numbers_and_addresses_of_people_are_left_out(written: str, shown: str) -> None:
    assert masked(written) == shown


@given(st.text(max_size=30), st.from_regex(r"3\d{9}", fullmatch=True), st.sampled_from(["", " ", "-", "."]))
def test_no_mobile_number_gets_through(before: str, number: str, gap: str) -> None:
    written = gap.join((number[:3], number[3:6], number[6:]))
    assert written not in masked(f"{before.rstrip('$ 0123456789')}: {written}, gracias")


def test_a_photo_that_looks_like_one_held_back_is_held_back(world: World, published: Published) -> None:
    with world.database.begin() as connection:
        held = select(Evidence.id).where(Evidence.quarantined).limit(1)
        assert public_evidence.photo(connection, published.photo)
        number = connection.execute(held).scalar_one()
        connection.execute(update(Evidence).where(Evidence.id == published.photo).values(twin_id=number))
        assert public_evidence.photo(connection, published.photo) is None
        connection.execute(update(Evidence).where(Evidence.id == published.photo).values(twin_id=None))
        connection.execute(update(Evidence).where(Evidence.id == number).values(twin_id=published.photo))
        assert public_evidence.photo(connection, published.photo) is None


@pytest.mark.parametrize("state", ["reported", "returned", "withdrawn", "superseded"])
def test_only_what_is_verified_is_told(world: World, published: Published, state: str) -> None:
    with world.database.begin() as connection:
        before = public_evidence.count(connection)
        assert [one.folio for one in public_evidence.done(connection, folio=published.folio)] == [published.folio]
        connection.execute(update(Report).where(Report.folio == published.folio).values(state=state))
        assert public_evidence.done(connection, folio=published.folio) == []
        assert public_evidence.photo(connection, published.photo) is None
        assert public_evidence.count(connection) == before - 1


def test_of_each_report_a_photo_a_page_and_a_hash_are_told(world: World, published: Published) -> None:
    with world.database.begin() as connection:
        done = public_evidence.done(connection)
        assert len(done) == public_evidence.count(connection) > 15
    shown = next(one for one in done if one.folio == published.folio)
    assert [piece.shown for piece in shown.pieces] == ["photo", "link", "hash"]
    assert shown.held_back == 4  # the chat, the voice note, the place, and a photo held back elsewhere
    assert {piece.shown for one in done for piece in one.pieces if one.number} == {"photo", "link", "hash"}


def test_only_what_was_announced_is_an_event(world: World, published: Published) -> None:
    with world.database.begin() as connection:
        events = public.happenings(connection)
        assert {event.state for event in events} == {"held", "changed", "cancelled"}
        assert public.happenings(connection, key="E0004") == []  # proposed
        assert all((event.conclusions == "") == (event.conclusions_at is None) for event in events)
        assert {promise.state(NOW.date()) for promise in public.promises(connection)} == {"kept", "late", "open"}
        assert len(public_evidence.answers(connection, "E0002")) == 1


def test_only_the_newest_plan_is_told(world: World, published: Published) -> None:
    with world.database.begin() as connection:
        assert public.deliverables(connection)
        row = connection.execute(select(Plan)).one()._asdict()
        connection.execute(insert(Plan).values({**row, "id": row["id"] + 1, "slug": "next", "year": 2023}))
        assert public.deliverables(connection) == []
        assert public.happenings(connection) == []
        assert public_evidence.done(connection) == []
        assert public_evidence.photo(connection, published.photo) is None
