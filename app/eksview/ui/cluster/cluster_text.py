"""The lines of an EKS cluster, as DescribeCluster reports it."""

from collections.abc import Iterator

from eksview.domain.access.network import cidr_words
from eksview.domain.aws.cluster_health import status_health, support_words
from eksview.domain.aws.unread import unread_sentence
from eksview.domain.base.age import human_duration, utc_minute
from eksview.domain.base.health import Health, worst
from eksview.domain.base.reading import last_of, value_of, why_unread
from eksview.domain.base.text import clean
from eksview.domain.rows.aws import ClusterInfo
from eksview.store.selectors.eks import EksSummary
from eksview.ui.text.glyphs import Glyphs
from eksview.ui.text.layout import fold
from eksview.ui.text.sections import Figure, figures, issue_lines, marked, sentence, since
from eksview.ui.text.unread import unread_lines
from eksview.ui.text.words import TONE_OF, Words

_ROLE_HEALTH = {True: Health.OK, False: Health.BAD, None: Health.UNKNOWN}
_AUTHENTICATION = {
    "API": "access entries only",
    "CONFIG_MAP": "aws-auth only",
    "API_AND_CONFIG_MAP": "access entries and aws-auth",
}


def cluster_lines(eks: EksSummary, width: int, glyphs: Glyphs) -> Iterator[Words]:
    yield from warning_lines(eks, width, glyphs)
    cluster = eks.cluster
    if cluster is None:
        state = eks.reason or f"Loading the cluster from EKS{glyphs.more}"
        yield from sentence(Health.UNKNOWN, state, width, glyphs)
        yield from figures("AWS", _identity(eks, glyphs), width)
        return
    yield from issue_lines(cluster.issues, width, glyphs)
    yield from figures("Cluster", _cluster(eks, cluster, glyphs), width)
    yield from figures("API endpoint", _endpoint(cluster, glyphs), width)
    yield from figures("Authentication", _access(cluster), width)
    yield from figures("Logging", _logging(cluster, glyphs), width)
    yield from figures("Settings", _settings(cluster, glyphs), width)
    yield from _fargate(eks, width, glyphs)
    yield from figures("AWS", _identity(eks, glyphs), width)
    tags = sorted(cluster.tags.items())
    yield from figures("Tags", ((clean(k), v, "text") for k, v in tags), width)


def warning_lines(eks: EksSummary, width: int, glyphs: Glyphs) -> Iterator[Words]:
    """Yield the warnings of an account or region that differs from the kubeconfig's."""
    identity, reason = last_of(eks.identity), why_unread(eks.identity)
    for warning in identity.warnings if identity else ():
        yield from sentence(Health.WARN, warning, width, glyphs)
    if reason and eks.cluster is not None:
        yield from sentence(Health.WARN, reason, width, glyphs)


def support_figure(eks: EksSummary, cluster: ClusterInfo, glyphs: Glyphs) -> Figure:
    """Return the version's support, or why its end is unknown."""
    health, words = support_words(cluster, eks.now)
    unread = unread_sentence("end of support", eks.support, eks.now)
    return marked("Support", health, words or unread or "not reported", glyphs)


def _cluster(eks: EksSummary, cluster: ClusterInfo, glyphs: Glyphs) -> Iterator[Figure]:
    yield "Name", cluster.name, "strong"
    status = status_health(cluster.status)
    yield marked("Status", status, cluster.status or "unknown", glyphs)
    yield "Version", f"{cluster.version}, platform {cluster.platform}", "text"
    yield support_figure(eks, cluster, glyphs)
    tier = cluster.tier
    yield "Scaling tier", tier or "not reported", "text" if tier else "dim"
    yield "Created", since(eks.now, cluster.created), "text"
    yield "ARN", cluster.arn, "text"
    yield "VPC", cluster.vpc, "text"
    yield "Service CIDR", cluster.service_cidr, "text"


