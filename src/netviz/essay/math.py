"""Formulas in markdown: $…$ and $$…$$, set as MathML when the page is built.

Formulas are taken out before the markdown parser looks for HTML, which would read the `<y` of
`$x<y$` as a tag. Code spans and fenced code are left alone.
"""

import re

import math_core
from markdown import Markdown
from markdown.extensions import Extension
from markdown.preprocessors import Preprocessor

from netviz.errors import EssayError

# Code first, so that a dollar inside it is never the start of a formula.
FORMULA = re.compile(
    r"(?P<code>(?P<ticks>`+).+?(?P=ticks))"
    r"|\\\$"
    r"|\$\$(?P<display>.+?)\$\$"
    r"|(?<![\w$])\$(?P<inline>[^\s$](?:[^$\n]*[^\s$\\])?)\$(?![\w$])(?P<mark>[.,;:!?)])?",
    re.DOTALL,
)

# The aligned environments are styled inline, which a strict Content-Security-Policy forbids.
STYLE = re.compile(r' style="([^"]*)"')


class MathError(EssayError):
    """A formula is wrong; `formula` is its source, to find its line by."""

    def __init__(self, formula: str, problem: str) -> None:
        super().__init__(f"wrong formula: {problem}", got=f"${formula}$")
        self.formula = formula


def to_mathml(formula: str, *, display: bool) -> str:
    """Return `formula` (LaTeX) as a MathML element.

    Raises:
        MathError: the formula has an unknown command or is incomplete.
    """
    converter = math_core.LatexToMathML(fancy_error=False)
    try:
        mathml = converter.convert_with_local_state(formula, displaystyle=display)
    except math_core.LatexError as error:
        raise MathError(formula, str(error)) from None
    return STYLE.sub(_style_class, mathml)


def _style_class(match: re.Match[str]) -> str:
    return ' class="nv-math-right"' if "text-align: right" in match[1] else ' class="nv-math-left"'


class _MathPreprocessor(Preprocessor):
    def run(self, lines: list[str]) -> list[str]:
        return FORMULA.sub(self._stash, "\n".join(lines)).split("\n")

    def _stash(self, match: re.Match[str]) -> str:
        if match["display"] is not None:
            mathml = to_mathml(match["display"].strip(), display=True)
            return "\n\n" + self.md.htmlStash.store(f'<div class="nv-math">{mathml}</div>') + "\n\n"
        if match["inline"] is not None:
            mathml = to_mathml(match["inline"], display=False)
            if mark := match["mark"]:  # a browser may begin a line with it otherwise
                mathml = f'<span class="nv-math-marked">{mathml}{mark}</span>'
            return self.md.htmlStash.store(mathml)
        return match[0]


class MathExtension(Extension):
    """Adds formulas to a `Markdown` instance."""

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802 - the name Markdown calls
        # After fenced code (25) has been taken out, before HTML (20) is.
        md.preprocessors.register(_MathPreprocessor(md), "nv_math", 22)
