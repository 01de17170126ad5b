"""Formulas in markdown, set as MathML when the page is built.

Formulas are taken out before the markdown parser looks for blocks and HTML: it would read the
`<y` of `$x<y$` as a tag and the bars of `$|x|$` as those of a table. The placeholder of a formula
is part of its line, so that the line stays in its list, its quote or its table.
"""

import html
import re
from xml.etree import ElementTree as ET

import math_core
from markdown import Markdown
from markdown.extensions import Extension
from markdown.preprocessors import Preprocessor

from netviz.errors import EssayError
from netviz.essay.inline import Span, spans
from netviz.essay.stash import Stash
from netviz.essay.written import as_latex

TEX = "data-tex"  # the attribute of a formula's LaTeX
# The aligned environments are styled inline, which a strict Content-Security-Policy forbids.
STYLE = re.compile(r' style="([^"]*)"')
TAG = re.compile(r"<[^>]+>")
LAST = re.compile(
    r"[ \t]*(?:\n[ \t>]*(?=\n)|\n?\Z)"
)  # an empty line or the end of the text follows
# The first line of a block that empty lines within it would take apart.
INDENTED = re.compile(r"[ \t>]|[-*+][ \t]|\d{1,9}[.)][ \t]|:[ \t]|!!!|\[\^")
LONG = 24  # signs, from which a formula within a line may be wider than a phone
# Signs from which a formula may be wider than a sheet of paper, and is printed smaller by steps.
WIDTHS = (65, 80, 100, 130, 170, 230)
BREAKING = frozenset("+\u2212-=<>≤≥≈≃≅∼∝≡→⇒⇔←↔∈⊂⊆≪≫±")


class MathError(EssayError):
    """A formula is wrong; `formula` is its source, to find its line by."""

    def __init__(self, formula: str, problem: str) -> None:
        super().__init__(f"wrong formula: {problem}", got=f"${formula}$")
        self.formula = formula


def to_mathml(formula: str, *, display: bool) -> str:
    """Return `formula` (LaTeX) as a MathML element, which keeps the LaTeX in `data-tex`.

    Raises:
        MathError: the formula has an unknown command or is incomplete.
    """
    converter = math_core.LatexToMathML(fancy_error=False)
    latex = as_latex(formula)
    try:
        mathml = converter.convert_with_local_state(latex, displaystyle=display)
    except math_core.LatexError as error:
        raise MathError(formula, str(error)) from None
    tag, end, inner = STYLE.sub(_style_class, mathml).partition(">")
    return f'{tag} {TEX}="{html.escape(latex)}"{end}{inner}'


def _style_class(match: re.Match[str]) -> str:
    return ' class="nv-math-right"' if "text-align: right" in match[1] else ' class="nv-math-left"'


def display_html(formula: str, *, tag: str = "div") -> str:
    """Return a displayed formula in its box.

    Raises:
        MathError: as `to_mathml`.
    """
    mathml = to_mathml(formula.strip(), display=True)
    return _boxed(mathml, tag, "nv-math")


def _boxed(mathml: str, tag: str, name: str) -> str:
    """Return a formula in its box; a wide one in pieces, between which a line may end on paper."""
    if _signs(mathml) < WIDTHS[0]:
        return f'<{tag} class="{name}">{mathml}</{tag}>'
    pieces = _pieces(mathml)
    widest = max(map(_signs, pieces))
    step = sum(widest >= width for width in WIDTHS)
    kind = " nv-math-pieces" if len(pieces) > 1 else ""
    kind += f" nv-math-wide-{step}" if step else ""
    return f'<{tag} class="{name}{kind}">{"<wbr>".join(pieces)}</{tag}>'


def _pieces(mathml: str) -> list[str]:
    """Return a formula in pieces, cut before the operators at which a line may break."""
    root = ET.fromstring(mathml)  # noqa: S314 - made by math-core, of known elements
    parts: list[list[ET.Element]] = [[]]
    for child in root:
        begins = child.tag == "mo" and child.text in BREAKING and bool(parts[-1])
        if begins and parts[-1][-1].tag != "mo":
            child.set("form", "infix")  # with its space on either side
            parts.append([])
        parts[-1].append(child)
    if len(parts) == 1:
        return [mathml]
    attributes = {"displaystyle": "true"} if root.get("display") == "block" else {}
    whole = {TEX: root.get(TEX, "")}  # which the first piece keeps
    return [_math(part, {**attributes, **({} if n else whole)}) for n, part in enumerate(parts)]


def _math(children: list[ET.Element], attributes: dict[str, str]) -> str:
    element = ET.Element("math", attributes)
    element.extend(children)
    return ET.tostring(element, encoding="unicode", short_empty_elements=False)


def _signs(mathml: str) -> int:
    """Return about how many signs wide a formula is."""
    return len(TAG.sub("", mathml))


class _MathPreprocessor(Preprocessor):
    def __init__(self, md: Markdown, stash: Stash) -> None:
        super().__init__(md)
        self.stash = stash

    def run(self, lines: list[str]) -> list[str]:
        text = "\n".join(lines)
        parts = []
        place = 0
        for span in spans(text):
            if span.kind != "code":
                source = text[span.start : span.end]
                parts += [text[place : span.start], self._stood_for(text, span, source)]
                place = span.end
        return "".join([*parts, text[place:]]).split("\n")

    def _stood_for(self, text: str, span: Span, source: str) -> str:
        if span.kind == "inline":
            return self.stash.store(_inline_html(span), source)
        formula = span.content.strip() + span.mark
        if not span.is_alone:
            return self.stash.store(display_html(formula, tag="span"), source)
        around = _paragraph_around(text, span)
        if around is None:
            return self.stash.store(display_html(formula, tag="span"), source)
        before, after = around
        return before + self.stash.store(display_html(formula), source, before, after) + after


def _paragraph_around(text: str, span: Span) -> tuple[str, str] | None:
    """Return the empty lines that make a paragraph of a displayed formula; None in a nested one."""
    blank = text.rfind("\n\n", 0, span.start)
    stretch = text[blank + 2 if blank >= 0 else 0 : span.start].lstrip("\n")
    is_last = LAST.match(text, span.end) is not None
    if not stretch.strip(" \t>") and is_last:
        return "", ""
    if any(INDENTED.match(line) for line in stretch.split("\n") if line):
        return None
    return ("\n\n" if stretch else ""), ("" if is_last else "\n\n")


def _inline_html(span: Span) -> str:
    mathml = to_mathml(span.content, display=False)
    if _signs(mathml) >= LONG:
        mathml = _boxed(mathml, "span", "nv-math-long")
    if not span.mark:
        return mathml
    # A browser may begin a line with the mark otherwise.
    return f'<span class="nv-math-marked">{mathml}{span.mark}</span>'


class MathExtension(Extension):
    """Adds formulas to a `Markdown` instance."""

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802 - the name Markdown calls
        md.ESCAPED_CHARS = [*md.ESCAPED_CHARS, "$"]
        # After fenced code (25) has been taken out, before HTML (20) is.
        md.preprocessors.register(_MathPreprocessor(md, Stash.of(md)), "nv_math", 22)
