"""The Telegram harness with another platform behind it: the same officers hold the same conversations over WhatsApp.

    BENCH_PEERS=benchmarks/peers.toml PYTHONPATH=.:HARNESS python benchmarks/whatsapp_harness.py --bot chasqui-whatsapp

takes the options of the harness's own driver.py, and measures with it. What an officer does is posted as Meta posts it,
signed; what the bot sends is read as the phone shows it. Each message is followed by its statuses, sent and delivered:
each in a webhook of its own, or with STATUSES=0.05 all of so many seconds in one (Meta does either), or with
STATUSES=none not at all, as on Telegram.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import itertools
import os
import time
from typing import Any
from urllib.parse import urlsplit

import driver  # the harness's own
import fake_telegram
import orjson

from benchmarks.whatsapp_bot import ACCOUNT, PHONE, SECRET, VERSION

STATUSES = os.environ.get("STATUSES", "0")
NUMBER = {"display_phone_number": "573000000000", "phone_number_id": PHONE}


class FakeWhatsApp(fake_telegram.FakeTelegram):  # type: ignore[misc]
    """The Cloud API, as far as the conversation goes."""

    webhook: Any

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        self._media = itertools.count(1)
        self._statuses: list[dict[str, Any]] = []

    async def start(self, host: str = "127.0.0.1", port: int = 8081) -> None:
        """Listen."""
        await super().start(host, port)
        self.port = port

    def deliver(self, update: dict[str, Any]) -> None:
        """Post what an officer does."""
        if press := update.get("callback_query"):
            chat = press["message"]["chat"]["id"]
            reply = {"id": press["data"], "title": "x"}
            said = {"type": "interactive", "interactive": {"type": "button_reply", "button_reply": reply}}
        else:
            chat = update["message"]["chat"]["id"]
            said = {"type": "text", "text": {"body": update["message"].get("text", "")}}
            if "photo" in update["message"]:
                said = {"type": "image", "image": self._image(f"{chat}{next(self._media)}")}
        number = f"wamid.in{next(self._update_ids)}"
        message = {"from": str(chat), "id": number, "timestamp": str(int(time.time())), **said}
        contact = {"profile": {"name": "Officer"}, "wa_id": str(chat)}
        self._post({"contacts": [contact], "messages": [message]})

    def _image(self, number: str) -> dict[str, str]:
        """As the API's version 24 and later tell of a photo: with its digest, and where it lies."""
        digest = base64.b64encode(hashlib.sha256(self._file(f"/x/{number}")).digest()).decode()
        return {"id": number, "mime_type": "image/jpeg", "sha256": digest, "url": self._place(number)}

    def _place(self, number: str) -> str:
        return f"http://127.0.0.1:{self.port}/{VERSION}/file/{number}"

    def handle(self, connection: Any, url: str, content_type: str, body: bytes) -> Any:
        """Answer one call."""
        parts = urlsplit(url)
        place = parts.path.removeprefix(f"/{VERSION}/")
        if place.startswith("file/"):
            self.calls["file"] += 1
            return self._later(connection.reply, 200, self._file(parts.path), b"image/jpeg")
        if place == f"{PHONE}/messages":
            answer: dict[str, Any] = self._message_of(orjson.loads(body))
        elif place == PHONE:
            answer = {"id": PHONE, "verified_name": "Bench", **NUMBER}
            self._begin()
        elif place.startswith(f"{ACCOUNT}/"):
            answer = {"data": [], "success": True}
        elif place == f"{PHONE}/media":
            answer = {"id": str(next(self._media))}
        else:
            self.calls["media"] += 1
            size = len(self._file("/x/" + place))
            answer = {"id": place, "url": self._place(place), "mime_type": "image/jpeg", "file_size": size}
        return self._later(connection.reply, 200, orjson.dumps(answer))

    def _begin(self) -> None:
        """The bot is there: Meta was told its address long ago."""
        if not self.webhook:
            self.webhook = Sender(self, f"http://127.0.0.1:{driver.BOT.webhook_port}/whatsapp", None, 100)
        self.webhook_set.set()

    def _message_of(self, params: dict[str, Any]) -> dict[str, Any]:
        if params.get("status") == "read":
            self.calls["read"] += 1
            return {"success": True}
        self.calls["messages"] += 1
        chat = int(params["to"])
        interactive = params.get("interactive", {})
        text = params.get("text") or interactive.get("body") or params.get("image") or {}
        action = interactive.get("action", {})
        rows = [row for section in action.get("sections", ()) for row in section["rows"]]
        rows += [button["reply"] for button in action.get("buttons", ())]
        shown: dict[str, Any] = {
            "chat_id": chat,
            "text": text.get("body") or text.get("text") or text.get("caption", ""),
        }
        if rows:
            shown["reply_markup"] = {"inline_keyboard": [[_button(row)] for row in rows]}
        message = self._message("sendmessage", shown, False)
        number = f"wamid.out{message['message_id']}"
        for state in ("sent", "delivered"):
            status: dict[str, Any] = {
                "id": number,
                "status": state,
                "timestamp": str(int(time.time())),
                "recipient_id": str(chat),
            }
            status["biz_opaque_callback_data"] = params.get("biz_opaque_callback_data", "")
            status["pricing"] = {"billable": True, "pricing_model": "PMP", "category": "service", "type": "regular"}
            self._tell(status)
        return {"messaging_product": "whatsapp", "contacts": [{"input": str(chat), "wa_id": str(chat)}],
                "messages": [{"id": number}]}  # fmt: skip

    def _tell(self, status: dict[str, Any]) -> None:
        if STATUSES == "none":
            return
        loop, within = asyncio.get_running_loop(), float(STATUSES)
        if not within:
            loop.call_soon(self._post, {"statuses": [status]})
            return
        self._statuses.append(status)
        if len(self._statuses) == 1:
            loop.call_later(within, self._tell_all)

    def _tell_all(self) -> None:
        told, self._statuses = self._statuses, []
        self._post({"statuses": told})

    def _post(self, value: dict[str, Any]) -> None:
        change = {"field": "messages", "value": {"messaging_product": "whatsapp", "metadata": NUMBER, **value}}
        self.webhook.post({"object": "whatsapp_business_account", "entry": [{"id": ACCOUNT, "changes": [change]}]})


