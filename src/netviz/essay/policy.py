"""A page's Content-Security-Policy: what its browser may load and run.

The policy is set in `templates/base.html`. An essay's own template may allow more than ours, or
nothing at all; but then it has to say so, in a comment in the page's head:
`<!-- own policy: the reason -->`.
"""

import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

from tinyhtml5.constants import Token  # type: ignore[import-untyped]  # it has no types
from tinyhtml5.tokenizer import HTMLTokenizer  # type: ignore[import-untyped]  # as above

from netviz.errors import EssayError, NetvizError, Place
from netviz.essay.templates import Templates, built_in_templates

Fault = TypeVar("Fault", bound=NetvizError)

BASE = "base.html"
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

    def beyond(self, ours: "Policy", *, is_one_file: bool = False) -> str | None:
        """Return the first directive that allows what `ours` does not, as it is written; or None.

        A page that `is_one_file` has hashes and data in the place of the site's own files.
        """
        for directive in (*ours.directives, *self.directives):
            allowed, sources = ours.sources(directive), self.sources(directive)
            if allowed is None:
                continue
            if sources is None:
                return directive
            more = {source for source in sources if source.lower() not in (*allowed, "'none'")}
            if is_one_file and "'self'" in allowed:
                more = {one for one in more if not HASH.fullmatch(one) and one != "data:"}
            if more:
                return " ".join((directive, *sources))
        return None


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
    return _read_head(page.partition("<body")[0])


@lru_cache(maxsize=64)  # an edit of the text leaves the heads of all pages as they were
def _read_head(page: str) -> tuple[Policy, bool]:
    policy: str | None = None
    is_own = False
    for token in _head(page):
        if token["type"] == Token.COMMENT:
            is_own |= OWN.match(token["data"]) is not None
        elif policy is None and _is_policy(token):
            policy = token["data"].get("content", "")
        elif policy is None and token["name"] in TOO_EARLY:
            policy = ""
    return Policy(policy or ""), is_own


def _is_policy(token: Mapping[str, Any]) -> bool:
    kind = token["data"].get("http-equiv", "") if token["name"] == "meta" else ""
    return str(kind).strip().lower() == "content-security-policy"


def _head(page: str) -> Iterator[Mapping[str, Any]]:
    """Yield the comments and start tags of a page's head, as browsers see them."""
    tokens = HTMLTokenizer(io.StringIO(page))
    is_text = False  # of an element, not of the head
    for token in tokens:
        match token["type"]:
            case Token.COMMENT:
                yield token
            case Token.END_TAG:
                is_text = False
            case Token.CHARACTERS if not is_text:
                return
            case Token.START_TAG if token["name"] not in OF_HEAD:
                return
            case Token.START_TAG:
                yield token
                is_text = token["name"] in WITH_TEXT
                if is_text:
                    tokens.state = getattr(tokens, WITH_TEXT[token["name"]])


@lru_cache(maxsize=1)
def our_policy() -> Policy:
    """Return the policy of our own template."""
    return read_policy((built_in_templates() / BASE).read_text(encoding="utf-8"))[0]


def template_policy(templates: Templates) -> Policy:
    """Return the policy that the essay's own base.html sets, or ours where there is none."""
    for folder in templates.folders:
        file = folder / BASE
        if file.is_file():
            return read_policy(file.read_text(encoding="utf-8", errors="replace"))[0]
    return our_policy()


def loosened(page: str, *, is_one_file: bool = False) -> str | None:
    """Return what a `page` allows beyond our policy without giving a reason, or None."""
    policy, is_own = read_policy(page)
    if is_own:
        return None
    more = policy.beyond(our_policy(), is_one_file=is_one_file)
    return more if policy.text or more is None else "no policy before what the page loads"


def refuse_without_policy(page: str, name: str, templates: Templates) -> None:
    """Refuse a rendered `page` that allows more than our policy and gives no reason.

    `name` is the template that it is made of.

    Raises:
        EssayError: it does; the error names the essay's own template.
    """
    more = loosened(page)
    if more is not None:
        raise policy_fault(EssayError, more, Place(_own_template(name, templates)))


def policy_fault(kind: type[Fault], got: str, place: Place) -> Fault:
    """Return the error that says what a page allows."""
    return kind(
        "the page allows its readers' browsers more than our policy",
        place=place,
        expected="the Content-Security-Policy of our base.html, before anything that is loaded",
        got=got,
        remedy="If it has to, say why in the page's head: <!-- own policy: the reason -->.",
    )


def _own_template(name: str, templates: Templates) -> Path:
    """Return the file that decides on the policy: the essay's own, base.html before `name`."""
    files = [templates.folders[0] / one for one in (BASE, name)]
    return next((file for file in files if file.is_file()), files[0])
