"""Every object that opens of a hostile cluster, with its tabs, by the bytes its driver writes."""

from collections.abc import Callable, Iterable, Mapping
from functools import partial

import pytest

from eksview.domain.kube.object_ref import ObjectRef
from eksview.domain.rows.ecs import EcsClusterRow, EcsInstanceRow, EcsServiceRow, EcsTaskRow
from eksview.store.selectors.eks import EKS
from eksview.store.selectors.nodegroups import nodegroup_rows
from eksview.store.store import Store
from eksview.ui.base.messages import (
    Open,
    OpenCall,
    OpenComponent,
    OpenContainerInstance,
    OpenControlPlaneLog,
    OpenEcsCluster,
    OpenGroup,
    OpenInstance,
    OpenJournal,
    OpenLogs,
    OpenNode,
    OpenObject,
    OpenPod,
    OpenRule,
    OpenService,
    OpenTask,
    OpenTaskLog,
)
from eksview.ui.base.screen_registry import HOME
from eksview.ui.shell import routes
from tests.hostile import hostile, poisoned
from tests.ui.harness import NOW
from tests.ui.hostile_app import HostileApp, foreign, shown
from tests.ui.hostile_walk import WORDS, walk
from tests.ui.painted import settle
from tests.ui.resources.cluster import WEB

COMPONENTS = "kube-apiserver", "etcd", "kube-scheduler", "kube-controller-manager", EKS
OPENED: Mapping[type[Open], Callable[[Store], Iterable[Open]]] = {
    OpenNode: lambda store: map(OpenNode, [*store.nodes][:4]),
    OpenPod: lambda store: map(OpenPod, [*store.pods][:2]),
    OpenInstance: lambda store: map(OpenInstance, [*store.instances][:2]),
    OpenGroup: lambda store: [
        OpenGroup(each.key, "details") for each in nodegroup_rows(store, NOW)
    ],
    OpenCall: lambda store: map(OpenCall, [*store.requests][:2]),
    OpenComponent: lambda _: map(OpenComponent, COMPONENTS),
    OpenRule: lambda store: [OpenRule(name) for name in [*store.nodes][:1]],
    OpenObject: lambda _: [OpenObject(hostile(WEB, words=words)) for words in (False, True)],
    OpenControlPlaneLog: lambda _: [OpenControlPlaneLog("api", poisoned("pattern"))],
    OpenLogs: lambda store: [OpenLogs(ref) for ref in _refs(store)],
    OpenJournal: lambda store: [OpenJournal(ref, poisoned("kubelet")) for ref in _refs(store)[:1]],
    OpenEcsCluster: lambda store: map(OpenEcsCluster, [*store.table(EcsClusterRow)][:1]),
    OpenService: lambda store: map(OpenService, [*store.table(EcsServiceRow)][:1]),
    OpenContainerInstance: lambda store: map(
        OpenContainerInstance, [*store.table(EcsInstanceRow)][:2]
    ),
    OpenTask: lambda store: map(OpenTask, [*store.table(EcsTaskRow)][:1]),
    OpenTaskLog: lambda store: [
        OpenTaskLog(row.arn, row.containers[0].name)
        for row in [*store.table(EcsTaskRow).values()][:1]
    ],
}


def _refs(store: Store) -> list[ObjectRef]:
    return [OpenNode(next(iter(store.nodes))).ref(store), hostile(WEB, words=False)]


def test_every_object_that_opens_is_walked() -> None:
    assert OPENED.keys() == routes._DETAILS.keys()


def _reopen(app: HostileApp, message: Open) -> None:
    app.navigation.go(HOME)
    app.navigation.open(message)


@WORDS
@pytest.mark.parametrize("kind", OPENED, ids=lambda kind: kind.__name__)
async def test_no_opened_object_writes_what_a_terminal_would_obey(
    kind: type[Open], words: bool
) -> None:
    app = HostileApp(words=words)
    async with shown(app) as pilot:
        await settle(pilot)
        for number, message in enumerate(OPENED[kind](app.view.store)):
            await walk(pilot, partial(_reopen, app, message), keys=number == 0)
            # A poisoned log driver is none whose log can be read.
            assert len(app.screen_stack) > 1 or (kind is OpenTaskLog and words)
    assert foreign(bytes(app.terminal.written)) == set()
