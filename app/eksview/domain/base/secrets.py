"""The masking of secrets in text that is shown, logged, traced or printed.

Everything that a server, a proxy or another program wrote passes `mask`, because any of them may
repeat what it was sent: `clean` calls it for text on screens, `UserError` for sentences, the log
for whole records. A text is masked rather too much than too little. The time of every
pattern grows with the length of the text: a repetition has a bound, or takes all that it can.
"""

import re
from collections.abc import Callable, Iterable
from functools import cache
from string import ascii_letters, digits, whitespace

MASK = "…"

_NAME = (
    r"(?:token|passw(?:or)?d|passphrase|passcode|secret|saml_?response|client_?assertion|"
    r"(?<![a-z])t?otp(?![a-z])|"
    r"(?:access|client|private|session|api|signing|encryption|account|shared)[-_ ]?key)"
    r"(?:[\w-]| (?:access )?key){0,40}+"
)
# An escape of JSON or a URL may be before a word.
_BEGINS = r"(?:(?<![\w-])|(?<=\\[nrt])|(?<=%[0-9a-f]{2}))"
_SHORT_NAME = (
    r"(?:(?<![a-z])|(?<=\\[nrt]))(?!(?<![\w-])pwd=/)"
    r"(?:pass|pwd|sig|signature)(?=[\"']?\s?[:=]\s?[\"']|=|%3d)"
)
# `token: log in again` says what to do. No password is one of these words.
_ADVICE = (
    r"(?!(?:a|access|add|an|aws|check|choose|correct|error|fetch|install|it|log|name|no|renew|"
    r"requests|refreshing|run|secrets|serviceaccounts|set|the|this|token|update|use|your) )"
)
_STATE = (
    r"(?!(?:true|false|null|none|nil|required|optional|enabled|disabled|expired|invalid|missing|"
    r"and|or|is|isn't|was|must|can't|cannot|needs|flag|not)[\\,;.)\"'}\]>&]{0,4}(?:\s|$))"
)
# An image with its tag, in which `token-broker:v1` names no token; without a registry's host, or
# with a single word, it needs a version: `org/token:v1.2`.
_IMAGE = (
    r"(?<![\w.:/@%-])(?:[a-z0-9-]{1,63}(?:(?:\.[a-z0-9-]{1,63}){1,9}(?::\d{1,5})?|:\d{1,5})"
    r"(?:/[a-z0-9._-]{1,128}){0,9}/[a-z0-9._]{1,64}-[a-z0-9._-]{1,64}:[\w.-]{1,64}|"
    r"(?:[a-z0-9._:-]{1,128}/){1,9}[a-z0-9._-]{1,128}:(?:v?\d{1,9}\.\d[\w.-]{0,40}|[0-9a-f]{40}))"
    r"(?![\w.:/+=@~-])"
)
# An ARN names a secret, and an action says what is done with it.
_NAMES_ONLY = rf"(?P<kept>\barn:aws[\w-]*:[^\s\"'<>]{{1,2000}}|secretsmanager:\w+|{_IMAGE})"
_CLOSED = r"\\{0,9}(?:[\"'`]|%22|%27|&quot;)?"
# `kubectl describe` puts blanks up to the longest name of an environment before a value.
_SEPARATOR = r"(?:\s{0,9}(?:=>|[:=])|%3[ad])(?:[^\S\n]|%20){0,99}+(?:[|>][+-]?)?"
# A value on the next line, which isn't the first item or key of a list or a map.
_SEPARATOR += r"(?:\s{0,9}\n\s{0,60}(?!(?:-|[\w./-]+:)(?:\s|$)))?"
_EQUALS = (
    rf"(?:{_NAME}(?: (?:for|of) [^\s:]{{1,100}})?|{_BEGINS}(?<!\.)credentials?|{_SHORT_NAME})"
    rf"{_CLOSED}(?:{_SEPARATOR}|[\s,;]{{1,60}}[\"']?value{_CLOSED}{_SEPARATOR})[\[(<]{{0,3}}+"
)
# A terminal or a mail breaks a long value into lines without blanks.
_MORE_LINES = r"(?:(?<=\S{20})(?:\r?\n[ \t]{0,99}[^\s:=]+(?=[ \t]{0,99}(?:\r?\n|$)))*)?"
# A quote is a part of a value unless the text goes on behind it as it does behind a value.
_BARE = rf"(?:[^\s\"'\\]|[\"'](?![\s,;:)\]}}>]|$)|\\(?!\\{{0,9}}[\"']))+{_MORE_LINES}"
_QUOTED = (
    r"(?:(?P<escaped>\\{1,9}[\"'])(?:(?!(?P=escaped))[\s\S])+"
    r"|(?P<encoded>%22|%27|&quot;|&lt;|“)(?:(?!%22|%27|&quot;|&lt;|”)\S)+"
    r"|(?P<quote>[\"'`])(?:\\[\s\S]|(?!(?P=quote))[^\\])+(?:(?P=quote)\w\S*)?)"
)
_VALUE = rf"(?:{_QUOTED}|(?![\\\"'{{]){_ADVICE}{_STATE}{_BARE})"
# From an argument to the next one of a command, which is a list in JSON or YAML.
_NEXT_ITEM = rf"{_CLOSED}(?:\s{{0,9}},\s{{0,60}}(?=\\{{0,9}}[\"'])|\s{{0,9}}\n\s{{0,60}}- {{1,9}})"
_SPOKEN = r"\s{1,9}(?:(?:is|was)\s{1,9})?"

