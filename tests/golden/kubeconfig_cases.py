"""Kubeconfigs, each with one thing that kubectl has an opinion about.

In all texts @HTTPS@ and @HTTP@ are host and port of the servers, @CA@ the authority's PEM in
base64, @CERT@ and @KEY@ a client certificate and its key likewise.
"""

import base64
import json
from collections.abc import Mapping
from textwrap import indent
from types import MappingProxyType
from typing import NamedTuple

V1, V1BETA1 = "client.authentication.k8s.io/v1", "client.authentication.k8s.io/v1beta1"


class Case(NamedTuple):
    """The text of the file `config` and of other files beside it; plugins are executable."""

    config: str | bytes
    files: Mapping[str, str | bytes] = MappingProxyType({})
    plugins: Mapping[str, str] = MappingProxyType({})
    paths: tuple[str, ...] = ()  # of KUBECONFIG; `--kubeconfig config` without any


def _body(key: str, text: str) -> str:
    return f"  {key}:\n{indent(text.strip(), '    ')}\n" if text.strip() else f"  {key}: {{}}\n"


CLUSTER = "server: https://@HTTPS@\ncertificate-authority-data: @CA@"
HEAD = "apiVersion: v1\nkind: Config\ncurrent-context: c\n"


def text(
    user: str = "token: t",
    cluster: str = "",
    *,
    base: str = CLUSTER,
    context: str = "",
    head: str = HEAD,
    more: str = "",
) -> str:
    """Return a kubeconfig of one context; `cluster` and `context` are lines added to theirs."""
    return (
        head
        + "clusters:\n- name: c\n"
        + _body("cluster", f"{base}\n{cluster}")
        + "users:\n- name: u\n"
        + _body("user", user)
        + "contexts:\n- name: c\n"
        + _body("context", f"cluster: c\nuser: u\n{context}")
        + more
    )


def http(user: str, cluster: str = "") -> Case:
    return Case(text(user, base=f"server: http://@HTTP@\n{cluster}"))


def server(
    address: str, user: str = "token: t", trust: str = "certificate-authority-data: @CA@"
) -> Case:
    return Case(text(user, base=f"server: {address}\n{trust}"))


def jwt(expires: int) -> str:
    """Return an unsigned token that ends then, in seconds since the epoch."""
    parts = ({"alg": "none"}, {"sub": "jane", "exp": expires})
    encoded = (base64.urlsafe_b64encode(json.dumps(part).encode()).decode() for part in parts)
    return ".".join(part.rstrip("=") for part in encoded) + ".sig"


VALID, ENDED = jwt(4102444800), jwt(946684800)
PLUGIN = "p"


def plugin(
    status: str = '{"token": "from-plugin"}',
    *,
    user: str = "",
    api: str = V1,
    prints: str = V1,
    lines: str = "interactiveMode: Never",
    script: str = "",
) -> Case:
    """Return a user with a plugin that prints a status."""
    body = f"command: ./{PLUGIN}\napiVersion: {api}\n{lines}\n"
    answer = f'{{"kind": "ExecCredential", "apiVersion": "{prints}", "status": {status}}}'
    script = script or f"cat <<'END'\n{answer}\nEND\n"
    return Case(
        text(f"{user}\nexec:\n{indent(body, '  ')}"), plugins={PLUGIN: f"#!/bin/sh\n{script}"}
    )


def oidc(config: str, more: str = "") -> Case:
    lines = indent(config.strip(), "    ")
    return Case(text(f"{more}\nauth-provider:\n  name: oidc\n  config:\n{lines}"))


ISSUER = "idp-issuer-url: https://@HTTPS@\nidp-certificate-authority-data: @CA@\nclient-id: k\n"

