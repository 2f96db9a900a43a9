"""Access by kubeconfig files, read and merged as kubectl does, or else by the pod we run in.

Source: Kubernetes "Organizing Cluster Access Using kubeconfig Files".
"""

import base64
import binascii
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, TypeAlias
from urllib.parse import urlsplit

import yaml
from msgspec import Struct

from eksview.config.settings import Settings
from eksview.domain.base.errors import UserError
from eksview.domain.base.text import clean
from eksview.domain.live.backend_protocol import ContextInfo
from eksview.domain.rows.server import IN_CLUSTER
from eksview.kube.client.cluster_access import ClusterAccess, Exec
from eksview.kube.client.proxy import usable_proxy

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
        namespace=namespace.read_text().strip() if namespace.exists() else "",
        source=IN_CLUSTER,
        ca=authority.read_bytes() if authority.exists() else b"",
        token_file=token,
    )


def locate(
    settings: Settings, environ: Mapping[str, str] = os.environ, home: Path | None = None
) -> ClusterAccess:
    """Return the access, or raise `UserError` without one."""
    paths = candidates(settings.kubeconfig, environ, home or Path.home())
    kubeconfig = read(paths, explicit=settings.kubeconfig is not None)
    if kubeconfig is not None:
        return resolve(kubeconfig, settings.context)
    inside = in_cluster(environ)
    if inside is not None and settings.context is None:
        return inside
    raise UserError(
        f"No kubeconfig found at {', '.join(map(str, paths))}: set KUBECONFIG, or run "
        "`aws eks update-kubeconfig --name CLUSTER`, or try `eksview demo`."
    )


def listed(
    settings: Settings, environ: Mapping[str, str] = os.environ, home: Path | None = None
) -> tuple[ContextInfo, ...]:
    """Return the contexts of the kubeconfig, with the chosen one marked."""
    paths = candidates(settings.kubeconfig, environ, home or Path.home())
    kubeconfig = read(paths, explicit=settings.kubeconfig is not None)
    return contexts(kubeconfig, settings.context) if kubeconfig else ()


Tree: TypeAlias = dict[str, Any]
_LISTS = ("clusters", "users", "contexts")


class KubeconfigEntry(Struct, frozen=True):
    """Entries by list and name, each with the folder its relative paths start from."""

    entries: Mapping[str, Mapping[str, tuple[Tree, Path]]]
    current: str
    files: tuple[Path, ...]

    @property
    def source(self) -> str:
        return ", ".join(map(str, self.files))


def candidates(explicit: str | None, environ: Mapping[str, str], home: Path) -> list[Path]:
    """Return the files to read: `--kubeconfig`, else KUBECONFIG's, else `~/.kube/config`."""
    if explicit:
        return [Path(explicit).expanduser()]
    listed = [part for part in environ.get("KUBECONFIG", "").split(os.pathsep) if part]
    return [Path(part) for part in listed] or [home / ".kube" / "config"]


def read(paths: Iterable[Path], *, explicit: bool = False) -> KubeconfigEntry | None:
    """Return all files merged, the first entry of a name wins; None when no file exists.

    An `explicit` file must exist; those in KUBECONFIG may be missing, as for kubectl.
    """
    entries: dict[str, dict[str, tuple[Tree, Path]]] = {kind: {} for kind in _LISTS}
    current, files = "", []
    for path in paths:
        tree = _parsed(path, must_exist=explicit)
        if tree is None:
            continue
        files.append(path)
        current = current or str(tree.get("current-context") or "")
        for kind in _LISTS:
            for name, body in _named(tree, kind, path):
                entries[kind].setdefault(name, (body, path.absolute().parent))
    return KubeconfigEntry(entries, current, tuple(files)) if files else None


