"""`chasqui invite`: a single-use link for one person, and its QR code."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from bot.commands.opening import Opened, opened, plan_of
from bot.commands.output import say
from bot.commands.refusals import Refusal

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from bot.settings import Settings

# What may be written after --role, and the role it means.
ROLES = {
    "responsable": "officer", "jefe": "head", "jefa": "head", "coordinador": "coordinator",
    "coordinadora": "coordinator", "auditor": "auditor", "auditora": "auditor",
    "administrador": "administrator", "administradora": "administrator",
    "officer": "officer", "head": "head", "coordinator": "coordinator", "administrator": "administrator",
}  # fmt: skip
Code = Annotated[str, typer.Option("--office", help="Código de la dependencia de un responsable o jefe: prensa.")]


def invite(
    name: Annotated[str, typer.Option("--name", help="Nombre y apellido.")],
    role: Annotated[str, typer.Option("--role", help="responsable, jefe, coordinador, auditor o administrador.")],
    code: Code = "",
) -> None:
    """Invita a una persona: muestra un enlace de un solo uso y su código QR. Otra persona confirma su ingreso."""
    from models import audit, invitations
    from models.people import Role

    kind = ROLES.get(role.strip().lower())
    if kind is None:
        raise Refusal(f"«{role}» no es un papel: use responsable, jefe, coordinador, auditor o administrador.")
    if not name.strip():
        raise Refusal("La invitación necesita el nombre de la persona: use --name.")
    if (kind in ("officer", "head")) is not bool(code):
        raise Refusal("Un responsable o un jefe necesita su dependencia (--office); los demás no la llevan.")
    with opened() as office, office.database.begin() as connection:
        office_id = office_of(connection, code) if code else None
        token = invitations.create(connection, name.strip()[:120], Role(kind), office_id, office.now)
        audit.record(connection, office.now, None, "invitation.created", f"role:{kind}", office=code)
        ways = elsewhere(connection, office.settings, token)
    say(f"Invitación para {name.strip()}:")
    show_link(office, token, ways)


def office_of(connection: Connection, code: str) -> int:
    """The office's id. Raises Refusal where there is no such office."""
    from models import offices

    plan_of(connection)
    ids = offices.register(connection, ())
    if code not in ids:
        raise Refusal(f"No hay una dependencia «{code}»: los códigos son {', '.join(sorted(ids))}.")
    return ids[code]


def elsewhere(connection: Connection, settings: Settings, token: str) -> list[str]:
    """The same way in over the other channels there are, a sentence each."""
    from models import installation

    ways = []
    bot = installation.get(connection, installation.TELEGRAM_NAME)
    if bot and settings.telegram_token.get_secret_value():
        ways.append(f"O por Telegram: https://t.me/{bot}?start={token}")
    number = installation.get(connection, installation.WHATSAPP_NUMBER)
    if number and settings.whatsapp_token.get_secret_value():
        # The link writes the message; the person sends it.
        ways.append(f"O por WhatsApp: https://wa.me/{number}?text=/start%20{token}")
    return ways


def show_link(office: Opened, token: str, ways: Sequence[str]) -> None:
    """The link, how long it lasts, its QR code, and the other `ways` in."""
    import segno

    from models.invitations import VALID

    link = f"{office.settings.address}/chat?start={token}"
    ends: datetime = (office.now + VALID).astimezone(office.settings.timezone)
    say(f"\n  {link}\n")
    segno.make(link, micro=False).terminal(border=2, compact=True)
    for way in ways:
        say(f"\n{way}")
    say(f"\nSirve una sola vez, hasta el {ends:%Y-%m-%d} a las {ends:%H:%M}. Entréguela solo a esa persona.")
    if not office.settings.public_url:
        say("El enlace solo abre en este computador: ponga en CHASQUI_PUBLIC_URL la dirección que ven los demás.")
