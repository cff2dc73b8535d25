"""What a format says, in pieces that a spreadsheet and a printed page both show.

Formats are papers of the entity: they are in Spanish, whoever asks for them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from conversation.texts import SOURCE, Say, render
from models.figures import Band, Counts

MONTHS = ("enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre",
          "noviembre", "diciembre")  # fmt: skip
# What is said wherever both kinds of figures stand.
BOTH = (
    "Oficial: entregables con avances verificados por una persona distinta de quien los reportó.",
    "Provisional: todo lo reportado, también lo que está por verificar.",
    "El porcentaje compara lo hecho con la meta a la fecha: lo que vence hasta ese día.",
    "Se califica sin redondear (baja: menos de 60; media: desde 60; alta: desde 80) y se muestra sin decimales.",
)


@dataclass(frozen=True, slots=True)
class Share:
    """A part of a whole, shown as a per cent, floored, with the class of the unrounded one. Of 0: nothing is due."""

    done: int
    of: int

    @property
    def counts(self) -> Counts:
        """The same as figures have it."""
        return Counts(self.of, self.done, 0, self.of, self.done, 0)

    @property
    def band(self) -> Band | None:
        """Its class."""
        return self.counts.band

    @property
    def percent(self) -> int | None:
        """Floored."""
        return self.counts.to_date

    @property
    def words(self) -> str:
        """ "66 % · media"."""
        band = self.band
        return f"{self.percent} % · {said(band.word)}" if band else "aún no vence"


Cell = str | int | Share


@dataclass(frozen=True, slots=True)
class Column:
    """`width` in letters; `group`: a heading it shares with its neighbours."""

    label: str
    width: int
    group: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """`name` is short (a sheet's); `total`: the last row sums the others; `note`: what its reader must know."""

    name: str
    title: str
    columns: tuple[Column, ...]
    rows: Sequence[Sequence[Cell]]
    total: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True)
class Bar:
    """A part of the plan: deliverables of which so many are due, reported and verified."""

    label: str
    counts: Counts


@dataclass(frozen=True, slots=True)
class Paper:
    """A whole format. `header`: label and value; `bars` is drawn on the printed page only."""

    title: str
    entity: str
    header: tuple[tuple[str, str], ...]
    tables: tuple[Table, ...]
    notes: tuple[str, ...]
    as_of: datetime
    bars: tuple[Bar, ...] = ()


def said(say: Say) -> str:
    """In Spanish."""
    return render(say, SOURCE)


def on(day: date) -> str:
    """ "30 de abril de 2022"."""
    return f"{day.day} de {MONTHS[day.month - 1]} de {day.year}"


def at(moment: datetime) -> str:
    """ "30 de abril de 2022, 14:05", in the moment's own zone."""
    return f"{on(moment.date())}, {moment:%H:%M}"


def counted(count: int, one: str, many: str) -> str:
    """ "1 avance", "3 avances"."""
    return f"{count} {one if count == 1 else many}"


def some(names: Sequence[str], most: int = 4) -> str:
    """ "Hacienda, TIC y 3 más"."""
    if len(names) <= most:
        return ", ".join(names)
    return f"{', '.join(names[:most])} y {len(names) - most} más"
