"""The demo shows nothing that can't be: rules of real clusters, held against every stored object.

Sources: Kubernetes' docs (nodes, pod lifecycle, taint-based eviction, leases, version skew), the
kubelet's, scheduler's and controllers' texts of 1.33, and EC2's and EKS's API references.
"""

import re
from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any

import pytest

from tests.demo.life.chronicle import Chronicle, condition, containers, seconds

LIVES = [(10, 80, 0, 6.0, 1.0), (10, 80, 5, 3.0, 1.0), (3, 12, 1, 1.0, 3.0), (24, 260, 2, 9.0, 0.3)]
HOUR = 3600.0
Rule = Callable[[Chronicle], Iterator[str]]
RULES: list[Rule] = []


def rule(function: Rule) -> Rule:
    RULES.append(function)
    return function


# pods


def name(thing: Any) -> str:
    return str(thing["metadata"]["name"])


def backoff(restarts: int) -> float:
    """The kubelet's: 10 s, doubled at each restart, at most 5 minutes."""
    return min(300.0, 10.0 * 2 ** (restarts - 1))


def go_duration(text: str) -> float:
    minutes, rest = re.fullmatch(r"(?:(\d+)m)?(\d+)s", text).groups()  # type: ignore[union-attr]
    return 60.0 * int(minutes or 0) + int(rest)


def rebooted(story: Chronicle) -> set[str]:
    """The nodes whose instance was stopped and started again."""
    return {
        event["involvedObject"]["name"]
        for _, event in story.versions("events")
        if event["reason"] == "Rebooted"
    }


@rule
def containers_run_within_their_pods_life(story: Chronicle) -> Iterator[str]:
    for now, pod in story.versions("pods"):
        created = seconds(pod["metadata"]["creationTimestamp"])
        begun = seconds(pod["status"].get("startTime"))
        if begun and begun < created:
            yield f"{name(pod)} started before it was created"
        for box in containers(pod):
            for state in (*box["state"].values(), *box["lastState"].values()):
                started, ended = seconds(state.get("startedAt")), seconds(state.get("finishedAt"))
                if started and not created <= begun <= started <= now:
                    yield f"{name(pod)} {box['name']} started at another time"
                if ended and not started <= ended <= now:
                    yield f"{name(pod)} {box['name']} ended before it started, or later than now"


@rule
def a_run_ends_before_the_next_begins(story: Chronicle) -> Iterator[str]:
    for _, pod in story.versions("pods"):
        for box in containers(pod):
            last = box["lastState"].get("terminated")
            present = box["state"].get("running") or box["state"].get("terminated")
            if bool(last) is not (box["restartCount"] > 0):
                yield f"{name(pod)}: {box['restartCount']} restarts, last state {last}"
            if last and present and seconds(present["startedAt"]) < seconds(last["finishedAt"]):
                yield f"{name(pod)} {box['name']} runs twice at a time"
            ids = [last and last["containerID"], present and box["containerID"]]
            if last and ids[0] == ids[1]:
                yield f"{name(pod)} {box['name']}: two runs are one container"


@rule
def a_container_starts_again_only_with_a_restart(story: Chronicle) -> Iterator[str]:
    for entry in story.changes("pods"):
        before = {box["name"]: box for box in containers(entry.before)}
        for box in containers(entry.after):
            old = before.get(box["name"], box)
            runs = [(each["state"].get("running") or {}).get("startedAt") for each in (old, box)]
            more = box["restartCount"] - old["restartCount"]
            if more not in (0, 1) or (all(runs) and (runs[0] != runs[1]) is not (more == 1)):
                yield f"{name(entry.after)} {box['name']}: started {runs}, {more} more restarts"


@rule
def a_crash_loop_waits_as_the_kubelet_does(story: Chronicle) -> Iterator[str]:
    for now, pod in story.versions("pods"):
        for box in containers(pod):
            waiting = box["state"].get("waiting", {})
            if waiting.get("reason") != "CrashLoopBackOff":
                continue
            about = pod["metadata"]
            full = f"{name(pod)}_{about['namespace']}({about['uid']})"
            words = rf"back-off (\S+) restarting failed container={box['name']} pod="
            told = re.fullmatch(words + re.escape(full), waiting["message"])
            if told is None:
                yield waiting["message"]
                continue
            wait, last = go_duration(told[1]), box["lastState"]["terminated"]
            short = seconds(last["finishedAt"]) - seconds(last["startedAt"]) <= 600
            if wait > backoff(box["restartCount"]) or (short and wait < 10):
                yield f"{told[1]} after {box['restartCount']} restarts"
            if now - seconds(last["finishedAt"]) > wait + 5:
                yield f"{name(pod)} waits longer than {wait}"


