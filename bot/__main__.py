"""`chasqui`, or `python -m bot`: the command line put together."""

from __future__ import annotations

import typer

from bot.commands import people, plan, readings, whatsapp
from bot.commands.costs import costs
from bot.commands.deliveries import deliveries
from bot.commands.demo import demo
from bot.commands.doctor import doctor
from bot.commands.export import export
from bot.commands.invite import invite
from bot.commands.serve import serve
from bot.commands.simulate import simulate
from bot.commands.spanish import Command, Group
from bot.commands.verify import verify
from bot.commands.why import why

app = typer.Typer(
    cls=Group, no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False,
    help="Chasqui pregunta qué se hizo de un plan público, guarda la prueba y le cuenta a quien debe saber.",
)  # fmt: skip
app.command(cls=Command)(demo)
app.command(cls=Command)(serve)
app.command(cls=Command)(doctor)
app.command(cls=Command)(invite)
app.command(cls=Command)(verify)
app.command(cls=Command)(export)
app.command(cls=Command)(why)
app.command(cls=Command)(deliveries)
app.command(cls=Command)(costs)
app.command(cls=Command)(simulate)
plan.app.command(cls=Command)(readings.readings)
plan.app.command(cls=Command)(readings.decide)
plan.app.command(cls=Command)(readings.event)
app.add_typer(plan.app, name="plan")
app.add_typer(people.app, name="people")
app.add_typer(whatsapp.app, name="whatsapp")


def main() -> None:
    """Run the command line."""
    app(prog_name="chasqui")


if __name__ == "__main__":
    main()
