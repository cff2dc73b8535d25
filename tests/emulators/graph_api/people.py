"""People who chat with the bot. Whatever they do becomes an event for the webhook."""

from __future__ import annotations

import mimetypes
import secrets
from typing import Any

from tests.emulators.bot_api.files import without_metadata
from tests.emulators.graph_api.chats import Chat, Option, Raw, Shown, named
from tests.emulators.graph_api.errors import GraphError
from tests.emulators.graph_api.events import Event, new_id
from tests.emulators.graph_api.faults import MESSAGE
from tests.emulators.graph_api.media import described
from tests.emulators.graph_api.platform import NUMBER, Platform

WINDOW = 24 * 3600  # seconds


class Person(Chat):
    """Somebody with WhatsApp. Whatever is sent returns the message as the webhook gets it."""

    def __init__(self, platform: Platform, wa_id: str, name: str, user_id: str, hides_phone: bool) -> None:
        assert user_id or not hides_phone, "who hides the phone has a user_id"
        super().__init__(name=name)
        self.platform, self.wa_id, self.user_id, self.hides_phone = platform, wa_id, user_id, hides_phone
        self.heard_at: float | None = None  # Unix seconds of the last message
        self.refusal: GraphError | None = None  # what becomes of messages sent here
        self.unread: list[str] = []

    @property
    def key(self) -> str:
        """What others should know the person by: the user_id, or the number where there is none."""
        return self.user_id or self.wa_id

    @property
    def ids(self) -> tuple[str, ...]:
        """The number, and the user_id where there is one."""
        return (self.wa_id, self.user_id) if self.user_id else (self.wa_id,)

    @property
    def contact(self) -> Raw:
        """As a webhook describes the person."""
        profile = {"name": self.name}
        if self.hides_phone:
            profile["username"] = f"@{self.name.lower().replace(' ', '')}"
        return {"profile": profile, **self._ids("wa_id", "user_id")}

    @property
    def open(self) -> bool:
        """Whether the bot may write freely: the person wrote in the last 24 hours."""
        return self.heard_at is not None and self.platform.now() - self.heard_at < WINDOW

    async def says(self, text: str) -> Raw:
        """Type something."""
        return self.sends("text", {"body": text})

    async def replies(self, to: Shown | Raw | str, text: str) -> Raw:
        """Answer one message (what was heard, or what somebody sent) in words."""
        return self.sends("text", {"body": text}, about=_id(to), ours=isinstance(to, Shown))

    async def reacts(self, to: Shown | Raw | str, emoji: str = "👍") -> Raw:
        """Put a sign on a message; an empty one takes it away."""
        return self.sends("reaction", {"message_id": _id(to), **({"emoji": emoji} if emoji else {})})

    async def taps(self, label: str, *, on: Shown | None = None) -> Raw:
        """Tap the button or row named so, on the newest message that has one, or on `on`.

        A row is also found by its description, and each by how it begins or by what its label was shortened from.
        Raises AssertionError where there is none.
        """
        seen = []
        for message in [on] if on else reversed(self.shown):
            if option := named(message.options, label):
                return self._taps(message, option)
            seen += [one.label for one in message.options]
        raise AssertionError(f"{self.name} sees no button {label!r} but {seen}")

    async def sends_photo(self, data: bytes, caption: str = "", *, size: int | None = None) -> Raw:
        """Send a photo, which loses what its camera wrote; `size` where it pretends to weigh something else."""
        return self._sends_file("image", without_metadata(data), "photo.jpg", "image/jpeg", caption, size)

    async def sends_document(
        self, data: bytes, name: str, caption: str = "", *, mime: str = "", size: int | None = None
    ) -> Raw:
        """Send a file as it is; `size` where it pretends to weigh something else, in bytes."""
        kind = mime or mimetypes.guess_type(name)[0] or "application/octet-stream"
        return self._sends_file("document", data, name, kind, caption, size, filename=name)

    async def sends_video(self, data: bytes, caption: str = "", *, size: int | None = None) -> Raw:
        """Send a video."""
        return self._sends_file("video", data, "video.mp4", "video/mp4", caption, size)

    async def sends_voice(self, data: bytes, *, size: int | None = None) -> Raw:
        """Send a voice note."""
        return self._sends_file("audio", data, "voice.ogg", "audio/ogg; codecs=opus", "", size, voice=True)

    async def sends_sticker(self, data: bytes) -> Raw:
        """Send a sticker."""
        return self._sends_file("sticker", data, "sticker.webp", "image/webp", animated=False)

    async def sends_place(self, lat: float, lng: float, name: str = "", address: str = "") -> Raw:
        """Send a place, in degrees."""
        words = {"name": name, "address": address}
        return self.sends("location", {"latitude": lat, "longitude": lng} | {k: v for k, v in words.items() if v})

    async def sends_contact(self, phone: str, name: str) -> Raw:
        """Send the card of somebody: "+57 300 …"."""
        digits = "".join(filter(str.isdigit, phone))
        whose = {"first_name": name.split(maxsplit=1)[0], "formatted_name": name}
        return self.sends("contacts", [{"name": whose, "phones": [{"phone": phone, "wa_id": digits, "type": "CELL"}]}])

    async def sends_unsupported(self) -> Raw:
        """Send something the Cloud API has no words for, as a poll."""
        told = {name: value for name, value in GraphError(131051).told().items() if name != "href"}
        return self.sends("unsupported", None, errors=[told])

    def sends(self, kind: str, content: Any, *, about: str = "", ours: bool = True, **more: Any) -> Raw:
        """Send a message of any kind, in the words of the Cloud API; `about` is the id of the message answered.

        `ours`: the message answered is the bot's, not one of the person's own.
        """
        context = {"context": {"from": NUMBER if ours else self.wa_id, "id": about}} if about else {}
        message = {**context, **self._head(kind), **({kind: content} if content is not None else {}), **more}
        self.heard_at = self.platform.now()
        self.history.append(message)
        self.changed()
        return self.platform.said(self, message)

    def gets(self, message: Shown) -> None:
        """A message of the bot arrives."""
        self.shown.append(message)
        self.history.append(message)
        self.unread.append(message.id)
        self.typing = False
        self.changed()

    async def reads(self) -> None:
        """Look at the chat: what the bot sent since the last time is read."""
        unread, self.unread = self.unread, []
        for wamid in unread:
            self.platform.status(wamid, "read")

    async def changes_number(self, new: str, user_id: str = "") -> Raw:
        """Take another number, and with it another user_id where there was one."""
        head = {name: value for name, value in self._head("system").items() if name != "from_user_id"}
        old, old_user = self.key, self.user_id
        for one in self.ids:
            del self.platform.people[one]
        self.wa_id = new
        self.user_id = (user_id or f"CO.{secrets.randbelow(10**16)}") if old_user else ""
        self.platform.people.update(dict.fromkeys(self.ids, self))
        body = f"User {self.name} changed from {old} to {self.key}"
        kind = "user_changed_user_id" if old_user else "user_changed_number"
        system = {"body": body, **self._ids("wa_id", "user_id"), "type": kind}
        told = self.platform.said(self, {**head, "system": system})
        if old_user:
            self._tells_user_id(old_user)
        return told

    def silent_for(self, hours: float) -> None:
        """The person's last message was that many hours ago."""
        self.heard_at = self.platform.now() - hours * 3600

    def blocks(self) -> None:
        """Block the bot: what it sends is accepted, and fails with 131026."""
        self.refusal = GraphError(131026)

    def unblocks(self) -> None:
        """Take messages again."""
        self.refusal = None

    def received(self, message: Shown) -> bytes:
        """The bytes of the picture or file of a message of the bot."""
        return self.platform.media.kept[message.media_id].data

    def _head(self, kind: str) -> Raw:
        stamp = str(int(self.platform.now()))
        return {**self._ids("from", "from_user_id"), "id": new_id(self.wa_id), "timestamp": stamp, "type": kind}

    def _ids(self, phone: str, user: str) -> Raw:
        shown = {} if self.hides_phone else {phone: self.wa_id}
        return shown | ({user: self.user_id} if self.user_id and user else {})

    def _taps(self, message: Shown, option: Option) -> Raw:
        if option.kind == "template":
            return self.sends("button", {"payload": option.id, "text": option.label}, about=message.id)
        said = {"id": option.id, "title": option.label}
        if option.kind == "row" and option.description:
            said["description"] = option.description
        kind = "list_reply" if option.kind == "row" else "button_reply"
        return self.sends("interactive", {"type": kind, kind: said}, about=message.id)

    def _sends_file(
        self, kind: str, data: bytes, name: str, mime: str, caption: str = "", size: int | None = None, **more: Any
    ) -> Raw:
        words = {"caption": caption} if caption else {}
        stored = self.platform.media.add(data, name, mime, size)
        if self.platform.modern:
            words["url"] = self.platform.media.link(stored.id, self.platform.root)["url"]
        return self.sends(kind, {**words, **more, **described(stored)})

    def _tells_user_id(self, old: str) -> None:
        body = {
            **({} if self.hides_phone else {"wa_id": self.wa_id}),
            "detail": f"User id for {self.name} has been updated.",
            "user_id": {"previous": old, "current": self.user_id},
            "timestamp": str(int(self.platform.now())),
        }
        fault = self.platform.faults.next(MESSAGE, *self.ids)
        contact = {name: value for name, value in self.contact.items() if name != "user_id"}
        self.platform.delivery.add(Event(self.key, body, "user_id_update", "user_id_update", contact, fault))


def _id(message: Shown | Raw | str) -> str:
    if isinstance(message, str):
        return message
    return message.id if isinstance(message, Shown) else str(message["id"])
