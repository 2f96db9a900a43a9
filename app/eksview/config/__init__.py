"""Settings: each option declared once, read from flags, environment and a TOML file."""
