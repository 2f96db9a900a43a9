"""Access by kubeconfig files, read and merged as kubectl does, or else by the pod we run in.

Source: Kubernetes "Organizing Cluster Access Using kubeconfig Files".
"""

import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TypeVar

from msgspec import Struct
from msgspec.structs import replace

from eksview.config.settings import Settings
from eksview.domain.base.errors import UserError
from eksview.domain.base.near_names import alternatives, brief
from eksview.domain.base.text import clean
from eksview.domain.live.backend_protocol import ContextInfo
from eksview.domain.live.command_context import CommandContext, context_of
from eksview.domain.rows.server import IN_CLUSTER
from eksview.kube.client.cluster_access import ClusterAccess
from eksview.kube.client.kubeconfig.file import (
    ClusterFields,
    ContextFields,
    KubeconfigFile,
    UserFields,
    field_bytes,
    read_file,
)
from eksview.kube.client.kubeconfig.server_url import (
    ServerUrl,
    is_host_name,
    parse_server,
    without_user_info,
)
from eksview.kube.client.kubeconfig.user import with_credentials
from eksview.kube.client.proxy import usable_proxy

FieldsT = TypeVar("FieldsT")

NAMED = 3
"""Files that a sentence names at most."""
FOLDER = Path("/var/run/secrets/kubernetes.io/serviceaccount")


def in_cluster(environ: Mapping[str, str], folder: Path = FOLDER) -> ClusterAccess | None:
    """Return the access of the pod we run in; None outside a pod."""
    host, port = environ.get("KUBERNETES_SERVICE_HOST"), environ.get("KUBERNETES_SERVICE_PORT")
    token, authority = folder / "token", folder / "ca.crt"
    if not host or not port or not token.exists():
        return None
    bracketed = f"[{host}]" if ":" in host else host
    namespace = folder / "namespace"
    return ClusterAccess(
        context="in-cluster",
        cluster="in-cluster",
        server=f"https://{bracketed}:{port}",
        user="service account",
        namespace=namespace.read_text(encoding="utf-8").strip() if namespace.exists() else "",
        source=IN_CLUSTER,
        ca=authority.read_bytes() if authority.exists() else b"",
        token_file=token,
    )


def locate(
    settings: Settings, environ: Mapping[str, str] = os.environ, home: Path | None = None
) -> ClusterAccess:
    """Return the access, or raise `UserError` without one."""
    paths = paths_of(settings, environ, home)
    kubeconfig = read(paths, explicit=settings.kubeconfig is not None)
    if kubeconfig is not None:
        return resolve(kubeconfig, settings.context)
    inside = in_cluster(environ)
    if inside is not None and settings.context is None:
        return inside
    raise UserError(
        f"No kubeconfig found at {_named(paths)}: set KUBECONFIG, or run "
        f"`{_update_kubeconfig(settings, environ)}`, or try `eksview demo`."
    )


def _update_kubeconfig(settings: Settings, environ: Mapping[str, str]) -> str:
    """Return the command that writes the context of an EKS cluster to a kubeconfig."""
    commands = context_of(environ, region=settings.region or "", profile=settings.profile or "")
    file = ("--kubeconfig", settings.kubeconfig) if settings.kubeconfig else ()
    return clean(commands.aws("eks", "update-kubeconfig", "--name", "CLUSTER", *file))


def listed(
    settings: Settings, environ: Mapping[str, str] = os.environ, home: Path | None = None
) -> tuple[ContextInfo, ...]:
    """Return the contexts of the kubeconfig, with its current one marked."""
    kubeconfig = read(paths_of(settings, environ, home), explicit=settings.kubeconfig is not None)
    return contexts(kubeconfig) if kubeconfig else ()


def paths_of(
    settings: Settings, environ: Mapping[str, str] = os.environ, home: Path | None = None
) -> list[Path]:
    """Return the files of the settings, whether they exist or not."""
    return candidates(settings.kubeconfig, environ, home or Path.home())


class Kubeconfig(Struct, frozen=True):
    """The merged entries by name, each with the file whose folder its paths start from."""

    clusters: Mapping[str, tuple[ClusterFields, Path]]
    users: Mapping[str, tuple[UserFields, Path]]
    contexts: Mapping[str, tuple[ContextFields, Path]]
    current: str
    files: tuple[Path, ...]

    @property
    def paths(self) -> tuple[str, ...]:
        """The absolute paths of the files."""
        return tuple(str(path.absolute()) for path in self.files)

    @property
    def source(self) -> str:
        return ", ".join(map(str, self.files))

    @property
    def place(self) -> str:
        """The files as a sentence names them."""
        return _named(self.files)

    def config_command(self, *words: str) -> str:
        """Return a command line of `kubectl config` for these files."""
        return clean(CommandContext(files=self.paths).kubectl("config", *words))


def _named(paths: Sequence[Path]) -> str:
    """Return the paths, or the first of many and their number."""
    if len(paths) <= NAMED:
        return ", ".join(map(str, paths))
    return f"{paths[0]} and {len(paths) - 1} more files"


def candidates(explicit: str | None, environ: Mapping[str, str], home: Path) -> list[Path]:
    """Return the files to read: `--kubeconfig`, else KUBECONFIG's, else `~/.kube/config`."""
    if explicit:
        return [Path(os.path.expanduser(explicit))]  # `~` of an unknown user is left as it is
    listed = [part for part in environ.get("KUBECONFIG", "").split(os.pathsep) if part]
    return [Path(part) for part in listed] or [home / ".kube" / "config"]


