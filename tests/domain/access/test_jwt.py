"""What a token says of itself, whatever it is made of."""

import base64
import json

import pytest

from eksview.domain.access.jwt import Claims, claims


def token(payload: object) -> str:
    body = base64.urlsafe_b64encode(json.dumps(payload).encode()).decode().rstrip("=")
    return f"eyJhbGciOiJSUzI1NiJ9.{body}.c2ln"


@pytest.mark.parametrize(
    ("payload", "expected"),
    [
        (
            {"iss": "https://i", "sub": "system:serviceaccount:a:b", "aud": ["k8s"], "exp": 20},
            Claims("https://i", "system:serviceaccount:a:b", ("k8s",), 20.0),
        ),
        ({"aud": "one", "iat": 5}, Claims(audience=("one",))),
        ({"exp": "soon"}, Claims()),
        ({}, Claims()),
    ],
)
def test_claims_are_read(payload, expected):
    assert claims(token(payload)) == expected


@pytest.mark.parametrize(
    "text", ["", "k8s-aws-v1.aHR0cHM", "a.b.c", "abc", "a.!!!.c", token([1]), token("x")]
)
def test_anything_else_has_none(text):
    assert claims(text) is None
