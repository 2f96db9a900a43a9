"""Secrets as programs, servers and libraries quote them: no part is shown, and what is none stays.

The forms are those of botocore, the AWS CLI, curl, git, client-go, environment dumps, JSON, YAML,
presigned URLs (AWS Signature Version 4) and PEM (RFC 7468).
"""

import string
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eksview.domain.base.secrets import mask
from eksview.domain.base.text import clean

PIECE, END = 8, 4
"""Characters of a secret in a row, and at its ends, that are too many."""
ALNUM = string.ascii_letters + string.digits

NAMED = [
    "password={}", "PASSWORD={}", "password: {}", "Password = {}", "PASSWORD => {}",
    "PGPASSWORD={}",
    "DB_PASSWORD:            {}",
    "--password {}", "--password={}", "--password '{}'", '--password "{}"', "--client-secret {}",
    "--token {}", "--secret-access-key {}", "--otp {}", "VPN_TOTP={}",
    '["--password","{}"]', '[\n  "--token",\n  "{}"\n]', '\\"--password\\",\\"{}\\"',
    "['--password', '{}']", "- --password\n- {}", "  - --token\n  - '{}'\n  - --tls",
    "MYSQL_PWD={}", "pass={}", "DB_PASS={}", "pwd={}",
    "passphrase={}", "AWS_SECRET_ACCESS_KEY={}", "export AWS_SECRET_ACCESS_KEY='{}'",
    'AWS_SESSION_TOKEN="{}"', "aws_secret_access_key = {}", '"SecretAccessKey": "{}"',
    "'SessionToken': '{}'", '{{"token":"{}"}}', '{{"id_token": "{}"}}', "refresh_token={}",
    "client_secret={}&x=1", "id_token: {}", "token: >-\n  {}", "password:\n  {}",
    "- name: DB_PASSWORD\n  value: {}", '{{"name": "DB_PASSWORD", "value": "{}"}}',
    '\\"SecretAccessKey\\":\\"{}\\"', "password%3D{}", "token%3A%20{}", "%22token%22%3A%22{}%22",
    "password='{}", "{{'password': '{}', 'user': 'ada'}}", "password=[{}]", "password=({})",
    "<password>{}</password>", "&lt;password&gt;{}&lt;/password&gt;", "api_key={}", "x-api-key: {}",
    "client-key-data: {}", "--auth-token={}", "_authToken={}", "Password for ada: {}",
    "token '{}' rejected", 'bad password "{}"', "wrong password: {}", "credential: {}",
    "https://ada:{}@proxy.corp:3128", "http://{}@proxy", "connect ada:{}@proxy.corp:3128",
    "curl -u ada:{} https://a", "curl --user ada:{}", "SAMLResponse={}", "client_assertion={}",
    "Authorization: Bearer {}", "authorization: {}", "Cookie: session={}", "Bearer {}",
    "-----BEGIN RSA PRIVATE KEY-----\n{}\n-----END RSA PRIVATE KEY-----", "-----BEGIN KEY-----\n{}",
]  # fmt: skip
SIGNED = [
    "https://sts.amazonaws.com/?Action=GetCallerIdentity&X-Amz-Credential={}%2F20261127",
    "https://sts.amazonaws.com/?X-Amz-Signature={}", "X-Amz-Security-Token={}&X-Amz-Date=1",
    "X-Amz-Signature%3D{}%26x", "x-amz-security-token: {}", "Signature={}",
    "AWS4-HMAC-SHA256 Credential={}/20261127/us-west-2/sts/aws4_request, SignedHeaders=host",
    "k8s-aws-v1.{}",
]  # fmt: skip
AROUND = ["{}", "x {} y", '"{}"', "({})", "a\n{}\nb", "a\r\n{}\r\n", "error: {}.",
          "{}, retry", "[{}]", "<{}>", "`{}`", "log='{}'", "a\\n{}\\nb", "%20{}%20",
          "e: {}", "│ {} │"]  # fmt: skip

passwords = st.builds(
    lambda first, middle, last: first + middle + last,
    st.text(ALNUM, min_size=END, max_size=END),
    st.text(ALNUM + "!#$%*+,-./:;=?@^_|~", min_size=PIECE, max_size=60),
    st.text(ALNUM, min_size=END, max_size=END),
)
aws_keys = st.text(ALNUM + "+/", min_size=40, max_size=40)
session_tokens = st.text(ALNUM + "+/", min_size=100, max_size=300).map("{}==".format)
written = st.sampled_from([str, quote, lambda text: quote(text, safe="")])
signatures = st.text(string.hexdigits, min_size=64, max_size=64)