TRUST: dict[str, Case] = {
    "plain": Case(text()),
    "insecure true": Case(text(base="server: https://@HTTPS@\ninsecure-skip-tls-verify: true")),
    "insecure false": Case(text(cluster="insecure-skip-tls-verify: false")),
    "insecure no": Case(text(cluster="insecure-skip-tls-verify: no")),
    "insecure yes": Case(text(base="server: https://@HTTPS@\ninsecure-skip-tls-verify: yes")),
    "insecure y": Case(text(base="server: https://@HTTPS@\ninsecure-skip-tls-verify: y")),
    "insecure string true": Case(
        text(base='server: https://@HTTPS@\ninsecure-skip-tls-verify: "true"')
    ),
    "insecure string false": Case(text(cluster='insecure-skip-tls-verify: "false"')),
    "insecure string no": Case(text(cluster='insecure-skip-tls-verify: "no"')),
    "insecure 1": Case(text(base="server: https://@HTTPS@\ninsecure-skip-tls-verify: 1")),
    "insecure null": Case(text(cluster="insecure-skip-tls-verify: null")),
    "insecure beside a CA": Case(text(cluster="insecure-skip-tls-verify: true")),
    "insecure beside a name": Case(
        text(base="server: https://@HTTPS@\ninsecure-skip-tls-verify: true\ntls-server-name: x")
    ),
    "no CA": Case(text(base="server: https://@HTTPS@")),
    "CA file": Case(
        text(base="server: https://@HTTPS@\ncertificate-authority: ca.pem"), {"ca.pem": "@CA-PEM@"}
    ),
    "CA file absent": Case(text(base="server: https://@HTTPS@\ncertificate-authority: ca.pem")),
    "CA file absent beside data": Case(text(cluster="certificate-authority: ca.pem")),
    "CA file beside data": Case(text(cluster="certificate-authority: ca.pem"), {"ca.pem": "x"}),
    "CA file in home": Case(
        text(base="server: https://@HTTPS@\ncertificate-authority: ~/ca.pem"),
        {"ca.pem": "@CA-PEM@"},
    ),
    "CA file of no user": Case(
        text(base="server: https://@HTTPS@\ncertificate-authority: ~nosuchuser/ca.pem")
    ),
    "CA path with NUL": Case(text(base='server: https://@HTTPS@\ncertificate-authority: "a\\0b"')),
    "CA with UTF-8 comments": Case(
        text(base="server: https://@HTTPS@\ncertificate-authority: ca.pem"),
        {"ca.pem": "# Société Générale – 東京\n@CA-PEM@# end\n"},
    ),
    "CA with Latin-1 comments": Case(
        text(base="server: https://@HTTPS@\ncertificate-authority: ca.pem"),
        {"ca.pem": b"# Soci\xe9t\xe9\r\n@CA-PEM@"},
    ),
    "CA beside a broken one": Case(
        text(base="server: https://@HTTPS@\ncertificate-authority: ca.pem"),
        {"ca.pem": "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n@CA-PEM@"},
    ),
    "CA beside a key": Case(
        text(base="server: https://@HTTPS@\ncertificate-authority: ca.pem"),
        {"ca.pem": "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n@CA-PEM@"},
    ),
    "CA as a trusted certificate": Case(
        text(base="server: https://@HTTPS@\ncertificate-authority: ca.pem"),
        {"ca.pem": "-----BEGIN TRUSTED CERTIFICATE-----\nAAAA\n-----END TRUSTED CERTIFICATE-----"},
    ),
    "CA file without certificates": Case(
        text(base="server: https://@HTTPS@\ncertificate-authority: ca.pem"), {"ca.pem": "hello"}
    ),
    "CA file empty": Case(
        text(base="server: https://@HTTPS@\ncertificate-authority: ca.pem"), {"ca.pem": ""}
    ),
    "CA data empty": Case(text(base='server: https://@HTTPS@\ncertificate-authority-data: ""')),
    "CA data that isn't PEM": Case(
        text(base="server: https://@HTTPS@\ncertificate-authority-data: aGVsbG8=")
    ),
    "CA data wrapped in a literal block": Case(
        text(base="server: https://@HTTPS@\ncertificate-authority-data: |\n  @CA-WRAPPED@")
    ),
    "CA data wrapped in a folded block": Case(
        text(base="server: https://@HTTPS@\ncertificate-authority-data: >\n  @CA-WRAPPED@")
    ),
    "CA data that isn't base64": Case(
        text(base="server: https://@HTTPS@\ncertificate-authority-data: '%%%'")
    ),
    "CA data without padding": Case(
        text(base="server: https://@HTTPS@\ncertificate-authority-data: aGVsbG8")
    ),
    "CA data as a number": Case(
        text(base="server: https://@HTTPS@\ncertificate-authority-data: 1234")
    ),
    "server name": Case(text(cluster="tls-server-name: kubernetes.default.svc")),
    "wrong server name": Case(text(cluster="tls-server-name: elsewhere.test")),
}

