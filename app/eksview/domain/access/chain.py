"""The access chain from the kubeconfig to the list of nodes, each step with its evidence."""

from collections.abc import Iterable

from msgspec import Struct
from msgspec.structs import replace

from eksview.domain.access import remedies
from eksview.domain.access.iam_mapping import Match, match, principal_of
from eksview.domain.access.rbac import MASTERS, grants
from eksview.domain.base.age import human_duration
from eksview.domain.base.health import Health
from eksview.domain.base.reading import NOT_ASKED, NotAsked, Reading, last_of, value_of, why_unread
from eksview.domain.base.text import Clean
from eksview.domain.live.clock_skew import skew_words
from eksview.domain.live.command_context import CommandContext
from eksview.domain.rows.access import (
    AccessRequest,
    CredentialFact,
    EndpointFact,
    Hop,
    KubeconfigFact,
    RbacFact,
    Right,
    RightsFact,
    WhoFact,
)
from eksview.domain.rows.aws import AccessEntryRow, AwsIdentity, ClusterInfo
from eksview.domain.rows.link import Link, Phase
from eksview.domain.rows.server import AwsAuth

SOON = 300.0
"""Seconds before a credential's expiry at which it is a warning, if it isn't renewed."""
SHOWN = 4
"""Denied resources named in a sentence; the evidence lists all."""
RENEWED = ("exec plugin", "EKS token", "token file")
SEE_NODES = (AccessRequest("list", "nodes"), AccessRequest("watch", "nodes"))
TITLES = {
    "kubeconfig": "Kubeconfig",
    "credentials": "Credentials",
    "endpoint": "Endpoint",
    "authentication": "Authentication",
    "mapping": "IAM mapping",
    "rbac": "RBAC",
    "answer": "Node list",
}

Evidence = tuple[tuple[str, str], ...]


class AccessStep(Struct, frozen=True):
    """A step of the chain. `todo` are sentences or commands, the most likely first."""

    id: str
    title: str
    state: Health
    says: str
    evidence: Evidence = ()
    todo: tuple[str, ...] = ()
    took: float | None = None


class Inputs(Struct, frozen=True, kw_only=True):
    """The facts behind the chain; None where a fact wasn't read."""

    now: float  # in the API server's time
    ahead: float = 0.0  # seconds, of this machine's clock
    failing: tuple[str, ...] = ()  # checks of the API server
    eks: bool = False
    kubeconfig: KubeconfigFact | None = None
    credential: CredentialFact | None = None
    endpoint: EndpointFact | None = None
    who: WhoFact | None = None
    rights: RightsFact | None = None
    rbac: RbacFact | None = None
    aws: Reading[AwsIdentity] = NOT_ASKED
    cluster: ClusterInfo | None = None
    entries: tuple[AccessEntryRow, ...] | None = None
    auth: AwsAuth | None = None
    nodes: int | None = None  # their number; None: not listed
    link: Link | None = None  # of the nodes
    commands: CommandContext = CommandContext()  # of the remedies

    @property
    def identity(self) -> AwsIdentity | None:
        """The last known identity in AWS."""
        return last_of(self.aws)


def chain(inputs: Inputs) -> tuple[AccessStep, ...]:
    """Return all steps in the order of a request, including those after a broken one."""
    steps = [_kubeconfig(inputs), _credentials(inputs), _endpoint(inputs), _authentication(inputs)]
    if inputs.eks:
        steps.append(_mapping(inputs))
    return (*steps, _rbac(inputs), _answer(inputs))


def broken(steps: tuple[AccessStep, ...]) -> AccessStep | None:
    """Return the first broken step."""
    return next((step for step in steps if step.state is Health.BAD), None)


def fixable(steps: tuple[AccessStep, ...]) -> AccessStep | None:
    """Return the step whose remedies are copied: the first broken one, else the first warning."""
    steps = tuple(step for step in steps if step.todo)
    warning = next((step for step in steps if step.state is Health.WARN), None)
    return next((step for step in steps if step.state is Health.BAD), warning)


def _step(
    id_: str,
    state: Health,
    says: str,
    evidence: Evidence = (),
    todo: tuple[str, ...] = (),
    took: float | None = None,
) -> AccessStep:
    return AccessStep(id_, TITLES[id_], state, says, evidence, todo, took)


def _kubeconfig(inputs: Inputs) -> AccessStep:
    fact = inputs.kubeconfig
    if fact is None:
        return _unread("kubeconfig", inputs)
    evidence = _without_empty(
        ("file", ", ".join(fact.files)),
        ("context", fact.context),
        ("cluster", fact.cluster),
        ("server", fact.server),
        ("user", fact.user),
        ("namespace", fact.namespace or "default"),
    )
    if fact.reason:
        return _step("kubeconfig", Health.BAD, fact.reason, evidence)
    says = f"Context {fact.context} points to {fact.server}."
    if not fact.files:
        says = f"No kubeconfig: --cluster {fact.cluster}."
    return _step("kubeconfig", Health.OK, says, evidence)


