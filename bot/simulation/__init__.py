"""A year in a minute: the real turns and ticks on a virtual clock, with invented people who live through it."""