def shown_parts(secret: str, masked: str, around: str) -> list[str]:
    """Return the parts of a secret that are in a text, but for what its surroundings have too."""
    parts = {secret[at : at + PIECE] for at in range(len(secret) - PIECE + 1)}
    parts |= {secret[:END], secret[-END:]}
    return [part for part in parts if part in masked and part not in around]


@pytest.mark.parametrize("named", NAMED)
@given(
    secret=st.one_of(passwords, aws_keys, session_tokens),
    written=written,
    around=st.sampled_from(AROUND),
)
def test_no_part_of_a_secret_is_shown(named, secret, written, around):
    secret = written(secret)
    text = around.format(named.format(secret))
    rest = around.format(named.format(""))
    assert shown_parts(secret, mask(text), rest) == []
    assert shown_parts(secret, clean(text), rest) == []


@pytest.mark.parametrize("named", SIGNED)
@given(
    secret=st.one_of(signatures, st.text(ALNUM + "-_", min_size=PIECE)),
    around=st.sampled_from(AROUND),
)
def test_no_part_of_a_signature_is_shown(named, secret, around):
    text = around.format(named.format(secret))
    assert shown_parts(secret, clean(text), around.format(named.format(""))) == []


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\n    "])
@pytest.mark.parametrize("named", ["password={}", "token: {}", "Bearer {}", "k8s-aws-v1.{}"])
@given(secret=st.text(ALNUM, min_size=50, max_size=300), width=st.integers(30, 80))
def test_no_line_of_a_wrapped_secret_is_shown(named, newline, secret, width):
    lines = [secret[at : at + width] for at in range(0, len(secret), width)]
    masked = mask("login failed: " + named.format(newline.join(lines)) + "\ntry again later")
    assert not any(line in masked for line in lines if len(line) >= END)
    assert masked.endswith("\ntry again later")


@pytest.mark.parametrize("begin", ["", "-----BEGIN PRIVATE KEY-----\n"])
@given(body=st.text(ALNUM + "+/", min_size=200, max_size=400))
def test_no_line_of_a_key_is_shown_whose_beginning_was_cut_off(begin, body):
    lines = [body[at : at + 64] for at in range(0, len(body), 64)]
    masked = mask(begin + "\n".join(lines) + "\n-----END PRIVATE KEY-----\nfailed")
    assert not any(line[:PIECE] in masked for line in lines if len(line) >= PIECE)
    assert masked.endswith("\nfailed")


@given(
    key=st.builds(
        str.__add__,
        st.sampled_from(["AKIA", "ASIA"]),
        st.text(string.ascii_uppercase + "234567", min_size=16, max_size=16),
    ),
    around=st.sampled_from([*AROUND, "user/{}", "{}:ada", "key={}", "nothing"]),
)
def test_access_key_ids_look_alike_everywhere(key, around):
    assert clean(around.format(key)) == clean(around.format("…"))
    assert mask(around.format(key)) == around.format("…")


HEX = st.text("0123456789abcdef", min_size=64, max_size=64)
names = st.from_regex(r"[a-z][a-z0-9]{0,20}(-[a-z0-9]{1,10}){0,3}", fullmatch=True).filter(
    lambda name: not any(word in name for word in ("token", "pass", "secret", "key"))
)
suffixes = st.text(string.ascii_uppercase + string.digits, min_size=13, max_size=13)
late_suffixes = st.text(ALNUM, min_size=12, max_size=12)
words = st.text(string.ascii_lowercase, min_size=2, max_size=12)
camel = st.lists(
    st.sampled_from(["Amazon", "EKS", "Node", "Role", "Worker", "Policy", "Prod", "Ops", "Reader"]),
    min_size=1, max_size=6,
).map("".join)  # fmt: skip
accounts = st.text(string.digits, min_size=12, max_size=12)
READABLE = st.one_of(
    HEX.map("sha256:{}".format),
    HEX,
    st.builds("{}.dkr.ecr.us-west-2.amazonaws.com/{}/{}:v1.2@sha256:{}".format, accounts, names,
              names, HEX),
    st.builds("arn:aws:iam::{}:role/{}/{}_0a1b2c3d4e5f6a7b".format, accounts, names, camel),
    st.builds("arn:aws-us-gov:sts::{}:assumed-role/{}/i-0abc123def4567890".format, accounts, camel),
    st.builds("arn:aws:secretsmanager:us-west-2:{}:secret:prod/{}-AbCdEf".format, accounts, names),
    st.lists(st.one_of(words, camel), min_size=1, max_size=8).map(lambda it: "/" + "/".join(it)),
    st.builds("https://{}.gr7.us-west-2.eks.amazonaws.com/{}".format, HEX.map(str.upper), names),
    st.builds("ip-10-0-1-2.{}.compute.internal".format, names),
    st.builds("{}-7f9c5d8b6-x7k2p".format, names),
    st.builds("Prod-{}Stack-{}-NodeGroup-{}".format, camel, suffixes, late_suffixes),
    st.uuids().map(str),
    st.uuids().map("/var/lib/kubelet/pods/{}/volumes/kubernetes.io~projected".format),
    names.map("{}@example.com".format),
    names.map("oidc:{}@example.com".format),
)  # fmt: skip


