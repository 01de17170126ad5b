"""The HTML of a text as a tree, as far as it takes to say the same in markdown.

The HTML is that which our own markdown made and the checks of `essay/raw_html.py` let through. An
end tag closes what is open within its element; a browser may nest careless HTML otherwise, but it
shows the same words in the same order.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source",
        "track", "wbr"}  # fmt: skip

DEEPEST = 60  # elements within each other; of what is deeper only the words are kept
# What ends where one of these begins, though no end tag says so, up to the element around.
ENDS: Mapping[str, tuple[set[str], set[str]]] = {
    "li": ({"li"}, {"ol", "ul"}),
    **dict.fromkeys(("dt", "dd"), ({"dt", "dd"}, {"dl"})),
    **dict.fromkeys(("td", "th"), ({"td", "th"}, {"table"})),
    "tr": ({"tr", "td", "th", "caption"}, {"table"}),
    **dict.fromkeys(("thead", "tbody", "tfoot"),
                    ({"thead", "tbody", "tfoot", "tr", "td", "th", "caption"}, {"table"})),
}  # fmt: skip


@dataclass(frozen=True)
class Node:
    """An element with its attributes and, in their order, the texts and elements in it."""

    name: str
    attributes: Mapping[str, str] = field(default_factory=dict)
    children: list["Node | str"] = field(default_factory=list)

    @property
    def classes(self) -> list[str]:
        """Its classes."""
        return self.get("class").split()

    @property
    def text(self) -> str:
        """All text in it."""
        return "".join(one if isinstance(one, str) else one.text for one in self.children)

    def get(self, attribute: str) -> str:
        """Return the value of an attribute, or an empty text where there is none."""
        return self.attributes.get(attribute, "")

    def all(self, *names: str) -> Iterator["Node"]:
        """Yield the elements of these names in it, outermost first, none within another of them."""
        for one in self.children:
            if isinstance(one, Node):
                if one.name in names:
                    yield one
                else:
                    yield from one.all(*names)


def read_tree(html: str) -> Node:
    """Return the HTML of a text as the children of one node."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader.open[0]


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open = [Node("")]
        self.deeper = 0  # elements that are open within the deepest one

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if len(self.open) > DEEPEST:
            self.deeper += tag not in VOID
            return
        self._end_before(tag)
        # Of two attributes of one name the first counts, as in a browser.
        node = Node(tag, {name: value or "" for name, value in reversed(attrs)})
        self.open[-1].children.append(node)
        if tag not in VOID:
            self.open.append(node)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        if self.deeper:
            self.deeper -= 1
            return
        names = [node.name for node in self.open]
        if tag in names:
            del self.open[len(names) - 1 - names[::-1].index(tag) :]

    def _end_before(self, tag: str) -> None:
        """Close what ends where `tag` begins."""
        ended, around = ENDS.get(tag, (set(), set()))
        place = len(self.open)
        for depth in range(len(self.open) - 1, 0, -1) if ended else ():
            if self.open[depth].name in around:
                break
            if self.open[depth].name in ended:
                place = depth
        del self.open[place:]

    def handle_data(self, data: str) -> None:
        self.open[-1].children.append(data)
