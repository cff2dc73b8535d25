"""`chasqui plan readings`, `decide` and `event`."""

from __future__ import annotations

from sqlalchemy import select

from bot.commands.opening import opened, plan_of
from models.plan import Decision
from plans.obligations import owed
from tests.bot.commands.conftest import Run

WHY = ("--by", "Comité de Rendición de Cuentas", "--reason", "Acta 3 de 2022")


def units() -> int:
    """What the plan counts now."""
    with opened() as office, office.database.begin() as connection:
        return sum(duty.units for duty in plan_of(connection).owed)


def test_readings_say_what_each_option_would_change(imported: Run) -> None:
    shown = imported("plan", "readings").stdout
    assert "Publicar informes de gestión antes del diálogo (criterio provisional)" in shown
    assert "4_en_total" in shown
    assert "+1 −25" in shown


def test_a_decision_is_shown_first_and_kept_with_who_and_why(imported: Run) -> None:
    before = units()
    refused = imported("plan", "decide", "6", "4_en_total", *WHY, answer="n\n")
    assert refused.exit_code == 2
    assert "Retira 25 entregables: A06-2022-DESPACHO" in refused.stdout
    assert units() == before == 288
    assert imported("plan", "decide", "6", "4_en_total", *WHY, "--yes").exit_code == 0
    assert units() == 192
    assert "antes del diálogo (decidido)" in imported("plan", "readings").stdout
    with opened() as office, office.database.begin() as connection:
        kept = connection.execute(select(Decision.number, Decision.choice, Decision.decided_by, Decision.reason)).all()
        assert [tuple(row) for row in kept] == [(6, "4_en_total", WHY[1], WHY[3])]


def test_what_cannot_be_decided_is_one_sentence(imported: Run) -> None:
    for words, said in (
        (("99", "x", *WHY), "La fila 99 no tiene lecturas"),
        (("6", "todo", *WHY), "4_por_dependencia, 4_en_total, 1_por_evento"),
        (("6", "4_en_total", "--by", " ", "--reason", "x"), "--by"),
        (("6", "4_en_total", *WHY, "--plan", "otro"), "No hay un plan «otro»"),
    ):
        done = imported("plan", "decide", *words, "--yes")
        assert done.exit_code == 2
        assert said in done.stderr
        assert len(done.stderr.splitlines()) == 1
    assert units() == 288


def test_an_event_dates_what_is_planned_and_a_second_one_adds(imported: Run) -> None:
    event = ("plan", "event", "--office", "agricultura", "--title", "Mesa de diálogo", "--date")
    first = imported(*event, "2022-04-08")
    assert "Con fecha: A15-2022-AGRICULTURA, 1 publicación, vence el 2022-05-03." in first.stdout
    second = imported(*event, "2022-12-12")
    assert "Nuevo: A15-2022-AGRICULTURA-E0002, 1 publicación, vence el 2023-01-02." in second.stdout
    with opened() as office, office.database.begin() as connection:
        plan = plan_of(connection)
        assert len(plan.owed) == len(owed(plan.plan)) + 1


def test_an_event_needs_a_real_day_and_office(imported: Run) -> None:
    wrong_day = imported("plan", "event", "--date", "8/4/2022", "--title", "Mesa")
    assert (wrong_day.exit_code, "2022-05-20" in wrong_day.stderr) == (2, True)
    nowhere = imported("plan", "event", "--date", "2022-04-08", "--title", "Mesa", "--office", "minas")
    assert (nowhere.exit_code, "No hay una dependencia «minas»" in nowhere.stderr) == (2, True)
    unconcerned = imported("plan", "event", "--date", "2023-04-08", "--title", "Mesa", "--office", "prensa")
    assert "Ninguna actividad" in unconcerned.stdout
