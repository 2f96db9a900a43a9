"""What is decided about Amazon ECS."""
