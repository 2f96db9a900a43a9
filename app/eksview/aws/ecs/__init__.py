"""ECS: readers and parsers of clusters, services, container instances and tasks."""
