"""Every API call, and the commands that ask the same."""
