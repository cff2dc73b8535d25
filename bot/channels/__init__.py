"""The ways in and out: one folder for each platform, which can be deleted without touching the others."""
