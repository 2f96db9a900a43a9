"""kubernetes.aio's HTTP client, set up from an access: TLS, client certificate, proxy and SNI."""

import os
import ssl
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

from kubernetes.aio.client.configuration import Configuration
from kubernetes.aio.client.rest import RESTClientObject

from eksview.domain.base.errors import UserError
from eksview.domain.base.text import clean
from eksview.kube.client.certificates import bundle
from eksview.kube.client.cluster_access import ClusterAccess
from eksview.kube.client.exec_plugin import Credential
from eksview.kube.client.redirects import staying


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
    configuration.trace_configs = [staying()]
    if access.ca:
        configuration.ca_cert_data = _authority(access)
    with TemporaryDirectory() as folder:  # 0700, and gone as soon as OpenSSL has read it
        if credential.certificate:
            configuration.cert_file = _written(folder, "cert", credential.certificate)
            configuration.key_file = _written(folder, "key", credential.key)
            _check_unencrypted(access, configuration)
        try:
            client = RESTClientObject(configuration)
        except ssl.SSLError as error:
            raise _unusable(access, error) from None
    trust_as_go(client.ssl_context)
    return client


def trusting(authority: bytes) -> ssl.SSLContext:
    """Return a context that trusts the CAs of a PEM file; without a file those of this machine.

    Raises ValueError for a file without a CA, which never means those of this machine.
    """
    if authority:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.load_verify_locations(cadata=bundle(authority))
    else:
        context = ssl.create_default_context()
    trust_as_go(context)
    return context


def trust_as_go(context: ssl.SSLContext) -> None:
    """Let each of the CAs end a chain, also an intermediate one or the server's own certificate.

    Source: Go's x509.VerifyOptions.Roots, and so kubectl. Python has it on by default since 3.13,
    which also refuses a CA without an authority key identifier; many self-made CAs have none.
    """
    context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
    context.verify_flags &= ~ssl.VERIFY_X509_STRICT


def _authority(access: ClusterAccess) -> str:
    authority = bundle(access.ca)
    if not authority:
        raise UserError(
            f"The CA certificate of cluster {clean(access.cluster)} isn't PEM: "
            "fetch the kubeconfig again."
        )
    return authority


def _check_unencrypted(access: ClusterAccess, configuration: Configuration) -> None:
    """Raise `UserError` for a key for which OpenSSL would ask on the terminal."""

    def refuse() -> str:
        raise UserError(
            f"The client key of user {clean(access.user)} is encrypted, and eksview doesn't ask "
            "for pass phrases: decrypt it (`openssl pkey -in KEY -out NEW`), or use a credential "
            "plugin."
        )

    with suppress(ssl.SSLError):  # reported by the connection itself
        ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_cert_chain(
            configuration.cert_file, configuration.key_file, refuse
        )


def _written(folder: str, name: str, data: bytes) -> str:
    path = Path(folder) / name
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
    return str(path)


def _unusable(access: ClusterAccess, error: ssl.SSLError) -> UserError:
    """Return the error of a CA that OpenSSL can't read, else of the client certificate."""
    detail = clean(error.reason or str(error))
    if not _is_readable(access):
        return UserError(
            f"The CA certificate of cluster {clean(access.cluster)} can't be used ({detail})."
        )
    of = f"of user {clean(access.user)}"
    if access.exec and not access.certificate:
        of = f"that {clean(access.exec.command)} returned for user {clean(access.user)}"
    return UserError(f"The client certificate or key {of} can't be used ({detail}).")


def _is_readable(access: ClusterAccess) -> bool:
    try:
        trusting(access.ca)
    except ssl.SSLError:
        return False
    return True
