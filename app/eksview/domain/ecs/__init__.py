"""Rules of ECS: statuses, what container instances and machines have in common, logs."""
