"""Text messages on their way out: the providers that take them, and how they report back."""
