"""`chasqui verify`: is every file of evidence there, and still what it was?"""

from __future__ import annotations

import typer

from bot.commands.opening import opened
from bot.commands.output import say


def verify() -> None:
    """Vuelve a calcular la huella de cada archivo de evidencia. Dice cuáles faltan o cambiaron."""
    from models import custody
    from models.vault import Vault

    with opened() as office:
        with office.database.begin() as connection:
            files = custody.files(connection)
        vault = Vault(office.settings.evidence_dir)
        wrong = 0
        for file in files:
            if not vault.verify(file.sha256):
                wrong += 1
                say(f"{'ALTERADO' if file.sha256 in vault else 'FALTA'}  {file.folio}  {file.sha256}")
    if wrong:
        say(f"No están como se recibieron: {wrong} de {len(files)} archivos.")
        raise typer.Exit(1)
    say(f"Archivos revisados: {len(files)}. Todos están como se recibieron.")