Rule = tuple[tuple[str, ...], str, str | Callable[[re.Match[str]], str]]
"""Words of which a lower-case text has one, or the pattern isn't tried; and what it becomes."""


def _rule(words: str, pattern: str, masked: str | Callable[[re.Match[str]], str] = MASK) -> Rule:
    return tuple(words.split()), pattern, masked


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    """Compile a pattern when a text first needs it: all of them take 10 ms of a launch."""
    return re.compile(pattern, re.IGNORECASE)


def _named(match: re.Match[str]) -> str:
    """Return the name before a value, and the mask for the value; names alone as they are."""
    groups = match.groupdict()
    if groups.get("kept") or _compiled(_HARMLESS).search(match["before"]):
        return match[0]
    opened = groups["escaped"] or groups["encoded"] or groups["quote"] or ""
    return f"{match['before']}{opened}{MASK}"


def _without_user(match: re.Match[str]) -> str:
    user, at, host = match["rest"].rpartition("@")
    return f"{match['before']}{MASK}@{host}" if at and user else match[0]


_HARMLESS = (
    r"(?:file|path|name|type|endpoint|ur[il]|arn|ttl|seconds|expir\w*|version|process|provider|"
    r"error|exception|clienttokenid)"
    rf"s?{_CLOSED}(?:{_SEPARATOR}|\s*,\s*|\s+(?:- +)?)[\[(<]*$"
)
_OF_NAMES = "otp token passw pwd passphrase passcode secret key saml assertion credential pass sig"
_SURROUNDINGS = (
    # The user and password of a URL; a password may hold a raw `/`, `?`, `@` or quote.
    _rule("://", r"(?P<before>://)(?P<rest>[^\s\"'<>]+)", _without_user),
    _rule(
        "://",
        r"(?P<before>://)(?P<rest>[^\s/@:\"'<>]{0,100}:(?!\d{1,5}[/\"'?#),\]}])\S+)",
        _without_user,
    ),
    # The same without a scheme, which isn't the tag and digest of an image.
    _rule(
        "@",
        r"(?<![^\s\"'=(])[\w.~%+-]{1,99}:(?!//)\S{1,400}@(?!sha\d+:)(?=[\w.-]{1,253}:\d)",
        f"{MASK}@",
    ),
    _rule("-u --user", r"(?<!\S)(-u|--user)([ =][\"']?)[^\s:\"']{1,99}:[^\s\"']+", rf"\1\2{MASK}"),
    _rule("k8s-aws-v1", rf"k8s-aws-v1\.[^\s\"'\\,;)}}\]<>]+{_MORE_LINES}"),  # EKS
    _rule("-----begin", r"-----BEGIN [^-]+-----[\s\S]*?(?:-----END [^-]+-----|$)"),
    _rule(
        "x-amz-",
        r"x-amz-(?:signature|security-token|credential)\\*[\"']?(?:\s*[:=]|%3d)\s*\\*[\"']?"
        r"[^&\s\"']+",
    ),
    _rule(
        "credential= signature=", r"(?<![\w-])((?:credential|signature)=)[^\s,&\"']+", rf"\1{MASK}"
    ),
    _rule(
        "authorization cookie",
        r"((?:authorization|cookie)\\*[\"']?\s{0,9}(?:[:=]|%3[ad])\s{0,9}\\*[\"']?)[^\"'\\\r\n]+",
        rf"\1{MASK}",
    ),
    _rule("bearer", rf"{_BEGINS}bearer(?:[\s:=\"'\\]|%20)+(?!tokens?\b|auth\w*\W){_BARE}"),
    _rule(
        "basic",
        rf"{_BEGINS}basic(?:[\s:=\"'\\]|%20)+(?-i:(?=[a-z+/]*[A-Z0-9]))[a-z0-9+/=]{{6,}}",
    ),
    _rule(_OF_NAMES, rf"{_NAMES_ONLY}|(?P<before>{_EQUALS}){_VALUE}", _named),
    _rule(
        _OF_NAMES,
        rf"(?P<before>{_BEGINS}--?(?:\w+-){{0,3}}{_NAME}(?:\s{{1,9}}|{_NEXT_ITEM}))"
        rf"(?!{_CLOSED}-){_VALUE}",
        _named,
    ),
    _rule(_OF_NAMES, rf"((?:<|&lt;){_NAME}(?:>|&gt;))(?:(?!&lt;)[^<])+", rf"\1{MASK}"),
    # `token 'x'` and `secret key x`: no word, no path, no address, and no Secret of Kubernetes.
    _rule(
        "token passw passphrase",
        rf"(?P<before>{_BEGINS}(?:token|passw(?:or)?d|passphrase){_SPOKEN}){_QUOTED}",
        _named,
    ),
    _rule(
        _OF_NAMES,
        rf"({_BEGINS}{_NAME}{_SPOKEN})[a-z0-9+/]{{40}}(?![a-z0-9+/])(?:{_BARE})?",
        rf"\1{MASK}",
    ),
    _rule(
        _OF_NAMES,
        rf"({_BEGINS}(?!secrets?\s+(?!(?:access )?key)){_NAME}{_SPOKEN})(?![/~\"'(]|\w+://)"
        r"(?:\S{16,}|(?=\S*[0-9+/=!$%^&*#@])\S{6,})",
        rf"\1{MASK}",
    ),
)
_LOOKS = (
    _rule("eyj", rf"(?-i:eyJ|EYJ)[\w-]{{8,}}\.[\w-]{{8,}}\.[\w-]*{_MORE_LINES}"),  # JWT
    # Access key ids: of users, of sessions, bearer tokens of STS, of service-specific credentials.
    _rule(
        "akia asia abia acca",
        r"(?-i:(?:(?<![A-Z0-9])|(?<=%[0-9A-F]{2}))(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{12,})",
    ),
    _rule(
        "ghp_ gho_ ghu_ ghs_ ghr_ github_pat_ glpat- xox hvs. hvb. dckr_pat_",
        r"\b(?:gh[pousr]_|github_pat_|glpat-|xox[abeprs]-|hv[sb]\.|dckr_pat_)[\w.-]{16,}",
    ),
)
_RULES = (*_SURROUNDINGS, *_LOOKS)
_WORDS = tuple({word for words, _, _ in _RULES for word in words})
_PEM_BODY = f"{ascii_letters}{digits}+/=\\{whitespace}"

