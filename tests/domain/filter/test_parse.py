"""What is typed after `/`: which rows it selects, what it marks, and what is impossible."""

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from eksview.domain.filter.parse import NO_COLUMNS, Columns, Filter, parse_filter
from eksview.domain.filter.terms import Candidates
from eksview.domain.rows.kube import Requests
from eksview.domain.tables.column import PodContext
from eksview.domain.tables.node_columns import NODE_COLUMNS
from eksview.domain.tables.pod_columns import POD_COLUMNS
from eksview.ui.nodes.nodes_screen import NODES
from eksview.ui.table.pod_table import PODS
from tests.ui.table_rows import NOW, pod

LABELS = {"app": "web", "tier": "", "topology.kubernetes.io/zone": "us-west-2a"}
LABELS_TEXT = "app=web,tier=,topology.kubernetes.io/zone=us-west-2a"
HAYSTACK = "shop\nweb-7d876db474-dsqx8\nrunning\nip-10-0-3-234"
POD_FILTERS = Columns(POD_COLUMNS, PODS.hosts)
NODE_FILTERS = Columns(NODE_COLUMNS, NODES.hosts)


def passes(wanted: Filter, text: str, labels: Mapping[str, str] | str) -> bool:
    """Whether a row of this text and these labels passes."""
    candidates = Candidates(lambda _: text, lambda _: labels, lambda _: None, None)
    return bool(wanted.passing(["key"], candidates))


@pytest.mark.parametrize("labels", [LABELS, LABELS_TEXT], ids=["mapping", "text"])
@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("", True),
        ("   ", True),
        ("web", True),
        ("WEB", True),
        ("api", False),
        ("web running", True),
        ("web pending", False),
        ("!api", True),
        ("!web", False),
        ("!", True),
        ("app=web", True),
        ("app==web", True),
        ("app=we", False),
        ("pp=web", False),
        ("App=web", False),
        ("app=api", False),
        ("app!=api", True),
        ("app!=web", False),
        ("missing!=x", True),
        ("missing=x", False),
        ("missing=", False),
        ("!app=web", False),
        ("!app=api", True),
        ("!app!=web", True),
        ("tier=", True),
        ("tier!=", False),
        ("topology.kubernetes.io/zone=us-west-2a", True),
        ("app=web 10-0-3 !crash", True),
        ("app=web 10-0-4", False),
        ("=", False),
        ("!=", True),
        # regular expressions, within a cell
        ("^web-", True),
        ("^7d8", False),
        (r"dsqx\d$", True),
        ("(web|api)-7d", True),
        ("web.*dsq", True),
        ("web.*running", False),
        ("10.0", False),
        ("10.0.*", True),
        ("!^web", False),
        ("[wx]eb-", True),
        # alternatives
        ("api|web", True),
        ("api|cron", False),
        ("!api|cron", True),
        ("!api|web", False),
        ("api|", False),
        ("api|^web", True),
        ("api | running web", True),
        ("api | running cron", False),
        ("api|web pending", False),
        ("app=api|web", True),
        ("app!=api|web", False),
        (r"api\|web", False),
        # selectors and fuzzy text
        ("-l app=web", True),
        ("-l app=web,tier!=db,topology.kubernetes.io/zone in (us-west-2a, x),!old", True),
        ("-l app notin (web)", False),
        ("-l", True),
        ("running -l app=web", True),
        ("pending -l app=web", False),
        ("-l app=api | -l app=web", True),
        ("-f wb7dsqx", True),
        ("-f WB7DSQX", True),
        ("-f bw", False),
        ("-f webrun", False),
        ("-f wb -f rng", True),
        ("-f wb running", True),
        ("-f wb pending", False),
        ("-l app=web -f rng web", True),
        ("-f", True),
    ],
)
def test_a_row_passes(typed: str, expected: bool, labels: Mapping[str, str] | str) -> None:
    wanted = parse_filter(typed)
    assert not wanted.problem
    assert passes(wanted, HAYSTACK, labels) is expected