ADDRESS: dict[str, Case] = {
    "scheme in capitals": server("HTTPS://@HTTPS@"),
    "scheme of http in capitals": server("HTTP://@HTTP@", trust=""),
    "final slash": server("https://@HTTPS@/"),
    "prefix": server("https://@HTTPS@/k8s/clusters/c-1"),
    "prefix with query": server("https://@HTTPS@/k8s?x=y#z"),
    "no scheme with CA": server("@HTTPS@"),
    "no scheme without TLS": server("@HTTP@", trust=""),
    "no scheme with client certificate": Case(
        text(
            "client-certificate-data: @CERT@\nclient-key-data: @KEY@",
            base="server: '@HTTP@'",
        )
    ),
    "no server": Case(text(base="certificate-authority-data: @CA@")),
    "empty server": server('""'),
    "empty cluster": Case(text(base="")),
    "server as a number": server("443"),
    "server without host": server("https://"),
    "brackets that don't close": server("https://[::1"),
    "port out of range": server("https://127.0.0.1:99999"),
    "port 0": server("https://127.0.0.1:0"),
    "space in host": server('"https://127.0.0.1 :443"'),
    "foreign scheme": server("ftp://@HTTPS@"),
    "user info without credentials": server("https://jane:pw@@HTTPS@", user="username: ''"),
    "user info beside a token": server("https://jane:pw@@HTTPS@"),
    "user info in http": server("http://jane:pw@@HTTP@", trust=""),
    "user info with escapes": server("https://ja%20ne:p%40w%C3%A9@@HTTPS@", user="{}"),
    "proxy without scheme": Case(text(cluster="proxy-url: host:3128")),
    "proxy of a foreign scheme": Case(text(cluster="proxy-url: ftp://127.0.0.1:1")),
    "proxy as a list": Case(text(cluster="proxy-url: []")),
    "proxy empty": Case(text(cluster="proxy-url: ''")),
}

CLEAR: dict[str, Case] = {
    "http without credentials": http("{}"),
    "http token": http("token: t"),
    "http tokenFile": Case(
        text("tokenFile: token", base="server: http://@HTTP@"), {"token": "from-file"}
    ),
    "http password": http("username: jane\npassword: pw"),
    "http certificate": http("client-certificate-data: @CERT@\nclient-key-data: @KEY@"),
    "http impersonation": http("token: t\nas: jane\nas-groups: [dev]"),
    "http impersonation alone": http("as: jane"),
    "http plugin": plugin()._replace(
        config=str(plugin().config).replace(
            CLUSTER.replace("\n", "\n    "), "server: http://@HTTP@"
        )
    ),
    "http oidc": Case(
        str(oidc(f"{ISSUER}id-token: {VALID}").config).replace(
            CLUSTER.replace("\n", "\n    "), "server: http://@HTTP@"
        )
    ),
    "http beside a CA": http("token: t", "certificate-authority-data: @CA@"),
    "http beside insecure": http("token: t", "insecure-skip-tls-verify: true"),
    "http with two methods": http("token: t\nusername: jane\npassword: pw"),
    "http context without user": Case(
        text("token: t", base="server: http://@HTTP@").replace("    user: u\n", "")
    ),
    "http tokenFile absent": http("tokenFile: token"),
}