SHORT = 8  # characters from which on a known secret is masked inside words, too
# An escape of JSON, Go or a URL ends before the secret, though it ends with a letter or a digit.
_WORD_BEGINS = (
    r"(?:(?<![^\W_])|(?<=\\[a-z])|(?<=%[0-9A-Fa-f]{2})|(?<=\\x[0-9a-f]{2})|(?<=\\u[0-9A-Fa-f]{4}))"
)

_SHORTEST_RUN = 32
_RUN = re.compile(
    r"(?<![A-Za-z0-9+/_-])(?<!SHA256:)(?:[A-Za-z0-9+/_-]|%2[BFbf]){32,}(?:=|%3[Dd]){0,2}"
)
_DIGEST = re.compile(r"[0-9a-f]{8,}|[0-9A-F]{8,}|%2[BFbf]|/")
_ENOUGH = 24  # characters beside digests from which on chance is told from words
_AWS_SECRET = 40  # characters of a secret key, which has no `-` and no `_`
_PARTS = re.compile(r"[A-Z]+[a-z]*|[a-z]+|[0-9]+")
_IN_ARN = re.compile(r"\barn:aws[\w-]{0,9}:[^\s\"'<>]*$")


def mask(text: str, known: Iterable[str] = ()) -> str:
    """Return a text without tokens, passwords, keys, signatures and certificates.

    `known` secrets are masked wherever they are, whatever they look like; one of less than
    `SHORT` characters is masked except inside words, which it would make unreadable.
    """
    for secret in sorted(filter(None, known), key=len, reverse=True):
        text = _whole(secret).sub(MASK, text) if len(secret) < SHORT else text.replace(secret, MASK)
    lowered = text.lower()
    if _has_any(_WORDS, lowered):
        if "-----end" in lowered:
            text = _without_pem_tail(text)
        text = _by_rules(_RULES, text, lowered)
    return _without_random_runs(text)


