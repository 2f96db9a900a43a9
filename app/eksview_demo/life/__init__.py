"""What happens in the demo cluster over time."""
