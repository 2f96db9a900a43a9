"""The access chain, the IAM map and who can see nodes, as lines."""

from collections.abc import Iterator, Sequence

from eksview.domain.access.chain import AccessStep
from eksview.domain.access.iam_mapping import MapRow
from eksview.domain.access.rbac import Grant
from eksview.domain.base.health import Health
from eksview.domain.base.remark import Remark
from eksview.domain.base.text import cells, clean, fit
from eksview.domain.rows.access import RbacFact
from eksview.ui.text.bars import milliseconds
from eksview.ui.text.glyphs import Glyphs
from eksview.ui.text.layout import entry, fold
from eksview.ui.text.words import TONE_OF, Tone, Words

LABEL, LONG = 20, 52
"""Cells of the names of evidence: those of most steps stand in one column."""
_WIRE = 4
MAY, SOURCE, LEAST, ROOM = 18, 14, 16, 36
"""Cells of verbs, of a row's source, of a name at least, and of what stands beside a row."""


def chain_lines(
    steps: Sequence[AccessStep], width: int, glyphs: Glyphs, copies: AccessStep | None = None
) -> Iterator[Words]:
    """Each step on a wire that runs from the kubeconfig down to the answer.

    The wire is whole as far as the first broken link. `copies` is the step whose remedies a key
    copies.
    """
    whole = True
    for number, step in enumerate(steps):
        whole = whole and step.state is not Health.BAD
        wire = " " if number == len(steps) - 1 else (glyphs.line[1] if whole else glyphs.cut)
        yield from _step(step, wire, width, glyphs, copied=step is copies)


