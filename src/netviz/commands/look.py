"""`netviz look`: a whole site of one network and its images, in one command.

It writes an essay that calls every figure, builds it, and leaves the essay to be edited. Where a
figure refuses the network, the page gives the reason instead. Statements that the essay of netviz
makes of its networks are checked on this one too, and the page says whether each is true or false.
"""

import json
import re
import zipfile
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any, TypeAlias

from netviz.build.build import build
from netviz.build.options import Options
from netviz.commands.brought import bring, check_there, name_of, refuse_others
from netviz.commands.gallery import Exhibit, exhibit, line_of, running
from netviz.commands.statements import STATEMENTS, Statement
from netviz.datasets.catalogue import CATALOGUE
from netviz.elsewhere.answers import KINDS
from netviz.engine.disk import disk_faults, write_own
from netviz.engine.execute import Event
from netviz.engine.memory import Memory, OneBuild
from netviz.errors import EssayError, NetvizError, Place, each
from netviz.essay.claims import DOES_NOT_HOLD
from netviz.essay.markup import as_plain_text
from netviz.essay.measurements import Measurements
from netviz.essay.reference import figure_entry
from netviz.essay.settings import SETTINGS_NAME, NetworkSettings, Settings, read_settings
from netviz.figures.registry import FigureFolder, Registry
from netviz.limits import reading
from netviz.pipeline.assemble import MEASUREMENTS_NAME
from netviz.pipeline.imported import order_of_outputs

Lines: TypeAlias = Mapping[int, tuple[str, int]]  # line → its text, and its number

OURS = "{# netviz look wrote this page, and writes it again; without this line it is yours. #}"
DATA = "images"  # the name of a data set that is brought along
PAGE = "index.md"
HEAD = "# Written by netviz look. Add what it cannot know, such as pixel_mean, and look again.\n\n"
FIRST = ("confusion_matrix", "mistakes", "surest_samples", "reliability", "you_first", "weights")
OF_A_CELL = "confusion_samples"
REORDERED = (
    "**All of this is very likely wrong.** The outputs of the network seem to stand for the classes"
    " in another order, which the build names. Give the classes that order in the settings if the"
    " labels are names, or put the outputs into the order of the labels, and look again."
)
UNMEASURED = " = None"  # in what is said of a claim, of a number that could not be measured


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
    looked = _Page(name, network.dataset, network.title, asked.today)
    figures = running(Registry(options.essay / "figures", runs_own=options.own_code))
    exhibits = [exhibit(figure_entry(one), settings) for one in sorted(figures, key=_order)]
    statements = list(STATEMENTS)
    memory = Memory()
    once = _once(tell)
    while True:
        text, lines = looked.written(exhibits, statements)
        write_own(page, text)
        try:
            build(options, executor, report, once, OneBuild(memory))
        except EssayError as error:
            _take_refusals(error, page, lines, exhibits, statements)
            continue
        measured = json.loads((options.out / MEASUREMENTS_NAME).read_text(encoding="utf-8"))
        is_changed = _take_commonest(measured["networks"][name], exhibits)
        before = looked
        looked = _doubted(looked, network, measured)
        is_changed = is_changed or looked != before
        if not _take_false(measured["claims"], lines, statements) and not is_changed:
            return [one.text for one in statements if one.holds is False]


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
    return f"[datasets.{DATA}]\ntitle = {_quoted(Path(name).stem)}\npath = {_quoted(name)}"


def _network_table(network: Path, kind: str, data: str, more: Mapping[str, object]) -> str:
    name = re.sub(r"[^a-z0-9]+", "-", network.stem.lower()).strip("-")
    name = name if re.match(r"[a-z]", name) else f"network-{name}".rstrip("-")
    rows: dict[str, object] = {
        "title": network.stem,
        "dataset": data if data in CATALOGUE else DATA,
        kind: name_of(network),
        **more,
    }
    return "\n".join([f"[networks.{name}]", *(f"{k} = {_quoted(v)}" for k, v in rows.items())])


def _quoted(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)  # which is a value of TOML and of YAML too