USERS: dict[str, Case] = {
    "no credentials": Case(text("{}")),
    "empty token": Case(text('token: ""')),
    "password": Case(text("username: jane\npassword: pw")),
    "password of no user": Case(text("password: pw")),
    "user name alone": Case(text("username: jane")),
    "password beyond Latin": Case(text("username: 東京\npassword: пароль")),
    "user name with a colon": Case(text("username: 'a:b'\npassword: c")),
    "token and password": Case(text("token: t\nusername: jane\npassword: pw")),
    "token and user name": Case(text("token: t\nusername: jane")),
    "tokenFile and password": Case(
        text("tokenFile: token\nusername: jane\npassword: pw"), {"token": "from-file"}
    ),
    "tokenFile": Case(text("tokenFile: token"), {"token": "from-file\n"}),
    "tokenFile absent": Case(text("tokenFile: token")),
    "tokenFile empty": Case(text("tokenFile: token"), {"token": ""}),
    "tokenFile of blanks": Case(text("tokenFile: token"), {"token": " \n"}),
    "tokenFile a folder": Case(text("tokenFile: sub"), {"sub/x": ""}),
    "tokenFile that isn't UTF-8": Case(text("tokenFile: token"), {"token": b"a\xe9b"}),
    "tokenFile with a byte order mark": Case(text("tokenFile: token"), {"token": b"\xef\xbb\xbfa"}),
    "tokenFile of no user": Case(text("tokenFile: ~nosuchuser/token")),
    "tokenFile path with NUL": Case(text('tokenFile: "a\\0b"')),
    "tokenFile with two lines": Case(text("tokenFile: token"), {"token": "a\nb\n"}),
    "token beside tokenFile": Case(text("token: t\ntokenFile: token"), {"token": "from-file"}),
    "token beside tokenFile absent": Case(text("token: t\ntokenFile: token")),
    "token beside tokenFile empty": Case(text("token: t\ntokenFile: token"), {"token": ""}),
    "token beside tokenFile with NUL": Case(text('token: t\ntokenFile: "a\\0b"')),
    "token as a number": Case(text("token: 123")),
    "token as a number with underscores": Case(text("token: 1_000")),
    "token as a float": Case(text("token: 1e3")),
    "token as a hexadecimal": Case(text("token: 0x1f")),
    "token as an octal": Case(text("token: 0o17")),
    "token as a date": Case(text("token: 2026-01-01")),
    "token as a time": Case(text("token: 12:30:45")),
    "token as no date": Case(text("token: 2026-13-45")),
    "token as a bool": Case(text("token: true")),
    "token as y": Case(text("token: y")),
    "token as on": Case(text("token: on")),
    "token as infinity": Case(text("token: .inf")),
    "token as an equals sign": Case(text("token: =")),
    "token as null": Case(text("token: ~\nusername: jane\npassword: pw")),
    "token as a list": Case(text("token: [t]")),
    "token with a line break": Case(text('token: "a\\nb"')),
    "token with a tab": Case(text('token: "a\\tb"')),
    "token with DEL": Case(text('token: "a\\x7fb"')),
    "token beyond ASCII": Case(text("token: tokén")),
    "token beyond the BMP": Case(text("token: t😀")),
    "certificate": Case(text("client-certificate-data: @CERT@\nclient-key-data: @KEY@")),
    "certificate and token": Case(
        text("client-certificate-data: @CERT@\nclient-key-data: @KEY@\ntoken: t")
    ),
    "certificate and password": Case(
        text("client-certificate-data: @CERT@\nclient-key-data: @KEY@\nusername: j\npassword: p")
    ),
    "certificate without key": Case(text("client-certificate-data: @CERT@")),
    "key without certificate": Case(text("client-key-data: @KEY@\ntoken: t")),
    "certificate twice": Case(
        text(
            "client-certificate-data: @CERT@\nclient-certificate: c.pem\nclient-key-data: @KEY@",
        ),
        {"c.pem": "x"},
    ),
    "key twice": Case(
        text("client-certificate-data: @CERT@\nclient-key: k.pem\nclient-key-data: @KEY@"),
        {"k.pem": "x"},
    ),
    "certificate files": Case(
        text("client-certificate: c.pem\nclient-key: k.pem"),
        {"c.pem": "@CERT-PEM@", "k.pem": "@KEY-PEM@"},
    ),
    "certificate file absent": Case(
        text("client-certificate: c.pem\nclient-key-data: @KEY@\ntoken: t")
    ),
    "key file absent": Case(text("client-certificate-data: @CERT@\nclient-key: k.pem\ntoken: t")),
    "certificate that is none": Case(
        text("client-certificate-data: aGVsbG8=\nclient-key-data: @KEY@")
    ),
    "as": Case(text("token: t\nas: jane")),
    "as without credentials": Case(text("as: jane")),
    "as and more": Case(
        text(
            "token: t\nas: jane\nas-uid: u-1\nas-groups: [dev, ops]\n"
            "as-user-extra:\n  scopes: [view, edit]\n  example.org/Reason Code%: ['why']"
        )
    ),
    "as beyond Latin": Case(text("token: t\nas: 東京")),
    "as-groups without as": Case(text("token: t\nas-groups: [dev]")),
    "as-uid without as": Case(text("token: t\nas-uid: u")),
    "as-user-extra without as": Case(text("token: t\nas-user-extra: {a: [b]}")),
    "as-groups as text": Case(text("token: t\nas: jane\nas-groups: dev")),
    "as-groups of numbers": Case(text("token: t\nas: jane\nas-groups: [1]")),
    "as-groups with null": Case(text("token: t\nas: jane\nas-groups: [null]")),
    "as-user-extra of text": Case(text("token: t\nas: jane\nas-user-extra: {a: b}")),
    "as-user-extra in capitals": Case(text("token: t\nas: jane\nas-user-extra: {ABC: [b]}")),
    "as-user-extra of a number": Case(text("token: t\nas: jane\nas-user-extra: {1: [b]}")),
    "as-user-extra empty": Case(text("token: t\nas: jane\nas-user-extra: {a: []}")),
    "as as a number": Case(text("token: t\nas: 1")),
    "as with a line break": Case(text('token: t\nas: "a\\nb"')),
}

