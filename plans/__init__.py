"""From a plan document to what is owed, and when."""