def _step(
    step: AccessStep, wire: str, width: int, glyphs: Glyphs, *, copied: bool
) -> Iterator[Words]:
    tone = TONE_OF[step.state]
    took = "" if step.took is None else milliseconds(step.took)
    title: Words = ((f" {glyphs.mark(step.state)} ", tone), (step.title, "strong"))
    gap = width - sum(cells(text) for text, _ in title) - cells(took)
    yield (*title, (" " * max(1, gap) + took, "faint"))
    yield from _wired(fold(clean(step.says), width - _WIRE), wire, _said(step.state))
    longest = max((cells(name) for name, _ in step.evidence), default=0)
    column = min(max(LABEL, longest), LONG, max(LABEL, width // 2)) + 2
    for name, text in step.evidence:
        for line in entry(clean(name), clean(text), column, width - _WIRE, "dim", indent=0):
            yield ((f" {wire}  ", "faint"), *line)
    for number, text in enumerate(step.todo if step.state is not Health.OK else ()):
        hint = ("c copies" if number == 0 else "c again copies") if copied else ""
        yield from _todo(text, hint, wire, glyphs)
    yield ((f" {wire}", "faint"),)


def _said(state: Health) -> Tone:
    return "text" if state in (Health.OK, Health.UNKNOWN) else TONE_OF[state]


def _wired(lines: Sequence[str], wire: str, tone: Tone) -> Iterator[Words]:
    for line in lines:
        yield ((f" {wire}  ", "faint"), (line, tone))


def _todo(text: str, hint: str, wire: str, glyphs: Glyphs) -> Iterator[Words]:
    """What would mend it, as it would be typed or applied."""
    yield ((f" {wire}  ", "faint"), (hint, "dim"))
    for number, line in enumerate(text.rstrip("\n").split("\n")):
        lead = f"{glyphs.right} " if number == 0 else "  "
        yield ((f" {wire}  ", "faint"), (lead, "accent"), (clean(line), "text"))


def map_lines(
    rows: Sequence[MapRow], remarks: Sequence[Remark], width: int, glyphs: Glyphs
) -> Iterator[Words]:
    """All access entries and aws-auth rows, the faulty ones first.

    `remarks` are about the sources as a whole.
    """
    for remark in remarks:
        tone = TONE_OF[remark.state]
        first, *rest = fold(f"{remark.about}: {clean(remark.says)}", width - 3)
        yield ((f" {glyphs.mark(remark.state)} ", tone), (first, _said(remark.state)))
        for line in rest:
            yield ((f"   {line}", _said(remark.state)),)
    if remarks:
        yield ()
    if not rows:
        yield (("No access entry and no row of aws-auth is known.", "dim"),)
        return
    kind = max(len("TYPE"), *(cells(clean(row.type)) for row in rows)) + 2
    whole = max(cells(_principal(row)) for row in rows) + 2
    beside = width - 3 - whole - SOURCE - kind >= ROOM
    column = min(whole, max(LEAST, width - 3 - SOURCE - kind))
    head = fit("PRINCIPAL", column) + fit("SOURCE", SOURCE) + fit("TYPE", kind)
    yield ((f"   {head}{'AS' if beside else ''}", "dim"),)
    before = 3 + column + SOURCE + kind if beside else 5
    for row in sorted(rows, key=lambda row: (not row.faults, bool(row.source))):
        yield from _map_row(row, (column, kind, before), width, glyphs)


def _map_row(
    row: MapRow, columns: tuple[int, int, int], width: int, glyphs: Glyphs
) -> Iterator[Words]:
    """What it grants stands beside it, or below where there is no room for that."""
    column, kind, before = columns
    state = Health.BAD if row.faults and not row.source else (
        Health.WARN if row.faults else Health.OK
    )  # fmt: skip
    granted = ", ".join(part for part in (row.user, *row.groups, *row.policies) if part)
    lines = fold(clean(granted), width - before) if granted else []
    beside = lines.pop(0) if lines and before > column else ""
    yield (
        (f" {glyphs.mark(state)} ", TONE_OF[state]),
        (fit(_principal(row), column - 1, more=glyphs.more) + " ", "text"),
        (fit(row.source or "nowhere", SOURCE), "dim"),
        (fit(clean(row.type), kind), "dim"),
        (beside, "dim"),
    )
    for line in lines:
        yield ((" " * before + line, "dim"),)
    for fault in row.faults:
        for line in fold(clean(fault), width - 5):
            yield ((f"     {line}", TONE_OF[state]),)


def _principal(row: MapRow) -> str:
    """Without the part that all ARNs of an account share."""
    return clean(row.principal.rpartition(":")[2] or row.principal)


def who_lines(
    grants: Sequence[Grant], fact: RbacFact | None, width: int, glyphs: Glyphs
) -> Iterator[Words]:
    """Every subject that may read nodes, with its verbs and by which binding."""
    if fact is None:
        yield ((f"Reading roles and bindings{glyphs.more}", "dim"),)
        return
    if not fact.complete:
        for line in fold(f"Not the whole truth: {clean(fact.why)}", width):
            yield ((line, "warn"),)
        yield ()
    found = _by_subject(grants)
    if not found:
        yield (("No role that you may read lets anybody see nodes.", "dim"),)
        return
    whole = max(cells(subject) for subject, _ in found) + 2
    beside = width - whole - MAY >= ROOM
    column = min(whole, max(LEAST, width - MAY))
    yield ((fit("SUBJECT", column) + fit("MAY", MAY) + ("BY" if beside else ""), "dim"),)
    before = column + MAY if beside else 2
    for (subject, by), verbs in found.items():
        lines = fold(by, width - before)
        yield (
            (fit(subject, column - 1, more=glyphs.more) + " ", "text"),
            (fit(", ".join(verbs), MAY), "accent"),
            (lines.pop(0) if beside else "", "dim"),
        )
        for line in lines:
            yield ((" " * before + line, "dim"),)


def _by_subject(grants: Sequence[Grant]) -> dict[tuple[str, str], list[str]]:
    found: dict[tuple[str, str], list[str]] = {}
    for grant in grants:
        via = f" from {', '.join(grant.via)}" if grant.via else ""
        by = f"{grant.binding.kind} {grant.binding.name} ({grant.role.name}{via})"
        verbs = ("get", "list", "watch") if "*" in grant.rule.verbs else grant.rule.verbs
        known = found.setdefault((clean(str(grant.subject)), clean(by)), [])
        known += [v for v in ("get", "list", "watch") if v in verbs and v not in known]
    return found
