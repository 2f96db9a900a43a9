"""The chapters of Explain: their order, the screens they open, and their commands."""

from msgspec import Struct


class ChapterSpec(Struct, frozen=True):
    """A chapter. `screen` names the screen that Enter opens, as the screen registry does.

    `commands` are those of kubectl and the AWS CLI that show the same, with placeholders for values
    of the chapter.
    """

    id: str
    screen: str
    commands: tuple[str, ...] = ()


CHAPTERS = (
    ChapterSpec("planes", "home", ("kubectl get nodes", "kubectl get --raw /readyz?verbose")),
    ChapterSpec("request", "trace", ("kubectl get nodes -v=6",)),
    ChapterSpec("managed", "eks", ("aws eks describe-cluster --name {cluster}",)),
    ChapterSpec("joining", "instances", ("kubectl describe node {node}", "kubectl get csr")),
    ChapterSpec("authentication", "access", ("kubectl auth whoami",)),
    ChapterSpec("authorization", "access", ("kubectl auth can-i list nodes",)),
    ChapterSpec("heartbeats", "nodes", ("kubectl get leases -n kube-node-lease",)),
    ChapterSpec("network", "network", ("kubectl get --raw /livez",)),
    ChapterSpec("iam", "access", ("aws eks list-access-entries --cluster-name {cluster}",)),
    ChapterSpec("ecs", "compare", ("aws ecs list-clusters", "kubectl get nodes")),
    ChapterSpec("commands", ""),
)
CHAPTER_IDS = tuple(chapter.id for chapter in CHAPTERS)
CHAPTER_NAMES = (*CHAPTER_IDS, *(str(number) for number in range(1, len(CHAPTERS) + 1)))
"""What a chapter is opened by: its id, or its number."""


def chapter_of(name: str) -> ChapterSpec | None:
    """Return the chapter of an id or a number; None for another name."""
    if name not in CHAPTER_NAMES:
        return None
    return CHAPTERS[CHAPTER_NAMES.index(name) % len(CHAPTERS)]