class Sender(fake_telegram.WebhookSender):  # type: ignore[misc]
    """Signs what it posts."""

    async def connect(self) -> None:
        """One more connection to the bot."""
        try:
            await asyncio.get_running_loop().create_connection(lambda: Connection(self), self.host, self.port)
        except OSError:
            self.failures += 1
            self.opened -= 1
            asyncio.get_running_loop().call_later(fake_telegram.WEBHOOK_RETRY_S, self.pump)


class Connection(fake_telegram.WebhookConnection):  # type: ignore[misc]
    """One webhook at a time, with its signature."""

    def send(self, update: bytes) -> None:
        """Post it."""
        self.update = update
        signature = hmac.new(SECRET.encode(), update, hashlib.sha256).hexdigest().encode()
        head = self.sender.head.replace(b"Content-Length: ", b"X-Hub-Signature-256: sha256=%b\r\nContent-Length: ")
        self.transport.write((head + b"%d\r\n\r\n%b") % (signature, len(update), update))


class Bot(driver.BotProcess):  # type: ignore[misc]
    """Remembers itself: its webhook's address is what Meta was told."""

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        driver.BOT = self


def _button(row: dict[str, str]) -> dict[str, str]:
    return {"text": f"{row['title']} {row.get('description', '')}".strip(), "callback_data": row["id"]}


if __name__ == "__main__":
    driver.FakeTelegram, driver.BotProcess = FakeWhatsApp, Bot
    driver.main()
