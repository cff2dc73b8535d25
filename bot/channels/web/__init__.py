"""The web channel: a chat on a page of our own, over plain HTTP and one event stream."""

# How the database names it.
CHANNEL = "web"
