"""What the WhatsApp Business account knows of templates."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from bot.channels.whatsapp.client import Client
from bot.channels.whatsapp.templates import components
from plans.whatsapp_templates import Wording

FIELDS = "name,language,status,category,components,rejected_reason"
# Templates of a page, and pages: an account holds at most 6,000.
PAGE, PAGES = 100, 60


async def templates(client: Client, account: str) -> list[dict[str, Any]]:
    """All templates of the account, as the platform tells them (FIELDS). Raises NotDone."""
    found: list[dict[str, Any]] = []
    after = ""
    for _page in range(PAGES):
        more = f"&after={quote(after, safe='')}" if after else ""
        answer = await client.get(f"{account}/message_templates?fields={FIELDS}&limit={PAGE}{more}")
        found += answer.get("data") or []
        paging = answer.get("paging") or {}
        # The address of the next page holds the token, and names a server: only the place in the list is taken from it.
        after = str((paging.get("cursors") or {}).get("after") or "") if paging.get("next") else ""
        if not after:
            break
    return found


async def create(client: Client, account: str, wording: Wording) -> tuple[str, str]:
    """Ask for a template to be approved; its status and category. Raises NotDone."""
    asked = {
        "name": wording.name, "language": wording.language, "category": wording.category,
        "components": components(wording),
    }  # fmt: skip
    made = await client.post(f"{account}/message_templates", asked)
    return str(made.get("status") or "PENDING")[:20], str(made.get("category") or wording.category)[:20]
