"""ECS in the demo's account: clusters, services, machines and tasks that live by the clock."""
