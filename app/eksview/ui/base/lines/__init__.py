"""The lines above and below what a screen shows, and the widgets that they are drawn with."""
