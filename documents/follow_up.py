"""The follow-up of Internal Control at a cut-off: its header, its eight columns, its bands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from documents.paper import BOTH, Bar, Column, Paper, Share, Table, at, counted, on, some
from models import cut_off
from models.cut_off import Account, Standing, total
from models.figures import NOTHING, Counts
from models.wanted import Read, Wanted, published_by
from plans.terms import Activity, Plan

# Accounts told of an activity, and letters of each.
ACCOUNTS, LETTERS = 3, 180
COLUMNS = (
    Column("Subcomponente / proceso", 24), Column("Actividades programadas", 34), Column("Actividades realizadas", 36),
    Column("Meta / producto", 22), Column("Responsable", 18), Column("Fecha programada", 14),
    Column("oficial (verificado)", 15, "% de avance"), Column("provisional (reportado)", 15, "% de avance"),
    Column("Observaciones", 28),
)  # fmt: skip
SUMMARY = (
    Column("Subcomponente", 50), Column("Entregables del año", 12), Column("Meta a la fecha", 12),
    Column("Reportados", 12), Column("Verificados", 12), Column("oficial (verificado)", 14, "% de avance"),
    Column("provisional (reportado)", 14, "% de avance"),
)  # fmt: skip


def follow_up(read: Read, wanted: Wanted) -> Paper:
    """`wanted.period` is the day of the cut-off."""
    kept = read(wanted.plan_of)
    cut = wanted.cut(kept.id)
    standings = read(lambda connection: cut_off.standings(connection, cut))
    accounts = read(lambda connection: cut_off.newest_accounts(connection, cut, ACCOUNTS))
    plan, cutoff = kept.plan, wanted.span.end
    number = next((at_ for at_, day in enumerate(plan.cutoffs, 1) if day == cutoff), 0)
    whole, last = total(standings, cutoff), published_by(kept, cutoff)
    return Paper(
        f"Seguimiento al plan, corte del {on(cutoff)}",
        plan.entity,
        (
            ("Entidad", plan.entity), ("Vigencia", str(plan.year)), ("Fecha de publicación", on(wanted.as_of.date())),
            ("Componente", plan.component or plan.title), ("Seguimiento n.º", str(number) if number else "intermedio"),
            ("Fecha de corte", on(cutoff)),
        ),
        (
            Table(
                "Seguimiento", "", COLUMNS,
                [_row(activity, standings, accounts, wanted) for activity in plan.activities],
                note=f"A la fecha de corte: {shares(whole)}.",
            ),
            summary(plan, standings, wanted),
        ),
        (
            *BOTH,
            f"Cuenta lo que llegó hasta el {on(cutoff)}, con las revisiones hechas hasta el {at(wanted.as_of)}.",
            f"El plazo para publicarlo, diez días hábiles después del corte, va hasta el {on(last)}.",
        ),
        wanted.as_of,
        bars(plan, standings, wanted),
    )  # fmt: skip


def summary(plan: Plan, standings: Sequence[Standing], wanted: Wanted) -> Table:
    """Each subcomponent and all of them, on a day."""
    parts = by_subcomponent(plan, standings, wanted)
    rows = [(label, *figures(counts)) for label, counts in parts.items()]
    whole = sum(parts.values(), NOTHING)
    return Table(
        "Resumen", "Resumen por subcomponente", SUMMARY, [*rows, ("Todo el plan", *figures(whole))], total=True
    )


def bars(plan: Plan, standings: Sequence[Standing], wanted: Wanted) -> tuple[Bar, ...]:
    """A bar for each subcomponent."""
    return tuple(Bar(label, counts) for label, counts in by_subcomponent(plan, standings, wanted).items())


def by_subcomponent(plan: Plan, standings: Sequence[Standing], wanted: Wanted) -> Mapping[str, Counts]:
    """Their counts by "1. Informar avances…", in their order."""
    labels = {one.number: _block(one) for one in plan.activities}
    parts = dict.fromkeys(labels.values(), NOTHING)
    for one in standings:
        parts[labels[one.number]] += one.known.counts(wanted.day)
    return parts


def figures(counts: Counts) -> tuple[int, int, int, int, Share, Share]:
    """Units of the year, due, reported, verified; both shares of what is due."""
    return (
        counts.units, counts.due, counts.done, counts.verified,
        Share(counts.verified_due, counts.due), Share(counts.done_due, counts.due),
    )  # fmt: skip


def shares(counts: Counts) -> str:
    """ "oficial 50 % · baja (4 de 8); provisional 75 % · media (6 de 8)"."""
    official, provisional = Share(counts.verified_due, counts.due), Share(counts.done_due, counts.due)
    return (
        f"oficial {official.words} ({counts.verified_due} de {counts.due}); "
        f"provisional {provisional.words} ({counts.done_due} de {counts.due})"
    )


def _block(activity: Activity) -> str:
    return f"{activity.subcomponent}. {activity.subcomponent_title}"


def _row(
    activity: Activity, standings: Sequence[Standing], accounts: Sequence[Account], wanted: Wanted
) -> tuple[str | Share, ...]:
    mine = [one for one in standings if one.number == activity.number]
    counts = total(mine, wanted.day)
    told = [one for one in accounts if one.number == activity.number]
    return (
        _block(activity), f"{activity.label or activity.number}. {activity.text}", _done(counts, told),
        activity.target_text, activity.responsible_text, activity.schedule_text,
        Share(counts.verified_due, counts.due), Share(counts.done_due, counts.due), _remarks(mine, counts, wanted),
    )  # fmt: skip


def _done(counts: Counts, told: Sequence[Account]) -> str:
    head = (
        f"Del año: {counts.done} de {counted(counts.units, 'entregable reportado', 'entregables reportados')}, "
        f"{counted(counts.verified, 'verificado', 'verificados')}."
    )
    lines = [f"{one.done_on.isoformat()}, {one.office or 'la entidad'}: {_short(one.account)}" for one in told]
    return "\n".join((head, *lines))


def _short(account: str) -> str:
    line = " ".join(account.split())
    return line if len(line) <= LETTERS else line[: LETTERS - 1].rstrip() + "…"


def _remarks(mine: Sequence[Standing], counts: Counts, wanted: Wanted) -> str:
    late = counts.due - counts.done_due
    whose = sorted({one.whose or "la entidad" for one in mine if one.due <= wanted.day and one.missing})
    waiting = counts.done - counts.verified
    told = [
        f"Vencidos sin reportar: {late} ({some(whose)})." if late else "",
        f"Por verificar: {waiting}." if waiting else "",
        f"Criterio provisional: {counts.provisional} de {counts.units} pueden cambiar cuando se decida cómo se "
        "cuentan." if counts.provisional else "",
        "Todavía no vence ningún entregable." if not counts.due else "",
    ]  # fmt: skip
    return "\n".join(part for part in told if part)
