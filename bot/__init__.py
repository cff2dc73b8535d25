"""Edges and assembly: command line, settings, channels, public site; one message, one turn."""