def mask_in_name(text: str) -> str:
    """Return the name or the labels of an object without what is a secret by its own look.

    `mask` takes `token-version=v2` for a secret by its name; the API allows no secrets there.
    """
    return _without_random_runs(_by_rules(_LOOKS, text, text.lower()))


def _without_random_runs(text: str) -> str:
    return _RUN.sub(_masked_run, text) if len(text) >= _SHORTEST_RUN else text


def _by_rules(rules: Iterable[Rule], text: str, lowered: str) -> str:
    for words, pattern, masked in rules:
        if _has_any(words, lowered):
            text = _compiled(pattern).sub(masked, text)
    return text


def _has_any(words: Iterable[str], text: str) -> bool:
    for word in words:  # noqa: SIM110 - any() takes twice the time
        if word in text:
            return True
    return False


def is_secret(name: str) -> bool:
    """Return whether a parameter, a flag or a header of this name has a secret as its value."""
    return _compiled(_SECRET).search(name) is not None


_SECRET = rf"{_NAME}|x-amz-(?:signature|security-token|credential)|authorization"


def _without_pem_tail(text: str) -> str:
    """Return a text without the key that a cut one begins with: its BEGIN isn't there."""
    before, end, after = text.partition("-----END ")
    if not end or "-----BEGIN " in before:
        return text
    return f"{before.rstrip(_PEM_BODY)}{MASK}{end}{after}"


def _whole(secret: str) -> re.Pattern[str]:
    """Return the pattern of a secret that isn't a part of a longer word."""
    before = _WORD_BEGINS if secret[0].isalnum() else ""
    after = r"(?![^\W_])" if secret[-1].isalnum() else ""
    return re.compile(before + re.escape(secret) + after)


def _masked_run(match: re.Match[str]) -> str:
    """Return the mask for what is random; paths, names and digests as they are.

    CloudFormation puts 12 random characters between the hyphens of a name, so each part is judged
    by itself.
    """
    run = match[0]
    if not any(map(_is_random, re.split("[-_]", run))):
        return run
    return run if _IN_ARN.search(match.string[: match.start()][-200:]) else MASK


def _is_random(run: str) -> bool:
    """Return whether characters are drawn at random, as those of a key or a token.

    Neighbours in random base64 differ in kind (capital, small letter, digit) in 62 % of all cases,
    and it has parts like those of CamelCase of 2.2 characters. Words have longer ones, and seldom
    digits in between. Secret keys are as short as names, so less is enough for them.
    """
    bare = _DIGEST.sub("", run)
    if len(bare) < _ENOUGH or bare.isupper() or bare.islower():
        return False
    kinds = [character.isupper() + 2 * character.isdigit() for character in bare]
    changes = sum(map(int.__ne__, kinds, kinds[1:])) / len(bare)
    parts = _PARTS.findall(bare)
    numbers = sum(part[0].isdigit() for part in parts)
    if len(run) == _AWS_SECRET and numbers:
        return changes > 0.25 or "/" not in run
    return changes > 0.37 and (numbers > 2 or len(parts) > 0.36 * len(bare))