PLUGINS: dict[str, Case] = {
    "plugin": plugin(),
    "plugin of v1beta1": plugin(api=V1BETA1, prints=V1BETA1),
    "plugin of v1beta1 without interactiveMode": plugin(api=V1BETA1, prints=V1BETA1, lines=""),
    "plugin of v1 without interactiveMode": plugin(lines=""),
    "plugin of v1alpha1": plugin(
        api="client.authentication.k8s.io/v1alpha1", prints="client.authentication.k8s.io/v1alpha1"
    ),
    "plugin without apiVersion": plugin(api='""'),
    "plugin prints v1beta1 for v1": plugin(prints=V1BETA1),
    "plugin prints v1 for v1beta1": plugin(api=V1BETA1),
    "plugin prints a foreign apiVersion": plugin(prints="v1"),
    "plugin prints a foreign kind": plugin(
        script=f'echo \'{{"kind": "Config", "apiVersion": "{V1}", "status": {{"token": "x"}}}}\''
    ),
    "plugin prints no kind": plugin(
        script=f'echo \'{{"apiVersion": "{V1}", "status": {{"token": "x"}}}}\''
    ),
    "plugin prints YAML": plugin(
        script=f"printf 'kind: ExecCredential\\napiVersion: {V1}\\nstatus: {{token: from-yaml}}\\n'"
    ),
    "plugin prints no apiVersion": plugin(
        script='echo \'{"kind": "ExecCredential", "status": {"token": "x"}}\''
    ),
    "plugin prints a null": plugin('{"token": "t", "clientKeyData": null}'),
    "plugin prints more": plugin('{"token": "t", "hello": 1}'),
    "plugin of v1alpha1 beside a token": plugin(
        user="token: t", api="client.authentication.k8s.io/v1alpha1"
    ),
    "plugin prints nothing": plugin(script="true"),
    "plugin prints text": plugin(script="echo hello"),
    "plugin prints no status": plugin("null"),
    "plugin prints an empty status": plugin("{}"),
    "plugin prints a number as token": plugin('{"token": 1}'),
    "plugin prints a certificate alone": plugin('{"clientCertificateData": "@CERT-JSON@"}'),
    "plugin prints a key alone": plugin('{"token": "t", "clientKeyData": "@KEY-JSON@"}'),
    "plugin prints a certificate": plugin(
        '{"clientCertificateData": "@CERT-JSON@", "clientKeyData": "@KEY-JSON@"}'
    ),
    "plugin prints a certificate that is none": plugin(
        '{"token": "t", "clientCertificateData": "x", "clientKeyData": "y"}'
    ),
    "plugin prints a time that is none": plugin(
        '{"token": "t", "expirationTimestamp": "tomorrow"}'
    ),
    "plugin prints a time": plugin('{"token": "t", "expirationTimestamp": "2099-01-01T00:00:00Z"}'),
    "plugin prints a time that is over": plugin(
        '{"token": "t", "expirationTimestamp": "2009-01-01T00:00:00Z"}'
    ),
    "plugin fails": plugin(script="echo no >&2; exit 3"),
    "plugin absent": plugin()._replace(plugins={}),
    "plugin of no command": plugin(lines="interactiveMode: Never\ncommand: ''"),
    "plugin of no user": plugin(lines="interactiveMode: Never\ncommand: ~nosuchuser/p"),
    "plugin with NUL in its path": plugin(lines='interactiveMode: Never\ncommand: "./p\\0"'),
    "plugin always interactive": plugin(lines="interactiveMode: Always"),
    "plugin interactive sometimes": plugin(lines="interactiveMode: Sometimes"),
    "plugin if available": plugin(lines="interactiveMode: IfAvailable"),
    "plugin args as text": plugin(lines="interactiveMode: Never\nargs: x"),
    "plugin args as numbers": plugin(lines="interactiveMode: Never\nargs: [1]"),
    "plugin args with NUL": plugin(lines='interactiveMode: Never\nargs: ["a\\0"]'),
    "plugin env": plugin(
        lines="interactiveMode: Never\nenv:\n- {name: A, value: b}",
        script=f'echo \'{{"kind": "ExecCredential", "apiVersion": "{V1}", "status": '
        '{"token": "\'$A\'"}}\'',
    ),
    "plugin env with an equals sign": plugin(
        lines="interactiveMode: Never\nenv:\n- {name: A=b, value: c}",
        script=f'echo \'{{"kind": "ExecCredential", "apiVersion": "{V1}", "status": '
        '{"token": "\'$A\'"}}\'',
    ),
    "plugin env with NUL": plugin(lines='interactiveMode: Never\nenv:\n- {name: A, value: "a\\0"}'),
    "plugin env without name": plugin(lines="interactiveMode: Never\nenv:\n- {value: a}"),
    "plugin env without value": plugin(lines="interactiveMode: Never\nenv:\n- {name: A}"),
    "plugin env as text": plugin(lines="interactiveMode: Never\nenv: [A=b]"),
    "plugin env as a mapping": plugin(lines="interactiveMode: Never\nenv: {A: b}"),
    "plugin env null": plugin(lines="interactiveMode: Never\nenv: null"),
    "plugin with cluster info as text": plugin(
        lines='interactiveMode: Never\nprovideClusterInfo: "yes"'
    ),
    "plugin as text": Case(text("exec: aws")),
    "plugin beside a token": plugin(user="token: t"),
    "plugin beside a password": plugin(user="username: jane\npassword: pw"),
    "plugin beside a user name": plugin(user="username: jane"),
    "plugin beside a password alone": plugin(user="password: pw"),
    "plugin beside a tokenFile": plugin(user="tokenFile: token")._replace(
        files={"token": "from-file"}
    ),
    "plugin beside a certificate": plugin(
        user="client-certificate-data: @CERT@\nclient-key-data: @KEY@"
    ),
    "plugin beside an auth-provider": plugin(user="auth-provider: {name: oidc, config: {}}"),
    "plugin that fails beside a token": plugin(user="token: t", script="exit 3"),
}

