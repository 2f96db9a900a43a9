"""The last steps of the access chain: authentication, IAM mapping, RBAC, the list of nodes."""

from collections.abc import Iterable, Sequence

from eksview.domain.access import remedies
from eksview.domain.access.access_step import (
    SEE_NODES,
    AccessStep,
    Evidence,
    Inputs,
    first_few,
    make_step,
    unread_step,
    without_empty,
)
from eksview.domain.access.connection_steps import login
from eksview.domain.access.iam_map import MISSING, progress, remarks, unauthorized, undecided
from eksview.domain.access.iam_mapping import Match, match, principal_of, unread_sources
from eksview.domain.access.rbac import MASTERS, grants
from eksview.domain.base.health import Health
from eksview.domain.base.reading import NotAsked, value_of, why_unread
from eksview.domain.base.text import Clean
from eksview.domain.live.trust import why_unopened
from eksview.domain.rows.access import AccessRequest, Right, WhoFact
from eksview.domain.rows.aws import AccessEntryRow
from eksview.domain.rows.link import Phase

CREATOR = "kubernetes-admin"
"""The user that EKS makes of a cluster's creator."""


def authentication_step(inputs: Inputs) -> AccessStep:
    """Judge whether the API server accepts the credentials, and as whom."""
    fact = inputs.who
    if fact is None:
        return unread_step("authentication", inputs)
    extra = [(key, ", ".join(values)) for key, values in fact.extra]
    evidence = without_empty(("user", fact.user), ("groups", ", ".join(fact.groups)), *extra)
    if fact.user and not fact.authenticated and _sent(inputs):
        says = (
            f"The API server sees you as {fact.user}, without the {_sent(inputs)}: a proxy in "
            "between may have removed it, or ended TLS."
        )
        return make_step("authentication", Health.WARN, says, evidence, took=fact.took)
    if fact.user:
        says = f"The API server authenticates you as {fact.user}."
        return make_step("authentication", Health.OK, says, evidence, took=fact.took)
    bad = fact.status == 401
    state = Health.BAD if bad else Health.UNKNOWN
    todo = login(inputs) if bad and not _token_refused(inputs) else ()
    return make_step("authentication", state, fact.reason, evidence, todo, fact.took)


def _sent(inputs: Inputs) -> str:
    """Return the kind of the credential that is sent; empty for none."""
    fact = inputs.credential
    return "" if fact is None or fact.reason or fact.kind == "none" else fact.kind


def mapping_step(inputs: Inputs) -> AccessStep:
    """Judge whether EKS maps the IAM identity to a user of the cluster."""
    if says := _not_of_iam(inputs):
        known = Health.OK if inputs.who and inputs.who.user else Health.UNKNOWN
        state, says = _with_faults(known, says, inputs)
        return make_step("mapping", state, says, _faults(inputs))
    arn = _arn(inputs)
    if not arn and _signed_by_others(inputs):
        says = (
            "The credential plugin signs its token with other keys than eksview's AWS calls, so "
            "its IAM identity is known only once the API server accepts it."
        )
        state, says = _with_faults(Health.UNKNOWN, says, inputs)
        return make_step("mapping", state, says, _faults(inputs))
    if not arn:
        says = f"The IAM identity is unknown. {_aws_reason(inputs)}".rstrip()
        return make_step("mapping", Health.UNKNOWN, says)
    mode, mapping = inputs.sources.mode, match(arn, inputs.sources)
    evidence = without_empty(
        ("authentication mode", mode or "unknown"), *_matched(mapping), *_faults(inputs)
    )
    state, says = _with_faults(*_judged_mapping(mapping, mode, inputs), inputs)
    todo = _mapped_by_admin(arn, inputs) if state is Health.BAD else ()
    return make_step("mapping", state, says, evidence, todo)


def _mapped_by_admin(arn: str, inputs: Inputs) -> tuple[str, ...]:
    """Return how an administrator maps an identity."""
    if inputs.cluster is None:
        return (f"Ask an administrator of the cluster to map {principal_of(arn)}.",)
    return remedies.mapping(inputs.cluster, arn, SEE_NODES, inputs.commands, inputs.roles)


def _judged_mapping(mapping: Match, mode: str, inputs: Inputs) -> tuple[Health, str]:
    if mapping.winner and _token_refused(inputs):
        says = f"{mapping.reason} The API server refuses the token all the same: compare the "
        return Health.WARN, f"{says}cluster that it is signed for with the server's."
    if mapping.winner:
        return Health.OK, mapping.reason
    if inputs.who and inputs.who.authenticated:  # proves a mapping, even an unreadable one
        return Health.OK, _proven(mapping, inputs.who, inputs)
    if mapping.unread and _token_refused(inputs):
        unread = " and ".join(mapping.unread)
        says = f"Nothing seems to map {principal_of(_arn(inputs))}, but {unread} can't be read."
        return Health.BAD, says
    return Health.UNKNOWN if mapping.unread or not mode else Health.BAD, mapping.reason


