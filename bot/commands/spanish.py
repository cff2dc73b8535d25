"""Typer in Spanish: help pages, wrong usage, and every expected error as one sentence on stderr with exit code 2."""

from __future__ import annotations

import sys
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup

from bot.commands.refusals import sentence


class _Helped:
    """Help pages in Spanish."""

    def get_help_option(self, ctx: Any) -> Any:
        option = super().get_help_option(ctx)  # type: ignore[misc]
        if option:
            option.help = "Muestra esta ayuda."
        return option

    def format_usage(self, ctx: Any, formatter: Any) -> None:
        formatter.write_usage(ctx.command_path, " ".join(self.collect_usage_pieces(ctx)), prefix="Uso: ")

    def collect_usage_pieces(self, ctx: Any) -> list[str]:
        pieces: list[str] = super().collect_usage_pieces(ctx)  # type: ignore[misc]
        words = {"[OPTIONS]": "[OPCIONES]", "COMMAND [ARGS]...": "ORDEN …"}
        return [words.get(piece, piece) for piece in pieces]

    def format_help(self, ctx: Any, formatter: Any) -> None:
        from typer import rich_utils

        rich_utils.OPTIONS_PANEL_TITLE = "Opciones"
        rich_utils.ARGUMENTS_PANEL_TITLE = "Datos"
        rich_utils.COMMANDS_PANEL_TITLE = "Órdenes"
        rich_utils.REQUIRED_LONG_STRING = "[obligatorio]"
        rich_utils.DEFAULT_STRING = "[si no se dice: {}]"
        super().format_help(ctx, formatter)  # type: ignore[misc]


class Command(_Helped, TyperCommand):
    """One command."""


class Group(_Helped, TyperGroup):
    """A group of commands; the outermost one runs them and says what went wrong."""

    def main(self, *args: Any, **kwargs: Any) -> Any:
        try:
            code = super().main(*args, **{**kwargs, "standalone_mode": False})
        except typer.Abort:
            code = _refused("No se hizo nada.")
        except Exception as error:
            said = _usage(error)
            said = sentence(error) if said is None else said
            if said is None:
                raise
            code = _refused(said)
        sys.exit(code if isinstance(code, int) else 0)


def _refused(said: str) -> int:
    if said:
        typer.echo(said, err=True)
    return 2


def _usage(error: Exception) -> str | None:
    """What is wrong with how the command was written, "" where its help was shown; None if that is not the matter."""
    kinds = {kind.__name__ for kind in type(error).__mro__}
    if "UsageError" not in kinds:
        return None
    wrong: Any = error
    if "NoArgsIsHelpError" in kinds:
        return str(wrong.format_message())
    path = wrong.ctx.command_path if wrong.ctx else "chasqui"
    parameter = getattr(wrong, "param", None)
    if "MissingParameter" in kinds and parameter is not None:
        what = f"Falta {_named(parameter)}"
    elif "BadParameter" in kinds and parameter is not None:
        what = f"El valor de {_named(parameter)} no sirve"
    elif "NoSuchOption" in kinds:
        what = f"No existe la opción {wrong.option_name}"
    elif str(wrong.message).startswith("No such command"):
        what = f"No existe esa orden de {path}"
    else:
        what = "La orden no está bien escrita"
    return f"{what}: vea «{path} --help»."


def _named(parameter: Any) -> str:
    name = parameter.opts[0]
    return str(name) if name.startswith("-") else str(parameter.metavar or name).upper()