def contexts(kubeconfig: KubeconfigEntry, chosen: str | None = None) -> tuple[ContextInfo, ...]:
    """Return every context, even without a server."""
    current = chosen or kubeconfig.current
    listed = []
    for name, (body, _) in kubeconfig.entries["contexts"].items():
        cluster = str(body.get("cluster") or "")
        target = kubeconfig.entries["clusters"].get(cluster, ({}, Path()))[0]
        listed.append(
            ContextInfo(
                name=name,
                cluster=cluster,
                user=str(body.get("user") or ""),
                namespace=str(body.get("namespace") or ""),
                server=str(target.get("server") or ""),
                current=name == current,
            )
        )
    return tuple(listed)


def resolve(kubeconfig: KubeconfigEntry, context: str | None = None) -> ClusterAccess:
    """Return the access of a context: the server, its trust and the credentials."""
    name = context or kubeconfig.current
    where = kubeconfig.source
    if not name:
        raise UserError(
            f"No context is chosen in {where}: name one with --context, "
            "or run `kubectl config use-context NAME`."
        )
    body, _ = _entry(kubeconfig, "contexts", name, f"in {where}")
    cluster_name, user_name = str(body.get("cluster") or ""), str(body.get("user") or "")
    cluster, folder = _entry(kubeconfig, "clusters", cluster_name, f"of context {name} in {where}")
    user, user_folder = (
        _entry(kubeconfig, "users", user_name, f"of context {name} in {where}")
        if user_name
        else ({}, folder)
    )
    server = str(cluster.get("server") or "").rstrip("/")
    if not server.startswith(("https://", "http://")):
        raise UserError(
            f"Cluster {clean(cluster_name)} in {where} has no server address: "
            "it should be like https://host:443."
        )
    server_name = str(cluster.get("tls-server-name") or "")
    if not (_is_address(server) and _is_name(server_name)):
        raise UserError(
            f"Cluster {clean(cluster_name)} in {where} has a server address or tls-server-name "
            "that can't be one: correct it."
        )
    return ClusterAccess(
        context=name,
        cluster=cluster_name,
        server=server,
        user=user_name,
        namespace=str(body.get("namespace") or ""),
        source=where,
        ca=_bytes(cluster, "certificate-authority", folder, f"cluster {cluster_name}"),
        insecure=bool(cluster.get("insecure-skip-tls-verify")),
        tls_server_name=server_name,
        proxy=_proxy(cluster, cluster_name),
        certificate=_bytes(user, "client-certificate", user_folder, f"user {user_name}"),
        key=_bytes(user, "client-key", user_folder, f"user {user_name}"),
        token=str(user.get("token") or ""),
        token_file=_path(user.get("tokenFile"), user_folder),
        username=str(user.get("username") or ""),
        password=str(user.get("password") or ""),
        impersonate=_impersonation(user, user_name),
        exec=_exec(user, user_folder, user_name),
    )


def _is_address(server: str) -> bool:
    try:
        parts = urlsplit(server)
        return bool(parts.hostname) and parts.port != 0 and _is_name(parts.hostname or "")
    except ValueError:  # brackets that don't close, a port out of range
        return False


def _is_name(host: str) -> bool:
    try:
        host.encode("idna")
    except UnicodeError:
        return False
    return True


def _parsed(path: Path, *, must_exist: bool) -> Tree | None:
    try:
        text = path.read_text()
    except FileNotFoundError:
        if must_exist:
            raise UserError(f"There is no kubeconfig at {path}: check --kubeconfig.") from None
        return None
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it isn't text"
        raise UserError(f"The kubeconfig {path} can't be read: {reason}.") from None
    try:
        tree = yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506 - safe
    except (yaml.YAMLError, ValueError) as error:  # ValueError: a date that isn't one
        raise UserError(f"The kubeconfig {path} isn't valid YAML{_line(error)}.") from None
    if tree is None:
        return {}
    if not isinstance(tree, dict):
        raise UserError(
            f"The kubeconfig {path} isn't a kubeconfig: it should begin with a mapping."
        )
    return tree


