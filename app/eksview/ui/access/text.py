"""The lines of the access chain, of the IAM map and of who can read nodes."""

from collections.abc import Iterator, Sequence

from eksview.domain.access.access_step import AccessStep
from eksview.domain.access.iam_map import MapRow
from eksview.domain.access.rbac import Grant
from eksview.domain.base.health import Health, Remark
from eksview.domain.base.text import cells, clean, fit
from eksview.domain.rows.access import RbacFact
from eksview.ui.base.tabbed_screen import age_text
from eksview.ui.text.bars import milliseconds
from eksview.ui.text.glyphs import Glyphs
from eksview.ui.text.layout import entry, fold
from eksview.ui.text.words import TONE_OF, Tone, Words

LABEL, LONG = 20, 52  # least and most cells of the column of evidence names
_WIRE = 4
VERBS, SOURCE, LEAST, ROOM = 18, 14, 16, 36
"""Cells of verbs and of a source; least cells of a name and of the last column."""


def chain_lines(
    steps: Sequence[AccessStep],
    width: int,
    glyphs: Glyphs,
    copies: AccessStep | None = None,
    key: str = "",
) -> Iterator[Words]:
    """Yield the steps on a line that is cut at the first broken one.

    `copies` is the step whose remedies are copied by the key of that name.
    """
    whole = True
    for number, step in enumerate(steps):
        whole = whole and step.state is not Health.BAD
        wire = " " if number == len(steps) - 1 else (glyphs.line[1] if whole else glyphs.cut)
        yield from _step(step, wire, width, glyphs, key=key if step is copies else "")


