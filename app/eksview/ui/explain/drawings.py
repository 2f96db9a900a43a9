"""The drawing of each chapter: its boxes and arrows, by the names of the texts' places."""

from collections.abc import Mapping

from eksview.ui.explain.blocks import Box, Drawing, Flow, Steps

DRAWINGS: Mapping[str, Drawing] = {
    "planes": Flow(
        (
            Box("control_plane", (("apiserver", "etcd"), ("scheduler", "controllers"))),
            Box("workers", (("nodes", "pods"),)),
        ),
        down=True,
    ),
    "request": Flow(
        (
            Box("client", (("host",), ("address",), ("proxy",))),
            Box("server", (("authentication",), ("authorization",))),
            Box("storage", (("lists",),)),
        ),
        (("dns", "tcp", "tls", "http"),),
    ),
    "managed": Flow(
        (
            Box("eks", (("cluster",), ("version",), ("logs",), ("addons",))),
            Box("own", (("role",), ("vpc",), ("nodes", "nodegroups"), ("fargate",))),
        ),
        apart=True,
    ),
    "joining": Steps(
        ("node", "instance", "manager"),
        ("launched", "started", "registered", "csr", "ready", "heartbeat"),
    ),
    "authentication": Flow(
        (
            Box(
                "",
                (
                    ("file", "context"),
                    ("server",),
                    ("entry", "kind"),
                    ("command",),
                    ("subject",),
                    ("sts", "key"),
                    ("headers",),
                    ("signed", "expires"),
                    ("signature", "user"),
                    ("groups",),
                ),
            ),
        ),
    ),
    "authorization": Flow(
        (
            Box("", (("user",), ("groups",))),
            Box("", (("binding", "subject"),)),
            Box("", (("role", "rule"),)),
            Box("", (("answer",), ("reason",))),
        ),
    ),
    "heartbeats": Flow(
        (
            Box("kubelet", (("newest", "oldest"), ("late",), ("measured",))),
            Box("apiserver", (("lease", "status"),)),
            Box("", (("controller",),)),
        ),
    ),
    "network": Flow(
        (
            Box("client", (("proxy",),)),
            Box("", (("host", "address"), ("public", "cidrs"), ("private",))),
            Box("", (("vpc", "security_group"), ("nodes", "services"))),
        ),
        (("hops",),),
    ),
    "iam": Flow(
        (
            Box("", (("principal",),)),
            Box("cluster", (("source",), ("mapped_user",), ("policies",))),
            Box("", (("user",), ("groups",))),
        ),
    ),
    "ecs": Flow(
        (
            Box("eks", (("nodes",), ("pods",))),
            Box("ecs", (("clusters", "services"), ("instances", "tasks"))),
        ),
        apart=True,
    ),
}
