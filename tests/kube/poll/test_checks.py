"""Health checks, as /readyz?verbose lists them."""

from eksview.domain.rows.server import Check
from eksview.kube.poll.probes import parse_checks


def test_checks_are_read_and_the_verdict_is_passed_over() -> None:
    text = "[+]ping ok\n[-]etcd failed: reason withheld\n[+]shutdown ok\nreadyz check failed\n"
    assert parse_checks(text) == (
        Check("ping", ok=True),
        Check("etcd", ok=False, detail="failed: reason withheld"),
        Check("shutdown", ok=True),
    )


def test_a_page_that_is_no_health_endpoint_has_no_checks() -> None:
    assert parse_checks("<html>\n[+] nothing\n</html>") == ()
