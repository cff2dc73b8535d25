"""The vault keeps bytes once, whole, under their hash, whatever happens meanwhile."""

from __future__ import annotations

import errno
import hashlib
import io
import os
import signal
import stat
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from models.vault import NoSpace, Stored, TooLarge, Vault

PROOF = b"acta de la audiencia\n" * 50_000
SHA256 = hashlib.sha256(PROOF).hexdigest()
REPOSITORY = Path(__file__).parents[2]
NOW = datetime(2022, 5, 31, 21, 20, tzinfo=UTC)


@pytest.fixture
def vault(tmp_path: Path) -> Vault:
    return Vault(tmp_path / "evidence")


def pieces(size: int = 10_000) -> Iterator[bytes]:
    return (PROOF[at : at + size] for at in range(0, len(PROOF), size))


def files(vault: Vault) -> list[Path]:
    return [path for path in vault.root.rglob("*") if path.is_file()]


def test_what_is_put_is_found_under_its_hash(vault: Vault) -> None:
    assert SHA256 not in vault
    assert vault.put(pieces(), len(PROOF)) == Stored(SHA256, len(PROOF))
    assert files(vault) == [vault.path(SHA256)] == [vault.root / SHA256[:2] / SHA256]
    assert SHA256 in vault
    with vault.open(SHA256) as file:
        assert file.read() == PROOF
    assert stat.S_IMODE(vault.path(SHA256).stat().st_mode) == 0o440


def test_a_file_is_read_in_pieces(vault: Vault) -> None:
    class Pieces(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            assert size is not None
            assert 0 < size <= 1 << 20
            return super().read(size)

    assert vault.put(Pieces(PROOF), len(PROOF)).sha256 == SHA256


def test_putting_again_keeps_the_first_copy(vault: Vault) -> None:
    vault.put(pieces(), len(PROOF))
    first = vault.path(SHA256).stat()
    assert vault.put(pieces(333), len(PROOF)).sha256 == SHA256
    assert vault.path(SHA256).stat() == first
    assert len(files(vault)) == 1


def test_damage_is_noticed_and_mended_by_the_same_bytes(vault: Vault) -> None:
    vault.put(pieces(), len(PROOF))
    assert vault.verify(SHA256)
    vault.path(SHA256).chmod(0o640)
    vault.path(SHA256).write_bytes(PROOF[:-1])
    assert not vault.verify(SHA256)
    vault.put(pieces(), len(PROOF))
    assert vault.verify(SHA256)


def test_over_the_limit_leaves_nothing(vault: Vault) -> None:
    with pytest.raises(TooLarge):
        vault.put(pieces(), len(PROOF) - 1)
    assert files(vault) == []


def test_a_broken_upload_leaves_nothing(vault: Vault) -> None:
    def broken() -> Iterator[bytes]:
        yield PROOF
        raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        vault.put(broken(), len(PROOF))
    assert files(vault) == []


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EDQUOT])
def test_a_full_disk_is_said_so(vault: Vault, monkeypatch: pytest.MonkeyPatch, code: int) -> None:
    def full(_: int) -> None:
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(NoSpace, match=str(vault.root)):
        vault.put(pieces(), len(PROOF))
    assert files(vault) == []


def test_the_folders_are_on_disk_before_put_returns(vault: Vault, monkeypatch: pytest.MonkeyPatch) -> None:
    synced: list[str] = []
    real = os.fsync

    def note(descriptor: int) -> None:
        synced.append(os.path.realpath(f"/dev/fd/{descriptor}"))
        real(descriptor)

    monkeypatch.setattr(os, "fsync", note)
    vault.put(pieces(), len(PROOF))
    folder = vault.path(SHA256).parent
    assert synced[0].endswith(".part")
    assert synced[1:] == [str(folder), str(vault.root)]
    synced.clear()
    vault.put(pieces(), len(PROOF))
    assert synced[1:] == [str(folder)]  # the folder itself is there to stay


@pytest.mark.parametrize("name", ["", "abc", "../" * 21 + "x", "A" * 64, "0" * 63, "0" * 64 + "\n"])
def test_only_a_hash_is_a_name(vault: Vault, name: str) -> None:
    for use in (vault.path, vault.open, vault.verify, vault.discard, vault.__contains__):
        with pytest.raises(ValueError, match="not a SHA-256"):
            use(name)


def test_what_is_not_there(vault: Vault) -> None:
    assert not vault.verify(SHA256)
    with pytest.raises(FileNotFoundError):
        vault.open(SHA256)
    vault.discard(SHA256)
    assert vault.sweep(timedelta(0), NOW) == 0


def test_discarding_removes_the_bytes(vault: Vault) -> None:
    vault.put(pieces(), len(PROOF))
    vault.discard(SHA256)
    assert files(vault) == []


def test_many_threads_put_the_same_bytes(vault: Vault) -> None:
    together = threading.Barrier(8)

    def put(size: int) -> Stored:
        together.wait()
        return vault.put(pieces(size), len(PROOF))

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(put, range(1000, 9000, 1000))) == {Stored(SHA256, len(PROOF))}
    assert files(vault) == [vault.path(SHA256)]
    assert vault.verify(SHA256)


PUT = "import sys; from models.vault import *; Vault(Path(sys.argv[1])).put(sys.stdin.buffer, 1 << 30)"


def test_many_processes_put_the_same_bytes(vault: Vault, tmp_path: Path) -> None:
    source = tmp_path / "proof"
    source.write_bytes(PROOF)
    running = []
    for _ in range(4):
        with source.open("rb") as upload:
            running.append(subprocess.Popen([sys.executable, "-c", PUT, vault.root], stdin=upload, cwd=REPOSITORY))
    assert [process.wait() for process in running] == [0] * 4
    assert files(vault) == [vault.path(SHA256)]
    assert vault.verify(SHA256)


@pytest.mark.parametrize("moment", ["os.fsync", "Path.replace", "_sync"])
def test_killed_at_any_moment_it_is_whole_or_absent(vault: Vault, moment: str) -> None:
    kill = f"import os, models.vault as v; from models.vault import *; {'v.' if moment[0] == '_' else ''}"
    kill += f"{moment} = lambda *_: os.kill(os.getpid(), {int(signal.SIGKILL)}); "
    died = subprocess.run([sys.executable, "-c", kill + PUT, vault.root], input=PROOF, cwd=REPOSITORY)
    assert died.returncode == -signal.SIGKILL
    assert (SHA256 in vault) == vault.verify(SHA256) == (moment == "_sync")
    assert len(files(vault)) == 1

    for left in (vault.root / "incoming").iterdir():
        os.utime(left, (NOW.timestamp(), NOW.timestamp()))
    assert vault.sweep(timedelta(hours=1), NOW + timedelta(minutes=59)) == 0
    assert vault.sweep(timedelta(hours=1), NOW + timedelta(minutes=61)) == (moment != "_sync")
    vault.put(pieces(), len(PROOF))
    assert files(vault) == [vault.path(SHA256)]


def test_what_the_first_version_put_deeper_is_brought_up(tmp_path: Path) -> None:
    deeper = tmp_path / SHA256[:2] / SHA256[2:4] / SHA256
    deeper.parent.mkdir(parents=True)
    deeper.write_bytes(b"")
    vault = Vault(tmp_path)
    vault.prepare()
    assert files(vault) == [vault.path(SHA256)]
    assert not deeper.parent.exists()
