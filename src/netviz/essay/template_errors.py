"""What goes wrong while a template runs, an author's or ours, and on which line."""

import traceback

from jinja2 import TemplateError

from netviz.errors import EssayError, Place
from netviz.limits import too_deep, too_large

FAULTS = (
    TemplateError, ArithmeticError, TypeError, ValueError, LookupError, AttributeError,
    RecursionError, MemoryError, SyntaxError,
)  # fmt: skip
UNNAMED = "<unknown>"


def template_error(
    error: Exception, place: Place, what: str, remedy: str | None = None
) -> EssayError:
    """Return the fault of a template for one of FAULTS; `what` it is wrong in."""
    if isinstance(error, MemoryError):
        return too_large(place)
    if isinstance(error, RecursionError):
        return too_deep(place)
    return EssayError(
        f"{what} is wrong: {error or type(error).__name__}", place=place, remedy=remedy
    )


def innermost_frame(error: BaseException) -> tuple[str, int] | None:
    """Return file and line of the innermost template that `error` was raised in, if any."""
    frames = [
        (frame.f_code.co_filename, line)
        for frame, line in traceback.walk_tb(error.__traceback__)
        # As Jinja marks its templates' lines; of text that it cannot parse it knows no file.
        if "__jinja_exception__" in frame.f_globals and frame.f_code.co_filename != UNNAMED
    ]
    return frames[-1] if frames else None
