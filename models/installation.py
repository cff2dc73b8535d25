"""What this database is: its own id and secret, and the few values a demonstration keeps beside the plan."""

from __future__ import annotations

import secrets

from sqlalchemy import Connection, String, select
from sqlalchemy.dialects.postgresql import insert as insert_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_sqlite
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base

# What the bot is called on Telegram, and its number on WhatsApp (digits), for links to it.
TELEGRAM_NAME, WHATSAPP_NUMBER = "telegram_name", "whatsapp_number"
# Where the site is, as people reach it: "https://example.gov.co".
SITE = "site"
# The site's address as people open it, where one is set.
ADDRESS = "address"


class Installation(Base):
    """A named value."""

    __tablename__ = "installation"

    key: Mapped[str] = mapped_column(String(40), primary_key=True)
    value: Mapped[str]


def get(connection: Connection, key: str) -> str | None:
    """The value kept under `key`."""
    return connection.execute(select(Installation.value).where(Installation.key == key)).scalar_one_or_none()


def links(connection: Connection) -> dict[str, str]:
    """What is known of SITE, TELEGRAM_NAME and WHATSAPP_NUMBER."""
    wanted = (SITE, TELEGRAM_NAME, WHATSAPP_NUMBER)
    rows = connection.execute(select(Installation.key, Installation.value).where(Installation.key.in_(wanted)))
    return dict(rows.all())


def put(connection: Connection, key: str, value: str) -> None:
    """Keep `value` under `key`, in place of what was there."""
    insert = insert_sqlite if connection.dialect.name == "sqlite" else insert_postgresql
    kept = insert(Installation).values(key=key, value=value)
    connection.execute(kept.on_conflict_do_update(index_elements=["key"], set_={"value": value}))


def install_id(connection: Connection) -> str:
    """Names this database: pages forget what they know when it is another one. 32 hexadecimal digits, no secret."""
    return _drawn(connection, "id", 16)


def secret(connection: Connection) -> str:
    """What a demonstration's sessions and the webhook's secret are derived from. 64 hexadecimal digits."""
    return _drawn(connection, "secret", 32)


def _drawn(connection: Connection, key: str, size: int) -> str:
    """A random value, drawn by whoever asks first."""
    known = get(connection, key)
    if known:
        return known
    insert = insert_sqlite if connection.dialect.name == "sqlite" else insert_postgresql
    drawn = insert(Installation).values(key=key, value=secrets.token_hex(size))
    connection.execute(drawn.on_conflict_do_nothing())
    return get(connection, key) or ""
