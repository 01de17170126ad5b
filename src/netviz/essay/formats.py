"""How a measured value is written in a sentence: percent, count, ratio, words, names."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from netviz.errors import EssayError, nearest_name
from netviz.essay.measurements import Value

RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
NOT_ZERO = re.compile(r"[1-9a-z]")  # a letter is that of nan or inf
NUMBER_WORDS = (
    "zero one two three four five six seven eight nine ten eleven twelve".split()  # noqa: SIM905 - reads as it is said
)


@dataclass(frozen=True)
class NumberForms:
    """How a language writes numbers; by default, as English does.

    Attributes:
        decimal: the mark before decimals.
        thousands: the separator of groups of three digits.
        least_grouped: how many digits a whole number has at least for them to be grouped.
        percent: a percentage, its number in place of {}.
        points: a difference of percentages.
        ratio: a multiple.
        out_of: a fraction in words, both numbers in place of {}.
        none: no share at all.
        all: the whole.
        words: the counts from zero on in words.
        percent_words: what an author may type behind a number to make it a percentage, besides the
            sign and what stands in `percent` and `points`; the check finds such numbers.
    """

    decimal: str = "."
    thousands: str = ","
    least_grouped: int = 4
    percent: str = "{}%"
    points: str = "{} percentage points"
    ratio: str = "{} times"
    out_of: str = "{} out of {}"
    none: str = "none"
    all: str = "all"
    words: tuple[str, ...] = tuple(NUMBER_WORDS)
    percent_words: tuple[str, ...] = ("percent", "per cent", "percentage points")

    def localised(self, written: str) -> str:
        """Return a number as English writes it, such as "1,234.5" or "92.3%", in these forms."""
        bare = written.removesuffix("%")
        digits = sum(mark.isdigit() for mark in bare.partition(".")[0])
        mark = self.thousands if digits >= self.least_grouped else ""
        swapped = bare.translate({ord(","): mark, ord("."): self.decimal})
        return _filled(self.percent, swapped) if written.endswith("%") else swapped

    def word(self, number: int) -> str:
        """Return a count in words, or in digits where the language has no word for it."""
        return self.words[number] if 0 <= number < len(self.words) else str(number)


ENGLISH_FORMS = NumberForms()


def with_sign(value: float, form: str) -> str:
    """Return `value` in a form of `format`, with a true minus sign; a rounded 0 has no sign."""
    written = format(value, form).replace("-", "−")
    return written if NOT_ZERO.search(written) else written.lstrip("+−")


def _filled(form: str, *numbers: str) -> str:
    """Return `form` with the numbers in place of {}; more of these are left as they are."""
    between = form.split("{}")
    filled = [part + number for part, number in zip(between, numbers, strict=False)]
    return "".join(filled) + "{}".join(between[len(filled) :])


def percent(value: float, forms: NumberForms = ENGLISH_FORMS) -> str:
    """0.9234 → "92.3%", with a true minus sign."""
    return forms.localised(with_sign(100 * value, ".1f") + "%")


def whole_percent(value: float, forms: NumberForms = ENGLISH_FORMS) -> str:
    """0.9234 → "92%", with a true minus sign."""
    return forms.localised(with_sign(100 * value, ".0f") + "%")


def points(value: float, forms: NumberForms = ENGLISH_FORMS) -> str:
    """A difference of two shares, 0.0234 → "2.3 percentage points", with a true minus sign."""
    return _filled(forms.points, forms.localised(with_sign(100 * value, ".1f")))


def count(value: float, forms: NumberForms = ENGLISH_FORMS) -> str:
    """7850 → "7,850", with a true minus sign."""
    return forms.localised(with_sign(value, ",.0f"))


def decimal(value: float, forms: NumberForms = ENGLISH_FORMS) -> str:
    """0.12345 → "0.12", with a true minus sign."""
    return forms.localised(with_sign(value, ".2f"))


def exact(value: float, forms: NumberForms = ENGLISH_FORMS) -> str:
    """All digits of a setting, 0.0005 → "0.0005" and 5e-06 → "5 × 10⁻⁶", with a true minus sign."""
    return _with_power(with_sign(value, ".15g"), forms)


def significant(value: float, forms: NumberForms = ENGLISH_FORMS) -> str:
    """Two significant digits, 5.5622e-06 → "5.6 × 10⁻⁶", with a true minus sign."""
    return _with_power(with_sign(value, ".2g"), forms)


def _with_power(written: str, forms: NumberForms) -> str:
    """Return a number as `format` writes it, such as "5e-06", with its power of ten set so."""
    digits, _, exponent = written.partition("e")
    power = str(int(exponent.replace("−", "-"))).translate(RAISED) if exponent else ""
    return forms.localised(digits) + (f"\u00a0×\u00a010{power}" if power else "")


def ratio(value: float, forms: NumberForms = ENGLISH_FORMS) -> str:
    """4.231 → "4.2 times", with a true minus sign."""
    return _filled(forms.ratio, forms.localised(with_sign(value, ".1f")))


def words(value: float, forms: NumberForms = ENGLISH_FORMS) -> str:
    """A count up to twelve in words, 4 → "four"; a larger one in figures."""
    if value == int(value) and 0 <= value < len(forms.words):
        return forms.words[int(value)]
    return count(value, forms)


def out_of(value: float, forms: NumberForms = ENGLISH_FORMS) -> str:
    """A share as the nearest fraction of tenths or simpler, 0.923 → "nine out of ten".

    Hundredths are taken for what tenths would round to none or all, 0.96 → "24 out of 25", and a
    percentage for what is nearer to these than hundredths are, or no share at all.
    """
    if value in (0, 1):
        return forms.all if value else forms.none
    if not 0 < value < 1:
        return percent(value, forms)
    for most in (10, 100):
        best = Fraction(value).limit_denominator(most)
        if best not in (0, 1):
            return _filled(forms.out_of, forms.word(best.numerator), forms.word(best.denominator))
    return percent(value, forms)


NUMBER_FORMATS: Mapping[str, Callable[[float, NumberForms], str]] = {
    "percent": percent,
    "whole_percent": whole_percent,
    "points": points,
    "count": count,
    "decimal": decimal,
    "exact": exact,
    "significant": significant,
    "ratio": ratio,
    "words": words,
    "out_of": out_of,
}


def write(value: Value, form: str | None, forms: NumberForms = ENGLISH_FORMS) -> str:
    """Return `value` as a sentence says it.

    Without a form, texts stay as they are, whole numbers are counts, and others decimals; one that
    would be written as 0.00 has all its digits.

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
        is_small = value != 0 and not NOT_ZERO.search(f"{value:.2f}")
        form = "count" if isinstance(value, int) else "exact" if is_small else "decimal"
    if form not in NUMBER_FORMATS:
        raise EssayError(
            f"unknown format {form!r}",
            expected="one of " + ", ".join(NUMBER_FORMATS),
            nearest=nearest_name(form, NUMBER_FORMATS),
        )
    return NUMBER_FORMATS[form](value, forms)
