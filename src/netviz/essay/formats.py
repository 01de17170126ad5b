"""How a measured value is written in a sentence: percent, count, ratio, words, names."""

from collections.abc import Callable, Mapping
from fractions import Fraction

from netviz.errors import EssayError, nearest_name
from netviz.essay.measurements import Value

NUMBER_WORDS = (
    "zero one two three four five six seven eight nine ten eleven twelve".split()  # noqa: SIM905 - reads as it is said
)


def percent(value: float) -> str:
    """0.9234 → "92.3%"."""
    return f"{100 * value:.1f}%"


def whole_percent(value: float) -> str:
    """0.9234 → "92%"."""
    return f"{100 * value:.0f}%"


def points(value: float) -> str:
    """A difference of two shares, 0.0234 → "2.3 percentage points", with a true minus sign."""
    return f"{100 * value:.1f} percentage points".replace("-", "−")


def count(value: float) -> str:
    """7850 → "7,850"."""
    return f"{value:,.0f}"


def decimal(value: float) -> str:
    """0.12345 → "0.12", with a true minus sign."""
    return f"{value:.2f}".replace("-", "−")


def exact(value: float) -> str:
    """All digits of a setting, 0.0005 → "0.0005", with a true minus sign."""
    return f"{value:.15g}".replace("-", "−")


def ratio(value: float) -> str:
    """4.231 → "4.2 times"."""
    return f"{value:.1f} times"


def words(value: float) -> str:
    """A count up to twelve in words, 4 → "four"; a larger one in figures."""
    if value == int(value) and 0 <= value < len(NUMBER_WORDS):
        return NUMBER_WORDS[int(value)]
    return count(value)


def out_of(value: float) -> str:
    """A share as the nearest plain fraction, 0.923 → "nine out of ten"."""
    best = Fraction(value).limit_denominator(10)
    if best in (0, 1):
        return "none" if best == 0 else "all"
    numerator, denominator = best.numerator, best.denominator
    return f"{NUMBER_WORDS[numerator]} out of {NUMBER_WORDS[denominator]}"


NUMBER_FORMATS: Mapping[str, Callable[[float], str]] = {
    "percent": percent,
    "whole_percent": whole_percent,
    "points": points,
    "count": count,
    "decimal": decimal,
    "exact": exact,
    "ratio": ratio,
    "words": words,
    "out_of": out_of,
}


def write(value: Value, form: str | None) -> str:
    """Return `value` as a sentence says it.

    Without a form, texts stay as they are, whole numbers are counts, and others decimals.

    Raises:
        EssayError: an unknown form, or a value that is not a single number or text.
    """
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        raise EssayError(
            "this measurement is no single value",
            expected="a key that leads to a number or a name",
            got=type(value).__name__,
        )
    if isinstance(value, str):
        return value
    if form is None:
        form = "count" if isinstance(value, int) else "decimal"
    if form not in NUMBER_FORMATS:
        raise EssayError(
            f"unknown format {form!r}",
            expected="one of " + ", ".join(NUMBER_FORMATS),
            nearest=nearest_name(form, NUMBER_FORMATS),
        )
    return NUMBER_FORMATS[form](value)
