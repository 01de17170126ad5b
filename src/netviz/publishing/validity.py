"""Whether a page is valid HTML, as far as the parser of the HTML standard can tell."""

from dataclasses import dataclass

from tinyhtml5.parser import HTMLParser  # type: ignore[import-untyped]  # it has no types

# The parser's codes in words; of others the code itself is plain enough.
WORDS = {
    "adoption-agency-1.2": "a tag is closed outside of its parent",
    "adoption-agency-1.3": "a tag is closed before what it holds",
    "duplicate-attribute": "a duplicate attribute",
    "expected-closing-tag-but-got-eof": "a tag is never closed",
    "expected-one-end-tag-but-got-another": "a tag is still open where its parent is closed",
    "expected-named-entity": "an & that begins no entity",
    "unexpected-end-tag": "an end tag that closes nothing",
    "unexpected-end-tag-implies-table-voodoo": "an end tag that closes nothing in a table",
    "unexpected-start-tag-implies-table-voodoo": "a tag that no table may hold",
}


@dataclass(frozen=True)
class Invalid:
    """The first place at which a page is not valid: line and column from 1, and what is wrong.

    `tag` is that at fault, as in "</p>", where it is one.
    """

    line: int
    column: int
    problem: str
    tag: str | None


def first_invalid(html: str) -> Invalid | None:
    """Return the first fault of `html`; later ones are usually its consequences."""
    parser = HTMLParser()
    parser.parse(html)
    if not parser.errors:
        return None
    (line, column), code, details = parser.errors[0]
    problem = WORDS.get(code, code.replace("-", " "))
    name = details.get("name")
    slash = "/" if "end-tag" in code or code.startswith("adoption-agency") else ""
    return Invalid(line, column, problem, f"<{slash}{name}>" if name else None)
