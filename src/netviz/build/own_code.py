"""Code that an essay brings along: its figures run where it is built, its scripts where it is read.

An essay may come from a stranger. So before any of that code is used a sentence names it, and
`--no-own-code` builds and checks an essay without: its figures are not imported, and pages are
made of our own templates, scripts and styles. Its languages, which are no code, are used.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

from netviz.errors import listed, visible
from netviz.essay.template_kinds import FILES, PAGES, SCRIPTS, STYLES
from netviz.figures.registry import BUILT_IN, Registry

SHOWN = 5  # names in a sentence
RUNNING = (*PAGES, "*.xml", *SCRIPTS)  # of an essay's templates; a feed may bring script too
IN_TEMPLATES = (*STYLES, *FILES, *RUNNING)


def own_code_said(essay: Path, *, own_code: bool) -> Iterator[str]:
    """Yield a sentence for each kind of own code in the folder `essay` that is used, or is not."""
    figures = [
        f"{one.word} (in place of netviz's)" if (BUILT_IN / one.word).is_dir() else one.word
        for one in sorted(Registry(essay / "figures").own_figures, key=lambda one: one.word)
    ]
    templates = essay / "templates"
    kinds = RUNNING if own_code else IN_TEMPLATES
    found = [file for kind in kinds for file in sorted(templates.glob(kind))]
    files = [file.relative_to(essay).as_posix() for file in found]
    if figures:
        does = "runs" if own_code else "does not run"
        yield f"{does} the essay's own figures: {listed(figures, SHOWN)}"
    if files:
        does = "publishes" if own_code else "leaves out"
        yield f"{does} the essay's own templates and scripts: {listed(files, SHOWN)}"


def say_own_code(essay: Path, *, own_code: bool) -> None:
    """Print these sentences, so that nobody runs a stranger's code unawares."""
    for sentence in own_code_said(essay, own_code=own_code):
        print(visible(sentence), file=sys.stderr)
