"""Objects that are made once and hardly change."""
