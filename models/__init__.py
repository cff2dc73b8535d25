"""What is kept: one noun per file, with its SQL and who may read it."""
