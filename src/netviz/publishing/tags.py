"""The tags of a finished page, each with its place in the text, and the page with some exchanged.

Only whole tags are ever replaced, and only where an HTML parser found them: text in a
comment, in a script, in a style or in prose is not taken for one. Everything between them is kept
to the letter.
"""

import html
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from html.parser import HTMLParser
from itertools import accumulate
from typing import TypeAlias

Changes: TypeAlias = Mapping[str, str | None]  # attributes with new values; None leaves one out
FOLLOWED = ("a", "area")  # by readers


@dataclass(frozen=True)
class Tag:
    """The start tag at text[start:end]; an attribute without a value has None."""

    name: str
    attributes: Mapping[str, str | None]
    start: int
    end: int
    is_closed: bool  # written as <name/>

    def get(self, attribute: str) -> str:
        """Return the value of an attribute, or an empty text where there is none."""
        return self.attributes.get(attribute) or ""

    def changed(self, changes: Changes) -> str:
        """Return the tag as text, with attributes set to `changes`, or left out where None."""
        attributes = {**self.attributes, **changes}
        written = [self.name]
        for name, value in attributes.items():
            if value is not None:
                written.append(f'{name}="{escaped(value)}"')
            elif name not in changes:
                written.append(name)
        return f"<{' '.join(written)}{' /' if self.is_closed else ''}>"


@dataclass(frozen=True)
class Edit:
    """The replacement of text[start:end]."""

    start: int
    end: int
    text: str


@dataclass(frozen=True)
class Tags:
    """All start tags of a page in order, and the start and end of each end tag by its name.

    `text` is that of the whole page.
    """

    text: str
    starts: tuple[Tag, ...]
    ends: Mapping[str, tuple[tuple[int, int], ...]]

    def content_of(self, tag: Tag) -> tuple[int, int]:
        """Return where the content of the element of `tag`, which holds only text, begins and ends.

        Of an element that is never closed there is none.
        """
        ends = (start for start, _ in self.ends.get(tag.name, ()) if start >= tag.end)
        return tag.end, next(ends, tag.end)

    def end_of(self, tag: Tag) -> int:
        """Return where the element of `tag`, which holds no other of its name, ends."""
        return next(
            (end for start, end in self.ends.get(tag.name, ()) if start >= tag.end), tag.end
        )

    def add_to_head(self, text: str) -> Edit:
        """Return the edit that puts `text` at the end of the page's head, or before all."""
        place, _ = self.ends.get("head", ((0, 0),))[0]
        return Edit(place, place, text)

    def add_to_body(self, text: str) -> Edit:
        """Return the edit that puts `text` at the end of the page's body, or after all."""
        place, _ = self.ends.get("body", ((len(self.text),) * 2,))[-1]
        return Edit(place, place, text)


def escaped(value: str) -> str:
    """Return `value` escaped for double quotes in a tag."""
    return html.escape(value, quote=False).replace('"', "&quot;")


def read_tags(text: str) -> Tags:
    """Return the tags of the page `text`."""
    reader = _Reader(text)
    reader.feed(text)
    reader.close()
    return Tags(
        text, tuple(reader.starts), {name: tuple(ends) for name, ends in reader.ends.items()}
    )


def changed(tags: Iterable[tuple[Tag, Changes | None]]) -> tuple[Edit, ...]:
    """Return the edits that make the changes of each tag, if it has any; for None it goes away."""
    return tuple(
        Edit(tag.start, tag.end, "" if changes is None else tag.changed(changes))
        for tag, changes in tags
        if changes != {}
    )


def edited(text: str, edits: Iterable[Edit]) -> str:
    """Return `text` with `edits` made, which do not overlap; at one place, in their order."""
    parts = []
    place = 0
    for edit in sorted(edits, key=lambda one: (one.start, one.end)):
        parts += [text[place : edit.start], edit.text]
        place = edit.end
    return "".join([*parts, text[place:]])


class _Reader(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=False)
        self.text = text
        self.lines = [0, *accumulate(len(line) + 1 for line in text.split("\n"))]
        self.starts: list[Tag] = []
        self.ends: dict[str, list[tuple[int, int]]] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        start = self._place()
        written = self.get_starttag_text() or ""
        # Of two attributes of one name the first counts, as in a browser.
        attributes = dict(reversed(attrs))
        ordered = {name: attributes[name] for name, _ in attrs}
        is_closed = written.endswith("/>")
        self.starts.append(Tag(tag, ordered, start, start + len(written), is_closed))

    handle_startendtag = handle_starttag

    def handle_endtag(self, tag: str) -> None:
        start = self._place()
        end = self.text.find(">", start) + 1 or len(self.text)
        self.ends.setdefault(tag, []).append((start, end))

    def _place(self) -> int:
        line, column = self.getpos()
        return self.lines[line - 1] + column