PODS_BY_NAME = {
    row.name: row
    for row in (
        replace(
            pod("web-1", namespace="shop", node="ip-10-0-1-23.us-west-2.compute.internal"),
            restarts=4, restarted=NOW - 7200, created=NOW - 90, labels="app=web",
            requests=Requests(250, 1 << 30),
        ),
        replace(
            pod("web-2", namespace="shop-dev", node="ip-10-0-12-3.us-west-2.compute.internal"),
            status="CrashLoopBackOff", restarts=3, created=NOW - 7200, labels="app=web",
            requests=Requests(1500, 256 << 20),
        ),
        replace(
            pod("job-1", namespace="candidates", node=""), status="Pending", restarts=0,
            created=NOW - 86400 * 9, labels="", requests=Requests(),
        ),
    )
}  # fmt: skip


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        ("status=Running", "web-1"),
        ("status=running", "web-1"),
        ("STATUS=Running", "web-1"),
        ("status=Run", ""),
        ("status=", "web-1 web-2 job-1"),
        ("status!=Running", "web-2 job-1"),
        ("!status=Running", "web-2 job-1"),
        ("status=Running|Pending", "web-1 job-1"),
        ("status!=Running|Pending", "web-2"),
        ("status=Running|restarts=3", "web-1 web-2"),
        ("status=Pending | web status=Running", "web-1 job-1"),
        ("status~back", "web-2"),
        ("status~^r|^p", "web-1 job-1"),
        ("!status~back", "web-1 job-1"),
        ("ns=shop", "web-1"),
        ("namespace=shop", "web-1"),
        ("ns~shop", "web-1 web-2"),
        ("node=ip-10-0-1", "web-1"),
        ("node=ip-10-0", "web-1 web-2"),
        ("node=ip-10-0-12-3.us-west-2.compute.internal", "web-2"),
        ("node=<none>", "job-1"),
        ("restarts>3", "web-1"),
        ("restarts>=3", "web-1 web-2"),
        ("restarts<1", "job-1"),
        ("restarts=4", "web-1"),
        ("restarts>", "web-1 web-2 job-1"),
        ("age>1h", "web-2 job-1"),
        ("age<2m", "web-1"),
        ("age>1d12h", "job-1"),
        ("age>1w", "job-1"),
        ("cpu-req>=250m", "web-1 web-2"),
        ("cpu-req>1", "web-2"),
        ("mem-req>512Mi", "web-1"),
        ("mem-req<=256Mi", "web-2 job-1"),
        ("ready<1", ""),
        ("app=web restarts<4", "web-2"),
        ("nominated-node=<none>", "web-1 web-2 job-1"),
    ],
)
def test_a_column_is_named(typed: str, names: str) -> None:
    wanted = parse_filter(typed, POD_FILTERS)
    assert not wanted.problem
    rows = PODS_BY_NAME
    candidates = Candidates(
        lambda key: PODS.text(rows[key]), lambda key: rows[key].labels, rows.__getitem__,
        PodContext(NOW),
    )  # fmt: skip
    assert wanted.passing(list(rows), candidates) == names.split()


@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        ("web(", "web( isn't a regular expression: missing ), unterminated subpattern"),
        ("[", "[ isn't a regular expression"),
        ("*web", "*web isn't a regular expression: nothing to repeat"),
        ("status~(", "( isn't a regular expression"),
        ("stat>3", "No column stat; columns: namespace, name, ready, status, restarts, age"),
        ("stat~x", "No column stat"),
        ("status>3", "status has no amount to compare"),
        ("restarts>many", "restarts is compared with a number, such as 3"),
        ("age>1", "age is compared with a time, such as 30m, 2h or 7d"),
        ("mem-req>1Q", "mem-req is compared with an amount, such as 512Mi"),
        ("-l app=web tier", "'tier' where ',' or the end is expected"),
        ("-l a in (b", "the end where ')' is expected"),
        ("web | -l =", "'=' where a label is expected"),
        ("(a+)+", "(a+)+ has too many repetitions"),
        ("((a|b)c)*", "has too many repetitions"),
        ("(a?){30}a{30}", "has too many repetitions"),
        (".*a.*b.*c.*d.*e.*f", "has too many repetitions"),
        ("web(\x1b", "web(\\x1b isn't a regular expression"),
    ],
)
def test_an_impossible_term_is_named_and_matches_nothing(typed: str, problem: str) -> None:
    wanted = parse_filter(typed, POD_FILTERS)
    assert problem in wanted.problem
    assert wanted.problem.isprintable()
    assert not passes(wanted, HAYSTACK, LABELS)


