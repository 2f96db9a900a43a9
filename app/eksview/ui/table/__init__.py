"""The live table: model, layout, filter, and the widget that draws it."""