@given(
    text=READABLE,
    around=st.sampled_from(["{}", "refused {} again", '"{}"', "({})", "on {}: no", "name={}"]),
)
def test_names_paths_and_digests_stay_readable(text, around):
    assert clean(around.format(text)) == around.format(text)


@pytest.mark.parametrize(
    "text",
    [
        'Successfully pulled image "quay.io/org/token-broker:v1.2"',
        'Back-off pulling image "111122223333.dkr.ecr.us-west-2.amazonaws.com/api-key-svc:main-42"',
        'Failed to pull image "bitnami/sealed-secrets:0.27.1": not found',
        "image: localhost:5000/auth/password:1f7c0e2b9d8a4f6e5c3b2a1d0e9f8a7b6c5d4e3f",
        "Error: couldn't find key DB_URL in Secret shop/web-env-1",
        'MountVolume.SetUp failed for volume "creds" : secret "registry-credentials-1" not found',
        'failed to fetch token: serviceaccounts "web" is forbidden',
        "Unable to retrieve some image pull secrets (regcred, other-secret-2); attempting to pull",
        "is not authorized to perform: secretsmanager:GetSecretValue on resource: arn:aws:"
        "secretsmanager:us-west-2:111122223333:secret:prod/db-AbCdEf because no policy allows it",
        "HttpTokens: required, HttpPutResponseHopLimit: 1",
        "AWS_WEB_IDENTITY_TOKEN_FILE=/var/run/secrets/eks.amazonaws.com/serviceaccount/token",
        "credential_process = /usr/bin/aws-vault exec prod --json",
        "Error loading SSO Token: Token for corp-sso does not exist",
        "An error occurred (ExpiredToken) when calling the AssumeRole operation: The security token"
        " included in the request is expired",
        "system:serviceaccount:kube-system:token-cleaner",
        "host key: SHA256:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU",
        "Basic health checks passed",
        "AmazonEKSClusterAutoscalerPolicyV2Extended",
        "secretName: registry-1",
        "botocore.credentials: Refreshing temporary credentials failed (TokenRetrievalError: "
        "Error when retrieving token from sso: Token has expired and refresh failed)",
        "ExpiredTokenException: The security token included in the request is expired",
        "InvalidClientTokenId: The security token included in the request is invalid.",
    ],
)
def test_messages_of_kubernetes_and_aws_stay_readable(text):
    assert clean(text) == text


MANIFEST = """spec:
  automountServiceAccountToken: true
  containers:
  - env:
    - name: DB_PASSWORD
      value: hunter22
    - name: URL
      valueFrom:
        secretKeyRef:
          key: url
          name: db
  imagePullSecrets:
  - name: regcred
  volumes:
  - name: creds
    secret:
      secretName: creds-1
  - projected:
      sources:
      - serviceAccountToken:
          expirationSeconds: 3607
          path: token
"""


def test_a_manifest_loses_the_values_of_secrets_alone():
    assert mask(MANIFEST) == MANIFEST.replace("hunter22", "…")


@pytest.mark.parametrize(
    "unit",
    ["://", "http://a:", "a:b@", "--password ", "password is ", "-----BEGIN ", "-----END ", "A1a/",
     "<password>", "token:\n", "AAAA1a\n", "%3D", "session-key-", "curl -u a:"],
)  # fmt: skip
def test_a_line_of_a_million_characters_is_masked(unit):
    """A pattern that backtracks over it would take hours."""
    mask(unit * (1_000_000 // len(unit)))
