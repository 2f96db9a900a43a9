"""Where things go on the screen. Pure: numbers in, places out."""
