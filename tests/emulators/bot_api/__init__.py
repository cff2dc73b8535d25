"""The parts of the Telegram emulator; `tests.emulators.telegram` is its door."""
