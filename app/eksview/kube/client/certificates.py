"""The public fields of certificates."""

import re
import ssl

from cryptography import x509
from cryptography.x509.oid import ExtensionOID

from eksview.domain.base.text import Clean, clean
from eksview.domain.rows.access import CertificateFact

_CERTIFICATE = re.compile(rb"-----BEGIN CERTIFICATE-----\s.*?-----END CERTIFICATE-----", re.DOTALL)


def bundle(data: bytes) -> str:
    """Return the certificates in a PEM file, without the comments, keys and broken ones beside.

    Source: Go's CertPool.AppendCertsFromPEM. Comments may be in any encoding.
    """
    blocks = (block.decode("ascii", "replace") for block in _CERTIFICATE.findall(data))
    return "\n".join(filter(_is_usable, blocks))


def _is_usable(block: str) -> bool:
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(cadata=block)
    except (ssl.SSLError, ValueError):
        return False
    return True


def described(data: bytes, *, der: bool = False) -> CertificateFact | None:
    """Return the first certificate of a PEM text, or a DER one; None for anything else."""
    try:
        load = x509.load_der_x509_certificate if der else x509.load_pem_x509_certificate
        certificate = load(data)
    except ValueError:
        return None
    return CertificateFact(
        subject=_name(certificate.subject),
        issuer=_name(certificate.issuer),
        starts=certificate.not_valid_before_utc.timestamp(),
        ends=certificate.not_valid_after_utc.timestamp(),
        names=_names(certificate),
        serial=clean(f"{certificate.serial_number:x}"),
    )


def _name(name: x509.Name) -> Clean:
    return clean(name.rfc4514_string())


def _names(certificate: x509.Certificate) -> tuple[Clean, ...]:
    try:
        extension = certificate.extensions.get_extension_for_oid(
            ExtensionOID.SUBJECT_ALTERNATIVE_NAME
        )
    except (x509.ExtensionNotFound, ValueError):
        return ()
    value = extension.value
    if not isinstance(value, x509.SubjectAlternativeName):
        return ()
    hosts = value.get_values_for_type(x509.DNSName)
    addresses = map(str, value.get_values_for_type(x509.IPAddress))
    return tuple(map(clean, (*hosts, *addresses)))
