"""What the people responsible for activities can say."""
