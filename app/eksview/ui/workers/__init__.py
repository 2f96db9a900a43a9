"""Workers drawn as cards, chips or a heat map, for nodes and for container instances."""
