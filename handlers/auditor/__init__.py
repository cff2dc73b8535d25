"""What Internal Control can say: everything is read, nothing but their own is written."""