def _credentials(inputs: Inputs) -> AccessStep:
    fact = inputs.credential
    if fact is None:
        return _unread("credentials", inputs)
    certificate = fact.certificate
    ends = fact.expires or (certificate.ends if certificate else None)
    evidence = _without_empty(
        ("kind", fact.kind),
        ("subject", certificate.subject if certificate else fact.subject),
        ("issuer", certificate.issuer if certificate else fact.issuer),
        ("audience", ", ".join(fact.audience)),
        ("expiry", _expiry(ends, inputs.now)),
        ("command", fact.command),
        *_iam(inputs),
    )
    state, says = _judged_credentials(fact, ends, inputs)
    todo = _login(inputs) if state is Health.BAD else ()
    return _step("credentials", state, says, evidence, todo, fact.took)


def _judged_credentials(
    fact: CredentialFact, ends: float | None, inputs: Inputs
) -> tuple[Health, str]:
    fault = fact.reason or _invalid_now(fact, ends, inputs.now)
    if fault:
        return Health.BAD, fault
    doubt = _doubt(fact, ends, inputs)
    if doubt:
        return Health.WARN, doubt
    article = "An" if fact.kind.lower().startswith("e") else "A"
    expiry = f" that {_expiry(ends, inputs.now)}" if ends else ""
    return Health.OK, f"{article} {fact.kind}{expiry}."


def _invalid_now(fact: CredentialFact, ends: float | None, now: float) -> str:
    if ends is not None and ends <= now:
        return f"The {fact.kind} expired {human_duration(now - ends)} ago."
    if fact.certificate is not None and fact.certificate.starts > now:
        return "The client certificate isn't valid yet: check this machine's clock."
    return ""


def _doubt(fact: CredentialFact, ends: float | None, inputs: Inputs) -> str:
    if inputs.identity is not None and inputs.identity.warnings:
        return inputs.identity.warnings[0]
    if mismatch := _identity_mismatch(inputs):
        return mismatch
    if ends is not None and ends - inputs.now < SOON and fact.kind not in RENEWED:
        return f"The {fact.kind} expires in {human_duration(ends - inputs.now)}."
    if fact.kind == "none":
        if inputs.kubeconfig and inputs.kubeconfig.server.startswith("http://"):
            return "No credentials are sent over http://, as with kubectl: requests are anonymous."
        return "The kubeconfig has no credentials: requests are anonymous."
    return ""


def _identity_mismatch(inputs: Inputs) -> str:
    # The API server reports the role of the token; calls to AWS may use another one.
    seen = dict(inputs.who.extra).get(Clean("arn")) if inputs.who else None
    if not seen or inputs.identity is None or not inputs.identity.arn:
        return ""
    inside, outside = principal_of(seen[0]), principal_of(inputs.identity.arn)
    if inside == outside:
        return ""
    return f"AWS calls use {outside}, but the API server sees {inside}: check --profile."


def _iam(inputs: Inputs) -> Evidence:
    if not inputs.eks:
        return ()
    if reason := why_unread(inputs.aws):
        return (("IAM identity", f"unknown: {reason}"),)
    aws = value_of(inputs.aws)
    if aws is None:
        return ()
    session = aws.arn.rsplit("/", 1)[-1] if ":assumed-role/" in aws.arn else ""
    return _without_empty(
        ("IAM identity", aws.arn),
        ("session", session),
        ("AWS credentials", _expiry(aws.expires, inputs.now) if aws.expires else ""),
    )


def _login(inputs: Inputs) -> tuple[str, ...]:
    if inputs.eks and inputs.identity is not None and inputs.identity.profile:
        return (replace(inputs.commands, profile=inputs.identity.profile).login(),)
    by_name = inputs.kubeconfig is not None and not inputs.kubeconfig.files
    return (f"Log in again, or choose another {'--profile' if by_name else 'context'}.",)


def _endpoint(inputs: Inputs) -> AccessStep:
    fact = inputs.endpoint
    if fact is None:
        return _unread("endpoint", inputs)
    if fact.reason:
        return _step("endpoint", Health.BAD, fact.reason)
    evidence = tuple((hop.kind.upper(), _hop_words(hop)) for hop in fact.hops)
    failed = [hop.reason for hop in fact.hops if hop.ok is False]
    reached = any(hop.ok for hop in fact.hops if hop.kind == "http")
    address = f"{fact.host}:{fact.port}"
    if not reached:
        state = Health.BAD if failed else Health.UNKNOWN
        untried = f"{address}: not tried."
        if fact.proxy:
            untried = f"The proxy {address} accepts connections; the server isn't tried past it."
        return _step("endpoint", state, failed[0] if failed else untried, evidence)
    doubt = failed[0] if failed else _server_doubt(inputs, address)
    state = Health.WARN if doubt else Health.OK
    return _step("endpoint", state, doubt or f"{address} answers.", evidence, took=fact.total)


