"""`chasqui whatsapp templates …`: the texts that WhatsApp must approve before it lets them knock."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from bot.commands.opening import opened
from bot.commands.output import say, show_table, sure
from bot.commands.refusals import Refusal
from bot.commands.spanish import Command, Group

if TYPE_CHECKING:
    from bot.channels.whatsapp.client import Client, NotDone
    from bot.channels.whatsapp.templates import Standing
    from bot.settings import Settings
    from plans.whatsapp_templates import Wording

T = TypeVar("T")

app = typer.Typer(cls=Group, no_args_is_help=True, help="WhatsApp: los textos que Meta debe aprobar.")
templates = typer.Typer(
    cls=Group, no_args_is_help=True,
    help="Las plantillas: con ellas se le escribe a quien no ha escrito en las últimas 24 horas.",
)  # fmt: skip
app.add_typer(templates, name="templates")

# What each status means, and what to do about it.
STATUSES = {
    "APPROVED": ("aprobada", ""),
    "PENDING": ("en revisión", "Espere: Meta la revisa casi siempre en minutos, a veces en un día."),
    "IN_APPEAL": ("en apelación", "Espere la respuesta de Meta."),
    "REJECTED": ("rechazada", "Corríjala en el administrador de WhatsApp, o aquí con otro nombre."),
    "PAUSED": ("pausada", "Muchas personas se quejaron de ella. Meta la reactiva sola en unas horas."),
    "DISABLED": ("desactivada", "Ya no sirve: escríbala mejor, con otro nombre, y envíela."),
    "MISSING": ("no está", "Envíela con «chasqui whatsapp templates submit»."),
    "MISMATCH": ("no encaja", "En la cuenta tiene otros datos o botones: corríjala allá, o aquí con otro nombre."),
}


@templates.command(cls=Command)
def check() -> None:
    """Compara las plantillas de aquí con las de la cuenta y dice qué hacer."""
    from models import templates as kept

    with opened() as office:
        found = _asked(office.settings, partial(_standings, office.settings))
        with office.database.begin() as connection:
            kept.keep(connection, [one.row for one in found], office.now)
    show_table("", ("Plantilla", "Idioma", "Estado", "Se cobra como", "Qué hacer"), map(_line, found))
    if wrong := sum(not one.fine for one in found):
        say(f"Por arreglar: {wrong} de {len(found)}.")
        raise typer.Exit(1)
    say("Todas están aprobadas y dicen lo mismo que aquí.")


@templates.command(cls=Command)
def submit(yes: Annotated[bool, typer.Option("--yes", help="Aceptar sin preguntar.")] = False) -> None:
    """Envía a Meta las plantillas que faltan en la cuenta, para que las apruebe."""
    from models import templates as kept

    with opened() as office:
        found = _asked(office.settings, partial(_standings, office.settings))
        missing = [one.wording for one in found if one.status == "MISSING"]
        if not missing:
            say("No falta ninguna: «chasqui whatsapp templates check» dice cómo van.")
            return
        for one in missing:
            say(f"{one.name} · {one.language} · {one.category}\n\n{one.body}\n\n{one.footer}\n[{one.button}]\n")
        sure(f"¿Enviarle a Meta {len(missing)} plantillas?", yes)
        made = _asked(office.settings, partial(_created, office.settings, missing))
        with office.database.begin() as connection:
            kept.keep(connection, made, office.now)
    if made:
        say("Meta las revisa en minutos, a veces en un día: «chasqui whatsapp templates check» dice cómo van.")
    if len(made) < len(missing):
        raise typer.Exit(1)


async def _standings(settings: Settings, client: Client) -> list[Standing]:
    from bot.channels.whatsapp import account
    from bot.channels.whatsapp.templates import standings
    from plans.whatsapp_templates import load

    return standings(load(), await account.templates(client, settings.whatsapp_account))


async def _created(settings: Settings, missing: list[Wording], client: Client) -> list[tuple[str, str, str, str]]:
    """What the account made, as the database keeps it; the others are told of."""
    from bot.channels.whatsapp import account
    from bot.channels.whatsapp.client import NotDone

    made = []
    for one in missing:
        try:
            status, category = await account.create(client, settings.whatsapp_account, one)
        except NotDone as error:
            say(f"{one.name} ({one.language}): {_cause(settings, error)}")
        else:
            say(f"{one.name} ({one.language}): {_meaning(status)[0]}.")
            made.append((one.name, one.language, status, category))
    return made


def _asked(settings: Settings, ask: Callable[[Client], Awaitable[T]]) -> T:
    """What the account answers. Raises Refusal."""
    from bot.channels.whatsapp.client import Client, NotDone

    token = settings.whatsapp_token.get_secret_value()
    for name, value in (("TOKEN", token), ("ACCOUNT", settings.whatsapp_account)):
        if not value:
            raise Refusal(f"Falta CHASQUI_WHATSAPP_{name}: docs/whatsapp.md dice de dónde sale.")

    async def answered() -> T:
        client = Client(token, settings.whatsapp_phone, settings.whatsapp_api)
        await client.open()
        try:
            return await ask(client)
        finally:
            await client.close()

    try:
        return asyncio.run(answered())
    except NotDone as error:
        raise Refusal(_cause(settings, error)) from None


def _cause(settings: Settings, error: NotDone) -> str:
    """What went wrong, and what to do."""
    from bot.channels.whatsapp import results

    match error.found:
        case results.Halted(reason):
            # Only its number: what is said of a token may repeat it.
            return (
                f"Meta no acepta la clave para esa cuenta (error {reason.partition(':')[0]}): revise "
                "CHASQUI_WHATSAPP_TOKEN, sus permisos y CHASQUI_WHATSAPP_ACCOUNT."
            )
        case results.Later():
            return "Meta pide esperar: vuelva a intentarlo en unos minutos."
        case results.Failed(reason) | results.Unknown(reason):
            return (
                f"{settings.whatsapp_api} no respondió bien ({reason}): revise la salida a internet y repita la orden."
            )
        case other:
            return f"Meta no lo recibió ({getattr(other, 'reason', other)}): corríjalo y repita la orden."


def _line(one: Standing) -> tuple[str, str, str, str, str]:
    meaning, remedy = _meaning(one.status)
    told = [remedy]
    if one.why:
        told.append(f"Motivo: {one.why}.")
    if one.status != "MISSING" and one.category != one.wording.category:
        told.append(
            f"Meta no la ve como {one.wording.category}: pida revisión allá, o acepte el precio y cámbiela aquí."
        )
    if one.differs and one.status != "MISMATCH":
        told.append("El texto de la cuenta es otro: iguálelos.")
    category = "" if one.status == "MISSING" else one.category
    return one.wording.name, one.wording.language, meaning, category, " ".join(part for part in told if part)


def _meaning(status: str) -> tuple[str, str]:
    return STATUSES.get(status, (status.lower(), "Revísela en el administrador de WhatsApp."))
