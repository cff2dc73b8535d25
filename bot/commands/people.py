"""`chasqui people …`: who works on the plan, and what happens when they come, move, leave or lose their phone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from bot.commands.invite import Code, elsewhere, office_of, show_link
from bot.commands.opening import opened
from bot.commands.output import say, show_table, sure
from bot.commands.refusals import Refusal
from bot.commands.spanish import Command, Group

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection

    from conversation.texts import Say
    from models.roster import Worker

app = typer.Typer(cls=Group, invoke_without_command=True, help="Las personas del plan. Sin más palabras, las muestra.")

SPANISH = {
    "officer": "responsable", "head": "jefe", "coordinator": "coordinación", "auditor": "control interno",
    "administrator": "administración",
}  # fmt: skip
Id = Annotated[int, typer.Argument(help="Número de la persona, como lo muestra «chasqui people».", metavar="ID")]
Yes = Annotated[bool, typer.Option("--yes", help="Aceptar sin preguntar.")]


@app.callback()
def people(context: typer.Context) -> None:
    """Muestra las personas cuando no se pide otra cosa."""
    if context.invoked_subcommand is None:
        list_()


@app.command("list", cls=Command)
def list_() -> None:
    """Muestra quién trabaja en el plan, sin teléfonos ni cuentas."""
    from models import invitations, roster

    with opened() as office, office.database.begin() as connection:
        working, waiting = roster.workers(connection), invitations.waiting(connection)
        others = roster.citizens(connection)
    rows = [
        (
            str(one.id), one.name, ", ".join(SPANISH[role] for role in one.roles), ", ".join(one.offices),
            "" if one.reachable else "sin teléfono",
        )
        for one in working
    ]  # fmt: skip
    rows += [(str(one.person_id), one.name, SPANISH[one.role], one.office, "espera que lo admitan") for one in waiting]
    show_table("", ("ID", "Nombre", "Papel", "Dependencia", "Estado"), rows)
    say(f"Además, {others} de la ciudadanía.")


@app.command(cls=Command)
def admit(person: Id) -> None:
    """Admite a la primera persona que coordina o administra. A las demás las admite ella desde el chat."""
    from conversation.texts import _
    from handlers.coordinator.admission import charge
    from models import audit, invitations, roster
    from models.people import RUN

    with opened() as office, office.database.begin() as connection:
        invited = next((one for one in invitations.waiting(connection) if one.person_id == person), None)
        if invited is None:
            raise Refusal(f"La persona {person} no espera que la admitan: «chasqui people» muestra quién espera.")
        able = [one.name for one in roster.workers(connection) if one.may(RUN) and one.reachable]
        if able:
            raise Refusal(f"A {invited.name} la admite desde el chat quien coordina: {', '.join(able)}.")
        if invited.role not in RUN:
            raise Refusal(f"Primero debe entrar quien coordine el plan; {invited.name} no lo hará.")
        invitations.decide(connection, invited, accept=True, by=None, now=office.now)
        audit.record(connection, office.now, None, "invitation.confirmed", f"invitation:{invited.id}")
        told = _("Ya puede entrar, {name}: {charge}.", name=invited.name, charge=charge(invited))
        _tell(connection, f"admitted:{invited.id}", person, told, office.now)
    say(f"Listo: {invited.name} ya puede entrar.")


@app.command(cls=Command)
def leave(person: Id, yes: Yes = False) -> None:
    """Retira a una persona del plan. Lo que reportó se conserva."""
    from models import audit, roster
    from models import people as kept
    from models.people import RUN

    with opened() as office:
        with office.database.begin() as connection:
            worker = _worker(connection, person)
        sure(f"¿Retirar del plan a {worker.name}?", yes)
        with office.database.begin() as connection:
            kept.leave(connection, person, office.now)
            audit.record(
                connection, office.now, None, "membership.ended", f"person:{person}", roles=sorted(worker.roles)
            )
            left = [one for one in roster.workers(connection) if one.may(RUN)]
    say(f"Listo: {worker.name} ya no está en el plan.")
    if not left:
        say("Nadie coordina el plan ahora: invite a alguien con «chasqui invite».")


@app.command(cls=Command)
def move(person: Id, code: Code) -> None:
    """Pasa a un responsable a otra dependencia; deja de reportar por la anterior."""
    from conversation.texts import _
    from models import audit
    from models import people as kept
    from models.people import Role

    with opened() as office, office.database.begin() as connection:
        worker = _worker(connection, person)
        if Role.OFFICER not in worker.roles:
            raise Refusal(f"{worker.name} no reporta por ninguna dependencia: invítela como responsable.")
        kept.move(connection, person, office_of(connection, code), office.now)
        audit.record(
            connection, office.now, None, "membership.moved", f"person:{person}", offices=worker.offices, to=code
        )
        told = _("Desde hoy usted reporta por otra dependencia. Escriba /pendientes para ver qué debe.")
        _tell(connection, f"moved:{person}:{office.now.isoformat()}", person, told, office.now)
    say(f"Listo: {worker.name} reporta ahora por «{code}».")


@app.command("lost-phone", cls=Command)
def lost_phone(person: Id, yes: Yes = False) -> None:
    """Deja de escribir al teléfono perdido de una persona y muestra una invitación para el nuevo."""
    from models import audit, invitations
    from models import people as kept

    with opened() as office:
        with office.database.begin() as connection:
            worker = _worker(connection, person)
        sure(f"¿Dejar de escribir al teléfono de {worker.name}?", yes)
        with office.database.begin() as connection:
            office_id = office_of(connection, worker.offices[0]) if worker.offices else None
            kept.drop_contact(connection, person, office.now)
            token = invitations.create(connection, worker.name, worker.roles[0], office_id, office.now, person)
            audit.record(connection, office.now, None, "contact.ended", f"person:{person}")
            ways = elsewhere(connection, office.settings, token)
        say(f"El teléfono anterior de {worker.name} ya no recibe ni envía nada. Para el nuevo:")
        show_link(office, token, ways)


def _worker(connection: Connection, person: int) -> Worker:
    """The person who works on the plan. Raises Refusal."""
    from models import roster

    for one in roster.workers(connection):
        if one.id == person:
            return one
    raise Refusal(f"Nadie con el número {person} trabaja en el plan: «chasqui people» muestra los números.")


def _tell(connection: Connection, key: str, person: int, text: Say, now: datetime) -> None:
    """Leave a message for a person, wherever they are reached; the server delivers it."""
    import locales
    from conversation.texts import render
    from models import deliveries
    from models import people as kept

    languages = locales.load()
    rows: list[dict[str, object]] = [
        {
            "dedupe_key": f"{key}:{person}", "person_id": person, "channel": to.channel,
            "address": to.address, "kind": "notice", "created_at": now, "buttons": [], "picture": None, "wants": "",
            "text": render(text, languages.get(to.language, languages["es"])),
        }
        for to in kept.reached(connection, people=[person])
    ]  # fmt: skip
    if rows:
        deliveries.add(connection, rows)