def _server_doubt(inputs: Inputs, address: str) -> str:
    """Return what is wrong with a server that answers; empty for nothing."""
    if inputs.failing:
        return (
            f"{address} answers: the network is fine, but the API server's checks fail: "
            f"{_first(inputs.failing)}."
        )
    skew = skew_words(inputs.ahead)
    return f"{address} answers, but {skew}." if skew else ""


def _hop_words(hop: Hop) -> str:
    if hop.ok is None:
        return f"{hop.target}: not tried"
    time = "" if hop.took is None else f" in {hop.took * 1000:.0f} ms"
    return f"{hop.target}{time}" if hop.ok else f"{hop.target}: {hop.reason}"


def _authentication(inputs: Inputs) -> AccessStep:
    fact = inputs.who
    if fact is None:
        return _unread("authentication", inputs)
    extra = [(key, ", ".join(values)) for key, values in fact.extra]
    evidence = _without_empty(("user", fact.user), ("groups", ", ".join(fact.groups)), *extra)
    if fact.user:
        says = f"The API server authenticates you as {fact.user}."
        return _step("authentication", Health.OK, says, evidence, took=fact.took)
    bad = fact.status == 401
    state = Health.BAD if bad else Health.UNKNOWN
    todo = _login(inputs) if bad and not _token_refused(inputs) else ()
    return _step("authentication", state, fact.reason, evidence, todo, fact.took)


def _mapping(inputs: Inputs) -> AccessStep:
    arn = _arn(inputs)
    if not arn:
        says = f"The IAM identity is unknown. {_aws_reason(inputs)}".rstrip()
        return _step("mapping", Health.UNKNOWN, says)
    mode = inputs.cluster.authentication if inputs.cluster else ""
    mapping = match(arn, mode, inputs.entries, inputs.auth)
    faults = [("aws-auth fault", fault) for fault in inputs.auth.faults] if inputs.auth else []
    evidence = _without_empty(
        ("authentication mode", mode or "unknown"), *_matched(mapping), *faults
    )
    state, says = _judged_mapping(mapping, mode, inputs)
    cluster = inputs.cluster if state is Health.BAD else None
    todo = remedies.mapping(cluster, arn, SEE_NODES, inputs.commands) if cluster is not None else ()
    return _step("mapping", state, says, evidence, todo)


def _judged_mapping(mapping: Match, mode: str, inputs: Inputs) -> tuple[Health, str]:
    if mapping.winner:
        return Health.OK, mapping.reason
    if inputs.who and inputs.who.user:  # proves a mapping, even an unreadable one
        says = f"You are mapped to {inputs.who.user} by an entry that can't be read."
        return Health.OK, f"{says} {_aws_reason(inputs)}".rstrip()
    if mode and mapping.unread and _token_refused(inputs):
        unread = " and ".join(mapping.unread)
        says = f"Nothing seems to map {principal_of(_arn(inputs))}, but {unread} can't be read."
        return Health.BAD, says
    return Health.UNKNOWN if mapping.unread or not mode else Health.BAD, mapping.reason


def _token_refused(inputs: Inputs) -> bool:
    """Check for a 401 to the token of a valid IAM identity: the cluster doesn't map it.

    An unmapped identity can't read aws-auth, so mostly nothing else shows that.
    """
    refused = inputs.who is not None and inputs.who.status == 401
    identity = value_of(inputs.aws)
    valid = identity is not None and bool(identity.arn)
    token = inputs.credential is not None and inputs.credential.kind == "EKS token"
    return refused and valid and token and inputs.cluster is not None


def _aws_reason(inputs: Inputs) -> str:
    return "AWS hasn't answered." if isinstance(inputs.aws, NotAsked) else why_unread(inputs.aws)


def _arn(inputs: Inputs) -> str:
    """Return the identity as the cluster reports it, else as STS does."""
    extra = dict(inputs.who.extra) if inputs.who else {}
    seen = extra.get(Clean("arn")) or extra.get(Clean("canonicalArn")) or ()
    return seen[0] if seen else (inputs.identity.arn if inputs.identity else "")


def _matched(mapping: Match) -> Evidence:
    rows: list[tuple[str, str]] = []
    if mapping.entry is not None:
        entry = mapping.entry
        granted = ", ".join((*entry.policies, *entry.groups)) or "nothing"
        rows.append(("access entry", f"{entry.principal} ({entry.type}): {granted}"))
    if mapping.mapped is not None:
        groups = ", ".join(mapping.mapped.groups)
        rows.append(("aws-auth", f"{mapping.mapped.arn} -> {mapping.mapped.user}: {groups}"))
    if mapping.winner:
        rows.append(("applies", mapping.winner))
    return tuple(rows)