def _line(error: Exception) -> str:
    # Only the line number, because the text may hold a token.
    mark = getattr(error, "problem_mark", None)
    return f" (line {mark.line + 1})" if mark is not None else ""


def _named(tree: Tree, kind: str, path: Path) -> Iterable[tuple[str, Tree]]:
    listed = tree.get(kind) or []
    if not isinstance(listed, list):
        raise UserError(f"In the kubeconfig {path}, {kind} should be a list.")
    for entry in listed:
        if isinstance(entry, dict) and entry.get("name"):
            body = entry.get(kind[:-1])
            yield str(entry["name"]), body if isinstance(body, dict) else {}


def _entry(kubeconfig: KubeconfigEntry, kind: str, name: str, where: str) -> tuple[Tree, Path]:
    entry = kubeconfig.entries[kind].get(name)
    if entry is None:
        have = ", ".join(sorted(map(clean, kubeconfig.entries[kind]))) or "none"
        raise UserError(f"There is no {kind[:-1]} {clean(name)!r} {where}; there are: {have}.")
    return entry


def _bytes(body: Tree, key: str, folder: Path, of: str) -> bytes:
    """Return the inline `-data`, or else the file's content; empty without either."""
    data = body.get(f"{key}-data")
    if data:
        try:
            return base64.b64decode(str(data), validate=True)
        except (binascii.Error, ValueError):
            raise UserError(
                f"{key}-data of {clean(of)} isn't valid base64: fetch the kubeconfig again."
            ) from None
    path = _path(body.get(key), folder)
    if path is None:
        return b""
    try:
        return path.read_bytes()
    except OSError as error:
        raise UserError(f"{key} of {clean(of)} can't be read: {path}: {error.strerror}.") from None


def _path(value: object, folder: Path) -> Path | None:
    return folder / Path(str(value)).expanduser() if value else None


def _proxy(cluster: Tree, name: str) -> str:
    proxy = str(cluster.get("proxy-url") or "")
    return proxy and usable_proxy(proxy, f"proxy-url of cluster {clean(name)}")


def _impersonation(user: Tree, name: str) -> tuple[tuple[str, str], ...]:
    headers = []
    if user.get("as"):
        headers.append(("Impersonate-User", str(user["as"])))
    if user.get("as-uid"):
        headers.append(("Impersonate-Uid", str(user["as-uid"])))
    groups = _list(user, "as-groups", f"user {name}")
    return (*headers, *(("Impersonate-Group", str(group)) for group in groups))


def _exec(user: Tree, folder: Path, name: str) -> Exec | None:
    """Return the plugin; None beside a token or a password, which kubectl prefers."""
    body = user.get("exec")
    if not isinstance(body, dict) or any(map(user.get, ("token", "tokenFile", "username"))):
        return None
    command = str(body.get("command") or "")
    if not command:
        raise UserError(f"The exec plugin of user {clean(name)} names no command.")
    if "/" in command:
        command = str(folder / Path(command).expanduser())
    of = f"the exec plugin of user {name}"
    return Exec(
        command=command,
        args=tuple(map(str, _list(body, "args", of))),
        env=tuple(_variable(entry, of) for entry in _list(body, "env", of)),
        api_version=str(body.get("apiVersion") or "client.authentication.k8s.io/v1beta1"),
        hint=str(body.get("installHint") or ""),
        interactive=str(body.get("interactiveMode") or ""),
        cluster_info=bool(body.get("provideClusterInfo")),
    )


def _list(body: Tree, key: str, of: str) -> list[Any]:
    listed = body.get(key) or []
    if not isinstance(listed, list):
        raise UserError(f"{key} of {clean(of)} should be a list: correct the kubeconfig.")
    return listed


def _variable(entry: object, of: str) -> tuple[str, str]:
    if not isinstance(entry, dict) or not entry.get("name"):
        raise UserError(
            f"env of {clean(of)} should be a list of name and value: correct the kubeconfig."
        )
    return str(entry["name"]), str(entry.get("value") or "")
