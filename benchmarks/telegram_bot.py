"""Chasqui as the Telegram harness wants it: its variables become our settings, then it serves as always."""

from __future__ import annotations

import os
import sys


def main() -> None:
    """Serve until SIGTERM."""
    root = os.environ["TELEGRAM_API_ROOT"]
    port = os.environ["WEBHOOK_PORT"]
    os.environ |= {
        "CHASQUI_DATABASE_URL": f"sqlite:///{os.environ['DATABASE_PATH']}",
        "CHASQUI_EVIDENCE_DIR": os.environ["PHOTO_DIR"],
        "CHASQUI_PORT": port,
        "CHASQUI_PUBLIC_URL": f"http://127.0.0.1:{port}" if os.environ["BOT_MODE"] == "webhook" else "",
        "CHASQUI_TELEGRAM_TOKEN": os.environ["BOT_TOKEN"],
        "CHASQUI_TELEGRAM_API": root,
        "CHASQUI_TELEGRAM_RATE": os.environ.get("NUDGE_RATE", "0"),
        "CHASQUI_LOG_LEVEL": "WARNING",
    }
    sys.argv = ["chasqui", "serve"]
    from bot.__main__ import main as chasqui

    chasqui()


if __name__ == "__main__":
    main()
