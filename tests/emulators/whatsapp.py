"""WhatsApp on this machine: a real HTTP server that speaks the Cloud API, and people to chat with the bot.

    async with WhatsAppEmulator(token="EAA") as whatsapp:
        await whatsapp.webhook("http://127.0.0.1:8000/whatsapp")
        ana = whatsapp.person("573001112233", "Ana Lucía Ortega", "CO.1234567890")
        await ana.says("/reportar")
        await ana.hears("¿Qué actividad")
        await ana.taps("Publicar la agenda")
        whatsapp.faults.plan(faults.lost_answer(), "messages")

`whatsapp.url` is the root of the Graph API with its version: what CHASQUI_WHATSAPP_API is set to.
`python -m tests.emulators.whatsapp --port 8082 --hook http://127.0.0.1:8000/whatsapp` runs it alone, with a page to
chat as a person.

What is not as on the platform: every error of a send comes in the answer unless `faults.failed(code)` or
`late_window` say otherwise, the limit of people a day is not enforced, templates have numbered parameters and quick
replies only, and there are no groups, flows, products or calls.
"""

from __future__ import annotations

import argparse
import asyncio
import time
from collections.abc import Callable
from contextlib import suppress

from aiohttp import web

from plans.whatsapp_templates import load
from tests.emulators.graph_api import faults
from tests.emulators.graph_api.chats import Option, Shown
from tests.emulators.graph_api.errors import GraphError
from tests.emulators.graph_api.page import Page
from tests.emulators.graph_api.people import Person
from tests.emulators.graph_api.platform import Platform
from tests.emulators.graph_api.server import Server
from tests.emulators.shared.platform import Call

__all__ = ["Call", "GraphError", "Option", "Person", "Shown", "WhatsAppEmulator", "faults"]

TOKEN, PHONE, ACCOUNT = "EAAemulated", "106540352242922", "102290129340398"
SECRET, VERIFY, VERSION = "emulated-secret", "emulated-word", "v25.0"


class WhatsAppEmulator(Platform):
    """The platform with its server. What a test may look at and change:

    faults       what goes wrong: `faults.plan(faults.too_many(), "messages", times=2)`
    limits       `limits.set()` answers 131056 above 45 messages at once to a person, 130429 above 80 a second
    media        `media.link_lifetime`, `media.expire_links()`, `media.forget(id)`
    templates    `templates.add(name, "es", "Hola, {{1}}. ¿Cómo va?", replies=["Ver"])`, `.decide(name, "PAUSED")`,
                 `.recategorise(name, "MARKETING")`, `.instant` approves what is handed in
    delivery     the webhook: `delivery.batch` events in one POST, `await delivery.settled()`, `delivery.pending`
    statuses     what each accepted message gets: ("sent", "delivered"); `status(wamid, "read")` tells one by hand
    late_window  a closed window is told by a failed status instead of the answer
    free         categories that cost nothing inside the window, as {"service"}
    info         what is answered about the number, as info["quality_rating"] = "RED"
    invalid      calls that broke the rules of the Cloud API, in words: leaving `async with` fails unless it is empty,
                 so that a test which expects some takes them out
    calls        every call (when, method, chat, status, code, parameters), `counts` by method, by status and by code
    """

    def __init__(
        self,
        token: str = TOKEN,
        phone: str = PHONE,
        account: str = ACCOUNT,
        secret: str = SECRET,
        verify: str = VERIFY,
        *,
        port: int = 0,
        version: str = VERSION,
        now: Callable[[], float] = time.time,
        retry_pause: float = 0.05,
    ) -> None:
        """`now` dates messages and windows (Unix seconds); a POST that fails comes again after `retry_pause` seconds.

        Versions before v24.0 tell the conversation in statuses, and not where the file of a message lies.
        """
        super().__init__(token, phone, account, secret, verify, version, port=port, now=now, retry_pause=retry_pause)

    @property
    def url(self) -> str:
        """The root of the Graph API."""
        return f"{self.root}/{self.version}"

    async def webhook(self, url: str) -> None:
        """Ask the address for the challenge, then post there. Raises GraphError where it does not answer it."""
        await self.delivery.register(url, self.verify)

    def person(self, wa_id: str, name: str = "Ana", user_id: str = "", *, hides_phone: bool = False) -> Person:
        """Somebody with WhatsApp, by number (digits); the same one for the same number.

        With a user_id webhooks tell it; who hides the phone is known by it alone. Nobody has written yet: until then
        only a template reaches them.
        """
        known = self.people.get(wa_id)
        if not known:
            known = Person(self, wa_id, name, user_id, hides_phone)
            self.people.update(dict.fromkeys(known.ids, known))
        return known

    def application(self) -> web.Application:
        """The Graph API and the page."""
        application = Server(self).application()
        Page(self).add_to(application)
        return application


async def _alone(emulator: WhatsAppEmulator, hook: str) -> None:
    async with emulator as whatsapp:
        whatsapp.templates.instant = True
        print(f"WhatsApp emulado: abra {whatsapp.root} (Ctrl-C termina)")
        print(f"Para el bot: CHASQUI_WHATSAPP_API={whatsapp.url}", flush=True)
        while hook:
            with suppress(GraphError):
                await whatsapp.webhook(hook)
                print(f"El bot recibe en {hook}", flush=True)
                break
            await asyncio.sleep(1)
        await asyncio.Event().wait()


def main() -> None:
    """Run it alone."""
    parser = argparse.ArgumentParser(
        description="WhatsApp emulado en esta máquina, con una página para conversar como una persona.",
        epilog="En la página, ?id=573001112233&name=Ana elige a la persona; ?start=texto deja escrito un mensaje.",
    )
    parser.add_argument("--port", type=int, default=8082, help="dónde escucha (0: cualquiera libre)")
    parser.add_argument("--hook", default="", help="adónde se envían los mensajes: http://127.0.0.1:8000/whatsapp")
    parser.add_argument("--token", default=TOKEN, help="CHASQUI_WHATSAPP_TOKEN del bot")
    parser.add_argument("--phone", default=PHONE, help="CHASQUI_WHATSAPP_PHONE del bot")
    parser.add_argument("--account", default=ACCOUNT, help="CHASQUI_WHATSAPP_ACCOUNT del bot")
    parser.add_argument("--secret", default=SECRET, help="CHASQUI_WHATSAPP_SECRET del bot")
    parser.add_argument("--verify", default=VERIFY, help="CHASQUI_WHATSAPP_VERIFY del bot")
    parser.add_argument("--limit", action="store_true", help="80 mensajes por segundo, y 45 seguidos a una persona")
    parser.add_argument("--approved", action="store_true", help="con las plantillas de Chasqui ya aprobadas")
    given = parser.parse_args()
    emulator = WhatsAppEmulator(given.token, given.phone, given.account, given.secret, given.verify, port=given.port)
    if given.limit:
        emulator.limits.set()
    for one in load() if given.approved else ():
        emulator.templates.add(one.name, one.language, one.body, category=one.category, replies=[one.button])
    with suppress(KeyboardInterrupt):
        asyncio.run(_alone(emulator, given.hook))


if __name__ == "__main__":
    main()
