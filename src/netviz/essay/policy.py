"""A page's Content-Security-Policy: what its browser may load and run.

The policy is set in `templates/base.html`. An essay's own template may allow more than ours, or
nothing at all; but then it has to say so, in a comment in the page's head:
`<!-- own policy: the reason -->`.

The style of a page is part of it; the policy names the hash of exactly this style.
"""

import io
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

from tinyhtml5.constants import Token  # type: ignore[import-untyped]  # it has no types
from tinyhtml5.tokenizer import HTMLTokenizer  # type: ignore[import-untyped]  # as above

from netviz.errors import EssayError, NetvizError, Place
from netviz.essay.style import source_hash
from netviz.essay.templates import Templates, built_in_templates

Fault = TypeVar("Fault", bound=NetvizError)

BASE = "base.html"
OF_STYLE = "'{{ style_hash }}'"  # as base.html writes it
OWN = re.compile(r"\s*own policy:\s*\S")
HASH = re.compile(r"'sha(?:256|384|512)-[A-Za-z0-9+/=_-]+'")
# Elements before the policy, which it does not apply to.
TOO_EARLY = {"base", "link", "script", "style"}
OF_HEAD = {*TOO_EARLY, "head", "html", "meta", "noscript", "title"}
# How the tokenizer reads on after these, whose content is no markup.
WITH_TEXT = {
    "noscript": "rawtext_state",
    "script": "script_data_state",
    "style": "rawtext_state",
    "title": "rcdata_state",
}
# Directives that are not given fall back to this one; these do not.
FALLBACK = "default-src"
OF_STYLES = "style-src"
OTHERS = {"base-uri", "form-action", "frame-ancestors", "navigate-to", "report-to", "report-uri",
          "require-trusted-types-for", "sandbox", "trusted-types", "upgrade-insecure-requests",
          "block-all-mixed-content"}  # fmt: skip


@dataclass(frozen=True)
class Policy:
    """A policy as it is written; an empty one allows all."""

    text: str

    @cached_property
    def directives(self) -> Mapping[str, Sequence[str]]:
        """The sources of each directive; of two of one name the first counts."""
        found: dict[str, Sequence[str]] = {}
        for part in self.text.split(";"):
            if words := part.split():
                found.setdefault(words[0].lower(), words[1:])
        return found

    def sources(self, directive: str) -> Sequence[str] | None:
        """Return what a `directive` allows, or None where it allows all."""
        default = None if directive in OTHERS else self.directives.get(FALLBACK)
        return self.directives.get(directive, default)

    def allows(self, directive: str, address: str) -> bool:
        """Say whether a `directive` lets the page load `address`, which is one of another host."""
        sources = self.sources(directive)
        return sources is None or any(_matches(source, address) for source in sources)

    def beyond(
        self, ours: "Policy", styles: Collection[str] = (), *, is_one_file: bool = False
    ) -> str | None:
        """Return the first directive that allows what `ours` does not, as it is written; or None.

        It may allow the `styles` of the page, whose hashes are given in quotes. A page that
        `is_one_file` has hashes and data in the place of the site's own files.
        """
        for directive in (*ours.directives, *self.directives):
            allowed, sources = ours.sources(directive), self.sources(directive)
            if allowed is None:
                continue
            if sources is None:
                return directive
            more = {source for source in sources if source.lower() not in (*allowed, "'none'")}
            more -= set(styles) if directive == OF_STYLES else set()
            if is_one_file and "'self'" in allowed:
                more = {one for one in more if not HASH.fullmatch(one) and one != "data:"}
            if more:
                return " ".join((directive, *sources))
        return None

    def forbidden(self, styles: Collection[str]) -> str | None:
        """Return the first of the `styles` of a page, by hash in quotes, that it does not show."""
        sources = self.sources(OF_STYLES)
        if sources is None or "'unsafe-inline'" in sources:
            return None
        return next((style for style in styles if style not in sources), None)


@dataclass(frozen=True)
class _Head:
    """What the head of a page says: its policy, whether it has a reason, the hashes of styles."""

    policy: Policy
    is_own: bool
    styles: tuple[str, ...]


def _matches(source: str, address: str) -> bool:
    """Say whether a source of a policy, such as https://*.example.org, covers an `address`."""
    wanted = urlsplit(address if "://" in address else f"https:{address}")
    host, scheme = (wanted.hostname or "").lower(), wanted.scheme.lower()
    if source == "*" or source.lower() == f"{scheme}:":
        return True
    named = urlsplit(source if "://" in source else f"//{source}")
    if named.scheme and named.scheme.lower() != scheme:
        return False
    name = (named.hostname or "").lower()
    return host.endswith(name[1:]) if name.startswith("*.") else bool(name) and host == name


