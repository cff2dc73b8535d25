"""A dossier: the originals of a period or an activity, who sent them and when, and what is missing.

    index.html                              opens without a network; a page for each activity
    manifest.csv, avances.xlsx              every file with its SHA-256; every report
    06-publicar-informes/index.html         the reports of an activity
    06-publicar-informes/agricultura/A06-2022-AGRICULTURA-0001-2022-05-20-foto.jpg

It is written while it is read, so a hundred thousand reports take no more memory than one activity's page of them.
"""

from __future__ import annotations

import csv
import io
import re
import tempfile
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from typing import IO, Any, BinaryIO, cast

from documents.archive import Archive, read
from documents.dossier_pages import FOOT, STATES, Item, facts, head, report, table
from documents.dossier_table import Reports
from documents.paper import at, counted, on, said
from models import cut_off, dossiers
from models.cut_off import Cut, Standing
from models.dossiers import Filed, Piece
from models.evidence import KINDS
from models.vault import Vault
from models.wanted import Read, Wanted
from plans.readings.words import slug

COLUMNS = (
    "archivo", "sha256", "bytes", "folio", "version", "estado", "actividad", "dependencia", "clase", "nombre original",
    "canal", "enviado", "recibido", "reportó", "nota",
)  # fmt: skip
WITHHELD = "retenido: puede mostrar menores de edad"
LOST, CHANGED = "falta en el depósito", "cambió desde que se recibió: no se entrega"
# By what a file is, where people's names for it may lie.
ENDINGS = {
    "image/jpeg": "jpg", "image/png": "png", "image/webp": "webp", "image/heic": "heic", "image/heif": "heif",
    "application/pdf": "pdf", "audio/ogg": "ogg", "audio/mpeg": "mp3", "audio/mp4": "m4a", "video/mp4": "mp4",
    "video/quicktime": "mov",
}  # fmt: skip
INTRODUCTION = """
<p>Cada archivo es el original, con los bytes que llegaron. Su huella SHA-256 está en
<a href="manifest.csv">manifest.csv</a>; los avances en una tabla, en <a href="avances.xlsx">avances.xlsx</a>.
Lo verificado es oficial; lo demás es provisional.</p>
"""
# More than this of a page waits on disk, not in memory.
IN_MEMORY = 1 << 20


@dataclass(slots=True)
class Tally:
    """What the first page tells."""

    reports: int = 0
    files: int = 0
    size: int = 0
    out: list[tuple[str, str, str]] = field(default_factory=list)
    pages: list[tuple[str, str, int, int]] = field(default_factory=list)


def dossier(
    made: Read, wanted: Wanted, vault: Vault, progress: Callable[[int, int], None] = lambda _done, _of: None
) -> Generator[bytes, None, None]:
    """The bytes of the zip, as they come. `progress` hears how many obligations of how many are through."""
    kept = made(wanted.plan_of)
    # A report is of what was owed when it came: it may have been waived since.
    duty, known = 0, wanted.as_of
    if wanted.folio:
        duty, known = made(lambda connection: dossiers.came(connection, kept.id, wanted.folio))
    every = made(lambda connection: cut_off.standings(connection, Cut(kept.id, wanted.as_of, known)))
    mine = [one for one in every if (one.known.id == duty if duty else _asked(one, wanted))]
    titles = {one.number: one.title for one in kept.plan.activities}
    with (
        tempfile.TemporaryDirectory() as folder,
        closing(_Writing(made, wanted, vault, kept.id, Path(folder))) as writing,
    ):
        done = 0
        for number, group in groupby(mine, key=lambda one: one.number):
            duties = list(group)
            yield from writing.activity(number, titles[number], duties)
            done += len(duties)
            progress(done, len(mine))
        gaps = [one for one in mine if one.missing and _due_within(one, wanted) and not duty]
        yield from writing.end(kept.plan.entity, kept.plan.title, gaps)


