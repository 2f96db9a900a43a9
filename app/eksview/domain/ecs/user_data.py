"""The cluster that a machine's user data names for its ECS agent. Pure.

Sources: Amazon ECS Developer Guide, "Bootstrapping Amazon ECS Linux container instances to pass
data" and "Bootstrapping Amazon ECS Windows container instances"; Bottlerocket,
"settings.ecs.cluster".
"""

import gzip
import re
from base64 import b64decode
from binascii import Error as NotBase64
from io import BytesIO

from eksview.domain.base.text import EMPTY, Clean, clean

LARGEST = 1024 * 1024  # bytes once it is unpacked; EC2 takes 16 KB
_NAME = r"[\"']?(?P<cluster>[A-Za-z0-9_-]{1,255})"
_FORMS = tuple(
    re.compile(form, re.MULTILINE)
    for form in (
        rf"^[^#\n]*\bECS_CLUSTER={_NAME}",
        rf"^[^#\n]*\bInitialize-ECSAgent\b[^#\n]*\s-Cluster\s+{_NAME}",
        rf"^\[settings\.ecs\][^\[]*?^\s*cluster\s*=\s*{_NAME}",
    )
)


def configured_cluster(encoded: str) -> Clean:
    """Return the cluster that user data names; empty for none, where the agent takes `default`.

    User data holds secrets, so nothing else of it is kept. Later lines win, as in a shell.
    """
    text = _decoded(encoded)
    names = [match["cluster"] for form in _FORMS for match in form.finditer(text)]
    return clean(names[-1]) if names else EMPTY


def _decoded(encoded: str) -> str:
    try:
        data = b64decode(encoded)
        if data.startswith(b"\x1f\x8b"):  # cloud-init unpacks it
            with gzip.open(BytesIO(data)) as packed:
                data = packed.read(LARGEST)
    except (NotBase64, OSError, EOFError):
        return ""
    return data.decode(errors="replace")
