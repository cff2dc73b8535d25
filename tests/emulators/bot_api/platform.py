"""What the platform knows: chats, files, updates, what the bot asked for, what was wrong with it."""

from __future__ import annotations

import itertools
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING

from tests.emulators.bot_api.chats import Chat, Raw
from tests.emulators.bot_api.faults import ApiError, Faults, migrated
from tests.emulators.bot_api.files import Files
from tests.emulators.bot_api.limits import Limits
from tests.emulators.bot_api.updates import Updates
from tests.emulators.bot_api.webhook import Webhook
from tests.emulators.shared import platform

if TYPE_CHECKING:
    from tests.emulators.bot_api.people import Person

MOST_UPLOADED, MOST_UPLOADED_LOCALLY = 50 << 20, 2000 << 20  # bytes


class Platform(platform.Platform):
    """Everything behind the HTTP: what people do goes in here, what the bot asks is answered from here."""

    def __init__(
        self,
        token: str,
        username: str,
        *,
        port: int,
        now: Callable[[], float],
        retry_pause: float,
        local: Path | None,
    ) -> None:
        super().__init__(token, now, port)
        self.retry_pause = retry_pause
        self.bot: Raw = {
            "id": int(token.partition(":")[0]), "is_bot": True, "first_name": "Chasqui", "username": username,
            "can_join_groups": True, "can_read_all_group_messages": False, "supports_inline_queries": False,
        }  # fmt: skip
        self.faults, self.limits, self.files = Faults(), Limits(), Files(local=local)
        self.updates = Updates(self.faults)
        self.webhook: Webhook | None = None
        self.called: Callable[[Raw], Awaitable[None]]  # takes the call that the answer of a webhook holds
        self.chats: dict[int, Chat] = {}
        self.commands: dict[tuple[str, str], list[Raw]] = {}  # by scope ("default", "chat 7", …) and language
        self.unanswered: dict[str, Person] = {}  # taps whose button still spins
        self._ids: dict[int, itertools.count[int]] = {}

    def next_id(self, chat: Chat) -> int:
        """The next message's number: a supergroup counts its own, all other chats share one count."""
        return next(self._ids.setdefault(chat.id if chat.kind == "supergroup" else 0, itertools.count(1)))

    def message(self, chat: Chat, sender: Raw, content: Raw) -> Raw:
        """A new Message."""
        return {
            "message_id": self.next_id(chat), "from": sender, "chat": chat.raw, "date": int(self.now()), **content,
        }  # fmt: skip

    def open_chat(self, chat_id: int | str) -> Chat:
        """The chat the bot wants to write to. Raises ApiError where it cannot."""
        chat = self.chats.get(int(chat_id)) if str(chat_id).lstrip("-").isdigit() else None
        if not chat:
            raise ApiError(400, "Bad Request: chat not found")
        if chat.refusal:
            raise chat.refusal
        return chat

    def migrate(self, chat: Chat, new_id: int) -> None:
        """Refuse what is sent to the old id, and say the new one."""
        chat.refusal = migrated(new_id).error

    async def hook(self, url: str, secret: str = "", connections: int = 40) -> None:
        """Deliver by webhook from now on; an empty address stops it."""
        await self.close()
        self.webhook = None
        if url:
            self.webhook = Webhook(url, secret, connections, self.updates, self.retry_pause, self.called)
            await self.open()

    async def open(self) -> None:
        """Go on delivering by webhook, where there is one."""
        if self.webhook:
            self.webhook.open()

    async def close(self) -> None:
        """Deliver nothing any more; what was not taken stays pending."""
        if self.webhook:
            await self.webhook.close()

    async def forget(self) -> None:
        """Lose what a platform could lose: pending updates, the webhook, links, what stood in the chats."""
        await self.hook("")
        self.updates.pending.clear()
        self.updates.allowed = []
        self.files.expire_links()
        self.unanswered.clear()
        self.commands.clear()
        for chat in self.chats.values():
            chat.history.clear()
