"""What is taken out of the markdown before its blocks are read, and what was written there.

Code that is indented looks like text until blocks are read. What was taken out of it by mistake
is put back as it was written.
"""

import html
import re
from weakref import WeakKeyDictionary
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.treeprocessors import Treeprocessor
from markdown.util import HTML_PLACEHOLDER, AtomicString, code_escape

from netviz.essay.written import as_text

PLACEHOLDER = re.compile(HTML_PLACEHOLDER % r"(\d+)")
_stashes: "WeakKeyDictionary[Markdown, Stash]" = WeakKeyDictionary()


class Stash:
    """The HTML taken out of one text, with the markdown that it was made of."""

    def __init__(self, md: Markdown) -> None:
        self._md = md
        self._sources: dict[str, tuple[str, str, str]] = {}
        md.treeprocessors.register(_Code(md, self), "nv_code", 15)

    @classmethod
    def of(cls, md: Markdown) -> "Stash":
        """Return the stash of a `Markdown` instance."""
        if md not in _stashes:
            _stashes[md] = cls(md)
        return _stashes[md]

    def store(self, made: str, source: str, before: str = "", after: str = "") -> str:
        """Keep the HTML `made` of `source`; return its placeholder in the text.

        `before` and `after` are empty lines that were added around it.
        """
        placeholder = self._md.htmlStash.store(made)
        self._sources[placeholder] = (source, before, after)
        return placeholder

    def as_written(self, code: str) -> str:
        """Return code with the markdown that was taken out of it."""
        for placeholder in [found[0] for found in PLACEHOLDER.finditer(code)]:
            if placeholder in self._sources:
                source, before, after = self._sources[placeholder]
                written = code_escape(source)
                for whole in (before + placeholder + after, placeholder):
                    code = code.replace(whole, written, 1)
        return code


class _Code(Treeprocessor):
    """Puts back into code what was taken out of it, and writes measured values as plain numbers."""

    def __init__(self, md: Markdown, stash: Stash) -> None:
        super().__init__(md)
        self.stash = stash

    def run(self, root: Element) -> None:
        for code in root.iter("code"):
            if code.text:
                written = self.stash.as_written(code.text)
                if "nv-value" in written:
                    written = code_escape(as_text(html.unescape(written)))
                if written != code.text:
                    code.text = AtomicString(written)
        for element in root.iter():
            for name in ("alt", "title", "href", "src"):
                if "nv-value" in element.get(name, ""):
                    element.set(name, as_text(html.unescape(element.get(name, ""))))
