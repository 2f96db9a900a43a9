"""Certificate signing requests as kubectl words them."""

import base64
import binascii
from collections.abc import Sequence

from cryptography import x509
from cryptography.x509.oid import NameOID, ObjectIdentifier

from eksview.domain.base.age import human_duration
from eksview.domain.base.json_values import Json, at, items, number, word
from eksview.domain.describe.common import Lines, Related, map_text, moment, named

_NAMES = (
    ("Organization", NameOID.ORGANIZATION_NAME),
    ("Organizational Unit", NameOID.ORGANIZATIONAL_UNIT_NAME),
    ("Country", NameOID.COUNTRY_NAME),
    ("Locality", NameOID.LOCALITY_NAME),
    ("Province", NameOID.STATE_OR_PROVINCE_NAME),
    ("StreetAddress", NameOID.STREET_ADDRESS),
    ("PostalCode", NameOID.POSTAL_CODE),
)


def signing_request(whole: Json, related: Related) -> Lines:
    metadata, spec = at(whole, "metadata"), at(whole, "spec")
    yield from named(whole, namespaced=False)
    yield f"Labels:\t{map_text(at(metadata, 'labels'))}"
    yield f"Annotations:\t{map_text(at(metadata, 'annotations'))}"
    yield f"CreationTimestamp:\t{moment(word(metadata, 'creationTimestamp'), related.zone)}"
    yield f"Requesting User:\t{word(spec, 'username')}"
    if at(spec, "signerName"):
        yield f"Signer:\t{word(spec, 'signerName')}"
    if at(spec, "expirationSeconds") is not None:
        yield f"Requested Duration:\t{human_duration(number(spec, 'expirationSeconds'))}"
    yield f"Status:\t{_status(whole)}"
    try:
        request = x509.load_pem_x509_csr(base64.b64decode(word(spec, "request")))
        lines = [*_subject(request.subject), *_other_names(request)]
    except (ValueError, binascii.Error) as error:
        lines = [f"Subject:\tunknown because the request isn't a readable CSR ({error})"]
    yield from lines


def _status(whole: Json) -> str:
    types = {word(row, "type") for row in items(whole, "status", "conditions")}
    status = next((name for name in ("Denied", "Approved") if name in types), "Pending")
    failed = ",Failed" if "Failed" in types else ""
    return f"{status}{failed}{',Issued' if at(whole, 'status', 'certificate') else ''}"


def _subject(subject: x509.Name) -> Lines:
    yield "Subject:"
    yield f"\tCommon Name:\t{''.join(_values(subject, NameOID.COMMON_NAME)[-1:])}"
    yield f"\tSerial Number:\t{''.join(_values(subject, NameOID.SERIAL_NUMBER)[-1:])}"
    for title, name in _NAMES:
        yield from _list_of(title, _values(subject, name))


def _values(subject: x509.Name, name: ObjectIdentifier) -> list[str]:
    return [str(entry.value) for entry in subject.get_attributes_for_oid(name)]


def _other_names(request: x509.CertificateSigningRequest) -> Lines:
    try:
        names = request.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return
    alternatives = (
        ("DNS Names", names.get_values_for_type(x509.DNSName)),
        ("Email Addresses", names.get_values_for_type(x509.RFC822Name)),
        ("URIs", names.get_values_for_type(x509.UniformResourceIdentifier)),
        ("IP Addresses", [str(ip) for ip in names.get_values_for_type(x509.IPAddress)]),
    )
    if any(values for _, values in alternatives):
        yield "Subject Alternative Names:"
    for title, values in alternatives:
        yield from _list_of(title, values)


def _list_of(title: str, values: Sequence[str]) -> Lines:
    """Yield a title and its values, one in a line; nothing without any."""
    first = f"\t{title}:"
    for value in values:
        yield f"{first}\t{value}"
        first = "\t"