def _asked(one: Standing, wanted: Wanted) -> bool:
    theirs = not wanted.office or wanted.office in (one.known.office_code, one.lead_code)
    return theirs and (not wanted.activity or one.number == wanted.activity)


def _due_within(one: Standing, wanted: Wanted) -> bool:
    return wanted.span.start <= one.due <= wanted.day


class _Writing:
    """A dossier on its way."""

    def __init__(self, made: Read, wanted: Wanted, vault: Vault, plan_id: int, folder: Path) -> None:
        self._read, self._wanted, self._vault, self._plan_id = made, wanted, vault, plan_id
        self._archive, self._tally = Archive(wanted.as_of), Tally()
        self._table = Reports(folder / "avances.xlsx", wanted)
        self._list = (folder / "manifest.csv").open("w+", encoding="utf-8-sig", newline="")
        self._rows = csv.writer(self._list)
        self._rows.writerow(COLUMNS)

    def close(self) -> None:
        """Let go of what is open."""
        self._list.close()
        self._table.close()

    def activity(self, number: int, title: str, duties: Sequence[Standing]) -> Iterator[bytes]:
        """Its files, and then its page; nothing where it has no report."""
        place = f"{number:02}-{slug(title, 40)}"
        reports, files = self._tally.reports, self._tally.files
        with tempfile.SpooledTemporaryFile(IN_MEMORY, "w+b") as page:
            page.write(head(f"{number}. {title}", "../index.html").encode())
            for duty in duties:
                for filed, pieces in self._filed(duty):
                    yield from self._report(place, duty, filed, pieces, page)
            page.write(FOOT.encode())
            if self._tally.reports > reports:
                yield from self._file(f"{place}/index.html", page)
                self._tally.pages.append(
                    (f"{place}/index.html", f"{number}. {title}", self._tally.reports - reports,
                     self._tally.files - files)
                )  # fmt: skip

    def end(self, entity: str, plan: str, gaps: Sequence[Standing]) -> Iterator[bytes]:
        """The lists, and the first page."""
        self._list.flush()
        yield from self._file("manifest.csv", cast(BinaryIO, self._list.buffer))
        with self._table.closed() as book:
            yield from self._file("avances.xlsx", book, packed=True)
        with io.BytesIO(self._first_page(entity, plan, gaps).encode()) as page:
            yield from self._file("index.html", page)
        yield from self._archive.end()

    def _filed(self, duty: Standing) -> Iterator[tuple[Filed, list[Piece]]]:
        """The reports of an obligation that belong here: those of a due one whenever they came."""
        since = None if self._wanted.folio or _due_within(duty, self._wanted) else self._wanted.since
        cut = self._wanted.cut(self._plan_id)
        cut = Cut(self._plan_id, cut.known, cut.known) if since is None else cut
        after = ""
        while True:

            def ask(connection: Any, after: str = after) -> list[tuple[Filed, list[Piece]]]:
                page = dossiers.page(connection, cut, duty.known.id, since, after)
                found = dossiers.pieces(connection, [one.id for one in page]) if page else []
                return [(one, [piece for piece in found if piece.report_id == one.id]) for one in page]

            page = self._read(ask)
            yield from (found for found in page if self._wanted.folio in ("", found[0].folio))
            if len(page) < dossiers.PAGE:
                return
            after = page[-1][0].folio

    def _report(
        self, place: str, duty: Standing, filed: Filed, pieces: Sequence[Piece], page: IO[bytes]
    ) -> Iterator[bytes]:
        self._tally.reports += 1
        office = duty.whose or "La entidad"
        folder = slug(office, 40) or "entidad"
        items: list[Item] = []
        for kind, same in groupby(sorted(pieces, key=lambda one: one.kind), key=lambda one: one.kind):
            alike = list(same)
            for number, piece in enumerate(alike, 1):
                if not piece.size:
                    items.append(Item(piece, "", ""))
                    continue
                counted_ = f"-{number}" if len(alike) > 1 else ""
                name = f"{filed.folio}-{filed.done_on}-{slug(said(KINDS[kind]))}{counted_}.{_ending(piece)}"
                item = Item(piece, f"{folder}/{name}", self._out(filed, piece))
                if not item.out:
                    yield from self._original(f"{place}/{item.path}", piece)
                else:
                    self._tally.out.append((filed.folio, said(KINDS[kind]), item.out))
                self._note(f"{place}/{item.path}", duty, office, filed, item)
                items.append(item)
        page.write(report(filed, duty.known.code, office, items, self._wanted.names, self._wanted.as_of).encode())
        self._table.add(duty, office, filed, len(items))

    def _out(self, filed: Filed, piece: Piece) -> str:
        """Why a file is not handed out, "" where it is."""
        if filed.outcome == "withdrawn":
            return "retirado por su autor"
        if piece.quarantined and not self._wanted.minors:
            return WITHHELD
        if piece.ref not in self._vault:
            return LOST
        return "" if self._vault.verify(piece.ref) else CHANGED

    def _original(self, name: str, piece: Piece) -> Iterator[bytes]:
        self._tally.files += 1
        self._tally.size += piece.size
        with self._vault.open(piece.ref) as file:
            yield from self._archive.add(name, read(file), packed=True, size=piece.size)

    def _note(self, name: str, duty: Standing, office: str, filed: Filed, item: Item) -> None:
        piece = item.piece
        self._rows.writerow(map(_plain, (
            "" if item.out else name, piece.ref, str(piece.size), filed.folio, str(filed.version),
            STATES[filed.outcome], str(duty.number), office, said(KINDS[piece.kind]), piece.name, piece.channel,
            piece.sent_at.astimezone(self._wanted.as_of.tzinfo).isoformat(),
            piece.received_at.astimezone(self._wanted.as_of.tzinfo).isoformat(),
            filed.author if self._wanted.names else "", item.out,
        )))  # fmt: skip

    def _file(self, name: str, file: IO[bytes], packed: bool = False) -> Iterator[bytes]:
        size = file.seek(0, io.SEEK_END)
        file.seek(0)
        yield from self._archive.add(name, read(cast(BinaryIO, file)), packed=packed, size=size)

    def _first_page(self, entity: str, plan: str, gaps: Sequence[Standing]) -> str:
        tally, wanted = self._tally, self._wanted
        files = f"{counted(tally.files, 'archivo original', 'archivos originales')} ({tally.size} bytes)"
        about = [
            ("Entidad", entity), ("Plan", plan), ("Periodo", f"del {on(wanted.span.start)} al {on(wanted.span.end)}"),
            ("Hecho con lo que se sabía el", at(wanted.as_of)),
            ("Contiene", f"{counted(tally.reports, 'avance', 'avances')}, {files}"),
        ]  # fmt: skip
        missing = [
            (one.known.code, f"{one.number}. {one.known.title}", one.whose or "la entidad", on(one.due), one.missing)
            for one in gaps
        ]
        return "".join((
            head(f"Expediente, del {on(wanted.span.start)} al {on(wanted.span.end)}"),
            facts(about),
            INTRODUCTION,
            table("Actividades", ("Actividad", "Avances", "Archivos"), [row[1:] for row in tally.pages],
                  [row[0] for row in tally.pages]),
            table("Lo que falta", ("Entregable", "Actividad", "Dependencia", "Vence", "Falta"), missing),
            table("Archivos que no se entregan", ("Folio", "Clase", "Por qué"), tally.out),
            FOOT,
        ))  # fmt: skip


def _ending(piece: Piece) -> str:
    """The ending of a file's name, from what it is; from its own name where that is not known."""
    own = re.search(r"\.([a-z0-9]{1,5})$", piece.name.lower())
    return ENDINGS.get(piece.mime) or (own[1] if own else "bin")


def _plain(text: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text