# --- its page --------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Page:
    """The page on a network and a data set, by the names that they have in the settings.

    `settings` are the lines of settings with which the network reads more images, if there are any.
    `is_reordered` says that its outputs seem to be in another order than the classes.
    """

    network: str
    dataset: str
    title: str
    today: date
    settings: tuple[str, ...] = ()
    is_reordered: bool = False

    def written(
        self, exhibits: Sequence[Exhibit], statements: Sequence[Statement]
    ) -> tuple[str, Lines]:
        """Return the page's markdown, and the text of each line that a build may refuse."""
        parts = [self._front(), OURS, self._opening()]
        if self.is_reordered:
            parts.append(REORDERED)
        elif self.settings:
            parts.append(self._doubt())
        lines: dict[int, tuple[str, int]] = {}

        def add(text: str, kind: str, number: int) -> None:
            lines["\n\n".join(parts).count("\n") + 3] = kind, number
            parts.append(text)

        for number, one in enumerate(exhibits):
            if one.calls:
                parts.append(f"## {_title_of(one)}")
                add(one.calls[0], "figure", number)
        parts.append("## What is so, and what is not")
        parts.append("The essay that comes with netviz says these of its networks.")
        for number, said in enumerate(statements):
            if said.holds is not None:
                add(self._claim(said), "statement", number)
        left_out = [one for one in exhibits if not one.calls]
        if left_out:
            parts.append("## What does not apply")
            reasons = (f"- {_title_of(one)}: {as_plain_text(one.refusals[-1])}" for one in left_out)
            parts.append("\n".join(reasons))
        return "\n\n".join(parts) + "\n", lines

    def _front(self) -> str:
        title = _quoted(f"A look at {self.title}")
        front = {
            "title": title,
            "description": title,
            "authors": "[netviz]",
            "date": self.today.isoformat(),
            "typed": "what figures say of networks that they do not show",
        }
        return "\n".join(["---", *(f"{name}: {value}" for name, value in front.items()), "---"])

    def _opening(self) -> str:
        key = f"networks.{self.network}.test"
        values = [
            f'{{{{ value("{key}.{name}", "{form}") }}}}'
            for name, form in (
                ("accuracy", "percent"),
                ("accuracy_interval.low", "percent"),
                ("accuracy_interval.high", "percent"),
                ("correct", "count"),
                ("count", "count"),
            )
        ]
        accuracy, low, high, correct, count = values
        learnt = f'{{% if number("{key}.may_have_learnt") %}}'
        return (
            f"The network reads {correct} of {count} {learnt}held-out{{% else %}}test{{% endif %}}"
            f" images correctly, {accuracy}. Were there many more such images, its accuracy would"
            f" very likely be between {low} and {high}.{learnt} netviz chose these images itself,"
            " from data without a test split: the network may have learnt from them, and then it"
            " reads others less well.{% endif %}"
        )

    def _doubt(self) -> str:
        key = f"networks.{self.network}.tried"
        images, correct, more = (
            f'{{{{ value("{key}.{name}", "count") }}}}'
            for name in ("images", "correct", "better.correct")
        )
        lines = ", ".join(f"`{one}`" for one in self.settings)
        return (
            f"**All of this is very likely wrong.** Of {images} test images the network reads"
            f" {correct} as it is said to be, and {more} with {lines}. Its file does not tell how"
            " it was trained: add what is true to the settings, and look again."
        )

    def _claim(self, said: Statement) -> str:
        condition = said.condition.replace("NET", f"networks.{self.network}")
        condition = condition.replace("DATA", f"datasets.{self.dataset}")
        if said.holds:
            return f"{{% claim {condition} %}}{said.text}{{% endclaim %}}"
        return f"{{% claim not ({condition}) %}}Not so here: “{said.text}”{{% endclaim %}}"


def _title_of(one: Exhibit) -> str:
    return one.entry.word.replace("_", " ").capitalize()


# --- what a build says of it -----------------------------------------------------------------


def _take_refusals(
    error: EssayError,
    page: Path,
    lines: Lines,
    exhibits: list[Exhibit],
    statements: list[Statement],
) -> None:
    """Take out the figures and statements that `error` refuses; raise what is no refusal."""
    for fault in each(error):
        kind, number = lines.get(line_of(fault, page) or 0, ("", 0))
        if kind == "figure":
            refused = exhibits[number].refused(fault)
            exhibits[number] = replace(refused, refusals=(*refused.refusals, _reason(fault)))
        elif kind == "statement":
            is_false = fault.problem.startswith(DOES_NOT_HOLD)
            is_measured = UNMEASURED not in (fault.got or "")
            holds = False if is_false and is_measured else None
            statements[number] = replace(statements[number], holds=holds)
        else:
            raise fault


def _take_false(
    claims: Sequence[Mapping[str, Any]], lines: Lines, statements: list[Statement]
) -> bool:
    """Mark the statements that do not hold; on the sample, a build goes on in spite of them.

    Claims of pages that an author added to the essay are none of these.
    """
    made = [one for one in claims if one["file"] == PAGE and one["line"] in lines]
    false = [claim for claim in made if not claim["holds"]]
    for claim in false:
        number = lines[claim["line"]][1]
        holds = None if None in claim["values"].values() else False
        statements[number] = replace(statements[number], holds=holds)
    return bool(false)


def _doubted(page: _Page, network: NetworkSettings, measured: Mapping[str, Any]) -> _Page:
    """Return the page with what it doubts of a network of no known accuracy."""
    settings: tuple[str, ...] = ()
    is_reordered = False
    if network.accuracy is None:
        order = order_of_outputs(page.network, network, Measurements(measured))
        is_reordered = order is not None
        better = measured["networks"][page.network].get("tried", {}).get("better")
        settings = tuple(better["settings"]) if better and not is_reordered else ()
    return replace(page, settings=settings, is_reordered=is_reordered)


def _take_commonest(network: Mapping[str, Any], exhibits: list[Exhibit]) -> bool:
    """Let the images of one cell be those of the commonest mistake; say whether they were others.

    Which it is is known once the network is measured.
    """
    for number, one in enumerate(exhibits):
        if one.entry.word == OF_A_CELL and one.calls:
            exhibits[number] = _on_commonest(one, network["test"]["largest_confusions"])
            return exhibits[number] != one
    return False


def _on_commonest(one: Exhibit, confusions: Sequence[Mapping[str, Any]]) -> Exhibit:
    if not confusions:
        return replace(one, calls=(), refusals=("there are no mistakes to show",))
    cell = ", ".join(f"{name}={_quoted(confusions[0][name])}" for name in ("actual", "predicted"))
    before, _, _ = one.calls[0].partition(", actual=")
    return replace(one, calls=(f"{before}, {cell}) }}}}",))


def _reason(fault: NetvizError) -> str:
    """Return why a figure does not apply, for the readers of a page, who can mend nothing."""
    if fault.expected is None:
        return fault.problem
    return f"{fault.problem.partition(': ')[0]}; it takes {fault.expected}"