@rule
def a_container_that_failed_is_looked_after_within_seconds(story: Chronicle) -> Iterator[str]:
    since: dict[str, float] = {}
    stopped = rebooted(story)
    for entry in (each for each in story.entries if each.resource == "pods" and each.after):
        pod = entry.after
        uid = pod["metadata"]["uid"]
        began = since.pop(uid, entry.at)
        if entry.at - began > 15 and pod["spec"].get("nodeName") not in stopped:
            yield f"{name(pod)} was terminated for {entry.at - began:.0f} s"
        failed = any("terminated" in box["state"] for box in pod["status"].get(
            "containerStatuses", ()))  # fmt: skip
        if failed and pod["spec"]["restartPolicy"] == "Always":
            since[uid] = began
    for pod in story.last["pods"]:
        began = since.get(pod["metadata"]["uid"])
        if began is None or story.cluster.nodes[pod["spec"]["nodeName"]].silent:
            continue
        if story.time.now - began > 15:
            yield f"{name(pod)} is still terminated"


@rule
def restarts_take_their_time(story: Chronicle) -> Iterator[str]:
    forgetful = rebooted(story)  # a kubelet that starts anew doesn't know how long it waited
    for now, pod in story.versions("pods"):
        if pod["spec"].get("nodeName") in forgetful:
            continue
        for box in pod["status"].get("containerStatuses", ())[:1]:
            least = sum(map(backoff, range(1, box["restartCount"])))
            if now - seconds(pod["status"]["startTime"]) < least:
                yield f"{name(pod)}: {box['restartCount']} restarts in too short a time"


@rule
def exit_codes_fit_their_reasons(story: Chronicle) -> Iterator[str]:
    codes = {"OOMKilled": 137, "Completed": 0, "Error": 1, "Unknown": 255}
    for _, pod in story.versions("pods"):
        for box in containers(pod):
            for state in (box["state"], box["lastState"]):
                ended = state.get("terminated")
                if ended and codes[ended["reason"]] != ended["exitCode"]:
                    yield f"{name(pod)}: {ended}"


@rule
def a_condition_changes_when_its_status_does(story: Chronicle) -> Iterator[str]:
    for resource in ("pods", "nodes"):
        for entry in story.changes(resource):
            old = {each["type"]: each for each in entry.before["status"].get("conditions", ())}
            for each in entry.after["status"].get("conditions", ()):
                past = old.get(each["type"], each)
                moved = past["lastTransitionTime"] != each["lastTransitionTime"]
                if moved and past["status"] == each["status"] and each["type"] in (
                    "Ready", "PodScheduled", "Initialized", "MemoryPressure", "DiskPressure"
                ):  # fmt: skip
                    yield f"{name(entry.after)} {past} {each}"
                if seconds(each["lastTransitionTime"]) > entry.at:
                    yield f"{name(entry.after)}: a transition to come"


@rule
def a_pod_without_a_node_has_nothing_of_one(story: Chronicle) -> Iterator[str]:
    for _, pod in story.versions("pods"):
        status = pod["status"]
        if "nodeName" in pod["spec"]:
            continue
        if status["phase"] != "Pending" or {"podIP", "hostIP", "startTime", "containerStatuses"} & (
            set(status)
        ):
            yield f"{name(pod)}: {status}"
        tried = condition(pod, "PodScheduled")
        refused = r"0/\d+ nodes are|no nodes"
        if tried["status"] == "False" and not re.match(refused, tried["message"]):
            yield f"{name(pod)}: {tried['message']}"


@rule
def the_scheduler_counts_every_node_once(story: Chronicle) -> Iterator[str]:
    for _, event in story.versions("events"):
        if event["reason"] != "FailedScheduling" or event["message"].startswith("no nodes"):
            continue
        first, _, preemption = event["message"].partition(" preemption: ")
        total = int(re.match(r"0/(\d+) ", first)[1])  # type: ignore[index]
        counts = [int(each) for each in re.findall(r"[:,] (\d+) ", preemption)]
        if sum(counts) != total:
            yield event["message"]
        if any(int(each) > total for each in re.findall(r"[:,] (\d+) ", first)):
            yield event["message"]


