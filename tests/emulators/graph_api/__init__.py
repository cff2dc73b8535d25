"""The parts of the WhatsApp emulator; `tests.emulators.whatsapp` is its door."""
