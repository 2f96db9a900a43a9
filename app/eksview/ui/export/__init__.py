"""What leaves eksview by a key: copied fields, saved tables and screens."""