@rule
def pods_start_on_nodes_that_exist_and_share_their_address(story: Chronicle) -> Iterator[str]:
    for stage in (story.first, story.last):
        nodes = {name(node): node for node in stage["nodes"]}
        for pod in stage["pods"]:
            node = nodes.get(pod["spec"].get("nodeName", ""))
            if node is None:
                continue
            born = seconds(node["metadata"]["creationTimestamp"])
            if seconds(pod["status"].get("startTime")) < born:
                yield f"{name(pod)} runs since before {name(node)} was there"
            host = pod["status"]["hostIP"]
            if host != node["status"]["addresses"][0]["address"]:
                yield f"{name(pod)}: host {host}"
            fargate = node["metadata"]["labels"].get("eks.amazonaws.com/compute-type") == "fargate"
            shares = pod["spec"].get("hostNetwork", False) or fargate
            own = pod["status"].get("podIP")
            if own and (own == host) is not shares:
                yield f"{name(pod)}: {own} on {host}"
            if fargate and born < seconds(pod["metadata"]["creationTimestamp"]):
                yield f"{name(node)} was made before its pod"


@rule
def a_fargate_pod_stays_on_fargate(story: Chronicle) -> Iterator[str]:
    for _, pod in story.versions("pods"):
        profile = pod["metadata"]["labels"].get("eks.amazonaws.com/fargate-profile")
        if profile and not pod["spec"].get("nodeName", "fargate-").startswith("fargate-"):
            yield f"{name(pod)} is on {pod['spec']['nodeName']}"


@rule
def addresses_are_given_once(story: Chronicle) -> Iterator[str]:
    for stage in (story.first, story.last):
        taken = [
            pod["status"]["podIP"]
            for pod in stage["pods"]
            if "podIP" in pod["status"] and not pod["spec"].get("hostNetwork")
        ]
        if len(taken) != len(set(taken)):
            yield "two pods have one address"


# nodes and leases


@rule
def a_node_is_unknown_after_the_grace_period_only(story: Chronicle) -> Iterator[str]:
    renewed = {name(lease): lease for lease in story.first["leases"]}
    for entry in story.entries:
        if entry.resource == "leases" and entry.after:
            renewed[name(entry.after)] = entry.after
        if entry.resource != "nodes" or not (entry.before and entry.after):
            continue
        was, ready = condition(entry.before, "Ready"), condition(entry.after, "Ready")
        if ready["status"] == "Unknown" != was["status"]:
            lease = seconds(renewed[name(entry.after)]["spec"]["renewTime"])
            silent = entry.at - max(lease, seconds(ready["lastHeartbeatTime"]))
            if not 50 <= silent <= 57:
                yield f"{name(entry.after)} is Unknown after {silent:.1f} s"


@rule
def kubelets_renew_every_ten_seconds_until_they_are_stopped(story: Chronicle) -> Iterator[str]:
    for entry in story.changes("leases"):
        gap = seconds(entry.after["spec"]["renewTime"]) - seconds(entry.before["spec"]["renewTime"])
        node = entry.after["metadata"]["namespace"] == "kube-node-lease"
        if gap < 0 or (node and gap > 11 and gap < 60):
            yield f"{name(entry.after)} was renewed after {gap:.1f} s"
        if not node and gap > entry.after["spec"]["leaseDurationSeconds"]:
            yield f"{name(entry.after)} had expired"
    for now, node in story.versions("nodes"):
        ready = condition(node, "Ready")
        age = now - seconds(ready["lastHeartbeatTime"])
        if ready["status"] == "True" and age > 310 + 60:
            yield f"{name(node)} is Ready and posted nothing for {age:.0f} s"


@rule
def what_is_stopped_does_nothing(story: Chronicle) -> Iterator[str]:
    for entry in story.changes("pods"):
        if entry.after["spec"].get("nodeName") in entry.silent and not entry.after["metadata"].get(
            "deletionTimestamp"
        ):
            old, new = (
                [box["state"] for box in containers(each)] for each in (entry.before, entry.after)
            )
            if old and old != new:
                yield f"{name(entry.after)} changes on a stopped node"
    for entry in story.entries:
        if entry.resource == "events" and entry.after:
            host = entry.after["source"].get("host")
            if host in entry.silent:
                yield f"{entry.after['reason']} from a stopped {host}"


