"""The templates of a page: an author's own where there are any, else ours."""

from collections.abc import Sequence
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

PACKAGE = Path(__file__).parents[1]


def built_in_templates() -> Path:
    """Return the folder of our templates: the checkout's, or the one that was installed."""
    checkout = PACKAGE.parents[1] / "templates"
    return checkout if (checkout / "base.html").is_file() else PACKAGE / "templates"


def environment(folders: Sequence[Path]) -> Environment:
    """Return a Jinja environment that looks for a template in each of `folders` in turn."""
    return Environment(
        loader=FileSystemLoader(list(folders)),
        undefined=StrictUndefined,
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def found_files(folders: Sequence[Path], pattern: str) -> dict[str, Path]:
    """Return the files that match `pattern`, by name in order; an earlier folder's file wins."""
    found: dict[str, Path] = {}
    for folder in folders:
        for file in folder.glob(pattern):
            found.setdefault(file.relative_to(folder).as_posix(), file)
    return dict(sorted(found.items()))
