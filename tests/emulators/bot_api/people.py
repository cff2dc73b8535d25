"""People who chat with the bot, alone and in groups. Whatever they do becomes an update."""

from __future__ import annotations

import mimetypes
from typing import Any

from tests.emulators.bot_api import markup
from tests.emulators.bot_api.chats import Chat, Raw, Shown, file_id
from tests.emulators.bot_api.faults import ApiError
from tests.emulators.bot_api.files import described
from tests.emulators.bot_api.platform import Platform

FileSent = bytes | tuple[str, bytes]  # of an album: a photo, or a document with its name
_MIGRATION = {"migrate_to_chat_id", "migrate_from_chat_id"}


class Group(Chat):
    """A group the bot is in. With privacy it hears only commands, mentions and replies to what it said."""

    def __init__(self, platform: Platform, chat_id: int, title: str, *, privacy: bool = True) -> None:
        super().__init__(chat_id, "supergroup" if chat_id <= -1_000_000_000_000 else "group", name=title)
        self.platform, self.privacy = platform, privacy

    def hears_of(self, message: Raw) -> bool:
        """Whether the bot gets this message."""
        if not self.privacy or message.get("text", "").startswith("/") or message.keys() & _MIGRATION:
            return True
        words = (message.get("text") or message.get("caption") or "").lower()
        replied = message.get("reply_to_message", {}).get("from", {}).get("id")
        return f"@{self.platform.bot['username']}".lower() in words or replied == self.platform.bot["id"]

    async def migrates(self, by: Person, new_id: int) -> Group:
        """Become a supergroup with another id; the group it is from now on."""
        after = Group(self.platform, new_id, self.name, privacy=self.privacy)
        self.platform.chats[new_id] = after
        by.sends(self, migrate_to_chat_id=new_id)
        by.sends(after, migrate_from_chat_id=self.id)
        self.platform.migrate(self, new_id)
        return after

    async def adds_bot(self, by: Person) -> None:
        """Let the bot in (again)."""
        self.refusal = None
        by.changes_bot(self, "left", "member")

    async def removes_bot(self, by: Person) -> None:
        """Put the bot out."""
        self.refusal = ApiError(403, "Forbidden: bot was kicked from the group chat")
        by.changes_bot(self, "member", "kicked")


