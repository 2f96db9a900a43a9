"""The masking of secrets in text that is shown or logged.

Everything that a server, a proxy or another program wrote passes `mask`, because any of them may
repeat what it was sent. A text is masked rather too much than too little.
"""

import re
from collections.abc import Iterable

MASK = "…"

_NAME = (
    r"(?:token|passwd|password|passphrase|secret|"
    r"(?:access|client|private|session|api)[-_ ]?key)(?:[\w-]| (?:access )?key){0,40}"
)
# `token: log in again` says what to do. No password consists of one of these words.
_ADVICE = (
    r"(?!(?:add|check|choose|correct|fetch|install|log|name|renew|requests|run|set|update|use) )"
)
_BEFORE = rf"(?:{_NAME}|credentials?)\\*[\"']?\s*[:=]\s*"
_PATTERNS = (
    # The user and password of a URL; a password may hold a raw `/`, `?` or `@`.
    (r"(?<=://)[^\s\"'<>]{1,400}@", f"{MASK}@"),
    (r"k8s-aws-v1\.[\w-]+", MASK),  # EKS
    (r"eyJ[\w-]+\.[\w-]+\.[\w-]*", MASK),  # JWT
    (r"(?<![A-Za-z0-9])(?:AKIA|ASIA)[A-Z0-9]{12,}", MASK),
    (r"-----BEGIN [^-]+-----[\s\S]*?(?:-----END [^-]+-----|$)", MASK),
    (r"(?i)x-amz-(?:signature|security-token|credential)=[^&\s]+", MASK),
    (r"(?i)(authorization\\*[\"']?\s*[:=]\s*\\*[\"']?)[^\"'\\\r\n]+", rf"\1{MASK}"),
    (r"(?i)(?<![a-z])(?:bearer|basic)[\s:=\"'\\]+(?!tokens?\b|auth)[^\s\"'\\]+", MASK),
    # `\"token\":\"x\"`, `"token": "x"`, `PASSWORD=x` and `token: x`.
    (rf"(?i)({_BEFORE}\\([\"']))(?:(?!\\\2)[\s\S])+", rf"\1{MASK}"),
    (rf"(?i)({_BEFORE}([\"']))(?:\\[\s\S]|(?!\2)[^\\])+", rf"\1{MASK}"),
    (rf"(?i)({_BEFORE})(?![\\\"'{{\[]){_ADVICE}[^\s\"'\\]+", rf"\1{MASK}"),
    # `secret key x`: no word, no path and no address.
    (
        rf"(?i)((?<![\w-]){_NAME}\s+(?:is\s+)?)"
        r"(?:[a-z0-9+/]{40}[^\s\"',;]*|(?![/~\"'(]|\w+://)"
        r"(?:[^\s\"',;]{16,}|(?=[^\s\"']*[0-9+/=!$%^&*#@])[^\s\"',;]{6,}))",
        rf"\1{MASK}",
    ),
)
_RULES = tuple((re.compile(pattern), masked) for pattern, masked in _PATTERNS)

SHORT = 8  # characters from which on a known secret is masked inside words, too
# An escape of JSON, Go or a URL ends before the secret, though it ends with a letter or a digit.
_WORD_BEGINS = (
    r"(?:(?<![^\W_])|(?<=\\[a-z])|(?<=%[0-9A-Fa-f]{2})|(?<=\\x[0-9a-f]{2})|(?<=\\u[0-9A-Fa-f]{4}))"
)

_RUN = re.compile(r"(?<![A-Za-z0-9+/])[A-Za-z0-9+/]{32,}={0,2}(?![A-Za-z0-9+/])")
_AWS_SECRET = 40  # characters of an AWS secret key, any of which may be `/`
_LONG = 60  # characters from which on base64 isn't a path


def mask(text: str, known: Iterable[str] = ()) -> str:
    """Return a text without tokens, passwords, keys, signatures and certificates.

    `known` secrets are masked wherever they are, whatever they look like; one of less than
    `SHORT` characters is masked except inside words, which it would make unreadable.
    """
    for secret in sorted(filter(None, known), key=len, reverse=True):
        text = _whole(secret).sub(MASK, text) if len(secret) < SHORT else text.replace(secret, MASK)
    for rule, masked in _RULES:
        text = rule.sub(masked, text)
    return _RUN.sub(_masked_run, text)


def _whole(secret: str) -> re.Pattern[str]:
    """Return the pattern of a secret that isn't a part of a longer word."""
    before = _WORD_BEGINS if secret[0].isalnum() else ""
    after = r"(?![^\W_])" if secret[-1].isalnum() else ""
    return re.compile(before + re.escape(secret) + after)


def _masked_run(match: re.Match[str]) -> str:
    """Return the mask for what is random, and paths, names and hexadecimal digits as they are."""
    run = match[0]
    mixed = all(any(map(kind, run)) for kind in (str.isupper, str.islower, str.isdigit))
    opaque = "/" not in run or len(run) == _AWS_SECRET or len(run) >= _LONG
    return MASK if mixed and opaque else run
