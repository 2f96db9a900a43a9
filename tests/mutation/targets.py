"""Which modules are mutated, and which tests must notice. Paths are edited here alone."""

from typing import NamedTuple


class Part(NamedTuple):
    """Modules below `app/eksview/`, and test files or folders below `tests/`."""

    modules: tuple[str, ...]
    tests: tuple[str, ...]


PARTS: dict[str, Part] = {
    "reflector": Part(
        modules=("kube/watch/reflector.py",),
        # Those over real HTTPS take seconds for each mutant; these alone decide.
        tests=("kube/watch/test_resource_versions.py",),
    ),
    "store": Part(
        modules=("store/store.py", "store/mailbox.py", "store/applier.py"),
        tests=(
            "store/test_store.py",
            "store/test_mailbox.py",
            "store/test_indexes.py",
            "store/test_applier.py",
            "store/test_node_instance_join.py",
            "store/test_session_index.py",
        ),
    ),
    "join": Part(
        modules=(
            "store/node_instance_join.py",
            "store/instance_matcher.py",
            "store/mapping_rows.py",
            "store/session_index.py",
            "domain/join/node_instance.py",
            "domain/join/mapping_row.py",
            "domain/join/manager.py",
        ),
        tests=(
            "store/test_node_instance_join.py",
            "store/test_instance_matcher.py",
            "store/test_session_index.py",
            "domain/join/test_node_instance.py",
        ),
    ),
    "checks": Part(
        modules=(
            "domain/join/checks/why_not_joined.py",
            "domain/join/checks/network_checks.py",
            "domain/join/checks/group_rules.py",
            "domain/join/checks/service_checks.py",
            "domain/join/checks/egress.py",
            "domain/join/checks/host_checks.py",
            "domain/join/checks/acl_checks.py",
            "domain/join/checks/join_facts.py",
        ),
        tests=("domain/join/test_checks.py", "domain/join/test_node_requirements.py"),
    ),
    "pod-status": Part(
        modules=("domain/kube/pod_status.py",),
        tests=("domain/kube/test_pod_status.py",),
    ),
}
