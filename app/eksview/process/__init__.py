"""Other programs that eksview runs, and what it waits for."""