def read(paths: Iterable[Path], *, explicit: bool = False) -> Kubeconfig | None:
    """Return all files merged, the first entry of a name wins; None when no file exists.

    An `explicit` file must exist; those in KUBECONFIG may be missing, as for kubectl.
    """
    files: dict[Path, KubeconfigFile] = {}
    for path in dict.fromkeys(paths):
        file = read_file(path, must_exist=explicit)
        if file is not None:
            files[path] = file
    if not files:
        return None
    clusters: dict[str, tuple[ClusterFields, Path]] = {}
    users: dict[str, tuple[UserFields, Path]] = {}
    contexts: dict[str, tuple[ContextFields, Path]] = {}
    for path, file in files.items():
        for cluster in filter(None, file.clusters):
            clusters.setdefault(cluster.name, (cluster.cluster, path))
        for user in filter(None, file.users):
            users.setdefault(user.name, (user.user, path))
        for context in filter(None, file.contexts):
            contexts.setdefault(context.name, (context.context, path))
    chosen = (file.current_context for file in files.values())
    return Kubeconfig(clusters, users, contexts, next(filter(None, chosen), ""), tuple(files))


def contexts(kubeconfig: Kubeconfig) -> tuple[ContextInfo, ...]:
    """Return every context, even without a server."""
    return tuple(
        ContextInfo(
            name=name,
            cluster=context.cluster,
            user=context.user,
            namespace=context.namespace,
            server=_shown_server(kubeconfig, context.cluster),
            current=name == kubeconfig.current,
        )
        for name, (context, _) in kubeconfig.contexts.items()
    )


def _shown_server(kubeconfig: Kubeconfig, cluster: str) -> str:
    entry = kubeconfig.clusters.get(cluster)
    return without_user_info(entry[0].server) if entry else ""


def resolve(kubeconfig: Kubeconfig, context: str | None = None) -> ClusterAccess:
    """Return the access of a context: the server, its trust and the credentials."""
    name = context or kubeconfig.current
    where = kubeconfig.place
    if not name:
        raise UserError(
            f"No context is chosen in {where}: name one with --context, "
            f"or run `{kubeconfig.config_command('use-context', 'NAME')}`."
        )
    fields, _ = _entry(kubeconfig.contexts, "context", name, f"in {where}", kubeconfig)
    of = f"of context {brief(name)} in {where}"
    cluster, file = _entry(kubeconfig.clusters, "cluster", fields.cluster, of, kubeconfig)
    user, user_file = UserFields(), file
    if fields.user:
        user, user_file = _entry(kubeconfig.users, "user", fields.user, of, kubeconfig)
    url = _server(cluster, fields.cluster, where)
    access = ClusterAccess(
        context=name,
        cluster=fields.cluster,
        server=url.url,
        user=fields.user,
        namespace=fields.namespace,
        source=kubeconfig.source,
        files=kubeconfig.paths,
        ca=_authority(cluster, url, file, f"cluster {clean(fields.cluster)}"),
        insecure=cluster.insecure_skip_tls_verify,
        tls_server_name=cluster.tls_server_name,
        proxy=_proxy(cluster, fields.cluster),
    )
    return _with_user_info(with_credentials(access, user, user_file), url)


def _server(cluster: ClusterFields, name: str, where: str) -> ServerUrl:
    of = f"Cluster {clean(name)} in {where}"
    if not cluster.server:
        raise UserError(f"{of} has no server address: it should be like https://host:443.")
    try:
        url = parse_server(cluster.server)
    except ValueError:
        url = None
    if url is None or not is_host_name(cluster.tls_server_name):
        raise UserError(
            f"{of} has a server address or tls-server-name that can't be one: correct it."
        )
    return url


def _authority(cluster: ClusterFields, url: ServerUrl, file: Path, of: str) -> bytes:
    folder = file.absolute().parent
    authority = field_bytes(
        cluster.certificate_authority_data,
        cluster.certificate_authority,
        folder,
        "certificate-authority",
        of,
    )
    given = authority or cluster.certificate_authority
    if given and cluster.insecure_skip_tls_verify and url.secure:
        raise UserError(
            f"{of} has a certificate-authority and insecure-skip-tls-verify: remove the latter."
        )
    return authority


def _proxy(cluster: ClusterFields, name: str) -> str:
    proxy = cluster.proxy_url
    return proxy and usable_proxy(proxy, f"proxy-url of cluster {clean(name)}")


def _with_user_info(access: ClusterAccess, url: ServerUrl) -> ClusterAccess:
    """Return the access with the address's user, which Go's HTTP client lets win."""
    if not (url.username or url.password):
        return access
    return replace(
        access,
        username=url.username,
        password=url.password,
        token="",
        token_file=None,
        exec=None,
        id_token=None,
    )


def _entry(
    entries: Mapping[str, tuple[FieldsT, Path]],
    kind: str,
    name: str,
    of: str,
    kubeconfig: Kubeconfig,
) -> tuple[FieldsT, Path]:
    entry = entries.get(name)
    if entry is None:
        hint = alternatives(name, tuple(entries))
        command = kubeconfig.config_command(f"get-{kind}s")
        hint = hint or f"; `{command}` lists all {len(entries):,}"
        raise UserError(
            f"There is no {kind} {brief(name)!r} {of}{hint}{'' if hint[-1] == '?' else '.'}"
        )
    return entry
