"""A page's Content-Security-Policy: what its browser may load and run.

The policy stands in `templates/base.html`. An essay's own template may allow more than ours, or
nothing at all; but then it has to say so, in a comment in the page's head:
`<!-- own policy: the reason -->`.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from html.parser import HTMLParser
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit

from netviz.errors import EssayError, NetvizError, Place
from netviz.essay.templates import Templates, built_in_templates

Fault = TypeVar("Fault", bound=NetvizError)

BASE = "base.html"
OWN = re.compile(r"\s*own policy:\s*\S")
HASH = re.compile(r"'sha(?:256|384|512)-[A-Za-z0-9+/=_-]+'")
# What a policy cannot take back once it stands before the policy.
TOO_EARLY = {"base", "iframe", "img", "link", "script", "style"}
ENDS_HEAD = re.compile(r"<body[\s>]", re.IGNORECASE)
# Whatever has no directive of its own falls back to this; these do not fall back.
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


class _Head(HTMLParser):
    """The head of a page: its first policy, what stands before that, and the reason for another."""

    def __init__(self) -> None:
        super().__init__()
        self.policy: str | None = None
        self.early: str | None = None
        self.is_own = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = dict(reversed(attrs))
        if (attributes.get("http-equiv") or "").strip().lower() == "content-security-policy":
            if self.policy is None and self.early is None:
                self.policy = attributes.get("content") or ""
        elif tag in TOO_EARLY and self.policy is None and self.early is None:
            self.early = tag

    def handle_comment(self, data: str) -> None:
        self.is_own |= OWN.match(data) is not None


def read_policy(page: str) -> tuple[Policy, bool]:
    """Return the policy that holds for all of a `page`, and whether its head gives a reason."""
    end = ENDS_HEAD.search(page)
    head = _Head()
    head.feed(page[: end.start() if end else len(page)])
    head.close()
    return Policy(head.policy or ""), head.is_own


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
