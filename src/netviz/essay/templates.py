"""The templates of a page: an author's own where there are any, else ours."""

import contextlib
import hashlib
import hmac
import secrets
from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Literal

from jinja2 import BytecodeCache, FileSystemLoader, StrictUndefined
from jinja2.bccache import Bucket
from jinja2.sandbox import SandboxedEnvironment

from netviz.engine.sources import installed_version
from netviz.engine.stamps import stamp
from netviz.essay.template_kinds import FILES, SCRIPTS, STYLES

PACKAGE = Path(__file__).parents[1]
SEAL_BYTES = hashlib.sha256().digest_size
OF_PAGES = frozenset(
    {"base.html", "embed.html", "essay.html", "figure.html", "shown.html", "404.html"}
)


@dataclass(frozen=True)
class Templates:
    """Where templates are looked for, folder by folder.

    Stamps are taken once, when they are first asked for; templates called as in `apart` do not
    count in them. `compiled` keeps what Jinja makes of templates, which takes it longer than to
    render them; None keeps nothing.
    """

    folders: tuple[Path, ...]
    compiled: BytecodeCache | None = None
    apart: frozenset[str] = frozenset()

    def environment(self, *first: Path) -> SandboxedEnvironment:
        """Return a Jinja environment that looks for a template in `first`, then in `folders`."""
        return SandboxedEnvironment(
            loader=FileSystemLoader([*first, *self.folders]),
            undefined=StrictUndefined,
            autoescape=True,
            trim_blocks=True,
            lstrip_blocks=True,
            bytecode_cache=self.compiled,
        )

    @cached_property
    def pages(self) -> SandboxedEnvironment:
        """The environment of templates that belong to no figure."""
        return self.environment()

    @cached_property
    def stamp(self) -> Hashable:
        """What changes when a template is saved, comes or goes."""
        files = (file for folder in self.folders for file in folder.glob("*.html"))
        return stamp(file for file in files if file.name not in self.apart)

    @cached_property
    def of_figures(self) -> "Templates":
        """The same for a figure's own template, which brings in none of a whole page."""
        return replace(self, apart=OF_PAGES)

    @cached_property
    def shared_stamp(self) -> Hashable:
        """What changes when a style, script, font or picture of all pages does."""
        kinds = (*STYLES, *SCRIPTS, *FILES)
        return stamp(file for kind in kinds for file in found_files(self.folders, kind).values())


def built_in_templates() -> Path:
    """Return the folder of our templates: the checkout's, or the one that was installed."""
    return built_in("templates")


def is_ours(file: Path) -> bool:
    """Say whether a template, a style or a script is netviz's own and no essay's."""
    return any(file.is_relative_to(folder) for folder in (PACKAGE, built_in_templates()))


def built_in(name: Literal["templates", "docs"]) -> Path:
    """Return our folder of that name: the checkout's, or the one that was installed."""
    checkout = PACKAGE.parents[1]
    is_checkout = (checkout / "templates" / "base.html").is_file()
    return checkout / name if is_checkout else PACKAGE / name


def found_files(folders: Sequence[Path], pattern: str) -> dict[str, Path]:
    """Return the files that match `pattern`, by name in order; an earlier folder's file wins."""
    found: dict[str, Path] = {}
    for folder in folders:
        for file in folder.glob(pattern):
            found.setdefault(file.relative_to(folder).as_posix(), file)
    return dict(sorted(found.items()))


@dataclass(frozen=True)
class Compiled(BytecodeCache):
    """What Jinja made of templates and texts, kept in `folder`, where only this user should write.

    It is code: Python runs what is read here. So each file begins with an HMAC-SHA-256 under the
    user's `key`, and one that another has written is not read any further. Where nothing can be
    written, we do without.
    """

    folder: Path
    key: bytes = field(repr=False)

    def load_bytecode(self, bucket: Bucket) -> None:
        """Fill `bucket` with what was kept for its template, if it is ours."""
        try:
            found = self._file(bucket).read_bytes()
        except OSError:
            return
        seal, code = found[:SEAL_BYTES], found[SEAL_BYTES:]
        if hmac.compare_digest(seal, self._seal(bucket, code)):
            bucket.bytecode_from_string(code)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep what `bucket` holds."""
        file, code = self._file(bucket), bucket.bytecode_to_string()
        fresh = file.with_name(f"{file.name}-{secrets.token_hex(4)}")
        with contextlib.suppress(OSError):
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            fresh.write_bytes(self._seal(bucket, code) + code)
            fresh.replace(file)

    def _file(self, bucket: Bucket) -> Path:
        return self.folder / bucket.key

    def _seal(self, bucket: Bucket, code: bytes) -> bytes:
        """Return the seal of `code` as what this Jinja made of this very template.

        Jinja's own mark of what it compiles does not change with each of its versions.
        """
        jinja = installed_version("jinja2", "jinja2")
        of = f"{jinja} {bucket.key} {bucket.checksum} ".encode()
        return hmac.new(self.key, b"template " + of + code, hashlib.sha256).digest()
