"""What is owed: how much, under which codes, by when."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plans.calendar import Calendar
from plans.obligations import Event, difference, owed, total_units
from plans.readings import with_choice
from plans.terms import Office, Owed, Plan
from tests.plans.rows import ROW, plan_of

OFFICES = tuple(Office(f"of{place}", f"Oficina {place}") for place in range(60))
TOPICS = tuple(f"Avances de la gestión pública en el tema {place}" for place in range(6))
LAST = date(2022, 12, 31)


def of_activity(duties: list[Owed], number: int) -> list[Owed]:
    return [duty for duty in duties if duty.activity == number]


@given(st.integers(1, 60), st.integers(0, 6))
@settings(max_examples=40, deadline=None)
def test_units_are_77_and_11_a_topic_and_8_an_office(narino: Plan, offices: int, topics: int) -> None:
    plan = replace(narino, offices=OFFICES[:offices], topics=TOPICS[:topics])
    duties = owed(plan)
    assert sum(duty.units for duty in duties) == total_units(plan) == 77 + 11 * topics + 8 * offices
    assert len({duty.code for duty in duties}) == len(duties)


def test_the_bundled_plan_owes_288_units_in_186_obligations(narino: Plan) -> None:
    assert total_units(narino) == 288
    assert len(owed(narino)) == 186


def test_due_days_stay_within_the_rules(narino: Plan) -> None:
    calendar = Calendar()
    for duty in owed(narino):
        assert duty.starts <= duty.due
        assert duty.warn <= duty.due
        assert calendar.is_business_day(duty.warn)
        assert duty.due <= LAST or duty.activity == 18
        assert duty.fixed == (duty.activity == 21)


def test_codes_and_periods(narino: Plan) -> None:
    duties = {duty.code: duty for duty in owed(narino)}
    assert duties["A06-2022-AGRICULTURA"].office == "agricultura"
    assert duties["A03-2022-11-AVANCES-DEL-PLAN-DE"].topic == "Avances del Plan de Desarrollo"
    assert [code for code in duties if code.startswith("A17")] == ["A17-2022-S1", "A17-2022-S2"]
    assert duties["A01-2022-T1"].due == date(2022, 3, 31)
    assert duties["A04-2022-12"].warn == date(2022, 12, 30)


def test_the_quarterly_report_is_due_ten_business_days_later(narino: Plan) -> None:
    quarters = of_activity(owed(narino), 18)
    days = [(2022, 4, 18), (2022, 7, 15), (2022, 10, 14), (2023, 1, 16)]
    assert [duty.due for duty in quarters] == [date(*day) for day in days]
    assert {(duty.target, duty.units, duty.distinct) for duty in quarters} == {(2, 1, "step")}
    assert quarters[0].steps == ("presentado", "publicado")


def test_dated_steps_never_move(narino: Plan) -> None:
    first, second = of_activity(owed(narino), 21)
    assert (first.code, first.due, first.steps) == ("A21-2022-P1", date(2022, 11, 30), ("Informe elaborado",))
    assert (second.code, second.due, second.warn) == ("A21-2022-P2", LAST, date(2022, 12, 30))
    assert first.fixed
    assert second.fixed


def test_municipalities_and_steps_are_distinct(narino: Plan) -> None:
    (towns,) = of_activity(owed(narino), 16)
    assert (towns.target, towns.units, towns.distinct) == (5, 5, "municipality")
    (strategy,) = of_activity(owed(narino), 23)
    assert (strategy.target, strategy.units, strategy.distinct) == (2, 1, "step")


def test_who_leads(narino: Plan) -> None:
    duties = owed(narino)
    assert {duty.lead for duty in of_activity(duties, 6)} == {"prensa"}
    assert all(duty.lead == duty.office for duty in of_activity(duties, 10))
    assert of_activity(duties, 19)[0].after == (12,)
    assert "comite" not in {duty.office for duty in duties}


def test_an_undecided_reading_is_provisional(narino: Plan) -> None:
    assert {duty.activity for duty in owed(narino) if duty.provisional} == {1, 2, 6, 9, 14, 18}
    assert {duty.activity for duty in owed(narino, decided={1, 9, 18}) if duty.provisional} == {2, 6, 14}


def test_an_office_counts_while_it_exists(narino: Plan) -> None:
    young = Office("nueva", "Secretaría Nueva", valid_from=date(2022, 12, 15))
    gone = Office("vieja", "Secretaría Vieja", valid_to=date(2022, 1, 31))
    plan = replace(narino, offices=(young, gone))
    assert total_units(plan) == 77 + 11 + 8
    quarterly = of_activity(owed(with_choice(plan, 1, "por_dependencia")), 1)
    assert [duty.code for duty in quarterly] == ["A01-2022-T4-NUEVA"]


def test_events_set_the_day_and_add_obligations(narino: Plan) -> None:
    events = [
        Event("foro1", "prensa", date(2022, 12, 9)),
        Event("foro2", "prensa", date(2022, 12, 12)),
        Event("audiencia", "", date(2022, 12, 14)),
        Event("otra", "nadie", date(2022, 6, 1)),
        Event("tarde", "prensa", date(2023, 1, 5)),
    ]
    before, after = of_activity(owed(narino), 15), of_activity(owed(narino, events=events), 15)
    assert (len(before), len(after)) == (26, 27)
    assert {duty.due for duty in before} == {LAST}
    by_code = {duty.code: duty for duty in after}
    first, second = by_code["A15-2022-PRENSA"], by_code["A15-2022-PRENSA-FORO2"]
    assert (first.event, first.due, first.starts) == ("foro1", date(2022, 12, 30), date(2022, 12, 9))
    assert (second.event, second.due, second.period) == ("foro2", date(2023, 1, 2), "foro2")
    assert by_code["A15-2022"].event == "audiencia"
    assert by_code["A15-2022-TIC"].due == LAST
    assert first.proofs == ("página web", "redes sociales")
    assert not of_activity(owed(narino, events=events), 6)[0].event, "row 6 counts no events by default"


def test_reports_before_each_event_when_so_decided(narino: Plan) -> None:
    plan = with_choice(narino, 6, "1_por_evento")
    duty = next(
        one for one in owed(plan, events=[Event("foro", "tic", date(2022, 4, 18))]) if one.event and one.activity == 6
    )
    assert (duty.code, duty.target) == ("A06-2022-TIC", 1)
    assert duty.due == date(2022, 4, 13), "Holy Thursday and Friday are not worked"
    assert duty.starts == date(2022, 2, 1)


@given(
    st.lists(st.tuples(st.text(max_size=30), st.sampled_from(["", "prensa", "tic"]), st.dates(date(2022, 1, 1), LAST)))
)
@settings(max_examples=40, deadline=None)
def test_codes_are_unique_whatever_events_are_called(narino: Plan, held: list[tuple[str, str, date]]) -> None:
    duties = owed(narino, events=[Event(*one) for one in held])
    assert len({duty.code for duty in duties}) == len(duties)


def test_odd_office_codes_and_topics_stay_apart(narino: Plan) -> None:
    offices = tuple(Office(code, code) for code in ("tic", "TIC", "tíc", "tic-2", "¿?", "!!"))
    topics = ("La salud en el departamento: hospitales", "La salud en el departamento: vacunas", "…")
    plan = with_choice(replace(narino, offices=offices, topics=topics), 1, "por_dependencia")
    codes = [duty.code for duty in owed(plan)]
    assert len(set(codes)) == len(codes)
    assert all(code.isascii() for code in codes)


def test_every_choice_alone_keeps_codes_unique_and_says_what_it_does(narino: Plan) -> None:
    before = owed(narino)
    seen = {}
    for activity in narino.activities:
        for offer in activity.alternatives:
            after = owed(with_choice(narino, activity.number, offer.key), decided={activity.number})
            assert len({duty.code for duty in after}) == len(after)
            change = difference(before, after)
            counts = (len(change.added), len(change.removed), len(change.changed))
            seen[activity.number, offer.key] = (*counts, sum(duty.units for duty in after) - 288)
    assert seen == {
        (1, "por_entidad"): (0, 0, 0, 0),
        (1, "por_dependencia"): (100, 4, 0, 96),
        (2, "por_entidad"): (0, 0, 0, 0),
        (2, "por_dependencia"): (100, 4, 0, 192),
        (6, "4_por_dependencia"): (0, 0, 0, 0),
        (6, "4_en_total"): (1, 25, 0, -96),
        (6, "1_por_evento"): (0, 0, 25, -75),
        (9, "2_por_semestre"): (0, 0, 0, 0),
        (9, "1_por_trimestre"): (4, 2, 0, 0),
        (9, "2_en_total"): (0, 0, 2, -2),
        (14, "1_por_trimestre"): (0, 0, 0, 0),
        (14, "1_final"): (1, 4, 0, -3),
        (18, "1_por_trimestre"): (0, 0, 0, 0),
        (18, "1_final"): (1, 4, 0, -3),
    }


def test_what_has_not_begun_can_be_left_out(narino: Plan) -> None:
    begun = owed(narino, on=date(2022, 2, 1))
    assert {duty.period for duty in of_activity(begun, 4)} == {"2022-02"}
    assert not of_activity(begun, 12)
    assert owed(narino, on=LAST) == owed(narino)


def test_local_days_move_what_is_counted_in_business_days(narino: Plan) -> None:
    plan = replace(narino, holidays=(date(2022, 7, 14), LAST.replace(day=30)))
    assert of_activity(owed(plan), 18)[1].due == date(2022, 7, 18)
    assert of_activity(owed(plan), 21)[1].due == LAST
    assert of_activity(owed(plan), 21)[1].warn == date(2022, 12, 29)


@pytest.mark.parametrize(
    ("target", "schedule", "expected"),
    [
        ("100% de respuestas", "Permanente", [("A01-2017", 100, 1, date(2017, 12, 31), False)]),
        ("1 foro", "19 y 20 de abril", [("A01-2017", 1, 1, date(2017, 4, 20), True)]),
        ("Informes", "2017", [("A01-2017", 1, 1, date(2017, 12, 31), False)]),
        (
            "1 informe cuatrimestral",
            "2017",
            [
                ("A01-2017-C1", 1, 1, date(2017, 4, 30), False),
                ("A01-2017-C2", 1, 1, date(2017, 8, 31), False),
                ("A01-2017-C3", 1, 1, date(2017, 12, 31), False),
            ],
        ),
    ],
)
def test_other_plans(target: str, schedule: str, expected: list[tuple[str, int, int, date, bool]]) -> None:
    duties = owed(plan_of(replace(ROW, target=target, schedule=schedule)))
    assert [(one.code, one.target, one.units, one.due, one.fixed) for one in duties] == expected


def test_one_report_for_each_event_of_the_entity() -> None:
    plan = plan_of(replace(ROW, target="1 acta por cada evento", schedule="2017"))
    days = [date(2017, 5, 2), date(2017, 6, 1)]
    events = [Event(f"e{place}", "gobierno", day) for place, day in enumerate(days)]
    assert [duty.code for duty in owed(plan)] == ["A01-2017"]
    assert [(duty.code, duty.due) for duty in owed(plan, events=events)] == [
        ("A01-2017", days[0]),
        ("A01-2017-E1", days[1]),
    ]


def test_repeated_offices_count_once(narino: Plan) -> None:
    plan = replace(narino, offices=narino.offices * 2)
    assert Counter(duty.code for duty in owed(plan)) == Counter(duty.code for duty in owed(narino))
