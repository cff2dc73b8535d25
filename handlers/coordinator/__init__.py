"""What those who run the plan can say."""