def _not_of_iam(inputs: Inputs) -> str:
    """Return that the credential isn't of IAM, so nothing maps it; empty where it may be."""
    fact = inputs.credential
    if fact is None or fact.reason or fact.kind == "EKS token" or _seen_arn(inputs):
        return ""
    if fact.kind == "none":
        return "No credential is sent, so no IAM identity is mapped."
    return f"The credential ({fact.kind}) isn't of IAM: access entries and aws-auth don't apply."


def _proven(mapping: Match, who: WhoFact, inputs: Inputs) -> str:
    """Return how an authenticated identity without a readable mapping is mapped.

    EKS maps the creator of a cluster to kubernetes-admin without an entry in authentication mode
    CONFIG_MAP, and where bootstrapClusterCreatorAdminPermissions predates access entries.
    Source: Amazon EKS User Guide, "Grant IAM users access to Kubernetes with a ConfigMap".
    """
    if mapping.unread or not inputs.sources.mode:
        says = f"The API server accepts you as {who.user}: you are mapped"
        says += " by an entry that can't be read." if mapping.unread else "."
        return f"{says} {_aws_reason(inputs)}".rstrip()
    if who.user == CREATOR:
        return f"EKS maps the creator of the cluster to {who.user}, without an entry."
    return f"You are {who.user}, whom neither an access entry nor aws-auth maps."


def _token_refused(inputs: Inputs) -> bool:
    """Check for a 401 to the token of a valid IAM identity: the cluster doesn't map it.

    An unmapped identity can't read aws-auth, so mostly nothing else shows that.
    """
    refused = inputs.who is not None and inputs.who.status == 401
    identity, fact = value_of(inputs.aws), inputs.credential
    valid = identity is not None and bool(identity.arn)
    token = fact is not None and fact.kind == "EKS token"
    fresh = fact is not None and (fact.expires is None or fact.expires > inputs.now)
    return refused and valid and token and fresh and not _signed_by_others(inputs)


def _aws_reason(inputs: Inputs) -> str:
    return "AWS hasn't answered." if isinstance(inputs.aws, NotAsked) else why_unread(inputs.aws)


def _arn(inputs: Inputs) -> str:
    """Return the identity as the cluster reports it, else as STS does."""
    if seen := _seen_arn(inputs):
        return seen
    return inputs.identity.arn if inputs.identity and not _signed_by_others(inputs) else ""


def _signed_by_others(inputs: Inputs) -> bool:
    """Check for a token of another identity, or of another session of the same one."""
    fact, identity = inputs.credential, inputs.identity
    if fact is None or identity is None or not (fact.key_id and identity.key_id):
        return False
    return fact.key_id != identity.key_id


def _seen_arn(inputs: Inputs) -> str:
    extra = dict(inputs.who.extra) if inputs.who else {}
    seen = extra.get(Clean("arn")) or extra.get(Clean("canonicalArn")) or ()
    return seen[0] if seen else ""


def _matched(mapping: Match) -> Evidence:
    rows: list[tuple[str, str]] = []
    if mapping.entry is not None:
        entry = mapping.entry
        rows.append(("access entry", _entry_words(entry)))
    if mapping.mapped is not None:
        groups = ", ".join(mapping.mapped.groups)
        rows.append(("aws-auth", f"{mapping.mapped.arn} -> {mapping.mapped.user}: {groups}"))
    if mapping.winner:
        rows.append(("applies", mapping.winner))
    return tuple(rows)


def _entry_words(entry: AccessEntryRow) -> str:
    if not entry.described:
        return f"{entry.principal}: not read (eks:DescribeAccessEntry)"
    unread = "policies not read" if entry.policies is None else ""
    granted = ", ".join(filter(None, (*(entry.policies or ()), *entry.groups, unread)))
    return f"{entry.principal} ({entry.type}): {granted or 'nothing'}"


def _faults(inputs: Inputs) -> Evidence:
    """Return what is wrong with the sources, and the node roles that aren't authorized."""
    about = [(item.about, item.says) for item in remarks(inputs.sources)]
    roles = unauthorized(inputs.sources, inputs.node_roles)
    return (*about, *((row.type, f"{row.principal}: {row.faults[0]}") for row in roles))


def _with_faults(state: Health, says: str, inputs: Inputs) -> tuple[Health, str]:
    """Return the step with the faults that don't concern the identity itself.

    Another identity's fault is a warning. An unread source may hold one, so it is unknown.
    """
    sources = inputs.sources
    faults = [item for item in remarks(sources) if item.state is Health.BAD]
    roles = unauthorized(sources, inputs.node_roles)
    reasons = _unread(inputs)
    shown = {why_unread(inputs.aws), inputs.who.reason if inputs.who else ""}  # by other steps
    unread = [reason for reason in reasons if reason not in shown and reason not in says]
    words = [
        *(f"{item.about}: {item.says}" for item in faults),
        *(
            f"Role {row.principal.rpartition('/')[2]} isn't authorized: "
            f"{row.faults[0].removeprefix(MISSING)}."
            for row in roles
        ),
        *unread,
        progress(sources),
    ]
    if state is Health.OK and (faults or roles):
        state = Health.WARN
    elif state is Health.OK and reasons:
        state = Health.UNKNOWN
    return state, " ".join(filter(None, (says, *words))).replace("..", ".")


