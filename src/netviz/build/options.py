"""What a build is asked to do. Nothing heavy is loaded to say so."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Options:
    """What to build, from what, to where.

    `data_cache` keeps downloads, `data_dir` may hold ready-made data files, `step_cache` keeps
    the results of steps. `sample` builds from the bundled sample instead of the whole data, as
    an essay's own setting of that name does. `offline` downloads nothing, `bars` draws a
    progress bar for each download. `own_code` lets the essay's figures and templates have effect,
    `drafts` are shown with the other pages. `only` is a markdown file that takes the place of
    all the essay's pages. `embeds` makes a page of each figure too.
    """

    essay: Path
    out: Path
    step_cache: Path
    data_cache: Path
    data_dir: Path | None = None
    sample: bool = False
    offline: bool = False
    bars: bool = False
    own_code: bool = True
    drafts: bool = False
    only: Path | None = None
    embeds: bool = False
