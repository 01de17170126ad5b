"""Measured values as written in the markdown, and as text where no element is possible.

A value is written as a `<data>` element. Inside code, a formula or the alternative text of a
picture it becomes the number alone.
"""

import html
import re

# What `manuscript` writes for a value, and nothing else.
VALUE = re.compile(
    r'<data class="nv-value" value="[^"<>]*" data-key="[^"<>]*" data-from="[^"<>]*">([^<]*)</data>'
)
ISOLATES = re.compile("[\u2066-\u2069]")  # they keep the direction of a number in a sentence
LATEX = {"%": r"\%", ",": "{,}", "#": r"\#", "&": r"\&", "_": r"\_", "$": r"\$", "\u00a0": r"\ "}
NUMERIC = re.compile(r"[-+\u2212\d.,\u00a0\u202f %]+")


def as_text(text: str) -> str:
    """Return `text` with each value as its number."""
    return VALUE.sub(lambda found: _shown(found[1]), text)


def as_latex(formula: str) -> str:
    """Return a formula with each value as LaTeX."""
    return VALUE.sub(lambda found: _latex(_shown(found[1])), formula)


def _shown(written: str) -> str:
    return ISOLATES.sub("", html.unescape(written))


def _latex(shown: str) -> str:
    escaped = "".join(LATEX.get(letter, letter) for letter in shown)
    if NUMERIC.fullmatch(shown):
        return escaped.replace("\u202f", r"\ ").replace("\u2212", "-")
    return rf"\text{{{escaped}}}"
