"""A server of its own process: it says what keeps it from starting, and stops when it is told to."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.serving import bound
from bot.settings import Misconfigured
from tests.bot.web import Phone
from tests.support.tree import ROOT

SERVE = """
import sys
from pathlib import Path
from bot.app import build
from bot.clock import Clock
from bot.serving import serve
from tests.bot.web import empty_database, settings_in
settings = settings_in(Path(sys.argv[1]))
app = build(settings, empty_database(settings), Clock())
serve(app, "127.0.0.1", int(sys.argv[2]), ready=lambda: print("ready", flush=True))
print("over", flush=True)
"""
Process = subprocess.Popen[str]


@pytest.fixture
def server(tmp_path: Path) -> Iterator[tuple[Process, int]]:
    with bound("127.0.0.1", 0) as free:
        port: int = free.getsockname()[1]
    command = [sys.executable, "-c", SERVE, str(tmp_path), str(port)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout
        assert process.stdout.readline() == "ready\n"
        yield process, port
        process.kill()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_stops_in_time_with_a_stream_open(server: tuple[Process, int], number: signal.Signals) -> None:
    process, port = server
    phone = Phone(port)
    with phone.listening() as events:
        phone.say("hola")
        events.next()
        told = time.monotonic()
        process.send_signal(number)
        with pytest.raises(EOFError):
            events.next()
        out, log = process.communicate(timeout=10)
    assert time.monotonic() - told < 5
    assert (out, process.returncode) == ("over\n", 0)
    assert "hola" not in log
    assert "/chat" not in log
    assert "Traceback" not in log


def test_it_finishes_the_message_in_hand(server: tuple[Process, int]) -> None:
    process, port = server
    phone = Phone(port)
    cookie = f"chasqui-me={phone.cookies['chasqui-me'].value}"
    body = b'--x\r\nContent-Disposition: form-data; name="id"\r\n\r\n1\r\n--x\r\nContent-Disposition: form-data; '
    rest = b'name="text"\r\n\r\nhola\r\n--x--\r\n'
    head = (
        f"POST /chat/me/messages HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {cookie}\r\n"
        f"Content-Type: multipart/form-data; boundary=x\r\nContent-Length: {len(body + rest)}\r\n\r\n"
    )
    with socket.create_connection(("127.0.0.1", port), timeout=10) as half:
        half.sendall(head.encode() + body)
        time.sleep(0.3)
        process.send_signal(signal.SIGTERM)
        time.sleep(0.3)
        half.sendall(rest)
        assert half.recv(100).startswith(b"HTTP/1.1 200 OK")
    assert process.wait(timeout=10) == 0


def test_a_port_that_is_taken_is_said_in_one_sentence() -> None:
    with bound("127.0.0.1", 0) as taken, pytest.raises(Misconfigured, match="está ocupado"):
        bound("127.0.0.1", taken.getsockname()[1])


def test_an_address_of_another_machine_is_said_in_one_sentence() -> None:
    with pytest.raises(Misconfigured, match="CHASQUI_HOST"):
        bound("192.0.2.1", 8000)
