"""What every citizen can say."""