def _unread(inputs: Inputs) -> tuple[str, ...]:
    """Return why sources and roles of nodes are unread.

    Where all were read, return the roles of nodes that can't be judged all the same.
    """
    unread = tuple(dict.fromkeys((*unread_sources(inputs.sources), *inputs.roles_unread)))
    return unread or undecided(inputs.sources, inputs.node_roles)


def rbac_step(inputs: Inputs) -> AccessStep:
    """Judge whether RBAC allows what eksview reads, and what grants it."""
    fact = inputs.rights
    if fact is None:
        return unread_step("rbac", inputs)
    evidence = tuple((str(right.ask), _right_words(right, inputs)) for right in fact.rights)
    needed = [right for right in fact.rights if right.ask in SEE_NODES]
    denied = [right for right in fact.rights if right.allowed is False]
    missing = [right for right in needed if right.allowed is False]
    if missing:
        says = _denial(missing)
        todo = _granting(inputs, missing)
        return make_step("rbac", Health.BAD, says, evidence, todo)
    if not needed or any(right.allowed is None for right in needed):
        unread = (right.reason for right in fact.rights if right.allowed is None)
        reason = next(filter(None, unread), "Not read yet.")
        return make_step("rbac", Health.UNKNOWN, reason, evidence)
    if denied:
        says = (
            f"You may list nodes, but not {first_few(_subject_of(right.ask) for right in denied)}."
        )
        todo = _granting(inputs, denied)
        return make_step("rbac", Health.WARN, says, evidence, todo)
    return make_step("rbac", Health.OK, "You may read everything eksview shows.", evidence)


def _denial(missing: Sequence[Right]) -> str:
    """Return what denies rights: RBAC only has no rule for them, a webhook can deny explicitly."""
    explicit = [right for right in missing if right.denied]
    asks = ", ".join(str(right.ask) for right in explicit or missing)
    if not explicit:
        return f"RBAC denies {asks}."
    because = f": {explicit[0].reason.rstrip('.')}" if explicit[0].reason else ""
    return (
        f"An authorizer denies {asks} explicitly{because}. A rule of RBAC helps only where RBAC is "
        "asked before it."
    )


def _granting(inputs: Inputs, denied: Iterable[Right]) -> tuple[str, ...]:
    arn, cluster = _arn(inputs), inputs.cluster if inputs.eks else None
    mapping = match(arn, inputs.sources)
    user = inputs.who.user if inputs.who else ""
    asks = [right.ask for right in denied]
    return remedies.rights(cluster, arn, mapping, asks, user, inputs.commands, inputs.roles)


def _right_words(right: Right, inputs: Inputs) -> str:
    if right.allowed is None:
        return f"unknown: {right.reason}"
    if not right.allowed:
        return f"no: {right.reason}" if right.reason else "no"
    return f"yes, {_granted_by(right.ask, right.reason, inputs)}".rstrip(", ")


def _granted_by(ask: AccessRequest, reason: str, inputs: Inputs) -> str:
    """Return the binding and role that grant a request, else the API server's reason."""
    user, rbac = inputs.who, inputs.rbac
    if user is not None and MASTERS in user.groups:
        return f"group {MASTERS} may do everything"
    if user is not None and rbac is not None:
        granted = grants(user.user, user.groups, rbac.by_name, rbac.bindings, ask)
        if granted:
            return str(granted[0])
    return reason or "a rule you may not read allows it"


def answer_step(inputs: Inputs) -> AccessStep:
    """Judge whether the nodes are listed, and because of which binding."""
    link, count = inputs.link, inputs.nodes
    if count is not None and link is not None and link.phase is Phase.LIVE:
        noun = "node" if count == 1 else "nodes"
        says = f"You see {count:,} {noun}{_because(inputs)}."
        return make_step("answer", Health.OK, says)
    if link is not None and link.phase in (Phase.REFUSED, Phase.RETRYING):
        return make_step("answer", Health.BAD, f"Can't list nodes. {link.reason}")
    if link is None or why_unopened(inputs.links):
        return unread_step("answer", inputs)
    return make_step("answer", Health.UNKNOWN, "Nodes haven't been listed yet.")


def _because(inputs: Inputs) -> str:
    rights = inputs.rights.rights if inputs.rights else ()
    right = next((right for right in rights if right.ask == SEE_NODES[0]), None)
    if right is None or not right.allowed:
        return ""
    grant = _granted_by(right.ask, right.reason, inputs)
    binding = grant.removeprefix("RBAC: allowed by ")
    return f" because {grant}" if binding == grant else f" because {binding} allows it"


def _subject_of(ask: AccessRequest) -> str:
    return ask.path or (f"{ask.resource} in {ask.namespace}" if ask.namespace else ask.resource)
