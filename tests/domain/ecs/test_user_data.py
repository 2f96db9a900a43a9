"""The cluster in user data, in the forms that the ECS and Bottlerocket guides show."""

import gzip
from base64 import b64encode

import pytest

from eksview.domain.ecs.user_data import configured_cluster

LINUX = "#!/bin/bash\necho ECS_CLUSTER=web >> /etc/ecs/ecs.config\n"
CONFIG = "ECS_CLUSTER=web-1\nECS_LOGLEVEL=debug\n"
HEREDOC = f"#!/bin/bash\ncat <<'EOF' >> /etc/ecs/ecs.config\n{CONFIG}EOF\n"
PART = "Content-Type: text/x-shellscript"
MIME = f'Content-Type: multipart/mixed; boundary="=="\n\n--==\n{PART}\n\n{LINUX}--==--\n'
AGENT = "Initialize-ECSAgent -EnableTaskIAMRole -Cluster 'web' -Version latest"
WINDOWS = f"<powershell>\n{AGENT}\n</powershell>"
BOTTLEROCKET = '[settings.host-containers.admin]\nenabled = true\n[settings.ecs]\ncluster = "web"\n'


@pytest.mark.parametrize(
    ("text", "cluster"),
    [
        (LINUX, "web"),
        (HEREDOC, "web-1"),
        (MIME, "web"),
        (WINDOWS, "web"),
        (BOTTLEROCKET, "web"),
        ('echo "ECS_CLUSTER=web" > /etc/ecs/ecs.config', "web"),
        ("echo ECS_CLUSTER=old >> f\necho ECS_CLUSTER=new >> f", "new"),
        ("# ECS_CLUSTER=web\n", ""),
        ("#!/bin/bash\nyum update -y\n", ""),
        ('[settings.kubernetes]\ncluster = "web"\n', ""),
        ("", ""),
    ],
)
def test_the_cluster_is_found(text: str, cluster: str) -> None:
    assert configured_cluster(b64encode(text.encode()).decode()) == cluster
    packed = gzip.compress(text.encode())
    assert configured_cluster(b64encode(packed).decode()) == cluster


@pytest.mark.parametrize("encoded", ["not base64 !", b64encode(b"\x1f\x8bbroken").decode()])
def test_what_is_no_text_names_no_cluster(encoded: str) -> None:
    assert configured_cluster(encoded) == ""


def test_a_bomb_is_not_unpacked_whole() -> None:
    bomb = gzip.compress(b"\0" * 50_000_000 + b"\nECS_CLUSTER=web\n")
    assert configured_cluster(b64encode(bomb).decode()) == ""
