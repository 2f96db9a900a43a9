"""The values of the chapters about authentication, authorization, and IAM."""

from collections.abc import Callable

from eksview.domain.access.access_step import SEE_NODES
from eksview.domain.access.iam_mapping import Match, match, principal_of
from eksview.domain.access.node_role import NodeRole
from eksview.domain.access.rbac import MASTERS, Grant, grants
from eksview.domain.base.health import Health
from eksview.domain.base.reading import (
    NOT_ASKED,
    Read,
    ReadFailed,
    Reading,
    Refused,
    last_of,
    value_of,
    why_unread,
    with_value,
)
from eksview.domain.base.text import EMPTY, Clean
from eksview.domain.explain.value import LiveValue, Values
from eksview.domain.rows.access import (
    CredentialFact,
    PolicyRule,
    Right,
    RightsFact,
    SignedToken,
    WhoFact,
)
from eksview.domain.rows.aws import FargateRow, NodegroupRow
from eksview.domain.rows.server import AwsAuth
from eksview.store.selectors.explain.live import (
    clock_time,
    cluster_now,
    confirmed,
    live,
    read_text,
    row_count,
)
from eksview.store.selectors.explain.source import ExplainSource
from eksview.store.selectors.readings import (
    access_entries,
    mapping_sources,
    node_roles,
    rows_reading,
)
from eksview.store.store import Store

_ARN_KEYS = (Clean("arn"), Clean("canonicalArn"))
_VARIANTS = {"EKS token": "eks", "client certificate": "certificate", "none": "none"}


def authentication(source: ExplainSource) -> Values:
    """Return the way from the kubeconfig to the user that the API server knows."""
    store = source.store
    config, credential = store.facts.kubeconfig, store.facts.credential
    return {
        "file": live(config, lambda fact: ", ".join(fact.files)),
        "context": live(config, lambda fact: fact.context),
        "entry": live(config, lambda fact: fact.user),
        "server": live(config, lambda fact: fact.server),
        "kind": live(credential, lambda fact: LiveValue(word=_kind_word(fact))),
        "command": live(credential, lambda fact: fact.command),
        "subject": live(credential, _subject),
        "expires": live(credential, _expiry(source.now)),
        **_token(credential),
        **_user(store),
    }


def credential_variant(store: Store) -> str:
    """Return which body tells about the credential in use; empty for any other kind."""
    fact = last_of(store.facts.credential)
    return _VARIANTS.get(fact.kind, "") if fact is not None else ""


def _kind_word(fact: CredentialFact) -> str:
    return "credential-" + fact.kind.lower().replace(" ", "-")


def _subject(fact: CredentialFact) -> Clean:
    return fact.certificate.subject if fact.certificate else fact.subject


def _expiry(now: float) -> Callable[[CredentialFact], LiveValue]:
    def shown(fact: CredentialFact) -> LiveValue:
        ends = fact.expires or (fact.certificate.ends if fact.certificate else None)
        health = Health.BAD if ends is not None and ends <= now else None
        return read_text(clock_time(ends), None, health)

    return shown


def _token(reading: Reading[CredentialFact]) -> Values:
    """Return the readable parts of an EKS token; the signature isn't one of them."""

    def part(of_token: Callable[[SignedToken], str]) -> LiveValue:
        return live(reading, lambda fact: of_token(fact.token) if fact.token else None)

    return {
        "sts": part(lambda token: token.host),
        "headers": part(lambda token: token.headers),
        "signed": part(lambda token: clock_time(token.signed)),
        "key": part(lambda token: token.key),
    }


def _user(store: Store) -> Values:
    review = user_reading(store)
    return {
        "user": live(review, lambda fact: fact.user),
        "groups": live(review, lambda fact: ", ".join(fact.groups)),
    }


def user_reading(store: Store) -> Reading[WhoFact]:
    """Return how the user was read: the fact has its own failure."""
    reading = confirmed(store, store.facts.who)
    fact = value_of(reading)
    if fact is None or fact.user:
        return reading
    return ReadFailed(fact.reason, fact.at)


def authorization(source: ExplainSource) -> Values:
    """Return the rule of RBAC that lets the user list nodes, and how it is bound."""
    store = source.store
    granted = _granted(store)
    rights = confirmed(store, store.facts.rights)
    return {
        **_user(store),
        "allowed": live(rights, _allowed),
        "server_reason": live(rights, _server_reason),
        "binding": live(
            granted, _first(lambda grant: f"{grant.binding.kind} {grant.binding.name}")
        ),
        "subject": live(granted, _first(lambda grant: str(grant.subject))),
        "role": live(granted, _first(lambda grant: f"{grant.role.kind} {grant.role.name}")),
        "rule": live(granted, _first(lambda grant: rule_words(grant.rule))),
        "denied": live(rights, _denied),
    }


