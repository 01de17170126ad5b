"""What could not be measured, on its way from an expression into a text.

`number` gives it as a float that is not a number, so that no comparison with it is true, and a
part of a whole table may be None. Written out, either would show a reader "nan" or "None". So it
is refused wherever an expression becomes text; on the sample, which cannot measure everything, it
is a dash as `value` writes it.
"""

import math
from collections.abc import Mapping
from typing import Any

NOT_MEASURED = "–"


class UnmeasuredError(ValueError):
    """What could not be measured would be written into a text."""


def is_unmeasured(value: object) -> bool:
    """Say whether `value` is what stands for no measurement, or reckoned from it."""
    return value is None or (isinstance(value, float) and not math.isfinite(value))


def as_written(value: Any, *, strict: bool) -> Any:  # noqa: ANN401 - whatever a text writes
    """Return `value` as a text may write it, with a dash for each part that is not measured.

    Raises:
        UnmeasuredError: there is such a part, and the text is read `strict`.
    """
    if is_unmeasured(value):
        if strict:
            raise UnmeasuredError(str(value))
        return NOT_MEASURED
    if isinstance(value, Mapping):
        return {key: as_written(one, strict=strict) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return type(value)(as_written(one, strict=strict) for one in value)
    return value
