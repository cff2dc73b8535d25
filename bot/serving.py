"""Serve the application until a signal: the turn in hand is finished, streams end, and all is over within 5 seconds."""

from __future__ import annotations

import errno
import gc
import logging
import signal
import socket
from collections.abc import Callable

import uvicorn
from starlette.applications import Starlette

from bot.settings import Misconfigured

# What is still under way this many seconds after a signal is cut off; its sender tries again.
PATIENCE = 3
# How many new objects Python waits for before it looks for cycles: a message makes thousands, and hardly a cycle.
RARELY = (50_000, 20, 50)


class Server(uvicorn.Server):
    """Tells when it is ready, and ends the event streams before it waits for what is under way."""

    def __init__(self, app: Starlette, ready: Callable[[], None] = lambda: None) -> None:
        super().__init__(
            uvicorn.Config(
                app, http="httptools", ws="none", lifespan="on", log_config=None, access_log=False,
                server_header=False, proxy_headers=False, timeout_graceful_shutdown=PATIENCE,
            )
        )  # fmt: skip
        self.app, self.ready = app, ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to take connections."""
        await super().startup(sockets)
        self.ready()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Take no more connections and finish those there are."""
        self.app.state.streams.close()
        await super().shutdown(sockets)


def serve(
    app: Starlette, host: str, port: int, log_level: str = "INFO", ready: Callable[[], None] = lambda: None
) -> None:
    """Serve until SIGTERM or Ctrl-C. `ready` is called once connections are taken.

    Raises Misconfigured if the address cannot be listened on. Nothing is logged of a request: its path and sender are
    personal data.
    """
    logging.basicConfig(level=log_level, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    for talkative in ("apscheduler", "uvicorn"):
        logging.getLogger(talkative).setLevel(logging.WARNING)
    listening = bound(host, port)
    server = Server(app, ready)

    def stop(_number: int, _frame: object) -> None:
        server.should_exit = True

    # For the moments before uvicorn takes the signals over, and after: it raises them again once it has obeyed.
    before = {each: signal.signal(each, stop) for each in (signal.SIGINT, signal.SIGTERM)}
    gc.collect()
    gc.freeze()  # what lives as long as the process need not be looked through again and again
    gc.set_threshold(*RARELY)
    try:
        server.run(sockets=[listening])
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)


def bound(host: str, port: int) -> socket.socket:
    """A socket that listens on the address. Raises Misconfigured."""
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        return socket.create_server((host, port), family=family, backlog=2048)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            said = f"El puerto {port} está ocupado: cierre el otro programa o elija otro puerto con CHASQUI_PORT."
        elif error.errno in (errno.EACCES, errno.EPERM):
            said = f"Este usuario no puede usar el puerto {port}: elija otro, mayor que 1023, con CHASQUI_PORT."
        else:
            said = f"No se puede escuchar en {host}: ponga en CHASQUI_HOST una dirección de este computador."
        raise Misconfigured(said) from None
