"""What is handed out as a file: pictures, for now."""