def authorization_variant(store: Store) -> str:
    """Return `masters` for a user whom RBAC isn't asked about, `denied` for one without rights."""
    user, rights = value_of(store.facts.who), value_of(store.facts.rights)
    if user is not None and MASTERS in user.groups:
        return "masters"
    right = _listing(rights) if rights else None
    return "denied" if right is not None and right.allowed is False else ""


def _listing(fact: RightsFact) -> Right | None:
    return next((right for right in fact.rights if right.ask == SEE_NODES[0]), None)


def _allowed(fact: RightsFact) -> LiveValue | None:
    right = _listing(fact)
    if right is None or right.allowed is None:
        return LiveValue(unread="failed", reason=right.reason if right else EMPTY)
    health = Health.OK if right.allowed else Health.BAD
    return LiveValue(word="yes" if right.allowed else "no", health=health)


def _server_reason(fact: RightsFact) -> str | None:
    right = _listing(fact)
    return right.reason if right is not None and right.allowed is not None else None


def _denied(fact: RightsFact) -> str:
    return f"{sum(right.allowed is False for right in fact.rights):,}"


def _first(words: Callable[[Grant], str]) -> Callable[[tuple[Grant, ...]], str | None]:
    return lambda granted: words(granted[0]) if granted else None


def _granted(store: Store) -> Reading[tuple[Grant, ...]]:
    """Return the grants of `list nodes`, by the roles and bindings that may be read."""
    rbac, user = confirmed(store, store.facts.rbac), last_of(user_reading(store))
    fact = last_of(rbac)
    if fact is None or user is None:
        return ReadFailed(why_unread(rbac), 0.0) if why_unread(rbac) else NOT_ASKED
    granted = grants(user.user, user.groups, fact.by_name, fact.bindings, SEE_NODES[0])
    if not granted and not fact.complete:
        return Refused(fact.reason, Clean("list clusterrolebindings"), fact.at)
    return with_value(rbac, granted, known=True)


def rule_words(rule: PolicyRule) -> str:
    """Return `get, list, watch: nodes, pods`, as a rule of a role has them."""
    return f"{', '.join(rule.verbs)}: {', '.join(rule.resources)}"


def iam(source: ExplainSource) -> Values:
    """Return the mapping of the IAM identity to a user, and the size of both sources."""
    store = source.store
    entries, auth = access_entries(store), confirmed(store, store.facts.aws_auth)
    mapping = _own_mapping(store)
    return {
        "cluster": live(cluster_now(store), lambda cluster: cluster.name),
        "mode": live(cluster_now(store), lambda cluster: cluster.authentication),
        "entries": row_count(entries),
        "mapped": live(auth, _mapped),
        "principal": live(_identity_arn(store), principal_of),
        "source": live(mapping, lambda mapping: mapping.winner),
        "mapped_user": live(mapping, _mapped_user),
        "policies": live(mapping, _policies),
        "roles": row_count(_roles_in_use(store)),
        **_user(store),
    }


def _roles_in_use(store: Store) -> Reading[tuple[NodeRole, ...]]:
    """Return the roles of nodes; they are known once nodegroups and Fargate profiles are read."""
    groups, profiles = rows_reading(store, NodegroupRow), rows_reading(store, FargateRow)
    reading: Reading[object] = groups if isinstance(profiles, Read) else profiles
    roles = node_roles(store)
    return with_value(reading, roles, known=bool(roles))


def _mapped(auth: AwsAuth) -> str | None:
    return f"{len(auth.roles) + len(auth.users):,}" if auth.exists else None


def _identity_arn(store: Store) -> Reading[str]:
    """Return the IAM identity as the API server reports it, else as STS does."""
    review = user_reading(store)
    extra = dict(fact.extra) if (fact := value_of(review)) else {}
    seen = next((extra[key] for key in _ARN_KEYS if extra.get(key)), ())
    if seen and isinstance(review, Read):
        return Read(seen[0], review.at)
    identity = store.facts.aws_identity
    last = last_of(identity)
    return with_value(identity, last.arn if last else "", known=last is not None)


def _own_mapping(store: Store) -> Reading[Match]:
    arn = _identity_arn(store)
    name = value_of(arn)
    if name is None or not isinstance(arn, Read):
        return NOT_ASKED if not why_unread(arn) else ReadFailed(why_unread(arn), 0.0)
    sources = mapping_sources(store)
    mapping = match(name, sources)
    if mapping.unread:
        return ReadFailed(mapping.reason, arn.at)
    return Read(mapping, arn.at)


def _mapped_user(mapping: Match) -> str | None:
    if mapping.winner == "access entry" and mapping.entry is not None:
        return mapping.entry.user
    return mapping.mapped.user if mapping.mapped is not None and mapping.winner else None


def _policies(mapping: Match) -> str | LiveValue | None:
    if mapping.winner != "access entry" or mapping.entry is None:
        return None
    if mapping.entry.policies is None:
        return LiveValue(unread="refused", right=Clean("eks:ListAssociatedAccessPolicies"))
    return ", ".join(mapping.entry.policies)
