"""The names of comparisons: `SECOND-over-FIRST` compares two networks on the same images."""

BETWEEN = "-over-"


def comparison_name(second: str, first: str) -> str:
    """Return the name of the comparison of the network `second` with the network `first`."""
    return f"{second}{BETWEEN}{first}"


def compared(name: str) -> tuple[str, ...]:
    """Return the networks of the comparison `name`, the second one first."""
    return tuple(name.split(BETWEEN))