def _endpoint(cluster: ClusterInfo, glyphs: Glyphs) -> Iterator[Figure]:
    yield "URL", cluster.endpoint, "text"
    off = f"{glyphs.unknown} off"
    public = f"{glyphs.ok} on, from {clean(cidr_words(cluster.cidrs))}"
    yield "Public", public if cluster.public else off, "text"
    private = f"{glyphs.ok} on, from the VPC and connected networks"
    yield "Private", private if cluster.private else off, "text"
    groups = (cluster.security_group, *cluster.security_groups)
    yield "Security groups", ", ".join(filter(None, groups)), "text"
    yield "Subnets", ", ".join(cluster.subnets), "text"


def _access(cluster: ClusterInfo) -> Iterator[Figure]:
    mode = cluster.authentication
    yield "Mode", f"{mode}: {_AUTHENTICATION.get(mode, 'unknown mode')}" if mode else "", "text"
    yield "OIDC issuer", cluster.issuer, "text"
    yield "Cluster role", cluster.role, "text"


def _logging(cluster: ClusterInfo, glyphs: Glyphs) -> Iterator[Figure]:
    for name, on in cluster.logging:
        yield _switch(name, on, glyphs)


def _settings(cluster: ClusterInfo, glyphs: Glyphs) -> Iterator[Figure]:
    key = cluster.encryption
    yield "Secrets", f"encrypted with {key or 'an AWS owned key'}", "text"
    yield _switch("Auto Mode", cluster.auto_mode, glyphs)
    yield _switch("Deletion protection", cluster.deletion_protection, glyphs)
    policy = {"STANDARD": "standard: EKS upgrades the cluster when standard support ends",
              "EXTENDED": "extended: extended support follows, at extra cost"}  # fmt: skip
    yield "Upgrade policy", policy.get(cluster.support, cluster.support), "text"


def _switch(name: str, on: bool | None, glyphs: Glyphs) -> Figure:
    if on is None:
        return name, "not reported", "dim"
    return name, f"{glyphs.ok} on" if on else f"{glyphs.unknown} off", "text" if on else "dim"


def _fargate(eks: EksSummary, width: int, glyphs: Glyphs) -> Iterator[Words]:
    profiles = last_of(eks.fargate) or ()
    if not profiles and value_of(eks.fargate) is not None:
        return
    yield (("Fargate profiles", "strong"),)
    yield from unread_lines("Fargate profiles", eks.fargate, eks.now, width, glyphs, indent=2)
    if profiles and last_of(eks.entries) is not None:
        yield from unread_lines("access entries", eks.entries, eks.now, width, glyphs, indent=2)
    for profile in sorted(profiles, key=lambda row: row.name):
        role = eks.pod_roles.get(profile.name)
        fault = _ROLE_HEALTH[role.authorized] if role else Health.OK
        health = worst(status_health(profile.status), fault)
        yield (
            (f"  {glyphs.mark(health)} ", TONE_OF[health]),
            (f"{profile.name}  ", "text"),
            (f"{profile.status}  {'; '.join(profile.selectors)}", "dim"),
        )
        if role is not None and fault is not Health.OK:
            for line in fold(clean(f"Pod execution role: {role.says}"), width - 4):
                yield ((f"    {line}", TONE_OF[fault]),)
    yield ()


def _identity(eks: EksSummary, glyphs: Glyphs) -> Iterator[Figure]:
    identity = last_of(eks.identity)
    if identity is None:
        return
    yield "Identity", identity.arn, "text"
    yield "Account", identity.account, "text"
    yield "Region", identity.region, "text"
    yield "Profile", identity.profile, "text"
    yield "Source", identity.source, "text"
    if identity.expires is not None:
        left = identity.expires - eks.now
        health = Health.OK if left > 900 else Health.WARN if left > 0 else Health.BAD
        expiry = (
            f"expire in {human_duration(left)}"
            if left > 0
            else f"expired {human_duration(-left)} ago"
        )
        yield marked("Credentials", health, f"{expiry}, {utc_minute(identity.expires)}", glyphs)
