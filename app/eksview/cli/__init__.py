"""The commands, their options and their output."""
