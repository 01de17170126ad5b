"""The templates of a page: an author's own where there are any, else ours."""

import contextlib
from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from jinja2 import (
    BytecodeCache,
    FileSystemBytecodeCache,
    FileSystemLoader,
    StrictUndefined,
)
from jinja2.bccache import Bucket
from jinja2.sandbox import SandboxedEnvironment

PACKAGE = Path(__file__).parents[1]
OF_PAGES = {"base.html", "essay.html", "figure.html", "404.html"}


@dataclass(frozen=True)
class Templates:
    """Where templates are looked for, folder by folder.

    Stamps are taken once, when they are first asked for. `compiled` is a folder that keeps what
    Jinja makes of templates, which takes it longer than to render them; None keeps nothing.
    """

    folders: tuple[Path, ...]
    compiled: Path | None = None

    def environment(self, *first: Path) -> SandboxedEnvironment:
        """Return a Jinja environment that looks for a template in `first`, then in `folders`."""
        return SandboxedEnvironment(
            loader=FileSystemLoader([*first, *self.folders]),
            undefined=StrictUndefined,
            autoescape=True,
            trim_blocks=True,
            lstrip_blocks=True,
            bytecode_cache=_kept_in(self.compiled),
        )

    @cached_property
    def pages(self) -> SandboxedEnvironment:
        """The environment of templates that belong to no figure."""
        return self.environment()

    @cached_property
    def stamp(self) -> Hashable:
        """What changes when a template is saved, comes or goes."""
        return stamp(self._files)

    @cached_property
    def part_stamp(self) -> Hashable:
        """The same of those that a figure's own template may bring in."""
        return stamp(file for file in self._files if file.name not in OF_PAGES)

    @cached_property
    def _files(self) -> list[Path]:
        return [file for folder in self.folders for file in folder.glob("*.html")]

    @cached_property
    def shared_stamp(self) -> Hashable:
        """What changes when a style, script, font or picture of all pages does."""
        kinds = ("css/*.css", "js/*.js", "js/parts/*.js", "fonts/*", "assets/*")
        return stamp(file for kind in kinds for file in found_files(self.folders, kind).values())


def stamp(files: Iterable[Path]) -> Hashable:
    """Return what changes when one of `files` is saved, comes or goes; some may not be there."""
    return tuple(sorted(_times(files)))


def _times(files: Iterable[Path]) -> Iterator[tuple[str, int, int]]:
    for file in files:
        with contextlib.suppress(FileNotFoundError):
            status = file.stat()
            yield str(file), status.st_mtime_ns, status.st_size


def built_in_templates() -> Path:
    """Return the folder of our templates: the checkout's, or the one that was installed."""
    checkout = PACKAGE.parents[1] / "templates"
    return checkout if (checkout / "base.html").is_file() else PACKAGE / "templates"


def found_files(folders: Sequence[Path], pattern: str) -> dict[str, Path]:
    """Return the files that match `pattern`, by name in order; an earlier folder's file wins."""
    found: dict[str, Path] = {}
    for folder in folders:
        for file in folder.glob(pattern):
            found.setdefault(file.relative_to(folder).as_posix(), file)
    return dict(sorted(found.items()))


class _Compiled(FileSystemBytecodeCache):
    """Jinja's own cache, by each template's text; where it cannot be written, we do without."""

    def dump_bytecode(self, bucket: Bucket) -> None:
        with contextlib.suppress(OSError):
            super().dump_bytecode(bucket)


def _kept_in(folder: Path | None) -> BytecodeCache | None:
    if folder is None:
        return None
    with contextlib.suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True)
    return _Compiled(str(folder))