def read_policy(page: str) -> tuple[Policy, bool]:
    """Return the policy that holds for all of a `page`, and whether its head gives a reason.

    One below the head, or below what is loaded, has no effect; it counts as empty.
    """
    head = _head_of(page)
    return head.policy, head.is_own


def _head_of(page: str) -> _Head:
    return _read_head(page.partition("<body")[0])


@lru_cache(maxsize=64)  # an edit of the text leaves the heads of all pages as they were
def _read_head(page: str) -> _Head:
    policy: str | None = None
    is_own = False
    styles = []
    for token in _head(page):
        if token["type"] == Token.COMMENT:
            is_own |= OWN.match(token["data"]) is not None
        elif token["type"] == Token.CHARACTERS:
            styles.append(f"'{source_hash(token['data'])}'")
        elif policy is None and _is_policy(token):
            policy = token["data"].get("content", "")
        elif policy is None and token["name"] in TOO_EARLY:
            policy = ""
    return _Head(Policy(policy or ""), is_own, tuple(styles))


def _is_policy(token: Mapping[str, Any]) -> bool:
    kind = token["data"].get("http-equiv", "") if token["name"] == "meta" else ""
    return str(kind).strip().lower() == "content-security-policy"


def _head(page: str) -> Iterator[Mapping[str, Any]]:
    """Yield the comments and start tags of a page's head, as browsers see them, and its styles.

    A style comes as one token of characters, which no other token is.
    """
    tokens = HTMLTokenizer(io.StringIO(page))
    element = ""  # whose text is read
    text: list[str] = []
    for token in tokens:
        match token["type"]:
            case Token.COMMENT:
                yield token
            case Token.END_TAG:
                if element == "style":
                    yield {"type": Token.CHARACTERS, "data": "".join(text)}
                element, text = "", []
            case Token.CHARACTERS | Token.SPACE_CHARACTERS if element:
                text.append(token["data"])
            case Token.CHARACTERS:
                return
            case Token.START_TAG if token["name"] not in OF_HEAD:
                return
            case Token.START_TAG:
                yield token
                if token["name"] in WITH_TEXT:
                    element = token["name"]
                    tokens.state = getattr(tokens, WITH_TEXT[token["name"]])


@lru_cache(maxsize=1)
def our_policy() -> Policy:
    """Return the policy of our own template."""
    base = (built_in_templates() / BASE).read_text(encoding="utf-8")
    return read_policy(base.replace(OF_STYLE, ""))[0]


def template_policy(templates: Templates) -> Policy:
    """Return the policy that the essay's own base.html sets, or ours where there is none."""
    for folder in templates.folders:
        file = folder / BASE
        if file.is_file():
            text = file.read_text(encoding="utf-8", errors="replace")
            return read_policy(text.replace(OF_STYLE, ""))[0]
    return our_policy()


def loosened(page: str, *, is_one_file: bool = False) -> str | None:
    """Return what a `page` allows beyond our policy without giving a reason, or None."""
    head = _head_of(page)
    if head.is_own:
        return None
    more = head.policy.beyond(our_policy(), head.styles, is_one_file=is_one_file)
    return more if head.policy.text or more is None else "no policy before what the page loads"


def refuse_without_policy(page: str, name: str, templates: Templates) -> None:
    """Refuse a rendered `page` that allows more than our policy and gives no reason.

    A policy that forbids the page's own style is refused too. `name` is the template.

    Raises:
        EssayError: the policy allows too much, or forbids a style of the page; the error names the
            essay's own template.
    """
    more = loosened(page)
    if more is not None:
        raise policy_fault(EssayError, more, Place(own_template(name, templates)))
    head = _head_of(page)
    style = head.policy.forbidden(head.styles)
    if style is not None:
        raise EssayError(
            "the page's policy forbids a style in the page, which browsers do not show",
            place=Place(own_template(name, templates)),
            expected=f"its hash, which for {{{{ style }}}} is {OF_STYLES} 'self' {OF_STYLE}",
            got=" ".join((OF_STYLES, *(head.policy.sources(OF_STYLES) or ()))),
            remedy=f"Allow it by {style}, or put the rules into templates/css.",
        )


def policy_fault(kind: type[Fault], got: str, place: Place) -> Fault:
    """Return the error that says what a page allows."""
    return kind(
        "the page allows its readers' browsers more than our policy",
        place=place,
        expected="the Content-Security-Policy of our base.html, before anything that is loaded",
        got=got,
        remedy="If it has to, say why in the page's head: <!-- own policy: the reason -->.",
    )


def own_template(name: str, templates: Templates) -> Path:
    """Return the file that decides on the policy: the essay's own, base.html before `name`."""
    files = [templates.folders[0] / one for one in (BASE, name)]
    return next((file for file in files if file.is_file()), files[0])
