"""The first steps of the access chain: kubeconfig, credentials, endpoint."""

import re

from eksview.domain.access.access_step import (
    AccessStep,
    Evidence,
    Inputs,
    first_few,
    make_step,
    unread_step,
    without_empty,
)
from eksview.domain.access.iam_mapping import principal_of
from eksview.domain.base.age import human_duration
from eksview.domain.base.health import Health
from eksview.domain.base.reading import value_of, why_unread
from eksview.domain.base.text import Clean
from eksview.domain.live.clock_skew import skew_words
from eksview.domain.rows.access import CredentialFact, Hop, WhoFact
from eksview.domain.rows.aws import AwsIdentity

_COMMAND = re.compile(r"`([^`]+)`")
SOON = 300.0
"""Seconds before a credential's expiry at which it is a warning, if it isn't renewed."""
RENEWED = ("exec plugin", "EKS token", "token file")


def kubeconfig_step(inputs: Inputs) -> AccessStep:
    """Judge whether the kubeconfig names a server, or EKS described one."""
    fact = inputs.kubeconfig
    if fact is None:
        return unread_step("kubeconfig", inputs)
    evidence = without_empty(
        ("file", ", ".join(fact.files)),
        ("context", fact.context),
        ("cluster", fact.cluster),
        ("server", fact.server),
        ("user", fact.user),
        ("namespace", fact.namespace or "default"),
    )
    if fact.reason:
        return make_step("kubeconfig", Health.BAD, fact.reason, evidence)
    says = f"Context {fact.context} points to {fact.server}."
    if not fact.files:
        says = f"No kubeconfig: --cluster {fact.cluster}."
    return make_step("kubeconfig", Health.OK, says, evidence)


def credentials_step(inputs: Inputs) -> AccessStep:
    """Judge whether there are credentials that are valid, and whose they are."""
    fact = inputs.credential
    if fact is None:
        return unread_step("credentials", inputs)
    certificate = fact.certificate
    ends = fact.expires or (certificate.ends if certificate else None)
    evidence = without_empty(
        ("kind", fact.kind),
        ("subject", certificate.subject if certificate else fact.subject),
        ("issuer", certificate.issuer if certificate else fact.issuer),
        ("audience", ", ".join(fact.audience)),
        ("expiry", _expiry(ends, inputs.now)),
        ("command", fact.command),
        *_iam(inputs),
    )
    state, says = _judged_credentials(fact, ends, inputs)
    expired = ends is not None and ends <= inputs.now
    solvable = expired or bool(fact.reason and fact.login)  # AWS's reason has its own remedy
    todo = login(inputs) if state is Health.BAD and solvable else ()
    return make_step("credentials", state, says, evidence, todo, fact.took)


def _judged_credentials(
    fact: CredentialFact, ends: float | None, inputs: Inputs
) -> tuple[Health, str]:
    fault = fact.reason or _invalid_now(fact, ends, inputs.now) or _unsigned(fact, inputs)
    if fault:
        return Health.BAD, fault
    doubt, unread = _doubt(fact, ends, inputs), _unread_identity(fact, inputs)
    if doubt:
        return Health.WARN, f"{doubt} {unread}".rstrip()
    article = "An" if fact.kind.lower().startswith(("e", "i")) else "A"
    expiry = f" that {_expiry(ends, inputs.now)}" if ends else ""
    says = f"{article} {fact.kind}{expiry}. {unread}".rstrip()
    return Health.UNKNOWN if unread else Health.OK, says


def _invalid_now(fact: CredentialFact, ends: float | None, now: float) -> str:
    if ends is not None and ends <= now:
        return f"The {fact.kind} expired {human_duration(now - ends)} ago."
    if fact.certificate is not None and fact.certificate.starts > now:
        return "The client certificate isn't valid yet: check this machine's clock."
    return ""


def _unsigned(fact: CredentialFact, inputs: Inputs) -> str:
    """Return why a token is worth nothing that was signed with credentials which AWS refuses."""
    return why_unread(inputs.aws) if is_unsigned(fact, inputs.who, inputs.identity) else ""


