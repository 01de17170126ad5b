"""Scripts of an essay's own, parsed before anything is trained or a page is made.

A browser that cannot read a script runs none of it, and says so in its console alone.
"""

import re
from collections.abc import Mapping
from pathlib import Path

from netviz.engine.recall import Recall, plainly
from netviz.errors import EssayError, Gathering, place_at
from netviz.essay.named import calls_of, is_named
from netviz.essay.opening import Essay
from netviz.essay.places import read_text
from netviz.essay.template_kinds import SCRIPTS
from netviz.essay.templates import found_files, is_ours
from netviz.figures.registry import FigureFolder
from netviz.limits import reading
from netviz.publishing.script_syntax import syntax_fault

# At the head of a script: its author uses a syntax that the parser does not know.
OWN_SYNTAX = re.compile(r"\s*(?://|/\*)\s*own syntax:[ \t]*[^\s*]")
REMEDY = (
    "A browser would run none of it. If yours does, begin the script with // own syntax: the reason"
)
DEFINED = re.compile(r"""\bdefine\(\s*["'`](?P<tag>[\w-]+)["'`]""")


def own_scripts(essay: Essay) -> dict[Path, str]:
    """Return the essay's own scripts, each with the tag that it has to define, or "".

    They are those of its templates, and those of figures that a page names.
    """
    kinds = (found_files(essay.templates.folders, kind).values() for kind in SCRIPTS)
    of_templates = {file: "" for files in kinds for file in files if not is_ours(file)}
    figures = [one for one in essay.registry.own_figures if one.runs and one.script_file.is_file()]
    if not figures:
        return of_templates
    calls = calls_of(page.read_text("utf-8-sig", "replace") for page in essay.pages)
    named = (figure for figure in figures if is_named(figure.word, calls))
    return of_templates | {figure.script_file: _tag_shown(figure) for figure in named}


def refuse_unreadable(scripts: Mapping[Path, str], recall: Recall = plainly) -> None:
    """Refuse scripts that browsers could not read, or that do not define their figure.

    Raises:
        EssayError: a script is such; if several are, the error holds a fault for each.
    """
    faults = Gathering()
    for fault in unreadable(scripts, recall):
        faults.add(fault)
    faults.end()


def unreadable(scripts: Mapping[Path, str], recall: Recall = plainly) -> list[EssayError]:
    """Return the faults of `scripts`, given with their tags; `recall` parses them."""
    faults = (recall(script_fault, file, tag) for file, tag in scripts.items())
    return [fault for fault in faults if fault is not None]


def script_fault(file: Path, tag: str = "") -> EssayError | None:
    """Return what is wrong with a script that has to define the element `tag`, or None."""
    with reading(file):
        script = read_text(file)
        found = None if OWN_SYNTAX.match(script) else syntax_fault(script)
    if found is None:
        return _undefined(file, script, tag) if tag else None
    return EssayError(
        found.problem,
        place=place_at(file, script, found.start),
        expected=found.expected,
        got=found.got,
        remedy=f"{REMEDY}.",
    )


def _undefined(file: Path, script: str, tag: str) -> EssayError | None:
    """Return the fault of a script that defines other elements than its figure's, or none."""
    defined = list(DEFINED.finditer(script))
    if tag in (one["tag"] for one in defined) or ("define" in script and not defined):
        return None
    return EssayError(
        f"the script does not define <{tag}>, so that the figure would have no controls",
        place=place_at(file, script, defined[0].start("tag") if defined else 0),
        expected=f'netviz.define("{tag}", …)',
        got=defined[0]["tag"] if defined else None,
    )


def _tag_shown(figure: FigureFolder) -> str:
    """Return the tag of a figure whose fragment has it, else ""."""
    file = figure.fragment_file
    fragment = file.read_text("utf-8", "replace") if file.is_file() else ""
    return figure.tag if re.search(rf"<{figure.tag}\b(?!-)", fragment) else ""