def _rbac(inputs: Inputs) -> AccessStep:
    fact = inputs.rights
    if fact is None:
        return _unread("rbac", inputs)
    evidence = tuple((str(right.ask), _right_words(right, inputs)) for right in fact.rights)
    needed = [right for right in fact.rights if right.ask in SEE_NODES]
    denied = [right for right in fact.rights if right.allowed is False]
    missing = [right for right in needed if right.allowed is False]
    if missing:
        says = f"RBAC denies {', '.join(str(right.ask) for right in missing)}."
        todo = _granting(inputs, missing)
        return _step("rbac", Health.BAD, says, evidence, todo)
    if not needed or any(right.allowed is None for right in needed):
        unread = (right.reason for right in fact.rights if right.allowed is None)
        reason = next(filter(None, unread), "Not read yet.")
        return _step("rbac", Health.UNKNOWN, reason, evidence)
    if denied:
        says = f"You may list nodes, but not {_first(_subject_of(right.ask) for right in denied)}."
        todo = _granting(inputs, denied)
        return _step("rbac", Health.WARN, says, evidence, todo)
    return _step("rbac", Health.OK, "You may read everything eksview shows.", evidence)


def _granting(inputs: Inputs, denied: Iterable[Right]) -> tuple[str, ...]:
    arn, cluster = _arn(inputs), inputs.cluster if inputs.eks else None
    mode = cluster.authentication if cluster else ""
    mapping = match(arn, mode, inputs.entries, inputs.auth)
    user = inputs.who.user if inputs.who else ""
    asks = [right.ask for right in denied]
    return remedies.rights(cluster, arn, mapping, asks, user, inputs.commands)


def _right_words(right: Right, inputs: Inputs) -> str:
    if right.allowed is None:
        return f"unknown: {right.reason}"
    if not right.allowed:
        return "no"
    return f"yes, {granted_by(right.ask, right.reason, inputs)}".rstrip(", ")


def granted_by(ask: AccessRequest, reason: str, inputs: Inputs) -> str:
    """Return the binding and role that grant a request, else the API server's reason."""
    user, rbac = inputs.who, inputs.rbac
    if user is not None and MASTERS in user.groups:
        return f"group {MASTERS} may do everything"
    if user is not None and rbac is not None:
        granted = grants(user.user, user.groups, rbac.by_name, rbac.bindings, ask)
        if granted:
            return str(granted[0])
    return reason or "a rule you may not read allows it"


def _answer(inputs: Inputs) -> AccessStep:
    link, count = inputs.link, inputs.nodes
    if count is not None and link is not None and link.phase is Phase.LIVE:
        noun = "node" if count == 1 else "nodes"
        says = f"You see {count:,} {noun}{_because(inputs)}."
        return _step("answer", Health.OK, says)
    if link is not None and link.phase in (Phase.REFUSED, Phase.RETRYING):
        return _step("answer", Health.BAD, f"Can't list nodes. {link.reason}")
    if link is None:
        return _unread("answer", inputs)
    return _step("answer", Health.UNKNOWN, "Nodes haven't been listed yet.")


def _because(inputs: Inputs) -> str:
    rights = inputs.rights.rights if inputs.rights else ()
    right = next((right for right in rights if right.ask == SEE_NODES[0]), None)
    if right is None or not right.allowed:
        return ""
    grant = granted_by(right.ask, right.reason, inputs)
    binding = grant.removeprefix("RBAC: allowed by ")
    return f" because {grant}" if binding == grant else f" because {binding} allows it"


def _unread(id_: str, inputs: Inputs) -> AccessStep:
    kubeconfig, says = inputs.kubeconfig, "Not read yet."
    if kubeconfig is not None and kubeconfig.reason:
        says = "Not tried because the kubeconfig is unusable."
    elif kubeconfig is not None and not kubeconfig.files:
        says = "Not tried because EKS didn't describe the cluster."
    return _step(id_, Health.UNKNOWN, says)


def _subject_of(ask: AccessRequest) -> str:
    return ask.path or (f"{ask.resource} in {ask.namespace}" if ask.namespace else ask.resource)


def _first(words: Iterable[str]) -> str:
    distinct = list(dict.fromkeys(words))
    more = f" and {len(distinct) - SHOWN} more" if len(distinct) > SHOWN else ""
    return ", ".join(distinct[:SHOWN]) + more


def _without_empty(*pairs: tuple[str, str]) -> Evidence:
    return tuple((label, text) for label, text in pairs if text)


def _expiry(ends: float | None, now: float) -> str:
    if ends is None:
        return ""
    if ends <= now:
        return f"expired {human_duration(now - ends)} ago"
    return f"expires in {human_duration(ends - now)}"
