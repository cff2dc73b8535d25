"""The vault: original bytes in a folder, each file named by its SHA-256, written once and never changed.

    root/ab/<sha256>        mode 0440
    root/incoming/*.part    uploads under way; what a crash leaves here is removed by `sweep`

A file appears under its name only when it is whole and on disk, so a crash at any point loses at most an
upload that was never confirmed. Everything here blocks: call it in a thread.
"""

from __future__ import annotations

import errno
import hashlib
import os
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import BinaryIO, cast

_CHUNK = 1 << 18
_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL
_SHA256 = re.compile(r"[0-9a-f]{64}")


class VaultError(Exception):
    """The bytes were not kept; nothing of them is left behind."""


class TooLarge(VaultError):
    """More bytes than the limit: sending them again will not help."""


class NoSpace(VaultError):
    """The disk or its quota is full: worth trying again once somebody has made room."""


@dataclass(frozen=True, slots=True)
class Stored:
    """What `put` kept: lower-case hexadecimal SHA-256, and size in bytes."""

    sha256: str
    size: int


@dataclass(frozen=True, slots=True)
class Vault:
    """The store below the folder `root`, which is made on first use. Safe for many threads and processes."""

    root: Path
    # Folders that are on disk to stay, as far as this process knows.
    _settled: set[str] = field(default_factory=set, compare=False, repr=False)

    def put(self, chunks: Iterable[bytes] | BinaryIO, limit: int) -> Stored:
        """Keep the bytes, at most `limit` of them. Putting them again changes nothing, or mends damage.

        On return they are on disk to stay. Raises TooLarge, NoSpace, or whatever reading `chunks` raises.
        """
        try:
            descriptor, temporary = self._begin()
            try:
                with os.fdopen(descriptor, "wb") as file:
                    stored = _copy(chunks, file, limit)
                    file.flush()
                    os.fchmod(descriptor, 0o440)
                    os.fsync(descriptor)
                self._publish(temporary, stored.sha256)
            except BaseException:
                temporary.unlink(missing_ok=True)
                raise
        except OSError as error:
            if error.errno in (errno.ENOSPC, errno.EDQUOT):
                raise NoSpace(f"no space left in {self.root}") from error
            raise
        return stored

    def _begin(self) -> tuple[int, Path]:
        """A new file to write into, and where it is."""
        temporary = self.root / "incoming" / f"{os.urandom(16).hex()}.part"
        try:
            return os.open(temporary, _NEW, 0o600), temporary
        except FileNotFoundError:
            temporary.parent.mkdir(parents=True, exist_ok=True)
            return os.open(temporary, _NEW, 0o600), temporary

    def _publish(self, temporary: Path, sha256: str) -> None:
        target = self.path(sha256)
        folder = target.parent
        if _holds(target, sha256):
            temporary.unlink()
        else:
            try:
                temporary.replace(target)
            except FileNotFoundError:
                folder.mkdir(exist_ok=True)
                temporary.replace(target)
        # Also when the file or its folder was there: the writer that made it may not have come this far yet.
        _sync(folder)
        if folder.name not in self._settled:
            _sync(self.root)
            self._settled.add(folder.name)

    def prepare(self) -> None:
        """Make every folder, on disk to stay, and bring up what the first version put one deeper (root/ab/cd/)."""
        names = [f"{number:02x}" for number in range(256)]
        for name in names:
            (self.root / name).mkdir(parents=True, exist_ok=True)
        _sync(self.root)
        self._settled.update(names)
        for folder in self.root.glob("[0-9a-f][0-9a-f]/[0-9a-f][0-9a-f]"):
            for file in folder.iterdir():
                file.rename(self.path(file.name))
            folder.rmdir()

    def path(self, sha256: str) -> Path:
        """Where the bytes are, or would be. Raises ValueError for anything but a SHA-256 from `put`."""
        if not _SHA256.fullmatch(sha256):
            raise ValueError(f"not a SHA-256: {sha256[:80]!r}")
        return self.root / sha256[:2] / sha256

    def open(self, sha256: str) -> BinaryIO:
        """The bytes, for reading. Raises FileNotFoundError."""
        return self.path(sha256).open("rb")

    def __contains__(self, sha256: str) -> bool:
        return self.path(sha256).is_file()

    def verify(self, sha256: str) -> bool:
        """Read the bytes again: are they there, and still what their name says?"""
        return _holds(self.path(sha256), sha256)

    def discard(self, sha256: str) -> None:
        """Remove an upload that nothing refers to, not even one now under way: the caller has made sure."""
        self.path(sha256).unlink(missing_ok=True)

    def sweep(self, older_than: timedelta, now: datetime) -> int:
        """Remove what crashes left half written, not touched since `now` − `older_than`; returns how many."""
        before = (now - older_than).timestamp()
        removed = 0
        for left in (self.root / "incoming").glob("*.part"):
            try:
                if left.stat().st_mtime < before:
                    left.unlink()
                    removed += 1
            except FileNotFoundError:  # finished, or swept by another process
                continue
        return removed


def _copy(chunks: Iterable[bytes] | BinaryIO, file: BinaryIO, limit: int) -> Stored:
    # A file iterates by lines, which may be as long as itself: read it in pieces.
    if hasattr(chunks, "read"):
        chunks = iter(partial(cast(BinaryIO, chunks).read, _CHUNK), b"")
    digest, size = hashlib.sha256(), 0
    for chunk in chunks:
        size += len(chunk)
        if size > limit:
            raise TooLarge(f"more than {limit} bytes")
        digest.update(chunk)
        file.write(chunk)
    return Stored(digest.hexdigest(), size)


def _holds(path: Path, sha256: str) -> bool:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest() == sha256
    except FileNotFoundError:
        return False


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
