"""What the platform knows: people, files, templates, what was sent, what was wrong with it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.emulators.graph_api.chats import Raw
from tests.emulators.graph_api.errors import GraphError
from tests.emulators.graph_api.events import Event
from tests.emulators.graph_api.faults import MESSAGE, STATUS, Faults
from tests.emulators.graph_api.limits import Limits
from tests.emulators.graph_api.media import Media
from tests.emulators.graph_api.templates import Templates
from tests.emulators.graph_api.webhook import Delivery
from tests.emulators.shared import platform

if TYPE_CHECKING:
    from tests.emulators.graph_api.people import Person

NUMBER = "573005550100"  # the bot's own


@dataclass(frozen=True, slots=True)
class Sent:
    """A message that was accepted. `to`: the digits it was sent to, empty where it went to `user_id`."""

    id: str
    to: str
    user_id: str
    person: Person | None
    opaque: str
    category: str
    open: bool


class Platform(platform.Platform):
    """Everything behind the HTTP: what people do goes in here, what the bot asks is answered from here."""

    def __init__(
        self, token: str, phone: str, account: str, secret: str, verify: str, version: str,
        *, port: int, now: Callable[[], float], retry_pause: float,
    ) -> None:  # fmt: skip
        super().__init__(token, now, port)
        self.phone, self.account, self.verify, self.version = phone, account, verify, version
        self.info: Raw = {
            "display_phone_number": f"+{NUMBER}", "verified_name": "Chasqui", "quality_rating": "GREEN",
            "messaging_limit_tier": "TIER_250", "whatsapp_business_manager_messaging_limit": "TIER_250", "id": phone,
        }  # fmt: skip
        metadata = {"display_phone_number": NUMBER, "phone_number_id": phone}
        self.delivery = Delivery(account, metadata, secret, retry_pause)
        self.faults, self.limits, self.media = Faults(), Limits(), Media()
        self.templates = Templates(self.delivery.add, lambda: int(self.now()))
        self.people: dict[str, Person] = {}  # by wa_id, and by user_id where there is one
        self.sent: dict[str, Sent] = {}  # by wamid
        self.heard: dict[str, Person] = {}  # who sent what, by wamid
        self.statuses: tuple[str, ...] = ("sent", "delivered")  # what each accepted message gets at once
        self.late_window = False  # a closed window is told by a failed status, not in the answer
        self.free: set[str] = set()  # categories that cost nothing inside the window

    async def open(self) -> None:
        """Go on delivering to the webhook."""
        await self.delivery.open()

    async def close(self) -> None:
        """Deliver nothing any more; what was not taken stays pending."""
        await self.delivery.close()

    @property
    def modern(self) -> bool:
        """Whether messages say where their files lie, and statuses nothing of the conversation."""
        return float(self.version[1:]) >= 24

    def said(self, person: Person, message: Raw) -> Raw:
        """A person's message, or a system message about them, is on its way."""
        self.heard[message["id"]] = person
        fault = self.faults.next(MESSAGE, *person.ids)
        contact = None if message["type"] == "system" else person.contact
        self.delivery.add(Event(person.key, message, contact=contact, fault=fault))
        return message

    def status(self, wamid: str, status: str, error: GraphError | None = None) -> None:
        """Tell the webhook what became of a message: sent, delivered, read, or failed with an error."""
        sent = self.sent[wamid]
        person, told = sent.person, status != "failed"
        digits = sent.to or (person.wa_id if person and not person.hides_phone else "")
        body: Raw = {"id": wamid, "status": status, "timestamp": str(int(self.now()))}
        if digits:
            body["recipient_id"] = digits
        user_id = sent.user_id or (person.user_id if person and told else "")
        if user_id:
            body["recipient_user_id"] = user_id
        if sent.opaque:
            body["biz_opaque_callback_data"] = sent.opaque
        if told:
            body |= self._money(sent, status)
        if error:
            body["errors"] = [error.told()]
        contact = person.contact if person and person.user_id and told else None
        fault = self.faults.next(STATUS, digits, user_id, *(person.ids if person else ()))
        lane = f"statuses {digits or user_id}"
        self.delivery.add(Event(lane, body, part="statuses", contact=contact, fault=fault))

    def _money(self, sent: Sent, status: str) -> Raw:
        if status == "read" and "delivered" in self.statuses:
            return {}  # told before
        free = sent.open and sent.category in self.free
        pricing = {
            "billable": not free,
            "pricing_model": "PMP",
            "category": sent.category,
            "type": "free_customer_service" if free else "regular",
        }
        if self.modern:
            return {"pricing": pricing}
        until = {"expiration_timestamp": str(int(self.now()) + 86400)} if status == "sent" else {}
        conversation = {"id": f"{abs(hash(sent.to or sent.user_id)):x}", **until, "origin": {"type": sent.category}}
        return {"conversation": conversation, "pricing": pricing}
