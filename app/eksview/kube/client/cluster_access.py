"""What a kubeconfig's context comes down to. Holds credentials, and never prints them."""

from pathlib import Path

from msgspec import Struct

from eksview.domain.rows.server import Target


class Exec(Struct, frozen=True):
    """A credential plugin: client.authentication.k8s.io."""

    command: str
    args: tuple[str, ...]
    env: tuple[tuple[str, str], ...]
    api_version: str
    hint: str = ""
    interactive: str = ""
    cluster_info: bool = False

    def __repr__(self) -> str:
        return f"Exec({self.command!r})"  # arguments and variables may be secrets


class IdToken(Struct, frozen=True):
    """A token of an OpenID Connect provider, and how to renew it in its file; `ca` is PEM."""

    issuer: str
    client_id: str
    file: Path
    client_secret: str = ""
    ca: bytes = b""
    token: str = ""
    refresh_token: str = ""

    def __repr__(self) -> str:
        return f"IdToken({str(self.file)!r})"

    @property
    def secrets(self) -> tuple[str, ...]:
        return self.token, self.refresh_token, self.client_secret


class ClusterAccess(Struct, frozen=True):
    """A server, how to trust it, and who we are there; PEM where bytes."""

    context: str
    cluster: str
    server: str
    user: str
    namespace: str
    source: str
    ca: bytes = b""
    insecure: bool = False
    tls_server_name: str = ""
    proxy: str = ""
    certificate: bytes = b""
    key: bytes = b""
    token: str = ""
    token_file: Path | None = None
    username: str = ""
    password: str = ""
    impersonate: tuple[tuple[str, str], ...] = ()
    exec: Exec | None = None
    id_token: IdToken | None = None
    files: tuple[str, ...] = ()  # of the kubeconfig, absolute

    def __repr__(self) -> str:
        return f"ClusterAccess({self.context!r}, {self.server!r})"

    @property
    def secure(self) -> bool:
        """Return whether the server speaks TLS; without it no credentials are sent."""
        return self.server.startswith("https://")

    @property
    def target(self) -> Target:
        return Target(
            context=self.context,
            cluster=self.cluster,
            server=self.server,
            user=self.user,
            namespace=self.namespace,
            insecure=self.insecure or not self.secure,
            source=self.source,
            files=self.files,
        )
