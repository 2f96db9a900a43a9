"""The flags of Kubernetes that ECS doesn't go with: neither has anything of the other."""

import argparse

from eksview.cli.parser import ECS_CLUSTERS, ECS_INSTANCES, ECS_SERVICES, ECS_TASKS
from eksview.config.option_types import UsageError
from eksview.config.settings import GET, OPTIONS

LISTS = (ECS_CLUSTERS, ECS_SERVICES, ECS_INSTANCES, ECS_TASKS)


def check_ecs_flags(args: argparse.Namespace) -> None:
    """Raise `UsageError` for a flag that would be ignored.

    ECS is read in the account of the environment or of --profile, whatever the kubeconfig names.
    """
    ecs = next(option for option in OPTIONS if option.name == "ecs_cluster")
    listed = next(iter(getattr(args, "words", ())), "") if args.command == GET else ""
    of_ecs = any(listed in names for names in LISTS)
    given = hasattr(args, ecs.name)
    if listed and given and not of_ecs:
        raise UsageError(f"argument {ecs.flag}: only of {', '.join(names[0] for names in LISTS)}")
    if not (given or of_ecs):
        return
    for rival in (option for option in OPTIONS if option.name in ecs.option.rivals):
        if hasattr(args, rival.name):
            other = ecs.flag if given else listed
            raise UsageError(f"argument {rival.flag}: not allowed with {other}; use --profile")
