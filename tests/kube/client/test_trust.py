"""The CAs that a connection trusts, as kubectl has them."""

import ssl

import pytest

from eksview.kube.client.transport import trusting
from eksview_demo.api.tls import make


def test_a_named_authority_is_the_only_one() -> None:
    authority = make().authority
    context = trusting(b"a comment\n" + authority)
    named = ssl.PEM_cert_to_DER_cert(authority.decode())
    assert context.get_ca_certs(binary_form=True) == [named]
    assert (context.verify_mode, context.check_hostname) == (ssl.CERT_REQUIRED, True)


def test_a_file_without_a_certificate_does_not_mean_the_authorities_of_this_machine() -> None:
    """client-go refuses such a file: `unable to parse bytes as PEM block`."""
    with pytest.raises(ValueError, match="Empty certificate data"):
        trusting(b"no certificate")
