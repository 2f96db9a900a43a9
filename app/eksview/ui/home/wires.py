"""How the home screen's height is shared out, and where the wires of its link run."""

_FRAME = 2  # header and footer
_WORKERS = 7  # lines the workers need to be of use, frame included


def wires(width: int, count: int, indent: int = 3) -> tuple[int, ...]:
    """The columns of `count` wires, evenly over `width` cells."""
    step = max(1, (width - indent) // max(1, count))
    return tuple(indent + number * step for number in range(count))


def heights(height: int, wanted: int) -> tuple[int, int]:
    """Lines for the control plane, which wants so many, and for the link; the rest is workers'.

    On a terminal too low for all three, the workers stay, then the control plane.
    """
    room = height - _FRAME
    link = 3 if height >= 30 else 2 if height >= 22 else 1
    if room - link - wanted >= _WORKERS:
        return wanted, link
    control = min(wanted, max(0, room - link - _WORKERS))
    if control >= 3:
        return control, link
    return 0, 1 if room > _WORKERS else 0