PROVIDERS: dict[str, Case] = {
    "oidc": oidc(f"{ISSUER}id-token: {VALID}"),
    "oidc without issuer": oidc(f"client-id: k\nid-token: {VALID}"),
    "oidc without client": oidc(f"idp-issuer-url: https://@HTTPS@\nid-token: {VALID}"),
    "oidc ended": oidc(f"{ISSUER}id-token: {ENDED}"),
    "oidc ended with refresh": oidc(f"{ISSUER}id-token: {ENDED}\nrefresh-token: r"),
    "oidc without token": oidc(ISSUER),
    "oidc of no JWT": oidc(f"{ISSUER}id-token: hello"),
    "oidc of a number": oidc(f"{ISSUER}id-token: 1"),
    "oidc beside a token": oidc(f"{ISSUER}id-token: {VALID}", "token: t"),
    "oidc beside a password": oidc(f"{ISSUER}id-token: {VALID}", "username: j\npassword: p"),
    "oidc ended beside a token": oidc(f"{ISSUER}id-token: {ENDED}", "token: t"),
    "foreign provider": Case(text("auth-provider: {name: nobody}")),
    "gcp provider": Case(text("auth-provider: {name: gcp, config: {access-token: x}}")),
    "azure provider": Case(text("auth-provider: {name: azure, config: {access-token: x}}")),
    "provider without name": Case(text("auth-provider: {config: {}}\ntoken: t")),
    "foreign provider beside a token": Case(text("auth-provider: {name: nobody}\ntoken: t")),
    "provider as text": Case(text("auth-provider: oidc")),
}

