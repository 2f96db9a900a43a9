"""Which modules are mutated, and which tests must notice. Paths are edited here alone."""

from typing import NamedTuple


class Part(NamedTuple):
    """Modules below `app/eksview/`, and test files or folders below `tests/`."""

    modules: tuple[str, ...]
    tests: tuple[str, ...]


PARTS: dict[str, Part] = {
    "reflector": Part(
        modules=("kube/reflector.py",),
        # Those over real HTTPS take seconds for each mutant; these alone decide.
        tests=("kube/test_resource_versions.py",),
    ),
    "store": Part(
        modules=("store/store.py", "store/handover.py", "store/pump.py"),
        tests=(
            "store/test_store.py",
            "store/test_handover.py",
            "store/test_indexes.py",
            "store/test_pump.py",
            "store/test_mapping.py",
            "store/test_visits.py",
        ),
    ),
    "join": Part(
        modules=("store/mapping.py", "store/matching.py", "domain/mapping.py"),
        tests=(
            "store/test_mapping.py",
            "store/test_matching.py",
            "store/test_visits.py",
            "domain/test_mapping.py",
        ),
    ),
    "checks": Part(
        modules=("domain/join_checks.py", "domain/join_network.py", "domain/join_facts.py"),
        tests=("domain/test_join_checks.py",),
    ),
    "pod-status": Part(
        modules=("domain/pod_status.py",),
        tests=("domain/test_pod_status.py",),
    ),
}
