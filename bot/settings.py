"""The settings: few, each one read somewhere, all in docs/settings.md."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

# What each setting must be, for the sentence that says it is not.
MEANT = {
    "database_url": "sqlite:///carpeta/archivo.db o postgresql://usuario:clave@servidor/base",
    "evidence_dir": "una carpeta",
    "host": "una dirección de este computador, por ejemplo 127.0.0.1",
    "port": "un número entre 1 y 65535",
    "public_url": "la dirección del sitio sin ruta, por ejemplo https://chasqui.ejemplo.gov.co",
    "timezone": "una zona horaria, por ejemplo America/Bogota",
    "log_level": "DEBUG, INFO, WARNING o ERROR",
    "max_file_mb": "un número entre 1 y 100",
    "telegram_token": "la clave que da @BotFather, por ejemplo 123456:ABC-DEF",
    "telegram_api": "la dirección de un servidor Bot API, por ejemplo https://api.telegram.org",
    "telegram_files": "la carpeta de archivos de su propio servidor Bot API",
    "telegram_rate": "cuántos mensajes por segundo permite Telegram, entre 0 (sin límite) y 1000",
    "whatsapp_token": "la clave permanente de la aplicación en Meta",
    "whatsapp_phone": "el identificador del número (solo cifras; no es el número de teléfono)",
    "whatsapp_account": "el identificador de la cuenta de WhatsApp Business (solo cifras)",
    "whatsapp_secret": "la clave secreta de la aplicación en Meta",
    "whatsapp_verify": "la palabra que también se escribe en Meta para comprobar el webhook",
    "whatsapp_api": "la dirección de la Graph API con su versión, por ejemplo https://graph.facebook.com/v25.0",
    "whatsapp_rate": "cuántos mensajes por segundo permite el número, entre 0 (sin límite) y 1000",
}
# The ways people write the address of a database, and the one driver we use for each.
DRIVERS = (
    (re.compile(r"sqlite(\+\w+)?:///(?=[^:?])"), "sqlite:///"),
    (re.compile(r"postgres(ql)?(\+\w+)?://"), "postgresql+psycopg://"),
)


class Misconfigured(Exception):
    """Why Chasqui cannot start and what to do about it: one sentence for whoever runs it."""


class Settings(BaseSettings):
    """From the environment (CHASQUI_…) and the file .env. Read it with `load`, which says plainly what is wrong."""

    model_config = SettingsConfigDict(
        env_prefix="CHASQUI_", env_file=".env", env_file_encoding="utf-8", env_ignore_empty=True, extra="ignore"
    )

    database_url: str = "sqlite:///var/chasqui.db"
    evidence_dir: Path = Path("var/evidence")
    host: str = Field("127.0.0.1", min_length=1)
    port: int = Field(8000, ge=1, le=65535)
    public_url: str = ""
    timezone: ZoneInfo = ZoneInfo("America/Bogota")
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    max_file_mb: int = Field(20, ge=1, le=100)
    telegram_token: SecretStr = SecretStr("")
    telegram_api: str = "https://api.telegram.org"
    telegram_files: Path | None = None
    telegram_rate: float = Field(30, ge=0, le=1000)
    whatsapp_token: SecretStr = SecretStr("")
    whatsapp_phone: str = Field("", pattern=r"^\d*$")
    whatsapp_account: str = Field("", pattern=r"^\d*$")
    whatsapp_secret: SecretStr = SecretStr("")
    whatsapp_verify: SecretStr = SecretStr("")
    whatsapp_api: str = "https://graph.facebook.com/v25.0"
    whatsapp_rate: float = Field(80, ge=0, le=1000)

    @property
    def address(self) -> str:
        """The site's address as people open it, without a slash at the end."""
        if self.public_url:
            return self.public_url
        host = "localhost" if self.host in ("0.0.0.0", "::") else self.host  # noqa: S104 – compared, not bound
        return f"http://[{host}]:{self.port}" if ":" in host else f"http://{host}:{self.port}"

    @field_validator("database_url")
    @classmethod
    def _one_driver(cls, value: str) -> str:
        for written, used in DRIVERS:
            if written.match(value):
                _ = urlsplit(value).port  # raises ValueError for a port that is none
                return written.sub(used, value, count=1)
        raise ValueError("not a database we know")

    @field_validator("public_url")
    @classmethod
    def _origin(cls, value: str) -> str:
        if value and not re.fullmatch(r"https?://(\[[0-9a-f:]+\]|[\w.-]+)(:\d{1,5})?/?", value, re.IGNORECASE):
            raise ValueError("not an origin")
        return value.rstrip("/").lower()

    @field_validator("telegram_token")
    @classmethod
    def _token(cls, value: SecretStr) -> SecretStr:
        if value.get_secret_value() and not re.fullmatch(r"\d+:[\w-]+", value.get_secret_value()):
            raise ValueError("not a bot's token")
        return value

    @field_validator("telegram_api", "whatsapp_api")
    @classmethod
    def _root(cls, value: str) -> str:
        if not re.match(r"https?://[^/]", value):
            raise ValueError("not an address")
        return value.rstrip("/")

    @field_validator("log_level", mode="before")
    @classmethod
    def _upper(cls, value: object) -> object:
        return value.upper() if isinstance(value, str) else value


def load() -> Settings:
    """The settings. Raises Misconfigured."""
    try:
        return Settings()
    except ValidationError as error:
        # The value itself is not repeated: it may hold a password.
        name = str(error.errors()[0]["loc"][0])
        raise Misconfigured(
            f"CHASQUI_{name.upper()} debe ser {MEANT[name]}: corríjalo en el archivo .env o en el entorno."
        ) from None
    except (OSError, UnicodeDecodeError):
        raise Misconfigured("No se puede leer el archivo .env: revise sus permisos y guárdelo como UTF-8.") from None


def whole(settings: Settings) -> Settings:
    """The settings, where nothing is missing that serving needs. Raises Misconfigured."""
    needed = ("whatsapp_phone", "whatsapp_account", "whatsapp_secret", "whatsapp_verify", "public_url")
    missing = [f"CHASQUI_{name.upper()}" for name in needed if not _given(settings, name)]
    if _given(settings, "whatsapp_token") and missing:
        raise Misconfigured(f"Para WhatsApp falta {', '.join(missing)}: docs/whatsapp.md dice de dónde sale cada uno.")
    return settings


def _given(settings: Settings, name: str) -> bool:
    value = getattr(settings, name)
    return bool(value.get_secret_value() if isinstance(value, SecretStr) else value)
