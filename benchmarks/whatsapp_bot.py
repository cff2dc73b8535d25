"""Chasqui on WhatsApp as the harness wants it: its variables become our settings, then it serves as always."""

from __future__ import annotations

import os
import sys

# What benchmarks/whatsapp_harness.py answers to.
TOKEN, PHONE, ACCOUNT, SECRET, VERSION = "bench", "1001", "2002", "bench-secret", "v25.0"


def main() -> None:
    """Serve until SIGTERM."""
    port = os.environ["WEBHOOK_PORT"]
    os.environ |= {
        "CHASQUI_DATABASE_URL": f"sqlite:///{os.environ['DATABASE_PATH']}",
        "CHASQUI_EVIDENCE_DIR": os.environ["PHOTO_DIR"],
        "CHASQUI_PORT": port,
        "CHASQUI_PUBLIC_URL": f"http://127.0.0.1:{port}",
        "CHASQUI_WHATSAPP_TOKEN": TOKEN,
        "CHASQUI_WHATSAPP_PHONE": PHONE,
        "CHASQUI_WHATSAPP_ACCOUNT": ACCOUNT,
        "CHASQUI_WHATSAPP_SECRET": SECRET,
        "CHASQUI_WHATSAPP_VERIFY": "bench",
        "CHASQUI_WHATSAPP_API": f"{os.environ['TELEGRAM_API_ROOT']}/{VERSION}",
        "CHASQUI_WHATSAPP_RATE": "0",
        "CHASQUI_LOG_LEVEL": "WARNING",
    }
    sys.argv = ["chasqui", "serve"]
    from bot.__main__ import main as chasqui

    chasqui()


if __name__ == "__main__":
    main()
