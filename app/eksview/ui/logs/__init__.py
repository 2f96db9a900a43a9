"""The log view: lines of one or many sources, followed, filtered and saved."""
