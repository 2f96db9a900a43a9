"""`eksview get ecs-instances`, `ecs-services`, `ecs-tasks` and `ecs-clusters`."""
