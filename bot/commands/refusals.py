"""Every error that can be expected, as one sentence that says what to do."""

from __future__ import annotations

import errno
import sys
from typing import Any

FULL = (errno.ENOSPC, errno.EDQUOT)
LOCKED = (errno.EACCES, errno.EPERM, errno.EROFS)


class Refusal(Exception):
    """The command cannot go on; the message is one sentence for whoever typed it."""


def sentence(error: Exception) -> str | None:
    """What to tell about an error; None for one that nobody expected, which deserves its traceback."""
    if isinstance(error, Refusal | _loaded("plans.terms", "PlanError") | _loaded("bot.settings", "Misconfigured")):
        return str(error)
    if isinstance(error, _loaded("models.vault", "NoSpace")):
        return _system(OSError(errno.ENOSPC, ""))
    if isinstance(error, _loaded("sqlalchemy.exc", "SQLAlchemyError")):
        return _database(error)
    return _system(error) if isinstance(error, OSError) else None


def _loaded(module: str, name: str) -> Any:
    """A class of a module that may be slow to import: an error of it can only come once it is loaded."""
    return getattr(sys.modules.get(module), name, Refusal)


def _database(error: Any) -> str | None:
    said = str(getattr(error, "orig", error)).lower()
    if "full" in said or "no space" in said or "disk i/o" in said:
        return _system(OSError(errno.ENOSPC, ""))
    if "readonly" in said or "read-only" in said:
        return "La base de datos es de solo lectura: revise los permisos del archivo y de su carpeta."
    if "no such table" in said or "undefinedtable" in said or "does not exist" in said:
        return "A la base de datos le faltan tablas: créelas con «chasqui plan import»."
    if type(error).__name__ in ("OperationalError", "DatabaseError", "InterfaceError", "TimeoutError"):
        return "No se puede usar la base de datos: revise que esté encendida y la dirección en CHASQUI_DATABASE_URL."
    return None


def _system(error: OSError) -> str | None:
    where = f" «{error.filename}»" if error.filename else ""
    if error.errno in FULL:
        return "No queda espacio en el disco: libere un poco y vuelva a intentarlo."
    if error.errno in LOCKED:
        return f"No hay permiso para escribir en{where or ' esa carpeta'}: use otra carpeta o cambie sus permisos."
    if error.errno == errno.EADDRINUSE:
        return "El puerto está ocupado: pruebe con otro, por ejemplo PORT=8001."
    if isinstance(error, FileNotFoundError | NotADirectoryError | IsADirectoryError | FileExistsError):
        return f"No se puede usar{where or ' ese archivo'}: revise que exista y que sea lo que se espera."
    return None
