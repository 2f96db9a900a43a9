"""What would happen to a node's pods if the node were drained."""
