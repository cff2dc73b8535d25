"""The Telegram channel: updates come by webhook or long poll, messages go out by the Bot API."""

# How the database names it.
CHANNEL = "telegram"
