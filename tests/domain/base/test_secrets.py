"""Secrets in the surroundings in which servers, proxies and programs repeat them."""

import ast
import base64
import string
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from eksview.domain.base.errors import UserError
from eksview.domain.base.secrets import MASK, mask

PIECE = 8
"""So many characters of a secret in a row are too many."""
BASE64 = string.ascii_letters + string.digits + "+/"
TOKEN68 = string.ascii_letters + string.digits + "-._~+/"  # RFC 6750

BESIDE = [*" \"'=:;,.()[]{}<>@/_-&|\n\t\0", '\\"', "\u200b", "\u3000"]
"""What can be on both sides of a value in a text."""

tokens = st.text(TOKEN68, min_size=12, max_size=200)
aws_keys = st.text(BASE64, min_size=40, max_size=40)
passwords = st.text(string.ascii_letters + string.digits + "!#$%&*+,-./;:<>=?@^_|~()[]{}",
                    min_size=PIECE, max_size=60)  # fmt: skip
quoted = st.text(string.ascii_letters + string.digits + " '!#$%&*+,-./:;=?@", min_size=PIECE)
url_safe = st.text(string.ascii_letters + string.digits + "-._~!$&()*+,;=:/?@#%",
                   min_size=PIECE, max_size=60)  # fmt: skip


def leaked(secret: str, text: str) -> bool:
    return any(secret[at : at + PIECE] in text for at in range(len(secret) - PIECE + 1))


@pytest.mark.parametrize(
    "around",
    [
        "Bearer SECRET", "bearer SECRET isn't valid", "Authorization: Bearer SECRET",
        "authorization: SECRET", '{"Authorization":["Bearer SECRET"]}', "token=SECRET",
        "GET / HTTP/1.1\r\nAuthorization: Bearer SECRET\r\nHost: a", "id_token: SECRET",
        "the token SECRET has expired", "invalid bearer token: SECRET",
        '{"message": "{\\"token\\":\\"SECRET\\"}", "token":"SECRET"}',
        "Proxy-Authorization: Basic SECRET",
    ],
)  # fmt: skip
@given(secret=tokens.filter(lambda token: any(map(str.isdigit, token)) and token[0] not in "/~"))
def test_a_token_is_masked(around: str, secret: str) -> None:
    assert not leaked(secret, mask(around.replace("SECRET", secret)))


@pytest.mark.parametrize(
    "before",
    [
        "password=", "PASSWORD=", "password: ", "client-secret=", "passwd:", "DB_PASSWORD=",
        "PASSWORD:                     ",  # `kubectl describe`, below a long name
    ],
)  # fmt: skip
@given(secret=passwords.filter(lambda text: text[0] not in "[{"))
def test_a_password_is_masked(before: str, secret: str) -> None:
    assert not leaked(secret, mask(f"login failed with {before}{secret} (at 12:00)"))


@pytest.mark.parametrize("quote", ['"', '\\"'])
@given(secret=quoted)
def test_a_quoted_password_is_masked_to_its_closing_quote(quote: str, secret: str) -> None:
    text = f"{{{quote}password{quote}: {quote}{secret}{quote}, {quote}user{quote}: 1}}"
    masked = mask(text)
    assert not leaked(secret, masked)
    assert masked.endswith(f"{MASK}{quote}, {quote}user{quote}: 1}}")


@pytest.mark.parametrize(
    "before",
    ["secret key ", "the secret access key is ", "SecretAccessKey=", "aws_secret_access_key = ",
     '"SecretAccessKey": "', "AWS_SECRET_ACCESS_KEY=", "secret "],
)  # fmt: skip
@given(secret=aws_keys)
@example(secret="wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY")
@example(secret="/" * 40)
def test_a_secret_key_of_aws_is_masked(before: str, secret: str) -> None:
    assert not leaked(secret, mask(f'refused {before}{secret}" for you'))


@given(
    secret=st.integers()
    .map(lambda seed: "".join(Random(seed).choices(BASE64, k=40)))
    .filter(lambda key: any(map(str.isdigit, key))),
    before=st.sampled_from([" ", '"', "'", "=", ":", "(", ",", "\n"]),
)
def test_a_secret_key_of_aws_is_masked_without_a_name(secret: str, before: str) -> None:
    assert mask(f"refused{before}{secret} for you") == f"refused{before}{MASK} for you"


@pytest.mark.parametrize("scheme", ["http", "https", "socks5"])
@given(secret=url_safe)
def test_the_user_of_an_address_is_masked(scheme: str, secret: str) -> None:
    text = mask(f"The proxy for {scheme}://ada:{secret}@proxy.corp:3128/a refused.")
    assert text == f"The proxy for {scheme}://{MASK}@proxy.corp:3128/a refused."


