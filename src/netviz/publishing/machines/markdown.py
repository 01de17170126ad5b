"""The HTML of a text said again in markdown.

It is made of the HTML, not of what the author wrote: there numbers are written out, figures
numbered, links settled, and Jinja is gone. Formulas come as the LaTeX that they were written in.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from netviz.essay.math import TEX
from netviz.publishing.machines.signs import (
    cell_sign,
    code_sign,
    fence_sign,
    joined_signs,
    line_sign,
    link_sign,
    picture_sign,
    text_sign,
)
from netviz.publishing.machines.tables import captions, covered, table_rows
from netviz.publishing.machines.tree import Node, read_tree

MARKER_CLASS = "nv-figure-marker"
# What only a page can show or do, and what its reader is not meant to read.
LEFT_OUT = {"audio", "button", "canvas", "iframe", "input", "script", "style", "template", "video"}
LEFT_OUT_CLASSES = {"nv-anchor", "nv-claim-mark", "footnote-backref"}
EMPHASIS = {"em": "*", "i": "*", "cite": "*", "dfn": "*", "strong": "**", "b": "**",
            "del": "~~", "s": "~~"}  # fmt: skip
TITLES = {"admonition-title", "nv-code-title"}
CODE = {"code", "kbd", "samp"}
KEPT = {"sub", "sup"}  # of which markdown has no marks, so that HTML has to do
BLOCKS = {
    "address", "article", "aside", "blockquote", "center", "dd", "details", "div", "dl", "dt",
    "figcaption", "figure", "footer", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li",
    "main", "nav", "ol", "p", "pre", "section", "summary", "table", "ul",
}  # fmt: skip
PARTS_OF_TABLES = {"caption", "td", "th", "tr"}
PIECES = "nv-math-pieces"
# What a formula is made of, besides texts and groups that change nothing of what it says.
OF_FORMULAS = {
    "math", "mfrac", "mi", "mmultiscripts", "mn", "mo", "mover", "mprescripts", "mroot", "mrow",
    "ms", "msqrt", "msub", "msubsup", "msup", "mtable", "mtd", "mtext", "mtr", "munder",
    "munderover", "none",
}  # fmt: skip
ANNOTATIONS = {"annotation", "annotation-xml"}
HEADINGS = {f"h{level}": level for level in range(1, 7)}
ALIGNED = {"nv-text-left": ":---", "nv-text-center": ":---:", "nv-text-right": "---:"}


@dataclass(frozen=True)
class Writer:
    """Writes the text of a page.

    `figures` are the blocks that take the places of figures, by their ids; `addressed` returns the
    address of a link as the markdown should give it.
    """

    figures: Mapping[str, str] = field(default_factory=dict)
    addressed: Callable[[str], str] = str

    def text(self, html: str) -> str:
        """Return the HTML of a text as markdown, its blocks apart by empty lines."""
        return "\n\n".join(self._blocks(read_tree(html)))

    def line(self, html: str) -> str:
        """Return the HTML of a caption as markdown in one line."""
        return self._inline(read_tree(html)).strip()

    def _blocks(self, node: Node) -> Iterator[str]:
        """Yield what is in `node`, block by block."""
        line = Node("")
        for child in [*node.children, None]:
            if isinstance(child, str) or (child is not None and child.name not in BLOCKS):
                line.children.append(child)
                continue
            if words := self._inline(line).strip():
                yield line_sign(words)
            line = Node("")
            if child is not None and "hidden" not in child.attributes:
                yield from self._block(child)

    def _block(self, node: Node) -> Iterator[str]:
        match node.name:
            case name if name in HEADINGS:
                yield f"{'#' * HEADINGS[name]} {self._inline(node).strip()}"
            case "hr":
                yield "---"
            case "pre":
                yield fence_sign(node.text, _language(node))
            case "ul" | "ol":
                yield self._list(node)
            case "blockquote":
                yield _quoted(self._blocks(node))
            case "table":
                yield from self._table(node)
            case "p" if TITLES.intersection(node.classes):
                yield f"**{self._inline(node).strip()}**"
            case "summary" | "dt":
                yield f"**{self._inline(node).strip()}**"
            case "div":
                yield from self._division(node)
            case _:
                yield from self._blocks(node)

    def _division(self, node: Node) -> Iterator[str]:
        if MARKER_CLASS in node.classes:
            yield self.figures.get(node.get("id"), "")
        elif "nv-math" in node.classes and (tex := _tex(node)):
            yield f"$$\n{tex}\n$$"
        elif "footnote" in node.classes:
            yield from self._notes(node)
        elif "admonition" in node.classes:
            yield _quoted(self._blocks(node))
        else:
            yield from self._blocks(node)

    def _notes(self, node: Node) -> Iterator[str]:
        for number, note in enumerate(node.all("li"), 1):
            yield _hanging(f"[^{number}]: ", self._blocks(note))

    def _list(self, node: Node) -> str:
        entries = [item for item in node.children if isinstance(item, Node)]
        items = [item for item in entries if "hidden" not in item.attributes]
        apart = "\n\n" if any(any(item.all("p")) for item in items) else "\n"
        marks = _numbers(node, items) if node.name == "ol" else ["- "] * len(items)
        parts = zip(marks, items, strict=True)
        return apart.join(_hanging(mark, self._blocks(item), apart) for mark, item in parts)

    def _table(self, node: Node) -> Iterator[str]:
        """Yield the captions of a table, and its rows, of which markdown takes the first as head.

        A cell that goes over several columns or rows stands in each of them.
        """
        for caption in captions(node):
            if words := self._inline(caption).strip():
                yield line_sign(words)
        rows = table_rows(node)
        if not rows or not rows[0]:
            return
        lines = covered(rows, lambda cell: cell_sign(self._inline(cell)))
        rule = [_alignment(cell.node) for cell in rows[0] for _ in range(cell.columns)]
        rule = [*rule, *["---"] * len(lines[0])][: len(lines[0])]
        yield "\n".join(f"| {' | '.join(line)} |" for line in [lines[0], rule, *lines[1:]])

    def _inline(self, node: Node) -> str:
        """Return what is in `node` in one line, in which blocks stay words apart."""
        parts = (
            text_sign(one) if isinstance(one, str) else self._one(one) for one in node.children
        )
        return joined_signs(parts)

    def _one(self, node: Node) -> str:
        if _is_left_out(node):
            return ""
        if node.name == "math" or PIECES in node.classes:
            return _formula(node)
        match node.name:
            case name if name in CODE:
                written = code_sign(node.text)
            case "img":
                written = picture_sign(node.get("alt"), self.addressed(node.get("src")))
            case "svg":
                written = text_sign(node.get("aria-label"))
            case "br":
                written = " "
            case "q":
                written = f"“{self._inline(node)}”"
            case "a" if "footnote-ref" in node.classes:
                written = f"[^{text_sign(node.text)}]"
            case "a" if node.get("href"):
                written = link_sign(self._inline(node).strip(), self.addressed(node.get("href")))
            case _:
                written = self._marked(node)
        return written

    def _marked(self, node: Node) -> str:
        """Return what is in an element between the marks for it, if it has any."""
        words = self._inline(node)
        if node.name in BLOCKS or node.name in PARTS_OF_TABLES:
            return f" {words.strip()} "
        if node.name == "sup" and words.startswith("[^"):  # the reference to a footnote
            return words
        mark = EMPHASIS.get(node.name)
        if node.name in KEPT and words.strip():
            return f"<{node.name}>{words}</{node.name}>"
        if mark is None or not words.strip():
            return words
        inner = words.strip()
        before, _, after = words.partition(inner)
        return f"{before}{mark}{inner}{mark}{after}"


def _own_tex(node: Node) -> str:
    """Return the LaTeX of a formula in one line, in which no dollar ends it."""
    return " ".join(node.get(TEX).split()).replace("<", r"\lt ")


def _is_left_out(node: Node) -> bool:
    is_unseen = bool(LEFT_OUT_CLASSES.intersection(node.classes)) or "hidden" in node.attributes
    return is_unseen or node.name in LEFT_OUT


def _formula(node: Node) -> str:
    """Return a formula in a line; the first piece of a long one has the LaTeX of all."""
    tex = _own_tex(node) or _tex(node)
    return f"${tex}$" if tex else _mathml(node)


def _mathml(node: Node) -> str:
    """Return a formula that an author wrote as MathML, which has no LaTeX, as it is written."""
    if node.name in ANNOTATIONS:
        return ""
    words = "".join(
        text_sign(one) if isinstance(one, str) else _mathml(one) for one in node.children
    )
    return f"<{node.name}>{words}</{node.name}>" if node.name in OF_FORMULAS else words


def _tex(node: Node) -> str:
    """Return the LaTeX of the formulas in an element."""
    return " ".join(_own_tex(one) for one in node.all("math") if one.get(TEX))


def _language(node: Node) -> str:
    """Return the language of the code in a <pre>."""
    classes = [name for code in node.all("code") for name in code.classes]
    named = [name.removeprefix("language-") for name in classes if name.startswith("language-")]
    return named[0] if named else ""


def _alignment(cell: Node) -> str:
    return next((ALIGNED[name] for name in cell.classes if name in ALIGNED), "---")


def _numbers(node: Node, items: Sequence[Node]) -> list[str]:
    """Return the number of each entry of a list, as a page shows it."""
    is_down = "reversed" in node.attributes
    number = _whole(node.get("start"), otherwise=len(items) if is_down else 1)
    numbers = []
    for item in items:
        number = _whole(item.get("value"), otherwise=number)
        numbers.append(f"{max(number, 0)}. ")
        number += -1 if is_down else 1
    return numbers


def _whole(written: str, otherwise: int) -> int:
    return int(written) if written.isdecimal() and len(written) < 10 else otherwise


def _quoted(blocks: Iterator[str]) -> str:
    lines = "\n\n".join(blocks).split("\n")
    return "\n".join(f"> {line}".rstrip() for line in lines)


def _hanging(mark: str, blocks: Iterator[str], apart: str = "\n\n") -> str:
    """Return blocks with a mark before them, all but their first line as far in as its text.

    What goes on in a note is four characters in, however long its mark is.
    """
    inner = " " * (4 if mark.startswith("[^") else len(mark))
    lines = apart.join(blocks).split("\n")
    return mark + "\n".join([lines[0], *(inner + line if line else "" for line in lines[1:])])
