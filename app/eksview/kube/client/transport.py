"""kubernetes.aio's HTTP client, set up from an access: TLS, client certificate, proxy and SNI."""

import os
import ssl
from pathlib import Path
from tempfile import TemporaryDirectory

from kubernetes.aio.client.configuration import Configuration
from kubernetes.aio.client.rest import RESTClientObject

from eksview.domain.base.errors import UserError
from eksview.domain.base.text import clean
from eksview.kube.client.cluster_access import ClusterAccess
from eksview.kube.client.exec_plugin import Credential


def transport(access: ClusterAccess, credential: Credential) -> RESTClientObject:
    """Return a client with the credential's certificate; raises `UserError` for an unusable one."""
    configuration = Configuration(host=access.server)
    configuration.retries = None  # the reflector decides when to retry
    configuration.verify_ssl = not access.insecure
    configuration.tls_server_name = access.tls_server_name or None
    configuration.proxy = access.proxy or None
    # Left to itself aiohttp looks into ~/.netrc, which kubectl doesn't, and fails on finding a
    # password there beside our token; and it would send the loopback through a proxy.
    configuration.client_session_kwargs = {"trust_env": False}
    # Python 3.13 refuses a CA without an authority key identifier; kubectl and older Pythons
    # don't, and many self-made cluster CAs have none. The chain and the name are verified still.
    configuration.disable_strict_ssl_verification = True
    if access.ca:
        configuration.ca_cert_data = _authority(access)
    with TemporaryDirectory() as folder:  # 0700, and gone as soon as OpenSSL has read it
        if credential.certificate:
            configuration.cert_file = _written(folder, "cert", credential.certificate)
            configuration.key_file = _written(folder, "key", credential.key)
        try:
            return RESTClientObject(configuration)
        except ssl.SSLError as error:
            raise _unusable(access, error) from None


def _authority(access: ClusterAccess) -> str:
    try:
        return access.ca.decode("ascii")
    except UnicodeDecodeError:
        raise UserError(
            f"The CA certificate of cluster {clean(access.cluster)} isn't PEM: "
            "fetch the kubeconfig again."
        ) from None


def _written(folder: str, name: str, data: bytes) -> str:
    path = Path(folder) / name
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
    return str(path)


def _unusable(access: ClusterAccess, error: ssl.SSLError) -> UserError:
    unusable = f"CA certificate of cluster {clean(access.cluster)}"
    if access.certificate or "KEY" in str(error.reason):
        unusable = f"client certificate or key of user {clean(access.user)}, or the {unusable},"
    return UserError(f"The {unusable} can't be used ({clean(error.reason or str(error))}).")
