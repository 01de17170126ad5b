"""Jinja's comments in an essay's text: only what is meant as one.

`{#one}` after a heading is its id, and `{#fff}` in code a colour. To Jinja both begin a comment,
which goes on to the next `#}` however far away. Here a comment is `{# … #}` with a space after its
mark, or one on a single line without other braces, and ends in the paragraph that it begins in.
Its marks are exchanged for others, as long, that no text has; and the content of a comment of HTML
is no call.
"""

import re

from netviz.essay.regions import code_regions

START, END = "\ufdd0#", "#\ufdd0"
OPEN_BRACE = "\ufdd1"  # a placeholder of a brace that is no mark of Jinja
SHORT = re.compile(r"\{#[^{}\n]*#\}")
SPACED = re.compile(r"\{#[-+]?(?=\s)")
OPENING = re.compile(r"\{#|<!--|\{%[-+]?\s*raw\b")
RAW_END = re.compile(r"\{%[-+]?\s*endraw\b")
PARAGRAPH_END = re.compile(r"\n[ \t]*\n")


class OpenCommentError(Exception):
    """A comment does not end in its paragraph; `start` is where it begins in the text."""

    def __init__(self, start: int) -> None:
        super().__init__("this comment does not end in its paragraph")
        self.start = start


def with_marks(text: str) -> str:
    """Return `text`, as long as it was, with the marks of its comments exchanged.

    Raises:
        OpenCommentError: one does not end in its paragraph.
    """
    if "{#" not in text and "<!--" not in text:
        return text
    parts: list[str] = []
    code = code_regions(text) if "<!--" in text else []
    place = 0
    while found := OPENING.search(text, place):
        parts.append(text[place : found.start()])
        end, written = _read(text, found, code)
        parts.append(written)
        place = end
    return "".join([*parts, text[place:]])


def restored(text: str) -> str:
    """Return the text that Jinja wrote with the braces that were no marks."""
    return text.replace(START, "{#").replace(END, "#}").replace(OPEN_BRACE, "{")


def _read(text: str, found: re.Match[str], code: list[tuple[int, int]]) -> tuple[int, str]:
    """Return the end of what begins at `found`, and what is written for it."""
    start = found.start()
    if found[0].startswith("{%"):
        closing = RAW_END.search(text, found.end())
        end = closing.start() if closing else len(text)
        return end, text[start:end]
    if found[0] == "<!--":
        return _html_comment(text, start, code)
    short, spaced = SHORT.match(text, start), SPACED.match(text, start)
    if short is None and spaced is None:
        return start + 2, OPEN_BRACE + "#"
    blank = PARAGRAPH_END.search(text, start)
    end = text.find("#}", start + 2, blank.start() if blank else len(text))
    if end < 0:
        raise OpenCommentError(start)
    return end + 2, START + text[start + 2 : end] + END


def _html_comment(text: str, start: int, code: list[tuple[int, int]]) -> tuple[int, str]:
    end = text.find("-->", start)
    if end < 0 or any(first <= start < last for first, last in code):
        return start + 4, "<!--"
    return end + 3, text[start : end + 3].replace("{", OPEN_BRACE)
