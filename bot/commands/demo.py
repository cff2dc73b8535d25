"""`chasqui demo`: three phones on a page, over invented people and some months of reports."""

from __future__ import annotations

import shutil
import socket
import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.commands.output import say
from bot.commands.refusals import Refusal

if TYPE_CHECKING:
    from pydantic import SecretStr
    from sqlalchemy import Connection

HOST = "127.0.0.1"
# The key of the bot at the emulator of Telegram, which knows no other; what the one of WhatsApp knows by itself.
BOT = "7:emulated"
NUMBER = {
    "whatsapp_token": "EAAemulated", "whatsapp_phone": "106540352242922", "whatsapp_account": "102290129340398",
    "whatsapp_secret": "emulated-secret", "whatsapp_verify": "emulated-word",
}  # fmt: skip
FOLDER = Path("var", "demo")


def demo(
    reset: Annotated[bool, typer.Option("--reset", help="Borrar la demostración y empezar otra vez.")] = False,
    port: Annotated[int, typer.Option("--port", min=1, max=65535, help="Puerto de la página.")] = 8000,
    telegram: Annotated[str, typer.Option("--telegram", help="Dirección de un Telegram emulado.")] = "",
    whatsapp: Annotated[str, typer.Option("--whatsapp", help="Dirección de un WhatsApp emulado.")] = "",
) -> None:
    """Muestra Chasqui con el plan de Nariño, personas inventadas y unos meses de avances. No necesita cuentas."""
    _free(port)
    from pydantic import SecretStr

    from bot import clock
    from bot.app import build
    from bot.demo import history
    from bot.serving import serve
    from bot.settings import Settings
    from models import migrations
    from models.database import Database

    if reset and FOLDER.exists():
        shutil.rmtree(FOLDER)
    FOLDER.mkdir(parents=True, exist_ok=True)
    # Nothing of .env or the environment: a demonstration must never touch the real thing.
    settings = Settings.model_construct(
        database_url=f"sqlite:///{FOLDER / 'chasqui.db'}", evidence_dir=FOLDER / "evidence", host=HOST, port=port,
        log_level="WARNING", telegram_token=SecretStr(BOT if telegram else ""), telegram_api=telegram,
        whatsapp_api=f"{whatsapp}/v25.0", **_number(SecretStr) if whatsapp else {},
    )  # fmt: skip
    database = Database(settings.database_url)
    try:
        migrations.upgrade(database.engine)
        with database.begin() as connection:
            begun = history.begun(connection)
        if not begun:
            history.seed(database, settings, _progress)
        with database.begin() as connection:
            time = clock.kept(connection)
            phones = {"Telegram": telegram, "WhatsApp": whatsapp}
            entry = "".join(_entry(connection, *phone, time.now()) for phone in phones.items() if phone[1])
        ready = (
            f"Chasqui está en {settings.address}/demo\n"
            f"Los datos están en {FOLDER.resolve()}; --reset (o make demo RESET=1) empieza otra vez.\n"
            f"{entry}Para terminar: Ctrl-C."
        )
        serve(build(settings, database, time, demo=True), HOST, port, settings.log_level, lambda: say(ready))
    finally:
        database.close()


def _number(secret: type[SecretStr]) -> dict[str, Any]:
    """The settings that the emulated number needs."""
    return {name: value if name.endswith(("phone", "account")) else secret(value) for name, value in NUMBER.items()}


def _entry(connection: Connection, platform: str, address: str, now: datetime) -> str:
    """A way in for the newcomer's emulated phone: an invitation the coordinator's phone on the page must confirm."""
    from models import invitations, offices
    from models.people import Role

    office = offices.register(connection, ())["cultura"]
    token = invitations.create(connection, f"Visitante de {platform}", Role.OFFICER, office, now)
    start = token if platform == "Telegram" else f"/start%20{token}"
    return (
        f"{platform} emulado: abra {address}/?start={start}, acepte, y admita a «Visitante de {platform}» "
        "desde el teléfono de la coordinadora.\n"
    )


def _free(port: int) -> None:
    """Before anything is made: is the port to be had? Raises Refusal."""
    try:
        socket.create_server((HOST, port)).close()
    except PermissionError:
        raise Refusal(f"Este usuario no puede usar el puerto {port}: pruebe con PORT=8001.") from None
    except OSError:
        other = 8001 if port != 8001 else 8002
        raise Refusal(f"El puerto {port} está ocupado: pruebe con «make demo PORT={other}».") from None


def _progress(done: int, of: int) -> None:
    """One line that counts, or where nobody watches just one line."""
    if sys.stderr.isatty():
        typer.echo(f"\rPreparando la demostración… {done} de {of}", err=True, nl=done == of)
    elif done == of:
        typer.echo(f"Preparada la demostración: {of} pasos.", err=True)
