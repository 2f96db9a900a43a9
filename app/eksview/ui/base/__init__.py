"""What all screens share: header, footer, tabs, text views, bindings."""