@given(before=st.text(max_size=20), secret=st.text(min_size=PIECE), after=st.text(max_size=20))
def test_a_known_secret_is_masked_whatever_it_looks_like(
    before: str, secret: str, after: str
) -> None:
    masked = mask(f"{before}{secret}{after}", [secret])
    assert secret not in masked or secret in before + MASK + after


@given(
    before=st.sampled_from([*BESIDE, "\\n", "\\x00", "\\u003d", "%20", "%3D"]),
    secret=st.text(string.ascii_letters + string.digits + string.punctuation + "äß", min_size=1,
                   max_size=PIECE - 1),
    after=st.sampled_from([*BESIDE, "%20"]),
)  # fmt: skip
def test_a_short_known_secret_is_masked_wherever_a_text_can_quote_it(
    before: str, secret: str, after: str
) -> None:
    echo = f"{before}{secret}{after}"
    assert echo not in mask(echo, [secret])
    assert echo not in mask(f"refused{echo}of ada", [secret])


@given(st.sampled_from(string.ascii_lowercase))
def test_a_short_known_secret_leaves_words_readable(secret: str) -> None:
    sentence = 'nodes is forbidden: User "ada" cannot list resource "nodes"'
    assert mask(sentence, [secret]) == sentence
    assert mask(f"no user has the key '{secret}'", [secret]) == f"no user has the key '{MASK}'"


@given(user=st.text(string.ascii_letters, min_size=1), secret=tokens)
def test_basic_credentials_are_masked(user: str, secret: str) -> None:
    encoded = base64.b64encode(f"{user}:{secret}".encode()).decode()
    assert not leaked(encoded, mask(f"Authorization: Basic {encoded}"))


@given(st.text())
def test_a_sentence_of_an_error_has_been_masked(secret: str) -> None:
    sentence = f"Bearer x{secret.strip()} was refused"
    assert str(UserError(sentence)) == mask(sentence)


@pytest.mark.parametrize(
    "unit", ["token", "://", "a", "password=", "Bearer ", '"token":"', "@", "\\"]
)
def test_a_long_hostile_text_is_masked_in_time_that_grows_with_its_length(unit: str) -> None:
    """A pattern that backtracks over 200,000 characters would take hours."""
    mask(unit * (200_000 // len(unit)))


@pytest.mark.parametrize(
    "text",
    [
        'nodes is forbidden: User "ada" cannot list resource "nodes" in API group "" at the cluster'
        " scope",
        'secrets "db-credentials-1" is forbidden: User "system:serviceaccount:shop:web" cannot get',
        'secret "registry-1" not found',
        "https://0123456789ABCDEF0123456789ABCDEF.gr7.us-west-2.eks.amazonaws.com:443",
        "arn:aws:sts::111122223333:assumed-role/AWSReservedSSO_AdministratorAccess_0a1b2c3d4e5f6a7b"
        "/ada.lovelace@example.com",
        "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        "/home/ada/.kube/cache/Discovery1/api.example.com_443/servergroups.json",
        "The token file /var/run/secrets/kubernetes.io/serviceaccount/token can't be read:",
        "The credential plugin aws-iam-authenticator isn't on the PATH: install it, or correct",
        "client-key-data of user ops isn't valid base64: fetch the kubeconfig again.",
        "The AWS credentials have expired: run `aws sso login --profile prod-1`, or renew it.",
        "Not permitted: the token has expired.",
        'configmaps "kube-root-ca.crt" not found',
        "7f9c0a52-55b1-4a87-8f7e-0a7c3d0f3a9b",
        "- --token-file\n- /var/run/token",
        '["--secret-name","web-tls","--token-ttl","1h"]',
        '["--token","--verbose"]',
        "- --password\n- --verbose",
        "PASSWORD:   <set to the key 'password' in secret 'api-database'>  Optional: false",
    ],
)
def test_what_a_person_has_to_read_stays(text: str) -> None:
    assert mask(text) == text


def sentences() -> Iterator[str]:
    """Every text of eksview that reads as a sentence, with a word for each value in it."""
    for path in (Path(__file__).parents[3] / "app" / "eksview").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            match node:
                case ast.JoinedStr(values=parts):
                    pass
                case ast.Constant(value=str()):
                    parts = [node]
                case _:
                    continue
            text = "".join(
                str(part.value) if isinstance(part, ast.Constant) else "value" for part in parts
            )
            text = text.replace(": value", "")  # the advice of another sentence
            if text.count(" ") > 3 and text.endswith(".") and "\n" not in text:
                yield text


def test_no_sentence_of_ours_is_mistaken_for_a_secret() -> None:
    checked = list(sentences())
    assert len(checked) > 200
    assert [text for text in checked if mask(text) != text] == []
