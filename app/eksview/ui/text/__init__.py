"""Styled text: palette, glyphs, bars and the layout of lines."""
