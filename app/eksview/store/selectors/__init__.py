"""Questions asked of the store by screens and commands."""
