"""Log lines: how they are cut, merged, kept, decoded and named."""
