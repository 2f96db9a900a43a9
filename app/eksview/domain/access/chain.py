"""Why the nodes can be seen: each link from the kubeconfig to the answer, with its evidence."""

from collections.abc import Iterable

from msgspec import Struct

from eksview.domain.access import remedies
from eksview.domain.access.iam_mapping import Match, match, principal_of
from eksview.domain.access.rbac import MASTERS, grants, index
from eksview.domain.base.age import human_duration
from eksview.domain.base.health import Health
from eksview.domain.base.reading import NOT_ASKED, NotAsked, Reading, last_of, value_of, why_unread
from eksview.domain.rows.access import (
    AccessRequest,
    CredentialFact,
    EndpointFact,
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
"""Seconds before the end of a credential that can't be renewed from which it is a warning."""
SHOWN = 4
"""Denied resources named in a sentence; the evidence has all."""
RENEWED = ("exec plugin", "EKS token", "token file")
SEE_NODES = (AccessRequest("list", "nodes"), AccessRequest("watch", "nodes"))

Evidence = tuple[tuple[str, str], ...]


class AccessStep(Struct, frozen=True):
    """One link of the chain. `todo` are sentences or commands, the first the most likely."""

    id: str
    title: str
    state: Health
    says: str
    evidence: Evidence = ()
    todo: tuple[str, ...] = ()
    took: float | None = None


class Inputs(Struct, frozen=True, kw_only=True):
    """All that is known; None where nothing was read yet."""

    now: float
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
    nodes: int | None = None  # how many are seen; None: not listed
    link: Link | None = None  # of the nodes

    @property
    def identity(self) -> AwsIdentity | None:
        """The identity in AWS as it was last known."""
        return last_of(self.aws)


def chain(known: Inputs) -> tuple[AccessStep, ...]:
    """All steps in the order a request travels; a broken one never hides those after it."""
    steps = [_kubeconfig(known), _credentials(known), _endpoint(known), _authentication(known)]
    if known.eks:
        steps.append(_mapping(known))
    return (*steps, _rbac(known), _answer(known))


def broken(steps: tuple[AccessStep, ...]) -> AccessStep | None:
    """The first link that is broken: what is mended first."""
    return next((step for step in steps if step.state is Health.BAD), None)


def mendable(steps: tuple[AccessStep, ...]) -> AccessStep | None:
    """The step whose remedies are to be copied: the first that is broken, else in doubt."""
    known = [step for step in steps if step.todo]
    doubted = next((step for step in known if step.state is Health.WARN), None)
    return next((step for step in known if step.state is Health.BAD), doubted)


def _kubeconfig(known: Inputs) -> AccessStep:
    fact = known.kubeconfig
    if fact is None:
        return _unread("kubeconfig", "Kubeconfig")
    evidence = _told(
        ("file", ", ".join(fact.files)),
        ("context", fact.context),
        ("cluster", fact.cluster),
        ("server", fact.server),
        ("user", fact.user),
        ("namespace", fact.namespace or "default"),
    )
    if fact.why:
        return AccessStep("kubeconfig", "Kubeconfig", Health.BAD, fact.why, evidence)
    if not fact.files:
        says = f"No kubeconfig: --cluster {fact.cluster}."
        return AccessStep("kubeconfig", "Kubeconfig", Health.OK, says, evidence)
    says = f"Context {fact.context} leads to {fact.server}."
    return AccessStep("kubeconfig", "Kubeconfig", Health.OK, says, evidence)


def _credentials(known: Inputs) -> AccessStep:
    fact = known.credential
    if fact is None:
        return _unread("credentials", "Credentials", known)
    certificate = fact.certificate
    ends = fact.expires or (certificate.ends if certificate else None)
    evidence = _told(
        ("kind", fact.kind),
        ("subject", certificate.subject if certificate else fact.subject),
        ("issuer", certificate.issuer if certificate else fact.issuer),
        ("audience", ", ".join(fact.audience)),
        ("ends", _ends(ends, known.now)),
        ("command", fact.command),
        *_iam(known),
    )
    state, says = _judged_credentials(fact, ends, known)
    todo = _login(known) if state is Health.BAD else ()
    return AccessStep("credentials", "Credentials", state, says, evidence, todo, fact.took)


def _judged_credentials(
    fact: CredentialFact, ends: float | None, known: Inputs
) -> tuple[Health, str]:
    fault = fact.why or _out_of_time(fact, ends, known.now)
    if fault:
        return Health.BAD, fault
    doubt = _doubt(fact, ends, known)
    if doubt:
        return Health.WARN, doubt
    article = "An" if fact.kind.lower().startswith("e") else "A"
    lasts = f", {_ends(ends, known.now)}." if ends else "."
    return Health.OK, f"{article} {fact.kind}{lasts}"


def _out_of_time(fact: CredentialFact, ends: float | None, now: float) -> str:
    if ends is not None and ends <= now:
        return f"The {fact.kind} ended {human_duration(now - ends)} ago."
    if fact.certificate is not None and fact.certificate.starts > now:
        return "The client certificate isn't valid yet: check this machine's clock."
    return ""


def _doubt(fact: CredentialFact, ends: float | None, known: Inputs) -> str:
    if known.identity is not None and known.identity.warnings:
        return known.identity.warnings[0]
    if other := _two_identities(known):
        return other
    if ends is not None and ends - known.now < SOON and fact.kind not in RENEWED:
        return f"The {fact.kind} ends in {human_duration(ends - known.now)}."
    if fact.kind == "none":
        return "The kubeconfig has no credentials: requests are anonymous."
    return ""


def _two_identities(known: Inputs) -> str:
    """The API server names the role that got in; AWS may be asked with another."""
    seen = dict(known.who.extra).get("arn") if known.who else None
    if not seen or known.identity is None or not known.identity.arn:
        return ""
    inside, outside = principal_of(seen[0]), principal_of(known.identity.arn)
    if inside == outside:
        return ""
    return f"AWS is asked as {outside}, but the API server knows you as {inside}: see --profile."


def _iam(known: Inputs) -> Evidence:
    if not known.eks:
        return ()
    if why := why_unread(known.aws):
        return (("IAM identity", f"not known: {why}"),)
    aws = value_of(known.aws)
    if aws is None:
        return ()
    session = aws.arn.rsplit("/", 1)[-1] if ":assumed-role/" in aws.arn else ""
    return _told(
        ("IAM identity", aws.arn),
        ("session", session),
        ("AWS credentials", _ends(aws.expires, known.now) if aws.expires else ""),
    )


def _login(known: Inputs) -> tuple[str, ...]:
    if known.eks and known.identity is not None and known.identity.profile:
        return (f"aws sso login --profile {known.identity.profile}",)
    by_name = known.kubeconfig is not None and not known.kubeconfig.files
    return (f"Log in again, or choose another {'--profile' if by_name else 'context'}.",)


def _endpoint(known: Inputs) -> AccessStep:
    fact = known.endpoint
    if fact is None:
        return _unread("endpoint", "Endpoint", known)
    if fact.why:
        return AccessStep("endpoint", "Endpoint", Health.BAD, fact.why)
    evidence = tuple((hop.kind.upper(), _hop_words(hop.ok, hop.target, hop.took, hop.why))
                     for hop in fact.hops)  # fmt: skip
    failed = [hop for hop in fact.hops if hop.ok is False]
    reached = any(hop.ok for hop in fact.hops if hop.kind == "http")
    where = f"{fact.host}:{fact.port}"
    took = fact.total
    if failed and not reached:
        return AccessStep("endpoint", "Endpoint", Health.BAD, failed[0].why, evidence)
    if failed:
        return AccessStep("endpoint", "Endpoint", Health.WARN, failed[0].why, evidence, took=took)
    if not reached:
        return AccessStep("endpoint", "Endpoint", Health.UNKNOWN, f"{where}: not tried.", evidence)
    return AccessStep("endpoint", "Endpoint", Health.OK, f"{where} answers.", evidence, took=took)


def _hop_words(ok: bool | None, target: str, took: float | None, why: str) -> str:
    if ok is None:
        return f"{target}: not tried"
    time = "" if took is None else f" in {took * 1000:.0f} ms"
    return f"{target}{time}" if ok else f"{target}: {why}"


def _authentication(known: Inputs) -> AccessStep:
    fact = known.who
    if fact is None:
        return _unread("authentication", "Authentication", known)
    extra = [(key, ", ".join(values)) for key, values in fact.extra]
    evidence = _told(("user", fact.user), ("groups", ", ".join(fact.groups)), *extra)
    if fact.user:
        says = f"The API server knows you as {fact.user}."
        return AccessStep(
            "authentication", "Authentication", Health.OK, says, evidence, took=fact.took
        )
    bad = fact.status == 401
    state = Health.BAD if bad else Health.UNKNOWN
    todo = _login(known) if bad and not _token_refused(known) else ()
    return AccessStep(
        "authentication", "Authentication", state, fact.why, evidence, todo, fact.took
    )


def _mapping(known: Inputs) -> AccessStep:
    arn = _arn(known)
    if not arn:
        says = f"The IAM identity isn't known. {_aws_why(known)}".rstrip()
        return AccessStep("mapping", "IAM mapping", Health.UNKNOWN, says)
    mode = known.cluster.authentication if known.cluster else ""
    found = match(arn, mode, known.entries, known.auth)
    faults = [("aws-auth fault", fault) for fault in known.auth.faults] if known.auth else []
    evidence = _told(("authentication mode", mode or "not known"), *_matched(found), *faults)
    state, says = _judged_mapping(found, mode, known)
    cluster = known.cluster if state is Health.BAD else None
    todo = remedies.mapping(cluster, arn, SEE_NODES) if cluster is not None else ()
    return AccessStep("mapping", "IAM mapping", state, says, evidence, todo)


def _judged_mapping(found: Match, mode: str, known: Inputs) -> tuple[Health, str]:
    """That the API server let us in proves a mapping, whether or not it can be read."""
    user = known.who.user if known.who else ""
    if found.winner:
        return Health.OK, found.why
    if user:
        says = f"The cluster lets you in as {user}; by which entry can't be read. {_aws_why(known)}"
        return Health.OK, says.rstrip()
    if mode and found.unread and _token_refused(known):
        doubt = found.why.replace("Not known:", "Not known for certain:")
        return Health.BAD, f"Nothing seems to map {principal_of(_arn(known))}. {doubt}"
    if not mode or found.unread:
        return Health.UNKNOWN, found.why
    return Health.BAD, found.why


def _token_refused(known: Inputs) -> bool:
    """Whether a token of an identity that AWS knows was answered by 401: the map has no such row.

    Who isn't let in can't read aws-auth, so that it mostly shows by this alone.
    """
    refused = known.who is not None and known.who.status == 401
    identity = value_of(known.aws)
    vouched = identity is not None and bool(identity.arn)
    token = known.credential is not None and known.credential.kind == "EKS token"
    return refused and vouched and token and known.cluster is not None


def _aws_why(known: Inputs) -> str:
    """What keeps AWS from being asked."""
    return "AWS hasn't answered." if isinstance(known.aws, NotAsked) else why_unread(known.aws)


def _arn(known: Inputs) -> str:
    """The identity as the cluster sees it, else as STS does."""
    extra = dict(known.who.extra) if known.who else {}
    seen = extra.get("arn") or extra.get("canonicalArn") or ()
    return seen[0] if seen else (known.identity.arn if known.identity else "")


def _matched(found: Match) -> Evidence:
    rows: list[tuple[str, str]] = []
    if found.entry is not None:
        entry = found.entry
        granted = ", ".join((*entry.policies, *entry.groups)) or "nothing"
        rows.append(("access entry", f"{entry.principal} ({entry.type}): {granted}"))
    if found.mapped is not None:
        groups = ", ".join(found.mapped.groups)
        rows.append(("aws-auth", f"{found.mapped.arn} as {found.mapped.user}: {groups}"))
    if found.winner:
        rows.append(("counts", found.winner))
    return tuple(rows)


def _rbac(known: Inputs) -> AccessStep:
    fact = known.rights
    if fact is None:
        return _unread("rbac", "RBAC", known)
    evidence = tuple((str(right.ask), _right_words(right, known)) for right in fact.rights)
    needed = [right for right in fact.rights if right.ask in SEE_NODES]
    denied = [right for right in fact.rights if right.allowed is False]
    took_away = [right for right in needed if right.allowed is False]
    if took_away:
        says = f"You may not {_list(right.ask for right in took_away)}."
        todo = _granting(known, took_away)
        return AccessStep("rbac", "RBAC", Health.BAD, says, evidence, todo)
    if not needed or any(right.allowed is None for right in needed):
        why = next((right.why for right in fact.rights if right.why), "not asked yet")
        return AccessStep("rbac", "RBAC", Health.UNKNOWN, why, evidence)
    if denied:
        says = f"You may see nodes; not {_some([_what(right.ask) for right in denied])}."
        todo = _granting(known, denied)
        return AccessStep("rbac", "RBAC", Health.WARN, says, evidence, todo)
    return AccessStep("rbac", "RBAC", Health.OK, "You may read all that eksview shows.", evidence)


def _granting(known: Inputs, denied: Iterable[Right]) -> tuple[str, ...]:
    arn, cluster = _arn(known), known.cluster if known.eks else None
    mode = cluster.authentication if cluster else ""
    found = match(arn, mode, known.entries, known.auth)
    user = known.who.user if known.who else ""
    return remedies.rights(cluster, arn, found, [right.ask for right in denied], user)


def _right_words(right: Right, known: Inputs) -> str:
    if right.allowed is None:
        return f"not known: {right.why}"
    if not right.allowed:
        return "no"
    return f"yes, {granted_by(right.ask, right.reason, known)}".rstrip(", ")


def granted_by(ask: AccessRequest, reason: str, known: Inputs) -> str:
    """The binding and role that grant it, from the roles where they may be read."""
    who, rbac = known.who, known.rbac
    if who is not None and MASTERS in who.groups:
        return f"group {MASTERS} may do everything"
    if who is not None and rbac is not None:
        found = grants(who.user, who.groups, index(rbac.roles), rbac.bindings, ask)
        if found:
            return str(found[0])
    return reason or "by a rule that you may not read"


def _answer(known: Inputs) -> AccessStep:
    link, count = known.link, known.nodes
    if count is not None and link is not None and link.phase is Phase.LIVE:
        why = _because(known)
        noun = "node" if count == 1 else "nodes"
        return AccessStep("answer", "Answer", Health.OK, f"You see {count:,} {noun}{why}")
    if link is not None and link.phase in (Phase.REFUSED, Phase.RETRYING):
        return AccessStep("answer", "Answer", Health.BAD, link.why)
    if link is None:
        return _unread("answer", "Answer", known)
    return AccessStep("answer", "Answer", Health.UNKNOWN, "The nodes haven't been listed yet.")


def _because(known: Inputs) -> str:
    if known.rights is None:
        return "."
    right = next((each for each in known.rights.rights if each.ask == SEE_NODES[0]), None)
    if right is None or not right.allowed:
        return "."
    return f" because {granted_by(right.ask, right.reason, known)}."


def _unread(name: str, title: str, known: Inputs | None = None) -> AccessStep:
    return AccessStep(name, title, Health.UNKNOWN, _untried(known.kubeconfig if known else None))


def _untried(kubeconfig: KubeconfigFact | None) -> str:
    if kubeconfig is None:
        return "Not read yet."
    if kubeconfig.why:
        return "Not tried: the kubeconfig leads nowhere."
    return (
        "Not read yet." if kubeconfig.files else "Not tried: EKS didn't say where the cluster is."
    )


def _what(ask: AccessRequest) -> str:
    return ask.path or (f"{ask.resource} in {ask.namespace}" if ask.namespace else ask.resource)


def _some(words: Iterable[str]) -> str:
    """The first few of them, each once."""
    each = list(dict.fromkeys(words))
    more = f" and {len(each) - SHOWN} more" if len(each) > SHOWN else ""
    return ", ".join(each[:SHOWN]) + more


def _told(*pairs: tuple[str, str]) -> Evidence:
    return tuple((label, text) for label, text in pairs if text)


def _ends(ends: float | None, now: float) -> str:
    if ends is None:
        return ""
    if ends <= now:
        return f"ended {human_duration(now - ends)} ago"
    return f"ends in {human_duration(ends - now)}"


def _list(asks: Iterable[AccessRequest]) -> str:
    return ", ".join(map(str, asks))