def _unread_identity(fact: CredentialFact, inputs: Inputs) -> str:
    """Return why the IAM identity is unread; empty where it was read, or no token needs it."""
    if not inputs.eks or not (reason := why_unread(inputs.aws)):
        return ""
    if fact.kind != "EKS token":  # it needs no keys of AWS
        lacking = inputs.identity is not None and inputs.identity.refused
        return "" if lacking else f"The IAM identity of AWS calls isn't read. {reason}"
    if inputs.who is not None and inputs.who.authenticated:
        return f"The API server accepts it, but its IAM identity isn't read. {reason}"
    return f"Its IAM identity isn't read. {reason}"


def is_unsigned(
    fact: CredentialFact | None, who: WhoFact | None, identity: AwsIdentity | None
) -> bool:
    """Return whether AWS refuses the credentials that signed a token.

    A token is signed without AWS, so it is fresh whatever the credentials are.
    """
    if fact is None or fact.kind != "EKS token" or (who is not None and who.authenticated):
        return False
    return identity is not None and identity.refused


def _doubt(fact: CredentialFact, ends: float | None, inputs: Inputs) -> str:
    if inputs.identity is not None and inputs.identity.warnings:
        return " ".join(inputs.identity.warnings)
    if mismatch := identity_mismatch(inputs):
        return mismatch
    renewed = fact.refreshed or fact.kind in RENEWED
    if ends is not None and ends - inputs.now < SOON and not renewed:
        return f"The {fact.kind} expires in {human_duration(ends - inputs.now)}."
    if fact.kind == "none":
        if inputs.kubeconfig and inputs.kubeconfig.server.startswith("http://"):
            return "No credentials are sent over http://, as with kubectl: requests are anonymous."
        return "The kubeconfig has no credentials: requests are anonymous."
    return ""


def identity_mismatch(inputs: Inputs) -> str:
    """Return that AWS and the API server see two identities; empty unless they do."""
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
    return without_empty(
        ("IAM identity", aws.arn),
        ("session", session),
        ("AWS credentials", _expiry(aws.expires, inputs.now) if aws.expires else ""),
    )


def login(inputs: Inputs) -> tuple[str, ...]:
    """Return how to get other credentials, as a command or a sentence.

    AWS's own reason knows where the credentials come from: only an SSO session has a login.
    """
    if inputs.eks and (reason := why_unread(inputs.aws)):
        commands = _COMMAND.findall(reason)
        said = inputs.credential is not None and inputs.credential.reason == reason
        return (commands[0],) if len(commands) == 1 else () if said else (reason,)
    by_name = inputs.kubeconfig is not None and not inputs.kubeconfig.files
    return (f"Log in again, or choose another {'--profile' if by_name else 'context'}.",)


def endpoint_step(inputs: Inputs) -> AccessStep:
    """Judge whether the server answers, with each hop on the way to it."""
    fact = inputs.endpoint
    if fact is None:
        return unread_step("endpoint", inputs)
    if fact.reason:
        return make_step("endpoint", Health.BAD, fact.reason)
    evidence = tuple((hop.kind.upper(), _hop_words(hop)) for hop in fact.hops)
    failed = [hop.reason for hop in fact.hops if hop.ok is False]
    address = f"{fact.host}:{fact.port}"
    if not fact.reached:
        state = Health.BAD if failed else Health.UNKNOWN
        untried = f"{address}: not tried."
        if fact.proxy:
            untried = f"The proxy {address} accepts connections; the server isn't tried past it."
        return make_step("endpoint", state, failed[0] if failed else untried, evidence)
    doubt = failed[0] if failed else _server_doubt(inputs, address)
    state = Health.WARN if doubt else Health.OK
    return make_step("endpoint", state, doubt or f"{address} answers.", evidence, took=fact.total)


def _server_doubt(inputs: Inputs, address: str) -> str:
    """Return what is wrong with a server that answers; empty for nothing."""
    if inputs.failing:
        return (
            f"{address} answers: the network is fine, but the API server's checks fail: "
            f"{first_few(inputs.failing)}."
        )
    skew = skew_words(inputs.ahead)
    return f"{address} answers, but {skew}." if skew else ""


def _hop_words(hop: Hop) -> str:
    if hop.ok is None:
        return f"{hop.target}: not tried"
    time = "" if hop.took is None else f" in {hop.took * 1000:.0f} ms"
    return f"{hop.target}{time}" if hop.ok else f"{hop.target}: {hop.reason}"


def _expiry(ends: float | None, now: float) -> str:
    if ends is None:
        return ""
    if ends <= now:
        return f"expired {human_duration(now - ends)} ago"
    return f"expires in {human_duration(ends - now)}"
