"""What people see without a chat: the pages, their styles and scripts."""
