"""The public pages: each a function from what was asked for to what the page says, None where there is no such page."""
