"""The styles and scripts of a page as one file, and the policy that allows exactly these.

Only files that netviz joined come into it. Browsers check the kind of a file, but not of what is
inside the page: text that an author chose, such as the feed, could pass for a style.
"""

import posixpath
import re
from collections.abc import Sequence, Set
from typing import TypeAlias

from netviz.essay.policy import Policy
from netviz.essay.style import as_text, source_hash, with_addresses, with_plain_ends, within_page
from netviz.publishing.assets import ASSET_FOLDER, is_hashed, late_parts
from netviz.publishing.one_file.blocks import block
from netviz.publishing.one_file.part import Origin, Part, kind_of
from netviz.publishing.tags import Edit, Tag, Tags, changed, escaped

Folders: TypeAlias = Set[str]  # of fonts


def read_styles(tags: Tags, page: Origin) -> Part:
    """Return what becomes of styles, and the licences of the fonts that come into them."""
    linked = (_of_file(tag, page) for tag in tags.starts if tag.name == "link")
    inner = (_of_page(tag, tags, page) for tag in tags.starts if tag.name == "style")
    styles = [style for style in (*linked, *inner) if style is not None]
    folders = {folder for _, fonts in styles for folder in fonts}
    licences = Part((tags.add_to_body(_licences(folders, page)),))
    return sum((style for style, _ in styles), licences)


def read_scripts(tags: Tags, page: Origin) -> Part:
    """Return what becomes of scripts: they come last, each with the parts it would load late.

    So they find the page and all blocks there, as if they were deferred.
    """
    found = [
        (tag, path)
        for tag in tags.starts
        if tag.name == "script" and (path := _ours(tag.get("src"), ".js", page)) is not None
    ]
    files = [one for _, path in found for one in (path, *late_parts(page.site[path]))]
    texts = tuple(_script_text(page.site[file]) for file in files)
    whole = tags.add_to_body("".join(f"<script>{text}</script>\n" for text in texts))
    gone = (Edit(tag.start, tags.end_of(tag), "") for tag, _ in found)
    return Part((*gone, whole), scripts=texts)


def policy_edits(tags: Tags, whole: Part) -> tuple[Edit, ...]:
    """Return what becomes of the policy of a page of which all else becomes `whole`."""

    def single(policy: str) -> str:
        for old, new in whole.renewed:
            policy = policy.replace(old, new)
        return single_policy(policy, whole.scripts, whole.styles)

    return changed((tag, {"content": single(tag.get("content"))}) for tag in _policies(tags))


def single_policy(policy: str, scripts: Sequence[str], styles: Sequence[str]) -> str:
    """Return a page's Content-Security-Policy for its single file.

    What was allowed to the site itself is allowed to what became of its files; nothing else is.
    """
    became = {
        "script-src": [f"'{source_hash(text)}'" for text in scripts],
        "style-src": [f"'{source_hash(text)}'" for text in styles],
        "img-src": ["data:"],
        "font-src": ["data:"],
    }
    directives = dict(Policy(policy).directives)
    if "'self'" in directives.get("default-src", ()):
        for name in became:
            directives.setdefault(name, ["'self'"])
    for name, sources in directives.items():
        if "'self'" in sources:
            kept = [source for source in sources if source != "'self'"]
            directives[name] = list(dict.fromkeys([*became.get(name, []), *kept])) or ["'none'"]
    return "; ".join(" ".join([name, *sources]) for name, sources in directives.items())


def _policies(tags: Tags) -> list[Tag]:
    return [
        tag
        for tag in tags.starts
        if tag.name == "meta" and tag.get("http-equiv").lower() == "content-security-policy"
    ]


def _ours(address: str, ending: str, page: Origin) -> str | None:
    """Return the path of one of our own styles or scripts, by its `ending`."""
    path = page.file(address)
    if path is None or not path.startswith(f"{ASSET_FOLDER}/"):
        return None
    return path if is_hashed(path, page.site[path], ending) else None


def _of_file(tag: Tag, page: Origin) -> tuple[Part, Folders] | None:
    """Return the style that takes the place of a `<link>`, if that names one."""
    path = _ours(tag.get("href"), ".css", page)
    if path is None or "stylesheet" not in tag.get("rel").lower().split():
        return None
    text, fonts = _embedding(as_text(page.site[path]), path, page)
    media = f' media="{escaped(tag.get("media"))}"' if tag.get("media") else ""
    edit = Edit(tag.start, tag.end, f"<style{media}>{text}</style>")
    return Part((edit,), styles=(text,)), fonts


def _of_page(tag: Tag, tags: Tags, page: Origin) -> tuple[Part, Folders] | None:
    """Return what becomes of the style in the page that `tag` begins, if a policy allows it."""
    start, end = tags.content_of(tag)
    old = tags.text[start:end]
    if not any(source_hash(old) in policy.get("content") for policy in _policies(tags)):
        return None
    text, fonts = _embedding(old, page.path, page)
    return Part((Edit(start, end, text),), renewed=((source_hash(old), source_hash(text)),)), fonts


def _embedding(css: str, base: str, page: Origin) -> tuple[str, Folders]:
    """Return a style sheet with the files in it that it names, as seen from the file `base`."""
    fonts = set()

    def held(address: str) -> str | None:
        path = page.file(address, base)
        if path is None:
            return None
        if kind_of(path).startswith("font/"):
            fonts.add(posixpath.dirname(path))
        return page.held(path)

    return within_page(with_addresses(css, held)), fonts


def _licences(folders: Folders, page: Origin) -> str:
    """Return blocks with the texts beside the fonts of `folders`, as their licences ask."""
    files = (path for path in sorted(page.site) if posixpath.dirname(path) in folders)
    texts = {path: as_text(page.site[path]) for path in files if path.endswith(".txt")}
    return "".join(
        block(path, "text/plain", text.replace("<!--", "<! --").replace("</", "< /"))
        for path, text in texts.items()
    )


def _script_text(script: bytes) -> str:
    """Return a script as it may be written in a <script>, the same script and the bytes hashed."""
    text = re.sub(r"<(?=/script|!--)", r"\\x3c", as_text(script), flags=re.IGNORECASE)
    return with_plain_ends(text)