def test_a_share_is_compared_in_percent_and_usage_is_meant_by_cpu() -> None:
    column = NODE_FILTERS.column("cpu")
    assert column is not None
    assert column.title == "CPU(%)"
    for text in ("cpu>50%", "cpu>50"):
        assert parse_filter(text, NODE_FILTERS) == parse_filter("cpu>50.0%", NODE_FILTERS)
        assert not parse_filter(text, NODE_FILTERS).problem


def test_labels_without_a_selector_are_named() -> None:
    wanted = parse_filter("app=web stat!=x|tier=y web -l z=1", POD_FILTERS)
    assert wanted.bare_labels == {"app", "stat", "tier"}


@pytest.mark.parametrize(
    ("typed", "column", "cell", "marked"),
    [
        ("web", "name", "Web-web-1", [(0, 3), (4, 7)]),
        ("we eb", "name", "web", [(0, 3)]),
        ("w[a-e]", "name", "web-way", [(0, 2), (4, 6)]),
        ("-f wb1", "name", "a-web-1", [(2, 7)]),
        ("!web", "name", "web", []),
        ("api|web", "name", "web", [(0, 3)]),
        ("status=Running", "status", "Running", [(0, 7)]),
        ("status=Running", "name", "Running", []),
        ("status~run|pend", "status", "Pending", [(0, 4)]),
        ("app=web", "name", "web", []),
        ("x*", "name", "web", []),
    ],
)
def test_what_matches_is_marked(
    typed: str, column: str, cell: str, marked: list[tuple[int, int]]
) -> None:
    assert list(parse_filter(typed, POD_FILTERS).marks(column, cell)) == marked


@pytest.mark.parametrize(
    ("new", "old", "narrows"),
    [
        ("web-7", "web", True),
        ("web run", "web", True),
        ("web", "", True),
        ("we", "web", False),
        ("", "web", False),
        ("web !crash", "!crash", True),
        ("!crashloop", "!crash", False),
        ("app=webs", "app=web", False),
        ("a|bc", "a|b", False),
        ("status=x web", "status=x", True),
        ("web", "web(", False),
    ],
)
def test_more_typed_may_only_thin_the_last_result(new: str, old: str, narrows: bool) -> None:
    assert parse_filter(new, POD_FILTERS).narrows(parse_filter(old, POD_FILTERS)) is narrows


TYPED = st.text(st.sampled_from("ab=! |-lf(.*"), max_size=8)


@given(TYPED, TYPED, st.text(st.sampled_from("ab \n"), max_size=6))
def test_narrowing_never_loses_a_row(new: str, old: str, haystack: str) -> None:
    narrow, wide = parse_filter(new), parse_filter(old)
    if narrow.narrows(wide) and passes(narrow, haystack, LABELS):
        assert passes(wide, haystack, LABELS)


@given(
    st.text() | st.text(st.sampled_from("ab(|)[]*+?{2,}\\^$-=!<>~ .#:P"), max_size=14),
    st.text(),
    st.sampled_from([NO_COLUMNS, POD_FILTERS]),
)
def test_no_text_breaks_it(typed: str, haystack: str, columns: Columns) -> None:
    wanted = parse_filter(typed, columns)
    assert wanted.problem.isprintable()
    if not wanted.columns:
        passes(wanted, haystack.lower(), LABELS_TEXT)
        wanted.marks("name", haystack)
