"""The HTML that an author's text may hold, and what is refused at its line.

Markdown lets HTML through, and essays come from strangers too. What a page's policy cannot keep
from its readers is not allowed in a text: what sends them elsewhere, what covers the page, and what
passes for a measured number or a claim. What the policy does forbid would be an empty frame or a
script that never runs; the author gets an error here instead.

The HTML is that which markdown made, so that code which shows a tag is none. It is read by a
tokenizer of the HTML standard, though only where something about it looks unusual: it takes longer
than an edit should. Tokens are checked, not a parsed tree: browsers repair wrong HTML differently.
"""

import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise, starmap
from pathlib import Path

from tinyhtml5.constants import Token  # type: ignore[import-untyped]  # it has no types
from tinyhtml5.tokenizer import HTMLTokenizer  # type: ignore[import-untyped]  # as above

from netviz.errors import EssayError, Place, place_at
from netviz.essay.html_rules import (
    ATTRIBUTES,
    CLAIMING,
    COVERS,
    EMPTY_WITHOUT,
    HANDLER,
    INSTEAD,
    LEAVE_OUT,
    LITTLE,
    LOADING,
    MOVING,
    OF_DRAWINGS,
    OUR_CLASSES,
    PLAIN,
    PUT_SCRIPTS,
    RUNS,
    TAGS,
    WRITE_LINK,
)
from netviz.essay.policy import Policy

LED_BY = ("href", "xlink:href")
OUTSIDE = re.compile(r"(?:[a-z][a-z0-9+.-]*:)?[/\\]{2}", re.IGNORECASE)
EXECUTING = re.compile(r"(?:javascript|vbscript|data|blob):", re.IGNORECASE)
# What is no part of an address: what browsers leave out, and Unicode's noncharacters, of which our
# own markdown makes marks.
NO_ADDRESS = re.compile(r"[\t\n\r\ufdd0-\ufdef]|^[\x00-\x20]+")
# All that could begin a tag or be an attribute, at any place.
TAG_LIKE = re.compile(r"<([a-zA-Z][^\s/>]*|!\[)")
MOST_ATTRIBUTES = 100  # of one tag
LONG_TAG = re.compile(r"<[a-zA-Z][^<>]{2000}")  # which may have more
LINK_END = re.compile(r"</a[\s/>]")
NAME_AT_END = re.compile(r"[\w:.-]*\Z")
QUOTES = {'"', "'"}
LONGEST_NAME = 32  # of an attribute that matters
_INSIDE = r"(?:[\w.~%@+\ufdd0-\ufdef-]|&amp;|/(?!/))*(?:[#?]|\Z)"
FOLLOWED = re.compile(rf"#|https?://|mailto:|&#109;&#97;&#105;&#108;|{_INSIDE}")
SHOWN = re.compile(rf"data:image/|{_INSIDE}")
VALUE = re.compile(r'<data class="nv-value"[^<>]*>[^<>]*</data>')
CLAIM = re.compile(r'<span class="nv-claim"[^<>]*>')
MARKER = re.compile(r'<div class="nv-(?:figure-marker|steps-(?:begin|end))"[^<>]*></div>')


@dataclass(frozen=True)
class Issued:
    """What our own calls wrote into a text: each number, the ids of claims, each figure's marker.

    Only these exact texts are numbers, claims and figures; whatever looks like one is refused.
    """

    values: frozenset[str] = frozenset()
    claims: frozenset[str] = frozenset()
    markers: frozenset[str] = frozenset()


@dataclass(frozen=True)
class _Refused(Exception):  # noqa: N818 - a finding, raised no further than this module
    """What is refused, how to find it in the author's text, and what to do instead."""

    problem: str
    patterns: tuple[str, ...]
    remedy: str


def refuse_raw_html(made: str, issued: Issued, policy: Policy, file: Path, text: str) -> None:
    """Refuse HTML that is not allowed in an author's text.

    Args:
        made: the HTML that was made of the text.
        issued: what our own calls wrote into it.
        policy: that of the page, which decides what may be loaded from elsewhere.
        file: the file of the text.
        text: the whole of it.

    Raises:
        EssayError: it holds such HTML; the error names line and column.
    """
    found = refused(made, issued, policy)
    if found is not None:
        place = _place(file, text, found.patterns)
        raise EssayError(found.problem, place=place, remedy=found.remedy)


def refused(made: str, issued: Issued, policy: Policy) -> _Refused | None:
    """Return what is first refused in the HTML `made`, or None."""
    rest = _without(made, issued)
    if _is_plain(rest):
        return None
    if "<![CDATA[" in rest:
        return _Refused("a CDATA section is not allowed in a text", (r"<!\[CDATA\[",), LEAVE_OUT)
    open_links = 0
    try:
        for name, attributes in _tags(rest):
            if attributes is not None:
                _check(name, attributes, policy)
            if name == "a":
                open_links = max(0, open_links + (1 if attributes is not None else -1))
        if open_links:  # by which all that follows on the page would lead elsewhere
            raise _Refused("a link is never closed", (r"<a(?=[\s/>])",), "Close it by </a>.")
    except _Refused as found:
        return found
    return None


