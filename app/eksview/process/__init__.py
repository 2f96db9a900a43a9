"""Other programs that eksview runs."""