@rule
def critical_pods_are_never_evicted(story: Chronicle) -> Iterator[str]:
    for _, pod in story.versions("pods"):
        evicted = pod["status"].get("reason") == "Evicted"
        if evicted and pod["spec"].get("priorityClassName", "").startswith("system-"):
            yield f"{name(pod)} is critical and was evicted"


@rule
def taints_follow_conditions(story: Chronicle) -> Iterator[str]:
    for _, node in story.versions("nodes"):
        taints = {(each["key"].rpartition("/")[2], each["effect"]) for each in node["spec"].get(
            "taints", ())}  # fmt: skip
        ready = condition(node, "Ready")["status"]
        for key, status in (("not-ready", "False"), ("unreachable", "Unknown")):
            for effect in ("NoSchedule", "NoExecute"):
                if ((key, effect) in taints) is not (ready == status):
                    yield f"{name(node)}: Ready {ready}, {taints}"
        short = condition(node, "MemoryPressure")["status"] == "True"
        if (("memory-pressure", "NoSchedule") in taints) is not short:
            yield f"{name(node)}: memory pressure {short}, {taints}"
        if (("unschedulable", "NoSchedule") in taints) is not node["spec"].get(
            "unschedulable", False
        ):
            yield f"{name(node)}: {taints}"


@rule
def pressure_lasts_for_its_transition_period(story: Chronicle) -> Iterator[str]:
    for entry in story.changes("nodes"):
        was, now = (condition(each, "MemoryPressure") for each in (entry.before, entry.after))
        over = was["status"] == "True" and now["status"] == "False"
        if over and entry.at - seconds(was["lastTransitionTime"]) < 300:
            yield f"{name(entry.after)}: pressure was over too soon"


@rule
def pods_are_evicted_from_a_lost_node_after_300_seconds_only(story: Chronicle) -> Iterator[str]:
    unknown = {}
    for entry in story.entries:
        if entry.resource == "nodes" and entry.after:
            ready = condition(entry.after, "Ready")
            unknown.pop(name(entry.after), None)
            if ready["status"] == "Unknown":
                unknown[name(entry.after)] = seconds(ready["lastTransitionTime"])
        if entry.resource == "pods" and entry.after is None:
            since = unknown.get(entry.before["spec"].get("nodeName"))
            ended = entry.before["status"]["phase"] in ("Succeeded", "Failed")
            if since and not ended and entry.at - since < 300:
                yield f"{name(entry.before)} left a node that was lost at {since}"


@rule
def nodes_hold_no_more_than_they_can(story: Chronicle) -> Iterator[str]:
    def millis(text: str) -> int:
        return int(text[:-1]) if text.endswith("m") else 1000 * int(text)

    for stage in (story.first, story.last):
        for node in stage["nodes"]:
            held = [
                pod
                for pod in stage["pods"]
                if pod["spec"].get("nodeName") == name(node)
                and pod["status"]["phase"] not in ("Succeeded", "Failed")
            ]
            asked = sum(
                millis(box["resources"].get("requests", {}).get("cpu", "0"))
                for pod in held
                for box in pod["spec"]["containers"]
            )
            room = node["status"]["allocatable"]
            if len(held) > int(room["pods"]) or asked > millis(room["cpu"]):
                yield f"{name(node)} holds {len(held)} pods with {asked} m"


@rule
def kubelets_are_no_newer_than_the_control_plane(story: Chronicle) -> Iterator[str]:
    server = tuple(map(int, re.findall(r"\d+", story.cluster.git_version)[:3]))
    for _, node in story.versions("nodes"):
        kubelet = tuple(
            map(int, re.findall(r"\d+", node["status"]["nodeInfo"]["kubeletVersion"])[:3])
        )
        if kubelet[:2] > server[:2] or server[1] - kubelet[1] > 3:
            yield f"{name(node)}: {kubelet}"


# events and metadata


