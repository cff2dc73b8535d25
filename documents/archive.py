"""A zip written as it is read: nothing of it waits in memory or on disk, and the same files give the same bytes."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from datetime import datetime
from functools import partial
from typing import BinaryIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

CHUNK = 1 << 18
UNIX, READABLE = 3, 0o100644 << 16


class Archive:
    """What was written since the last `drain` waits there. Every file is from `moment`."""

    def __init__(self, moment: datetime) -> None:
        self._moment = max(moment.timetuple()[:6], (1980, 1, 1, 0, 0, 0))
        self._sink = _Sink()
        self._zip = ZipFile(self._sink, "w")

    def add(self, name: str, chunks: Iterable[bytes], *, packed: bool, size: int) -> Iterator[bytes]:
        """One file of about so many bytes; `packed` files are not made smaller again."""
        info = ZipInfo(name, self._moment)
        info.compress_type = ZIP_STORED if packed else ZIP_DEFLATED
        info.create_system, info.external_attr, info.file_size = UNIX, READABLE, size
        with self._zip.open(info, "w") as file:
            for chunk in chunks:
                file.write(chunk)
                yield from self._sink.drain()
        yield from self._sink.drain()

    def end(self) -> Iterator[bytes]:
        """The list of all files, which comes last."""
        self._zip.close()
        yield from self._sink.drain()


def read(file: BinaryIO) -> Iterator[bytes]:
    """A file in pieces."""
    return iter(partial(file.read, CHUNK), b"")


class _Sink(io.RawIOBase):
    """Takes what is written, without going back."""

    def __init__(self) -> None:
        self._waiting: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, data: object) -> int:
        piece = bytes(data)  # type: ignore[call-overload]
        self._waiting.append(piece)
        return len(piece)

    def drain(self) -> Iterator[bytes]:
        waiting, self._waiting = self._waiting, []
        yield from waiting
