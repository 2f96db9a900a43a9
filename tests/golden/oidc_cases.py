"""Users with an OpenID Connect provider, and what the provider answers."""

import json
from collections.abc import Mapping
from textwrap import indent
from types import MappingProxyType
from typing import NamedTuple

from tests.golden.kubeconfig_cases import ENDED, VALID, Case, text

JSON = "application/json"
BASE = {"access_token": "a", "token_type": "Bearer"}


class Answer(NamedTuple):
    """An answer of the provider; @HTTPS@ is its host and port."""

    body: str
    status: int = 200
    kind: str = JSON
    location: str = ""


def tokens(**fields: object) -> Answer:
    return Answer(json.dumps({**BASE, **fields}))


DISCOVERY = Answer('{"issuer": "https://@HTTPS@", "token_endpoint": "https://@HTTPS@/token"}')
REFRESHED = tokens(id_token=VALID)


class OidcCase(NamedTuple):
    """A kubeconfig and a provider. `basic` says whether it wants the client in the header."""

    config: Case
    discovery: Answer = DISCOVERY
    token: Answer = REFRESHED
    basic: bool | None = None
    locked: bool = False
    """Whether another command's lock file lies beside the kubeconfig."""
    read_only: bool = False


AT = MappingProxyType(
    {
        "idp-issuer-url": "https://@HTTPS@",
        "idp-certificate-authority-data": "@CA@",
        "client-id": "k8s",
        "client-secret": "s3cr3t+/&",
        "id-token": ENDED,
        "refresh-token": "refresh-one",
    }
)


def user(lines: Mapping[str, str] = AT, *, without: str = "", **more: str) -> Case:
    """Return a kubeconfig of the lines, but for one; `more` replaces or adds some."""
    named = {key.replace("_", "-"): value for key, value in more.items()}
    pairs = {key: value for key, value in {**lines, **named}.items() if key != without}
    config = "".join(f"{key}: {value}\n" for key, value in pairs.items())
    return Case(text(f"auth-provider:\n  name: oidc\n  config:\n{indent(config, '    ')}"))


def refused(status: int = 400, **fields: str) -> Answer:
    return Answer(json.dumps(fields), status)


CASES: dict[str, OidcCase] = {
    "valid": OidcCase(user(id_token=VALID)),
    "valid without refresh-token": OidcCase(user(id_token=VALID, without="refresh-token")),
    "refreshed": OidcCase(user()),
    "no id-token": OidcCase(user(without="id-token")),
    "empty id-token": OidcCase(user(id_token='""')),
    "null id-token": OidcCase(user(id_token="")),
    "rotated": OidcCase(user(), token=tokens(id_token=VALID, refresh_token="refresh-two")),
    "same refresh token": OidcCase(
        user(), token=tokens(id_token=VALID, refresh_token="refresh-one")
    ),
    "form answer": OidcCase(
        user(),
        token=Answer(
            f"access_token=a&id_token={VALID}&refresh_token=refresh-two",
            kind="application/x-www-form-urlencoded",
        ),
    ),
    "client in header only": OidcCase(user(), basic=True),
    "client in form only": OidcCase(user(), basic=False),
    "no client-secret": OidcCase(user(without="client-secret")),
    "issuer with slash": OidcCase(user(idp_issuer_url="https://@HTTPS@/")),
    "CA file": OidcCase(
        user(idp_certificate_authority="ca.pem", without="idp-certificate-authority-data")._replace(
            files={"ca.pem": "@CA-PEM@"}
        )
    ),
    "CA file absent": OidcCase(
        user(idp_certificate_authority="x.pem", without="idp-certificate-authority-data")
    ),
    "CA file absent beside data": OidcCase(user(idp_certificate_authority="x.pem")),
    "CA of another": OidcCase(user(idp_certificate_authority_data="@CERT@")),
    "CA without PEM": OidcCase(user(idp_certificate_authority_data="eA==", id_token=VALID)),
    "CA without base64": OidcCase(user(idp_certificate_authority_data="x", id_token=VALID)),
    "no CA": OidcCase(user(without="idp-certificate-authority-data")),
    "no issuer": OidcCase(user(without="idp-issuer-url")),
    "no client-id": OidcCase(user(without="client-id")),
    "no refresh-token": OidcCase(user(without="refresh-token")),
    "refused": OidcCase(
        user(), token=refused(error="invalid_grant", error_description="Token expired")
    ),
    "refused with 200": OidcCase(user(), token=refused(200, error="invalid_grant")),
    "refused as a page": OidcCase(user(), token=Answer("<html>", 503, "text/html")),
    "a page": OidcCase(user(), token=Answer("<html>", kind="text/html")),
    "no id_token": OidcCase(user(), token=tokens(refresh_token="refresh-two")),
    "id_token of a number": OidcCase(user(), token=tokens(id_token=1)),
    "no access_token": OidcCase(user(), token=Answer(json.dumps({"id_token": VALID}))),
    "ended id_token": OidcCase(user(), token=tokens(id_token=ENDED)),
    "no discovery": OidcCase(user(), Answer("not here", 404, "text/plain")),
    "discovery of a page": OidcCase(user(), Answer("<html>", kind="text/html")),
    "discovery without endpoint": OidcCase(user(), Answer("{}")),
    "discovery redirects here": OidcCase(
        user(), Answer("", 302, location="https://@HTTPS@/discovery")
    ),
    "token endpoint redirects here": OidcCase(
        user(), token=Answer("", 307, location="https://@HTTPS@/token-two")
    ),
    "token endpoint redirects elsewhere": OidcCase(
        user(), token=Answer("", 307, location="http://@HTTP@/token-two")
    ),
    "locked": OidcCase(user(), locked=True),
    "locked with a valid token": OidcCase(user(id_token=VALID), locked=True),
    "read-only": OidcCase(user(), read_only=True),
    "read-only with a valid token": OidcCase(user(id_token=VALID), read_only=True),
    "second file": OidcCase(
        Case(
            'apiVersion: v1\nkind: Config\nusers: [{name: v, user: {token: "t"}}]\n',
            files={"second": user().config},
            paths=("config", "second"),
        ),
        token=tokens(id_token=VALID, refresh_token="refresh-two"),
    ),
}
