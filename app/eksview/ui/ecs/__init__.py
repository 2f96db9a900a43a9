"""Amazon ECS: its clusters as architecture, and tables and details of what runs there."""
