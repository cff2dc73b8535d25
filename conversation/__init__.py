"""The engine of a conversation: questions, answers, prompts. Standard library only."""
