"""Which networks and sweeps the pages of an essay name: nothing else has to be trained."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from netviz.essay.opening import Essay
from netviz.essay.settings import Settings
from netviz.essay.spans import jinja_tags
from netviz.measurements.comparisons import BETWEEN

# A page that takes the whole table, or makes a key of it by itself, may read any network.
WHOLE_TABLE = re.compile(r"""["'](networks|sweeps|comparisons)\.?["']""")


def is_named(name: str, calls: str) -> bool:
    """Return True if `calls` contain `name`, and not only as a part of another name.

    A comparison, `SECOND-over-FIRST`, names two networks.
    """
    whole = rf"(?:(?<![\w-])|(?<={BETWEEN})){re.escape(name)}(?:(?![\w-])|(?={BETWEEN}))"
    return re.search(whole, calls) is not None


def calls_of(texts: Iterable[str]) -> str:
    """Return the text in the braces of all `texts`."""
    return "\n".join(text[start:end] for text in texts for start, end in jinja_tags(text))


def named_settings(essay: Essay) -> Settings:
    """Return the settings with those networks and sweeps that the essay asks for.

    That is those whose full names are in what a page calls, or in the essay's own figures
    and templates; and all networks whose weights or answers are given, which cost no training.
    """
    settings = essay.settings
    calls = calls_of(page.read_text("utf-8-sig", "replace") for page in essay.pages)
    calls += "\n".join(_own_code(essay))
    if WHOLE_TABLE.search(calls):
        return settings
    networks = {
        name: network
        for name, network in settings.networks.items()
        if network.is_from_elsewhere or is_named(name, calls)
    }
    sweeps = {name: sweep for name, sweep in settings.sweeps.items() if is_named(name, calls)}
    return replace(settings, networks=networks, sweeps=sweeps)


def _own_code(essay: Essay) -> Iterator[str]:
    for folder in ("figures", "templates"):
        for file in sorted((essay.folder / folder).rglob("*")):
            if file.suffix in (".py", ".html") and file.is_file():
                yield file.read_text("utf-8", "replace")