def _is_plain(made: str) -> bool:
    """Say whether nothing in the HTML could be refused, wherever tags may begin and end."""
    lower = made.lower()
    names = TAG_LIKE.findall(lower)
    return (
        PLAIN.issuperset(names)
        and LONG_TAG.search(made) is None
        and names.count("a") == len(LINK_END.findall(lower))
        and "popover" not in lower
        and all(starmap(_is_plain_attribute, _attributes_like(made)))
    )


def _attributes_like(made: str) -> set[tuple[str, str]]:
    """Return the words on both sides of a sign of equality, as far as they matter."""
    parts = made.split("=")
    return {
        (before.rstrip()[-LONGEST_NAME:].lower(), after.lstrip())
        for before, after in pairwise(parts)
    }


def _is_plain_attribute(before: str, after: str) -> bool:
    """Say whether an attribute whose name is at the end of `before` is harmless."""
    found = NAME_AT_END.search(before)
    name = found[0] if found else ""
    quote = after[:1]
    value, end, _ = after[1:].partition(quote) if quote in QUOTES else ("", "", "")
    if name == "class":
        return bool(end) and "&" not in value and not _foreign_classes(value)
    if name.endswith("href"):  # what follows another sign of equality is no host and no scheme
        return quote in QUOTES and FOLLOWED.match(value) is not None
    if name in MOVING:
        return LITTLE.fullmatch(value) is not None
    if name in ("src", "srcset"):
        return quote in QUOTES and SHOWN.match(value) is not None
    return name not in ATTRIBUTES and not HANDLER.fullmatch(name)


def _foreign_classes(names: str) -> set[str]:
    """Return those of our classes among `names` that a text may not have."""
    return {
        one for one in names.split() if one.startswith("nv-") and not OUR_CLASSES.fullmatch(one)
    }


def _without(made: str, issued: Issued) -> str:
    """Return the HTML without what we issued, in which each claim and figure may be once."""
    made = VALUE.sub(lambda one: " " if one[0] in issued.values else one[0], made)
    made = CLAIM.sub(partial(_blanked_once, set(issued.claims)), made)
    return MARKER.sub(partial(_blanked_once, set(issued.markers)), made)


def _blanked_once(left: set[str], match: re.Match[str]) -> str:
    if match[0] not in left:
        return match[0]
    left.remove(match[0])
    return " "


class _Tokenizer(HTMLTokenizer):  # type: ignore[misc]  # it has no types
    """The tokenizer, which compares each attribute of a tag with all before it."""

    def attribute_name_state(self) -> bool:
        if len(self.current_token["data"]) > MOST_ATTRIBUTES:
            name = self.current_token["name"].lower()
            problem = f"<{name}> has more than {MOST_ATTRIBUTES} attributes"
            raise _Refused(problem, (rf"<{re.escape(name)}(?![\w-])",), LEAVE_OUT)
        return bool(super().attribute_name_state())


def _tags(made: str) -> Iterator[tuple[str, Mapping[str, str] | None]]:
    """Yield the name of each tag that a browser could see in `made`, and a start tag's attributes.

    Elements whose content is no markup are refused as soon as they are met, all but one.
    """
    tokens = _Tokenizer(io.StringIO(made))  # a plain text could be taken for the name of a file
    for token in tokens:
        if token["type"] == Token.START_TAG:
            yield token["name"], token["data"]
            if token["name"] == "iframe":
                tokens.state = tokens.rawtext_state
        elif token["type"] == Token.END_TAG:
            yield token["name"], None


def _check(name: str, attributes: Mapping[str, str], policy: Policy) -> None:
    """Raise _Refused where a start tag, or an attribute of it, is not allowed in a text."""
    tag = rf"<{re.escape(name)}(?![\w-])"
    if name in TAGS:
        why, remedy = TAGS[name]
        raise _Refused(f"<{name}> is not allowed in a text: {why}", (tag,), remedy)
    if name.startswith("nv-"):
        problem = f"<{name}> is the inside of a figure"
        raise _Refused(problem, (tag,), INSTEAD["nv-figure-marker"])
    for attribute, value in attributes.items():
        attribute = attribute.lower()  # noqa: PLW2901 - as HTML reads it
        _check_attribute(name, attribute)
        if directive := LOADING.get(name, {}).get(attribute):
            _check_loaded(tag, name, directive, _addresses(attribute, value), policy)
        else:
            _check_value(tag, attribute, value)
    if name in EMPTY_WITHOUT and not set(LOADING[name]).intersection(attributes):
        _check_loaded(tag, name, LOADING[name]["src"], (), policy)


