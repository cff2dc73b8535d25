"""A list of files of which some are still on their way or never came: each keeps its place, so that the third stays
the third. The files are Attachments as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from conversation.messages import LOST, PENDING
from conversation.texts import Say, Text, _, lines, listed, n_

Files = Sequence[dict[str, Any]]

ORDINALS = (
    _("la primera"), _("la segunda"), _("la tercera"), _("la cuarta"), _("la quinta"), _("la sexta"), _("la séptima"),
    _("la octava"), _("la novena"), _("la décima"), _("la undécima"), _("la duodécima"), _("la decimotercera"),
    _("la decimocuarta"), _("la decimoquinta"), _("la decimosexta"), _("la decimoséptima"), _("la decimoctava"),
    _("la decimonovena"), _("la vigésima"),
)  # fmt: skip


def kept(files: Files) -> list[dict[str, Any]]:
    """Those that are here."""
    return [file for file in files if not file.get("problem")]


def places(files: Files, problem: str) -> list[int]:
    """Where those with this problem stand, from 0."""
    return [place for place, file in enumerate(files) if file.get("problem") == problem]


def nth(among: Sequence[int]) -> Say:
    """ "la tercera", "la segunda, la tercera y la quinta"."""
    *before, last = [ORDINALS[place] if place < len(ORDINALS) else _("la número {n}", n=place + 1) for place in among]
    return _("{these} y {last}", these=listed(before), last=last) if before else last


def standing(files: Files) -> Say:
    """How many are here, and which are not; "" where all are."""
    pending, lost = places(files, PENDING), places(files, LOST)
    counts = {"kept": len(kept(files)), "all": len(files)}
    if pending and lost:
        return _("{kept} de {all} guardadas; todavía recibo {these}. Reenvíe {those}.", these=nth(pending),
                 those=nth(lost), **counts)  # fmt: skip
    if pending:
        return _("{kept} de {all} guardadas; todavía recibo {these}.", these=nth(pending), **counts)
    return _("{kept} de {all} guardadas; reenvíe {these}.", these=nth(lost), **counts) if lost else ""


def waiting(files: Files, optional: bool) -> Say:
    """What to say to who wants to go on while some are not here, which may be `optional`; "" where all are."""
    pending, lost = places(files, PENDING), places(files, LOST)
    if pending:
        tell = _("Todavía recibo {these}; le aviso cuando llegue.", these=nth(pending))
        return lines(tell, _("Si no quiere esperar, escriba: seguir sin ella.")) if optional else tell
    return _("Falta {these}: responda a ese mensaje con el archivo.", these=nth(lost)) if lost else ""


def arrived(files: Files, place: int) -> Text:
    """What to say once the file at this place is here."""
    if len(kept(files)) == len(files):
        return n_("Llegó {which}: ya está.", "Llegó {which}: ya están las {n}.", len(files), which=nth([place]))
    return _("Llegó {which}.", which=nth([place]))