FILES: dict[str, Case] = {
    "no kind": Case(text(head="current-context: c\n")),
    "foreign kind": Case(text(head="apiVersion: v1\nkind: Secret\ncurrent-context: c\n")),
    "foreign apiVersion": Case(text(head="apiVersion: v2\nkind: Config\ncurrent-context: c\n")),
    "apiVersion with a group": Case(
        text(head="apiVersion: config/v1\nkind: Config\ncurrent-context: c\n")
    ),
    "kind alone": Case(text(head="kind: Config\ncurrent-context: c\n")),
    "apiVersion alone": Case(text(head="apiVersion: v1\ncurrent-context: c\n")),
    "no context chosen": Case(text(head="apiVersion: v1\nkind: Config\n")),
    "context that is absent": Case(text(head=HEAD.replace("context: c", "context: gone"))),
    "context as a number": Case(text(head=HEAD.replace("context: c", "context: 1"))),
    "context without user": Case(text().replace("    user: u\n", "")),
    "context without cluster": Case(text().replace("    cluster: c\n", "")),
    "context of an absent user": Case(text().replace("    user: u\n", "    user: gone\n")),
    "context of an absent cluster": Case(text().replace("    cluster: c\n", "    cluster: x\n")),
    "namespace as a number": Case(text(context="namespace: 1")),
    "name as a number": Case(text().replace("users:\n- name: u", "users:\n- name: 1")),
    "duplicate user": Case(text(more="").replace("users:\n", "users:\n- name: u\n  user: {}\n")),
    "duplicate unused user": Case(
        text().replace("users:\n", "users:\n- {name: x, user: {}}\n- {name: x, user: {}}\n")
    ),
    "duplicate cluster": Case(text().replace("clusters:\n", "clusters:\n- {name: c}\n")),
    "duplicate context": Case(text().replace("contexts:\n", "contexts:\n- {name: c}\n")),
    "two users without name": Case(text().replace("users:\n", "users:\n- {}\n- {}\n")),
    "entry of null": Case(text().replace("users:\n", "users:\n- null\n")),
    "entry as text": Case(text().replace("users:\n", "users:\n- hello\n")),
    "user as text": Case(text().replace("users:\n", "users:\n- {name: x, user: hello}\n")),
    "user of null": Case(text().replace("users:\n", "users:\n- {name: x, user: null}\n")),
    "users as a mapping": Case(text(more="").replace("- name: u\n  user:", "  u:")),
    "users of null": Case("users: null\n" + text().replace("users:\n- name: u\n", "x:\n- n: u\n")),
    "wrong type in another user": Case(
        text().replace("users:\n", "users:\n- {name: x, user: {token: 1}}\n")
    ),
    "wrong type in another cluster": Case(
        text().replace(
            "clusters:\n",
            'clusters:\n- {name: x, cluster: {server: a, insecure-skip-tls-verify: "false"}}\n',
        )
    ),
    "bad base64 in another cluster": Case(
        text().replace(
            "clusters:\n",
            "clusters:\n- {name: x, cluster: {certificate-authority-data: '%'}}\n",
        )
    ),
    "two methods of another user": Case(
        text().replace(
            "users:\n", "users:\n- {name: x, user: {token: t, username: j, password: p}}\n"
        )
    ),
    "field in capitals": Case(text("Token: t\nusername: jane\npassword: pw")),
    "unknown fields": Case(text("token: t\nhello: [1]", "hello: {}", more="hello: 1\n")),
    "key twice in a mapping": Case(text("token: a\ntoken: b")),
    "extensions": Case(text(more="extensions:\n- {name: a, extension: {b: c}}\n")),
    "extensions as text": Case(text(more="extensions: hello\n")),
    "preferences": Case(text(more="preferences: {colors: true}\n")),
    "preferences as text": Case(text(more="preferences: hello\n")),
    "preferences of wrong colors": Case(text(more='preferences: {colors: "true"}\n')),
    "two documents": Case(text() + "---\n" + text("token: second")),
    "second document broken": Case(text() + "---\nusers: [\n"),
    "first document empty": Case("---\n---\n" + text()),
    "empty file": Case(""),
    "comments alone": Case("# nothing\n"),
    "a list": Case("- a\n- b\n"),
    "a text": Case("hello\n"),
    "broken YAML": Case("clusters:\n- name: [\n"),
    "anchors": Case(text("&a\ntoken: t", more="x: *a\n")),
    "merge key": Case("x: &a {token: t}\n" + text("<<: *a")),
    "unknown anchor": Case(text("token: *nowhere")),
    "tag": Case(text("token: !mine t")),
    "tag of binary": Case(text("token: !!binary dA==")),
    "tabs": Case(text().replace("    token: t", "\ttoken: t")),
    "JSON": Case(
        '{\n\t"current-context": "c",\n\t"clusters": [{"name": "c", "cluster": {"server": '
        '"https://@HTTPS@", "certificate-authority-data": "@CA@"}}],\n\t"users": [{"name": "u", '
        '"user": {"token": "t"}}],\n\t"contexts": [{"name": "c", "context": {"cluster": "c", '
        '"user": "u"}}]\n}\n'
    ),
    "byte order mark": Case(b"\xef\xbb\xbf" + text().encode()),
    "UTF-16": Case(b"\xff\xfe" + text().encode("utf-16-le")),
    "Windows line ends": Case(text().replace("\n", "\r\n").encode()),
    "Latin-1": Case(b"# caf\xe9\n" + text().encode()),
    "UTF-8 comment": Case("# café 東京\n" + text()),
    "control character": Case("# \x01\n" + text()),
    "a folder": Case("", {"sub/x": ""}, paths=("sub",)),
    "a file that is absent": Case("", paths=("gone",)),
    "second file": Case(text(), paths=("gone", "config")),
    "second file broken": Case(text(), {"b": "users: ["}, paths=("config", "b")),
    "first file empty": Case(text(), {"a": ""}, paths=("a", "config")),
    "same file twice": Case(text(), paths=("config", "config")),
    "user in two files": Case(
        text(), {"a": "users:\n- {name: u, user: {token: first}}\n"}, paths=("a", "config")
    ),
    "halves of a user in two files": Case(
        text("username: jane\npassword: pw"),
        {"a": "users:\n- {name: u, user: {token: first}}\n"},
        paths=("a", "config"),
    ),
    "halves of a cluster in two files": Case(
        text(base="certificate-authority-data: @CA@"),
        {"a": "clusters:\n- {name: c, cluster: {server: 'https://@HTTPS@'}}\n"},
        paths=("a", "config"),
    ),
    "current context in two files": Case(
        text(), {"a": "current-context: gone\n"}, paths=("a", "config")
    ),
    "paths of two files": Case(
        text(base="server: https://@HTTPS@\ncertificate-authority: ca.pem"),
        {
            "ca.pem": "wrong",
            "sub/ca.pem": "@CA-PEM@",
            "sub/a": "clusters:\n- name: c\n  cluster: {server: 'https://@HTTPS@', "
            "certificate-authority: ca.pem}\n",
        },
        paths=("sub/a", "config"),
    ),
}

CASES = TRUST | ADDRESS | CLEAR | USERS | PLUGINS | PROVIDERS | FILES
