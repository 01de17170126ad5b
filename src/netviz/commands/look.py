"""`netviz look`: a whole site of one network and its images, in one command.

It writes an essay that calls every figure, builds it, and leaves the essay to be edited. Where a
figure refuses the network, the page gives the reason instead. Statements that the essay of netviz
makes of its networks are checked on this one too, and the page says whether each is true or false.
"""

import json
import re
import zipfile
from collections.abc import Callable, Mapping
from concurrent.futures import Executor
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from netviz.build.build import build
from netviz.build.options import Options
from netviz.commands.brought import bring, check_there, name_of, refuse_others
from netviz.commands.gallery import exhibit, running
from netviz.commands.overview import OURS, PAGE, Overview, quoted
from netviz.datasets.catalogue import CATALOGUE
from netviz.elsewhere.answers import KINDS
from netviz.engine.disk import disk_faults, write_own
from netviz.engine.execute import Event
from netviz.engine.memory import Memory, OneBuild
from netviz.errors import EssayError, Place
from netviz.essay.reference import figure_entry
from netviz.essay.settings import SETTINGS_NAME, Settings, read_settings
from netviz.figures.registry import FigureFolder, Registry
from netviz.limits import reading
from netviz.pipeline.assemble import MEASUREMENTS_NAME

DATA = "images"  # the name of a data set that is brought along
HEAD = "# Written by netviz look. Add what it cannot know, such as pixel_mean, and look again.\n\n"
FIRST = ("confusion_matrix", "mistakes", "surest_samples", "reliability", "you_first", "weights")


@dataclass(frozen=True)
class Asked:
    """The file of a network, and its data: the name of a data set of netviz, or a path."""

    network: Path
    data: str
    today: date


def look(
    asked: Asked,
    options: Options,
    executor: Executor,
    report: Callable[[Event], None],
    tell: Callable[[str], None],
) -> list[str]:
    """Write the essay `options.essay` on what is `asked`, and build it into `options.out`.

    Where the essay has settings already they are kept, so that what a first attempt lacked can be
    added to them. Returns the statements that are false of this network.

    Raises:
        EssayError: there is no such network or data, or the essay's page is not ours.
        NetvizError: as `netviz.build.build.build`, but for what a figure refuses.
    """
    page = options.essay / PAGE
    _refuse_foreign(page)
    settings = _settings(asked.network, asked.data, options.essay)
    name, network = next(iter(settings.networks.items()))
    figures = running(Registry(options.essay / "figures", runs_own=options.own_code))
    exhibits = [exhibit(figure_entry(one), settings) for one in sorted(figures, key=_order)]
    overview = Overview(name, network.dataset, network.title, asked.today, tuple(exhibits))
    memory = Memory()
    once = _once(tell)
    while True:
        text, lines = overview.written()
        write_own(page, text)
        try:
            build(options, executor, report, once, OneBuild(memory))
        except EssayError as error:
            overview = overview.without_refused(error, page, lines)
            continue
        measured = json.loads((options.out / MEASUREMENTS_NAME).read_text(encoding="utf-8"))
        before, overview = overview, overview.measured(measured, lines, network)
        if overview == before:
            return overview.false


def _once(tell: Callable[[str], None]) -> Callable[[str], None]:
    """Return `tell` for sentences that each of several builds says, heard once."""
    told: set[str] = set()

    def heard(sentence: str) -> None:
        if sentence not in told:
            told.add(sentence)
            tell(sentence)

    return heard


def _order(figure: FigureFolder) -> tuple[int, str]:
    return FIRST.index(figure.word) if figure.word in FIRST else len(FIRST), figure.word


# --- the essay's settings --------------------------------------------------------------------


def _refuse_foreign(page: Path) -> None:
    if page.exists() and OURS not in page.read_text("utf-8", "replace"):
        raise EssayError(
            "there is a text of yours here",
            place=Place(page),
            remedy="Build it with netviz build, or name another folder with --essay.",
        )


def _settings(network: Path, data: str, essay: Path) -> Settings:
    """Return the settings in `essay`; where there are none, write them and copy what they name."""
    file = essay / SETTINGS_NAME
    if not file.exists():
        write_settings(network, data, essay, {})
        return read_settings(file)
    check_there(network, data)
    settings = read_settings(file)
    refuse_others(network, data, settings, file)
    bring(network, data, essay)
    return settings


def write_settings(network: Path, data: str, essay: Path, more: Mapping[str, object]) -> None:
    """Write the settings of an essay on a network, and copy what they name into its folder.

    `more` are settings of the network that its file cannot say, by their names.

    Raises:
        EssayError: there is no such network or data, or another copy is there.
        SiteError: the disk refuses.
    """
    check_there(network, data)
    kind = "answers" if _are_answers(network) else "weights"
    bring(network, data, essay)
    tables = [_network_table(network, kind, data, more)]
    if data not in CATALOGUE:
        tables.insert(0, _data_table(name_of(Path(data))))
    with disk_faults(essay):
        write_own(essay / SETTINGS_NAME, HEAD + "\n\n".join(tables) + "\n")


def _are_answers(network: Path) -> bool:
    """Say whether a file holds answers, by the names of its arrays."""
    if not zipfile.is_zipfile(network):
        return False
    try:
        with reading(network), zipfile.ZipFile(network) as archive:
            return any(f"{kind}.npy" in archive.namelist() for kind in KINDS)
    except (zipfile.BadZipFile, NotImplementedError):  # which the reader of weights tells
        return False


def _data_table(name: str) -> str:
    return f"[datasets.{DATA}]\ntitle = {quoted(Path(name).stem)}\npath = {quoted(name)}"


def _network_name(stem: str) -> str:
    """Return the name in the settings of the network in a file; `-over-` is that of comparisons."""
    name = re.sub(r"[^a-z0-9]+", "-", stem.lower()).strip("-")
    name = re.sub(r"-over(?=-)", "", name)
    return name if re.match(r"[a-z]", name) else f"network-{name}".rstrip("-")


def _network_table(network: Path, kind: str, data: str, more: Mapping[str, object]) -> str:
    rows: dict[str, object] = {
        "title": network.stem,
        "dataset": data if data in CATALOGUE else DATA,
        kind: name_of(network),
        **more,
    }
    head = f"[networks.{_network_name(network.stem)}]"
    return "\n".join([head, *(f"{k} = {quoted(v)}" for k, v in rows.items())])
