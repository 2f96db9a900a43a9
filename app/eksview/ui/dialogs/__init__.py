"""Dialogs: help, the command line, pickers."""
