"""Every figure, listed and shown: what each takes, and what it makes of an essay's own networks.

What is said of a figure is read from its code (`netviz.essay.reference`). The gallery is a page
that calls each figure with the essay's names; where a figure refuses one network the next is
tried, and where it refuses all of them, its own sentences are shown instead.
"""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from datetime import date
from itertools import islice, product
from pathlib import Path

from netviz.build.build import build
from netviz.build.options import Options
from netviz.build.places import prepare_places
from netviz.engine.cache import Cache
from netviz.engine.disk import own_folder, write_own
from netviz.engine.execute import Event
from netviz.engine.memory import Memory, OneBuild
from netviz.errors import EssayError, NetvizError, each
from netviz.essay.markup import as_plain_text
from netviz.essay.opening import open_essay
from netviz.essay.reference import MUST_BE_GIVEN, FigureEntry, figure_entry
from netviz.essay.settings import SETTINGS_NAME, Settings, read_settings
from netviz.figures.registry import FigureFolder, Registry

PAGE = Path("gallery", "index.md")  # in the folder of the steps' results
MOST_TRIED = 12  # calls of one figure
INDENT = "    "


@dataclass(frozen=True)
class Exhibit:
    """A figure of the gallery: what is said of it, the calls to try, and why others did not do."""

    entry: FigureEntry
    calls: tuple[str, ...]
    refusals: tuple[str, ...] = ()

    def refused(self, error: NetvizError) -> "Exhibit":
        """Return the exhibit without its first call, which `error` refuses."""
        sentence = str(error).removeprefix(f"{error.place}: ")
        return replace(self, calls=self.calls[1:], refusals=(*self.refusals, sentence))


def listed(options: Options, *, given: bool) -> str:
    """Return every figure with what it shows, what it takes and what it refuses, as plain text.

    The figures of the essay of `options` are among them; where it was not `given`, there need not
    be one.

    Raises:
        EssayError: there is no essay, or a figure of it cannot be imported.
    """
    registry, _ = _opened(options, given=given)
    entries = [figure_entry(figure) for figure in running(registry)]
    return "\n\n".join(_brief(entry) for entry in entries)


def _brief(entry: FigureEntry) -> str:
    lines = [
        entry.word,
        f"{INDENT}{entry.summary}",
        *(f"{INDENT}{' '.join(one.split())}" for one in [entry.takes] if one),
        *(f"{INDENT}{name}: {kind}; {_unless(default)}" for name, kind, default in entry.arguments),
        *(f"{INDENT}refused: {one}" for one in entry.refusals),
    ]
    return "\n".join(lines)


def _unless(default: str) -> str:
    return default if default == MUST_BE_GIVEN else f"unless given, {default}"


def described(word: str, options: Options, *, given: bool) -> str:
    """Return all that there is to say of the figure `word`, and the call to copy.

    Raises:
        EssayError: there is no such figure, or as `listed`.
    """
    registry, settings = _opened(options, given=given)
    entry = figure_entry(registry.find(word))
    calls = exhibit(entry, settings).calls if settings else ()
    parts = [entry.word, entry.about, calls[0] if calls else entry.call, entry.details]
    return "\n\n".join(part for part in parts if part)


def _opened(options: Options, *, given: bool) -> tuple[Registry, Settings | None]:
    """Return the figures and settings of an essay; of none, ours."""
    file = options.essay / SETTINGS_NAME
    if not given and not file.is_file():
        return Registry(), None
    settings = read_settings(file)
    return Registry(options.essay / "figures", runs_own=options.own_code), settings


def running(registry: Registry) -> list[FigureFolder]:
    """Return the figures by their words, but for those whose code is not to be run."""
    return [figure for _, figure in sorted(registry.figures.items()) if figure.runs]


