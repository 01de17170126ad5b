"""The text of a file, and where in it something is, for the places that errors name."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import takewhile
from pathlib import Path

from netviz.errors import EssayError, Place, place_at
from netviz.essay.regions import line_starts
from netviz.essay.spans import jinja_tags
from netviz.essay.written import VALUE

CLAIM_TAG = re.compile(r"\{%[-+]?\s*claim\b")


@dataclass(frozen=True)
class Source:
    """A file that is read: its text, and the line on which the body begins below its head."""

    file: Path
    text: str
    first_line: int = 1

    def body_start(self, start: int, body: str) -> Place:
        """Return the place of the character at `start` of the `body`, which ends the text."""
        return place_at(self.file, self.text, len(self.text.rstrip()) - len(body) + start)

    def file_line(self, line: int) -> int:
        """Return the line of the file for a line of the body, both from 1."""
        return line + self.first_line - 1

    def find(self, needle: str, after: str = "") -> Place:
        """Return where `needle` is first found: directly `after` something if it ever is."""
        for lead in (after, ""):
            if (start := self.text.find(lead + needle)) >= 0:
                return place_at(self.file, self.text, start + len(lead))
        return Place(self.file)

    def find_formula(self, formula: str) -> Place:
        """Return where a formula is, by its longest part without a measured value."""
        return self.find(max(VALUE.split(formula)[::2], key=len).strip())

    def find_id(self, name: str) -> Place:
        """Return where an author gives the id `name` the last time."""
        given = list(re.finditer(rf"#{re.escape(name)}(?![\w-])(?=[^\n}}]*\}})", self.text))
        return place_at(self.file, self.text, given[-1].start()) if given else Place(self.file)

    def find_in_tags(self, line: int | None, words: Sequence[str] = ()) -> Place:
        """Return the place of the first of `words` in the Jinja tags that begin on a body's line.

        Jinja knows no columns. Where no tag has such a word, the place is the only tag's start.
        None is the line of a text that cannot be compiled at all.
        """
        if line is None:
            return Place(self.file, self.first_line)
        number = self.file_line(line)
        start = self._line_starts[number - 1]
        end = self.text.find("\n", start) % (len(self.text) + 1)
        tags = list(takewhile(lambda tag: tag[0] < end, jinja_tags(self.text, start)))
        for word in words:
            whole = re.compile(rf"(?<![\w.-]){re.escape(word)}(?![\w.-])")
            for tag in tags:
                if found := whole.search(self.text, *tag):
                    return place_at(self.file, self.text, found.start())
        if len(tags) == 1:
            return place_at(self.file, self.text, tags[0][0])
        return Place(self.file, number)

    def find_claim(self, line: int, before: int) -> Place:
        """Return where a claim begins, after `before` others on the same line of the file."""
        line_text = self.text[self._line_starts[line - 1] :].partition("\n")[0]
        tags = [tag.start() for tag in CLAIM_TAG.finditer(line_text)]
        column = tags[before] + 1 if before < len(tags) else None
        return Place(self.file, line, column)

    @cached_property
    def _line_starts(self) -> list[int]:
        return line_starts(self.text)


def read_text(file: Path) -> str:
    """Return the text of a file of an essay.

    Raises:
        EssayError: the file is not UTF-8.
    """
    try:
        return file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        got = f"byte {error.start}"
        raise EssayError("the file is not UTF-8", place=Place(file), got=got) from None
