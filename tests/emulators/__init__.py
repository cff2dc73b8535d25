"""Platforms as the bot meets them, on this machine: real HTTP, faults on demand."""
