"""Texts and addresses escaped for markdown.

What is written holds in CommonMark and in GitHub's markdown, and no title or name can become a
link, a tag or code there. Formulas are between dollars.
"""

import re
from collections.abc import Iterable
from urllib.parse import quote, urlsplit

SPACE = re.compile(r"[ \t\n\r\f]+")  # not a space that keeps words together
# Underlines within words are no marks. A tag begins with "<", an entity with "&".
MARKS = re.compile(r"[\\`*\[\]$~]|(?<![^\W_])_|_(?![^\W_])")
ENTITY = re.compile(r"&(?=#?\w+;)")
# What a line must not begin with: a heading, a list, a quote, a rule, a fence.
AT_START = re.compile(r"[#>=:]|[-+](?:[-+\s]|\Z)")
NUMBERED = re.compile(r"\d{1,9}(?=[.)](?:\s|\Z))")
TICKS = re.compile(r"`+")
PIPE = re.compile(r"(?<!\\)\|")
IN_ADDRESS = "/:?#@!$&'*+,;=%"  # brackets are not, which would end it
FOLLOWED = ("", "http", "https", "mailto")


def text_sign(text: str) -> str:
    """Return a text in which no character is markup, in one line."""
    plain = MARKS.sub(lambda mark: "\\" + mark[0], SPACE.sub(" ", text))
    return ENTITY.sub("&amp;", plain).replace("<", "&lt;")


def joined_signs(parts: Iterable[str]) -> str:
    """Return the parts of a line, their marks written already, joined so that none becomes another.

    A link behind an exclamation mark would be a picture.
    """
    joined: list[str] = []
    for part in parts:
        if joined and joined[-1].endswith("!") and part.startswith("["):
            joined[-1] = joined[-1][:-1] + r"\!"
        is_apart = bool(joined) and joined[-1].endswith(" ")
        joined.append(part.lstrip(" ") if is_apart else part)
    return "".join(joined)


def line_sign(line: str) -> str:
    """Return a line, whose marks within are written already, that begins no block of its own."""
    numbered = NUMBERED.match(line)
    if numbered:
        return f"{numbered[0]}\\{line[numbered.end() :]}"
    return "\\" + line if AT_START.match(line) else line


def code_sign(code: str) -> str:
    """Return code within a line."""
    code = SPACE.sub(" ", code)
    if not code.strip():
        return code
    ticks = "`" * _more_than_in(code, 0)
    room = " " if code[0] in "` " or code[-1] in "` " else ""
    return f"{ticks}{room}{code}{room}{ticks}"


def fence_sign(code: str, language: str = "") -> str:
    """Return a block of code."""
    ticks = "`" * _more_than_in(code, 2)
    kind = language if re.fullmatch(r"[\w#.+-]+", language) else ""
    return f"{ticks}{kind}\n{code.strip(chr(10))}\n{ticks}"


def cell_sign(line: str) -> str:
    """Return a line, whose marks within are written already, that stays in its cell of a table."""
    return PIPE.sub(r"\|", line.strip())


def link_sign(words: str, address: str) -> str:
    """Return a link; `words` are markdown already. What is no address to follow is left out."""
    written = _address(address)
    return f"[{words}]({written})" if written else words


def picture_sign(words: str, address: str) -> str:
    """Return a picture by its address; `words` are its text alternative, as plain text."""
    written = _address(address)
    return f"![{text_sign(words)}]({written})" if written else text_sign(words)


def _address(address: str) -> str:
    """Return an address as it may be written between brackets, or nothing if it may not be."""
    try:
        scheme = urlsplit(address).scheme
    except ValueError:  # no address at all
        return ""
    if scheme not in FOLLOWED:
        return ""
    return ENTITY.sub("&amp;", quote(address, safe=IN_ADDRESS))


def _more_than_in(code: str, least: int) -> int:
    """Return a number of ticks that `code` does not hold, more than `least`."""
    return max([least, *(len(ticks) for ticks in TICKS.findall(code))]) + 1