def build_gallery(
    options: Options,
    executor: Executor,
    report: Callable[[Event], None],
    tell: Callable[[str], None],
    today: date,
) -> None:
    """Build the gallery of the essay `options.essay` into `options.out`.

    Raises:
        NetvizError: as `netviz.build.build.build`, but for what a figure refuses.
    """
    essay = open_essay(options.essay, own_code=options.own_code)
    figures = running(essay.registry)
    exhibits = [exhibit(figure_entry(figure), essay.settings) for figure in figures]
    memory = Memory()
    page = options.step_cache / PAGE
    prepare_places(options.out, options.step_cache)
    with Cache(options.step_cache).staging():  # from here on the folder is known as a cache
        own_folder(page.parent)
    while True:
        text, lines = _page(exhibits, essay.folder.resolve().name, today)
        write_own(page, text)
        try:
            build(replace(options, only=page), executor, report, tell, OneBuild(memory))
        except EssayError as error:
            exhibits = _without_refused(exhibits, lines, page, error)
        else:
            return


def exhibit(entry: FigureEntry, settings: Settings) -> Exhibit:
    """Return a figure with its calls on the names of an essay."""
    known: Mapping[str, Sequence[object]] = {
        "network": list(settings.networks),
        "networks": [list(settings.networks)] if settings.networks else [],
        "dataset": list(settings.used_datasets),
        "sweeps": [list(settings.sweeps)] if settings.sweeps else [],
        "actual": [0],
        "predicted": [1],
    }
    needed = [name for name, _, default in entry.arguments if default == MUST_BE_GIVEN]
    for name in needed:
        if not known.get(name):
            why = (
                f"the essay declares no {name}"
                if name in known
                else f"only its author can choose {name}"
            )
            return Exhibit(entry, (), (why,))
    choices = product(*(known[name] for name in needed))
    calls = [_call(entry.word, zip(needed, chosen, strict=True)) for chosen in choices]
    return Exhibit(entry, tuple(islice(calls, MOST_TRIED)))


def _call(word: str, arguments: Iterable[tuple[str, object]]) -> str:
    written = [json.dumps(word), *(f"{name}={json.dumps(value)}" for name, value in arguments)]
    return f"{{{{ figure({', '.join(written)}) }}}}"


def _page(exhibits: Sequence[Exhibit], essay: str, today: date) -> tuple[str, Mapping[int, int]]:
    """Return the gallery's markdown, and for each line of a call the place of its exhibit."""
    title = json.dumps(f"Figures on {essay}", ensure_ascii=False)
    front = {
        "title": title,
        "description": title,
        "authors": "[netviz]",
        "date": today.isoformat(),
        "typed": "examples of calls",
    }
    parts = ["\n".join(["---", *(f"{name}: {value}" for name, value in front.items()), "---"])]
    lines: dict[int, int] = {}
    for place, exhibit in enumerate(exhibits):
        parts.append(_literal(f"## {exhibit.entry.word}\n\n{exhibit.entry.about}"))
        if exhibit.calls:
            lines["\n\n".join(parts).count("\n") + 3] = place
            parts += [exhibit.calls[0], _literal(f"```\n{exhibit.calls[0]}\n```")]
        else:
            reasons = [as_plain_text(one).removesuffix(".") for one in exhibit.refusals]
            parts += [f"Not on this essay: {one}." for one in reasons]
        parts.append(_literal(exhibit.entry.details))
    return "\n\n".join(parts) + "\n", lines


def _literal(text: str) -> str:
    return f"{{% raw %}}\n{text}\n{{% endraw %}}"


def _without_refused(
    exhibits: Sequence[Exhibit], lines: Mapping[int, int], page: Path, error: EssayError
) -> list[Exhibit]:
    """Return the exhibits without the calls that `error` refuses; raise what is no refusal."""
    left = list(exhibits)
    for fault in each(error):
        number = lines.get(line_of(fault, page) or 0)
        if number is None:
            raise fault
        left[number] = left[number].refused(fault)
    return left


def line_of(fault: NetvizError, page: Path) -> int | None:
    """Return the line of `page` that asks for what `fault` refuses; None for another fault."""
    place = fault.asked_at or fault.place
    return place.line if place and Path(place.file) == page else None