class Person(Chat):
    """Somebody, and the private chat with them. What they do in a group names it: `to=group`.

    Whatever is sent returns the Message as the bot gets it.
    """

    def __init__(self, platform: Platform, chat_id: int, name: str, language: str, username: str = "") -> None:
        super().__init__(chat_id, "private", name=name)
        self.platform, self.notices = platform, list[str]()  # answers to taps that were shown as notices
        account = {"username": username} if username else {}
        self.user: Raw = {"id": chat_id, "is_bot": False, "first_name": name, "language_code": language, **account}

    async def says(self, text: str, *, to: Chat | None = None) -> Raw:
        """Type something."""
        return self.sends(to, **_words("text", text))

    async def replies_to(self, message: Shown | Raw, text: str = "", *, photo: bytes | None = None) -> Raw:
        """Answer one message, in its chat, in words or with a photo."""
        original = message.raw if isinstance(message, Shown) else message
        content = _words("caption" if photo else "text", text)
        if photo:
            content["photo"] = self.platform.files.add_photo(photo)
        quoted = {name: value for name, value in original.items() if name != "reply_to_message"}
        return self.sends(self.platform.chats[original["chat"]["id"]], reply_to_message=quoted, **content)

    async def starts(self, payload: str = "") -> Raw:
        """Press the start button, after a link with a payload where there is one; also after blocking."""
        if self.refusal:
            self.refusal = None
            self.changes_bot(self, "kicked", "member")
        return await self.says(f"/start {payload}".strip())

    async def taps(self, label: str, *, on: Shown | None = None, to: Chat | None = None) -> str:
        """Tap the button whose label is or begins with `label`: on the newest message that has one, or on `on`.

        Returns the id of the callback query; for a button of the keyboard, which only types its label, "".
        Raises AssertionError where there is no such button.
        """
        chat = self.platform.chats[on.raw["chat"]["id"]] if on else to or self
        labels = []
        for message in [on] if on else map(Shown, reversed(chat.history.values())):
            labels += [button.label for button in message.buttons]
            matching = [button for button in message.buttons if button.label.startswith(label)]
            for button in sorted(matching, key=lambda each: each.label != label):
                assert not button.url, f"{button.label!r} opens {button.url}"
                return self._taps(chat, chat.history[message.id], button.data)
        for key in (key for row in chat.keyboard for key in row):
            said = key if isinstance(key, str) else key["text"]
            labels.append(said)
            if said.startswith(label):
                await self.says(said, to=to)
                return ""
        raise AssertionError(f"{self.name} sees no button {label!r} but {labels}")

    async def sends_photo(
        self, data: bytes, caption: str = "", *, to: Chat | None = None, size: int | None = None
    ) -> Raw:
        """Send a photo; `size` where it pretends to weigh something else, in bytes."""
        return self.sends(to, photo=self.platform.files.add_photo(data, size), **_words("caption", caption))

    async def sends_document(
        self,
        data: bytes,
        name: str,
        caption: str = "",
        *,
        mime: str = "",
        size: int | None = None,
        to: Chat | None = None,
    ) -> Raw:
        """Send a file as it is; `size` where it pretends to weigh something else, in bytes."""
        return self.sends(to, document=self._document(data, name, mime, size), **_words("caption", caption))

    async def sends_album(self, files: list[FileSent], caption: str = "", *, to: Chat | None = None) -> list[Raw]:
        """Send photos or documents as one album: a message each, the caption on the first."""
        group = {"media_group_id": str(10_000_000 + self.platform.updates.count)}
        return [
            self.sends(to, **self._piece(one), **group, **_words("caption", caption if number == 0 else ""))
            for number, one in enumerate(files)
        ]

    async def sends_voice(self, data: bytes, seconds: int = 3, *, to: Chat | None = None) -> Raw:
        """Send a voice note."""
        return self.sends(to, voice={**self._kept(data, "voice.ogg", "audio/ogg"), "duration": seconds})

    async def sends_video(
        self, data: bytes, caption: str = "", *, size: int | None = None, to: Chat | None = None
    ) -> Raw:
        """Send a video."""
        shape = {"width": 640, "height": 480, "duration": 5}
        video = {**self._kept(data, "video.mp4", "video/mp4", size), **shape}
        return self.sends(to, video=video, **_words("caption", caption))

    async def shares_place(self, lat: float, lng: float, *, to: Chat | None = None) -> Raw:
        """Send a place, in degrees."""
        return self.sends(to, location={"latitude": lat, "longitude": lng})

    async def shares_contact(self, phone: str, name: str = "", *, to: Chat | None = None) -> Raw:
        """Send a phone number: one's own, or with a name somebody else's."""
        whose = {"first_name": name} if name else {"first_name": self.name, "user_id": self.id}
        return self.sends(to, contact={"phone_number": phone, **whose})

    async def edits(self, message: Raw, text: str) -> Raw:
        """Change the words of a message sent before."""
        chat = self.platform.chats[message["chat"]["id"]]
        name = "text" if "text" in message else "caption"
        edited = {**message, **_words(name, text), "edit_date": int(self.platform.now())}
        return self._tells(chat, "edited_message", edited)

    async def forwards(self, text: str = "", *, photo: bytes | None = None, channel: str = "", post: int = 1) -> Raw:
        """Pass on a post of a public channel, or without one what somebody wrote who hides their account."""
        origin: Raw = {"type": "hidden_user", "sender_user_name": "Alguien", "date": int(self.platform.now()) - 3600}
        if channel:
            chat = {"id": -1_002_000_000_000, "type": "channel", "title": channel, "username": channel}
            origin = {"type": "channel", "chat": chat, "message_id": post, "date": origin["date"]}
        content = _words("caption" if photo else "text", text)
        if photo:
            content["photo"] = self.platform.files.add_photo(photo)
        return self.sends(None, forward_origin=origin, **content)

    async def blocks(self) -> None:
        """Block the bot: from now on what it sends is answered 403."""
        self.refusal = ApiError(403, "Forbidden: bot was blocked by the user")
        self.changes_bot(self, "member", "kicked")

    def received(self, message: Shown) -> bytes:
        """The bytes of the picture or file of a message of the bot."""
        return self.platform.files.kept[file_id(message.raw)].data

    def sends(self, to: Chat | None, **content: Any) -> Raw:
        """Send a message with any content, in the words of the Bot API."""
        chat = to or self
        return self._tells(chat, "message", self.platform.message(chat, self.user, content))

    def changes_bot(self, chat: Chat, before: str, after: str) -> None:
        """Change what the bot is in a chat: member, left or kicked."""
        old, new = ({"user": self.platform.bot, "status": status, **_until(status)} for status in (before, after))
        where = {"chat": chat.raw, "from": self.user, "date": int(self.platform.now())}
        self.platform.updates.add(chat.id, "my_chat_member", {**where, "old_chat_member": old, "new_chat_member": new})

    def _tells(self, chat: Chat, kind: str, message: Raw) -> Raw:
        chat.keep(message)
        if not isinstance(chat, Group) or chat.hears_of(message):
            self.platform.updates.add(chat.id, kind, message)
        return message

    def _taps(self, chat: Chat, message: Raw, data: str) -> str:
        number = str(4_000_000_000 + self.platform.updates.count)
        query = {"id": number, "from": self.user, "message": message, "chat_instance": str(chat.id), "data": data}
        self.platform.unanswered[number] = self
        self.platform.updates.add(chat.id, "callback_query", query)
        return number

    def _kept(self, data: bytes, name: str, mime: str, size: int | None = None) -> Raw:
        return {**described(self.platform.files.add(data, name, mime, size)), "mime_type": mime}

    def _document(self, data: bytes, name: str, mime: str = "", size: int | None = None) -> Raw:
        kind = mime or mimetypes.guess_type(name)[0] or "application/octet-stream"
        return {**self._kept(data, name, kind, size), "file_name": name}

    def _piece(self, file: FileSent) -> Raw:
        if isinstance(file, bytes):
            return {"photo": self.platform.files.add_photo(file)}
        return {"document": self._document(file[1], file[0])}


def _words(name: str, text: str) -> Raw:
    if not text:
        return {}
    marks = markup.typed(text)
    kind = "entities" if name == "text" else "caption_entities"
    return {name: text, **({kind: marks} if marks else {})}


def _until(status: str) -> Raw:
    return {"until_date": 0} if status == "kicked" else {}
