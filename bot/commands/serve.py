"""`chasqui serve`: the real thing, as set in .env."""

from __future__ import annotations

from bot.commands.output import say


def serve() -> None:
    """Pone Chasqui a funcionar con lo que dice el archivo .env. Ctrl-C termina."""
    from bot import clock, settings
    from bot.app import build
    from bot.serving import serve as run
    from models import installation, migrations, planning
    from models.database import Database

    read = settings.whole(settings.load())
    read.evidence_dir.mkdir(parents=True, exist_ok=True)
    database = Database(read.database_url)
    try:
        migrations.upgrade(database.engine)
        with database.begin() as connection:
            time, plans = clock.kept(connection), planning.slugs(connection)
            installation.put(connection, installation.ADDRESS, read.address)
        if not plans:
            say("Todavía no hay un plan: impórtelo con «chasqui plan import ARCHIVO».")
        ready = f"Chasqui está en {read.address}/chat (Ctrl-C para terminar)."
        run(build(read, database, time), read.host, read.port, read.log_level, lambda: say(ready))
    finally:
        database.close()