_MESSAGES = {
    "Scheduled": r"Successfully assigned \S+/\S+ to \S+",
    "Pulled": r'Container image "\S+" already present on machine',
    "Started": r"Started container \S+",
    "Killing": r"Stopping container \S+",
    "BackOff": r"Back-off restarting failed container \S+ in pod \S+_\S+\([0-9a-f-]{36}\)",
    "Failed": r'Failed to pull image "(\S+)": rpc error: code = NotFound desc = .+: \1: not found',
    "FailedScheduling": r"(0/\d+ nodes are available: .+|no nodes available to schedule pods)",
    "ProvisioningFailed": r'storageclass\.storage\.k8s\.io "\S+" not found',
    "FailedGetResourceMetric": r"failed to get cpu utilization: did not receive metrics .+",
    "SuccessfulCreate": r"Created pod: \S+",
    "FailedCreate": r"\(combined from similar events\): Error creating: pods \"\S+\" is forbidden: "
    r"exceeded quota: \S+, requested: (\S+)=\S+, used: \1=\S+, limited: \1=\S+",
    "ScalingReplicaSet": r"Scaled (up|down) replica set \S+ from \d+ to \d+",
    "Unhealthy": r"Readiness probe failed: dial tcp [0-9.]+:[1-9]\d*: connect: connection refused",
    "Evicted": r"The node was low on resource: memory\..+",
    "Rebooted": r"Node \S+ has been rebooted, boot id: [0-9a-f-]{36}",
    "RegisteredNode": r"Node (\S+) event: Registered Node \1 in Controller",
    "RemovingNode": r"Node (\S+) event: Removing Node \1 from Controller",
}


@rule
def events_read_as_their_sources_word_them(story: Chronicle) -> Iterator[str]:
    for _, event in story.versions("events"):
        words = _MESSAGES.get(event["reason"], r"Node \S+ status is now: " + event["reason"])
        if not re.fullmatch(words, event["message"]):
            yield f"{event['reason']}: {event['message']}"


@rule
def events_are_of_their_time(story: Chronicle) -> Iterator[str]:
    created = {
        each["metadata"]["uid"]: seconds(each["metadata"]["creationTimestamp"])
        for resource in ("pods", "nodes")
        for _, each in story.versions(resource)
    }
    for now, event in story.versions("events"):
        first, last = seconds(event["firstTimestamp"]), seconds(event["lastTimestamp"])
        about = created.get(event["involvedObject"]["uid"], first)
        if not about <= first <= last <= now:
            yield f"{event['reason']} {first - about} {last - first} {now - last}"
        count = event["count"]
        if count < 1 or (count == 1 and first != last) or count > 60 + (last - first) / 5:
            yield f"{event['reason']} {count} times in {last - first} s"
    for event in story.last["events"]:
        if story.time.now - seconds(event["lastTimestamp"]) > HOUR + 300:
            yield f"{event['reason']} is older than events live"


@rule
def objects_keep_their_birth_and_versions_grow(story: Chronicle) -> Iterator[str]:
    version = 0
    for resource in ("pods", "nodes", "leases", "events"):
        version = 0
        for entry in story.changes(resource):
            old, new = entry.before["metadata"], entry.after["metadata"]
            if old["creationTimestamp"] != new["creationTimestamp"]:
                yield f"{new['name']} was created twice"
            if not max(version, int(old["resourceVersion"])) < int(new["resourceVersion"]):
                yield f"{new['name']}: version {new['resourceVersion']}"
            version = int(new["resourceVersion"])


@rule
def leaders_are_acquired_after_their_lease_was_created(story: Chronicle) -> Iterator[str]:
    for _, lease in story.versions("leases"):
        spec = lease["spec"]
        if spec.get("leaseTransitions") and not (
            seconds(lease["metadata"]["creationTimestamp"]) < seconds(spec["acquireTime"])
        ):
            yield f"{name(lease)}: {spec['leaseTransitions']} transitions"


@pytest.mark.parametrize(("nodes", "pods", "seed", "churn", "hours"), LIVES)
def test_nothing_stored_is_impossible(
    nodes: int, pods: int, seed: int, churn: float, hours: float
) -> None:
    story = Chronicle(nodes, pods, seed, churn=churn, hours=hours)
    broken = {each.__name__: list(islice(each(story), 3)) for each in RULES}
    assert {each: found for each, found in broken.items() if found} == {}
