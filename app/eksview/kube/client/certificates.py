"""The public fields of certificates."""

from cryptography import x509
from cryptography.x509.oid import ExtensionOID

from eksview.domain.rows.access import CertificateFact


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
        serial=f"{certificate.serial_number:x}",
    )


def _name(name: x509.Name) -> str:
    return name.rfc4514_string()


def _names(certificate: x509.Certificate) -> tuple[str, ...]:
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
    return (*hosts, *map(str, value.get_values_for_type(x509.IPAddress)))