def _step(step: AccessStep, wire: str, width: int, glyphs: Glyphs, *, key: str) -> Iterator[Words]:
    tone = TONE_OF[step.state]
    took = "" if step.took is None else milliseconds(step.took)
    title: Words = ((f" {glyphs.mark(step.state)} ", tone), (step.title, "strong"))
    gap = width - sum(cells(text) for text, _ in title) - cells(took)
    yield (*title, (" " * max(1, gap) + took, "faint"))
    if step.age is not None:
        yield from (
            ((f" {wire}  ", "faint"), (line, "warn"))
            for line in fold(clean(age_text(step.age, glyphs)), width - _WIRE)
        )
    yield from (
        ((f" {wire}  ", "faint"), (line, _tone(step)))
        for line in fold(clean(step.says), width - _WIRE)
    )
    longest = max((cells(name) for name, _ in step.evidence), default=0)
    column = min(max(LABEL, longest), LONG, max(LABEL, width // 2)) + 2
    for name, text in step.evidence:
        for line in entry(name, text, column, width - _WIRE, "dim", indent=0):
            yield ((f" {wire}  ", "faint"), *line)
    for number, todo in enumerate(step.todo if step.state is not Health.OK else ()):
        hint = f"press {key}{' again' * bool(number)} to copy" if key else ""
        yield from _todo(todo, hint, wire, glyphs)
    yield ((f" {wire}", "faint"),)


def _tone(step: AccessStep) -> Tone:
    return "dim" if step.age is not None else _state_tone(step.state)


def _state_tone(state: Health) -> Tone:
    return "text" if state in (Health.OK, Health.UNKNOWN) else TONE_OF[state]


def _todo(text: str, hint: str, wire: str, glyphs: Glyphs) -> Iterator[Words]:
    """Yield a remedy as a person types or applies it."""
    yield ((f" {wire}  ", "faint"), (hint, "dim"))
    for number, line in enumerate(text.rstrip("\n").split("\n")):
        lead = f"{glyphs.right} " if number == 0 else "  "
        yield ((f" {wire}  ", "faint"), (lead, "accent"), (clean(line), "text"))


def map_lines(
    rows: Sequence[MapRow], remarks: Sequence[Remark], width: int, glyphs: Glyphs
) -> Iterator[Words]:
    """Yield the remarks about the sources, then all rows, those with faults first."""
    for remark in remarks:
        lead = f" {glyphs.mark(remark.state)} "
        for line in fold(clean(f"{remark.about}: {remark.says}"), width - 3):
            yield ((lead, TONE_OF[remark.state]), (line, _state_tone(remark.state)))
            lead = "   "
    if remarks:
        yield ()
    if not rows:
        yield (("No access entry and no aws-auth row was read.", "dim"),)
        return
    kind = max(len("TYPE"), *(cells(row.type) for row in rows)) + 2
    whole = max(cells(_principal(row)) for row in rows) + 2
    beside = width - 3 - whole - SOURCE - kind >= ROOM
    column = min(whole, max(LEAST, width - 3 - SOURCE - kind))
    head = fit("PRINCIPAL", column) + fit("SOURCE", SOURCE) + fit("TYPE", kind)
    yield ((f"   {head}{'MAPPED TO' if beside else ''}", "dim"),)
    before = 3 + column + SOURCE + kind if beside else 5
    for row in sorted(rows, key=lambda row: (not row.faults, bool(row.source))):
        yield from _map_row(row, (column, kind, before), width, glyphs)


def _map_row(
    row: MapRow, columns: tuple[int, int, int], width: int, glyphs: Glyphs
) -> Iterator[Words]:
    """Yield a row with its grants beside it, or below where they don't fit."""
    column, kind, before = columns
    fault = Health.WARN if row.source else Health.BAD
    state = fault if row.faults else Health.OK
    granted = ", ".join(part for part in (row.user, *row.groups, *row.policies) if part)
    lines = fold(clean(granted), width - before) if granted else []
    beside = lines.pop(0) if lines and before > column else ""
    yield (
        (f" {glyphs.mark(state)} ", TONE_OF[state]),
        (fit(_principal(row), column - 1, more=glyphs.more) + " ", "text"),
        (fit(row.source or "none", SOURCE), "dim"),
        (fit(row.type, kind), "dim"),
        (beside, "dim"),
    )
    for line in lines:
        yield ((" " * before + line, "dim"),)
    for sentence in row.faults:
        for line in fold(sentence, width - 5):
            yield ((f"     {line}", TONE_OF[state]),)


def _principal(row: MapRow) -> str:
    # The part before it is the same for all ARNs of an account.
    return clean(row.principal.rpartition(":")[2] or row.principal)


def who_lines(
    grants: Sequence[Grant], fact: RbacFact | None, beside: str, width: int, glyphs: Glyphs
) -> Iterator[Words]:
    """Yield the subjects that may read nodes, with their verbs and the binding that grants them.

    `beside` is a sentence about rights that RBAC doesn't show.
    """
    if beside:
        yield from (((line, "text"),) for line in fold(clean(beside), width))
        yield ()
    if fact is None:
        yield ((f"Loading roles and bindings{glyphs.more}", "dim"),)
        return
    if not fact.complete:
        for line in fold(clean(f"Incomplete: {fact.reason}"), width):
            yield ((line, "warn"),)
        yield ()
    subjects = _by_subject(grants)
    if not subjects and not fact.complete:
        return
    if not subjects:
        yield (("No role that you may read grants access to nodes.", "dim"),)
        return
    whole = max(cells(subject) for subject, _ in subjects) + 2
    roomy = width - whole - VERBS >= ROOM
    column = min(whole, max(LEAST, width - VERBS))
    head = fit("SUBJECT", column) + fit("CAN", VERBS) + ("GRANTED BY" if roomy else "")
    yield ((head, "dim"),)
    before = column + VERBS if roomy else 2
    for (subject, granted_by), verbs in subjects.items():
        lines = fold(clean(granted_by), width - before)
        yield (
            (fit(subject, column - 1, more=glyphs.more) + " ", "text"),
            (fit(", ".join(verbs), VERBS), "accent"),
            (lines.pop(0) if roomy else "", "dim"),
        )
        for line in lines:
            yield ((" " * before + line, "dim"),)


def _by_subject(grants: Sequence[Grant]) -> dict[tuple[str, str], list[str]]:
    subjects: dict[tuple[str, str], list[str]] = {}
    for grant in grants:
        via = f" from {', '.join(grant.via)}" if grant.via else ""
        granted_by = f"{grant.binding.kind} {grant.binding.name} ({grant.role.name}{via})"
        listed = subjects.setdefault((clean(str(grant.subject)), clean(granted_by)), [])
        for verb in ("get", "list", "watch"):
            if verb not in listed and ("*" in grant.rule.verbs or verb in grant.rule.verbs):
                listed.append(verb)
    return subjects
