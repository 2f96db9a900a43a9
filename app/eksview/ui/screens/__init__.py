"""One file per screen, each a composition of widgets."""
