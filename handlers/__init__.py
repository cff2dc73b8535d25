"""What people can say: one conversation per file, by audience."""
