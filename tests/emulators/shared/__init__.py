"""What the two emulators have in common: planned faults, waiting in a chat, serving, and the page to chat with."""
