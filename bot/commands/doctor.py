"""`chasqui doctor`: what is configured, reachable or missing, and how to mend it."""

from __future__ import annotations

import os
import shutil
import socket
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import typer

from bot.commands import platforms
from bot.commands.output import say, show_table
from bot.commands.refusals import sentence

if TYPE_CHECKING:
    from bot.settings import Settings

OLDEST = (3, 11)
# Less than this is worth a word: a day of photos from every office fits.
LITTLE = 2_000_000_000


@dataclass(frozen=True, slots=True)
class Check:
    """One line. `state`: fine, broken so that Chasqui cannot work, or worth knowing."""

    what: str
    state: Literal["✓", "✗", "–"]
    remedy: str = ""


def doctor() -> None:
    """Revisa qué está configurado, qué falta y cómo arreglarlo."""
    checks = list(_all())
    show_table("", ("Qué", "", "Qué hacer"), [(check.what, check.state, check.remedy) for check in checks])
    broken = sum(check.state == "✗" for check in checks)
    if broken:
        say(f"Por arreglar: {broken}.")
        raise typer.Exit(1)
    say("Todo lo esencial está bien.")


def _all() -> Iterator[Check]:
    from bot import settings

    version = ".".join(map(str, sys.version_info[:3]))
    yield Check(f"Python {version}", "✓" if sys.version_info >= OLDEST else "✗", "")
    if Path(".env").is_file():
        yield Check("Archivo .env", "✓")
    else:
        yield Check("Archivo .env", "–", "No está: vale lo de fábrica. Para cambiarlo, copie .env.example como .env.")
    try:
        read = settings.load()
    except settings.Misconfigured as error:
        yield Check("Configuración", "✗", str(error))
        return
    yield Check("Configuración", "✓")
    yield from _database(read)
    yield _evidence(read.evidence_dir)
    yield _public(read)
    yield Check(*platforms.telegram(read))
    yield Check(*platforms.whatsapp(read))
    yield _port(read)
    yield Check("Chromium", "–", "No hace falta: solo lo usan las pruebas.")


def _database(read: Settings) -> Iterator[Check]:
    """Reachable, migrated, with a plan and somebody who runs it. A file that is not there is not made."""
    from models import migrations, outbox, planning, roster
    from models.database import Database
    from models.people import RUN

    what, prepare = "Base de datos", "«chasqui plan import ARCHIVO» la prepara."
    path = read.database_url.removeprefix("sqlite:///")
    if path != read.database_url and not Path(path).is_file():
        yield Check(what, "✗", f"Todavía no existe {path}: {prepare}")
        return
    database = Database(read.database_url)
    try:
        if not migrations.is_current(database.engine):
            yield Check(what, "✗", f"Le faltan tablas o cambios: {prepare}")
            return
        yield Check(f"{what} ({'SQLite' if database.sqlite else 'PostgreSQL'})", "✓")
        with database.begin() as connection:
            plans, people = planning.slugs(connection), roster.workers(connection)
            unsettled = outbox.unsettled(connection)
    except Exception as error:
        remedy = sentence(error)
        if remedy is None:
            raise
        yield Check(what, "✗", remedy)
        return
    finally:
        database.close()
    if unsettled.get("unknown"):
        remedy = "Pudieron llegar o no, y no se repiten: cuáles, con «chasqui deliveries --state unknown»."
        yield Check(f"Mensajes sin saber si llegaron: {unsettled['unknown']}", "–", remedy)
    if unsettled.get("failed"):
        remedy = "La plataforma no los recibió: cuáles, con «chasqui deliveries --state failed»."
        yield Check(f"Mensajes que no se pudieron enviar: {unsettled['failed']}", "–", remedy)
    if plans:
        yield Check(f"Plan ({', '.join(plans)})", "✓")
    else:
        yield Check("Plan", "✗", "Impórtelo con «chasqui plan import ARCHIVO».")
    runs = [one for one in people if one.may(RUN)]
    if any(one.reachable for one in runs):
        yield Check("Alguien coordina el plan", "✓")
    elif runs:
        yield Check("Alguien coordina el plan", "✗", f"Sin teléfono: «chasqui people lost-phone {runs[0].id}».")
    else:
        remedy = "Invite con «chasqui invite --name NOMBRE --role coordinador» y luego «chasqui people admit ID»."
        yield Check("Alguien coordina el plan", "✗", remedy)


def _evidence(folder: Path) -> Check:
    what = "Carpeta de evidencias"
    there = next(path for path in (folder.absolute(), *folder.absolute().parents) if path.exists())
    if not there.is_dir() or not os.access(there, os.W_OK | os.X_OK):
        return Check(what, "✗", f"No se puede escribir en {there}: cambie sus permisos o CHASQUI_EVIDENCE_DIR.")
    free = shutil.disk_usage(there).free
    if free < LITTLE:
        return Check(what, "–", f"Quedan {free // 1_000_000} MB en el disco: libere espacio.")
    return Check(f"{what} ({free // 1_000_000_000} GB libres)", "✓")


def _public(read: Settings) -> Check:
    what = "Dirección pública"
    if read.public_url.startswith("https://"):
        return Check(f"{what} ({read.public_url})", "✓")
    if read.public_url:
        return Check(what, "–", "No es https: los mensajes viajan sin cifrar. Ponga un certificado.")
    return Check(what, "–", "Solo abre en este computador: ponga CHASQUI_PUBLIC_URL.")


def _port(read: Settings) -> Check:
    what = f"Puerto {read.port}"
    try:
        family = socket.getaddrinfo(read.host, read.port, type=socket.SOCK_STREAM)[0][0]
        socket.create_server((read.host, read.port), family=family).close()
    except OSError:
        return Check(what, "–", "No está libre: ya corre Chasqui, o elija otro con CHASQUI_PORT.")
    return Check(what, "✓")