def _check_value(tag: str, attribute: str, value: str) -> None:
    if attribute == "class":
        _check_classes(value)
    elif attribute in MOVING and not LITTLE.fullmatch(value.strip()):
        problem = f"a part of a formula is moved by {value.strip()}: {COVERS}"
        raise _Refused(problem, (re.escape(value), tag), "Move it by less than 5em.")
    elif attribute in LED_BY and EXECUTING.match(_cleaned(value)):
        scheme = _cleaned(value).partition(":")[0]
        problem = f"a link to {scheme}: is not allowed in a text"
        raise _Refused(problem, (re.escape(value), tag), WRITE_LINK)


def _check_attribute(name: str, attribute: str) -> None:
    if HANDLER.fullmatch(attribute):
        why, remedy = RUNS, PUT_SCRIPTS
    elif attribute in ATTRIBUTES and (attribute not in OF_DRAWINGS or name == "svg"):
        why, remedy = ATTRIBUTES[attribute]
    else:
        return
    word = rf"(?<![\w-]){re.escape(attribute)}"
    problem = f"the attribute {attribute!r} is not allowed in a text: {why}"
    raise _Refused(problem, (rf"{word}\s*=", rf"{word}(?![\w-])"), remedy)


def _check_classes(names: str) -> None:
    for name in names.split():
        if name in _foreign_classes(names):
            pattern = rf"(?<![\w-]){re.escape(name)}(?![\w-])"
            if name in CLAIMING:
                problem, remedy = f"this only looks like {CLAIMING[name]}", INSTEAD[name]
            else:
                problem = f"the class {name!r} is one of netviz's own"
                remedy = "Give a class whose name does not begin with nv-."
            raise _Refused(problem, (pattern,), remedy)


def _addresses(attribute: str, value: str) -> Sequence[str]:
    """Return the addresses in an attribute: a `srcset` has several."""
    parts = re.split(r"[\s,]+", value) if attribute == "srcset" else [value]
    return [cleaned for part in parts if (cleaned := _cleaned(part))]


def _cleaned(address: str) -> str:
    """Return an address as browsers read it."""
    return NO_ADDRESS.sub("", address).strip("\x00\t\n\f\r ")


def _check_loaded(
    tag: str, name: str, directive: str, addresses: Sequence[str], policy: Policy
) -> None:
    """Refuse what the page's policy forbids to load, and say what that would need."""
    outside = [one.replace("\\", "/") for one in addresses if OUTSIDE.match(one)]
    forbidden = [one for one in outside if not policy.allows(directive, one)]
    if not forbidden and (outside or name not in EMPTY_WITHOUT):
        return
    sources = policy.sources(directive)
    if not forbidden and (sources is None or "'self'" in sources):
        return
    needed = _origin(forbidden[0]) if forbidden else "'self'"
    what = "a file of another host" if forbidden else "such a file"
    raise _Refused(
        f"<{name}> shows {what}, which the page's policy forbids",
        (*map(re.escape, addresses), tag),
        f"{WRITE_LINK} Or let templates/base.html of the essay allow it in its "
        f"Content-Security-Policy: {directive} {needed}.",
    )


def _origin(address: str) -> str:
    """Return the part of an address that a policy would name."""
    scheme, _, rest = address.partition("//")
    return f"{scheme or 'https:'}//{re.split('[/?#]', rest)[0]}"


def _place(file: Path, text: str, patterns: Sequence[str]) -> Place:
    """Return where one of `patterns` is first found in the author's text, best outside of code."""
    lines = list(_prose_lines(text))
    for pattern in patterns:
        found = re.compile(pattern, re.IGNORECASE)
        for number, line in lines:
            ticks = end = 0
            for match in found.finditer(line):
                ticks += line.count("`", end, match.start())
                end = match.start()
                if ticks % 2 == 0:
                    return Place(file, number, match.start() + 1)
    for pattern in patterns:
        if match_anywhere := re.search(pattern, text, re.IGNORECASE):
            return place_at(file, text, match_anywhere.start())
    return Place(file)


def _prose_lines(text: str) -> Iterator[tuple[int, str]]:
    """Yield number and content of each line below the front matter that is in no fenced block."""
    is_fenced = False
    dashes = 0
    for number, line in enumerate(text.split("\n"), 1):
        bare = line.lstrip(" >")
        if dashes < 2 and (number == 1 or dashes):
            dashes += line.rstrip() == "---"
            if dashes:
                continue
        if bare.startswith(("```", "~~~")):
            is_fenced = not is_fenced
        elif not is_fenced:
            yield number, line
