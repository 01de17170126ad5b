"""The page that `netviz look` writes on a network, and what a build that tried it changes in it."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any, TypeAlias

from netviz.commands.gallery import Exhibit, line_of
from netviz.commands.statements import STATEMENTS, Statement
from netviz.errors import EssayError, NetvizError, each
from netviz.essay.claims import DOES_NOT_HOLD
from netviz.essay.markup import as_plain_text
from netviz.essay.measurements import Measurements
from netviz.essay.settings import NetworkSettings
from netviz.pipeline.imported import order_of_outputs

Subject: TypeAlias = tuple[str, int]  # "figure" or "statement", and its number
Lines: TypeAlias = Mapping[int, Subject]  # by the line on which it is
Parts: TypeAlias = Iterator[tuple[str, Subject | None]]  # the text of each, and what it asks for

PAGE = "index.md"
OURS = "{# netviz look wrote this page, and writes it again; without this line it is yours. #}"
OF_A_CELL = "confusion_samples"
REORDERED = (
    "**All of this is very likely wrong.** The outputs of the network seem to stand for the classes"
    " in another order, which the build names. Give the classes that order in the settings if the"
    " labels are names, or put the outputs into the order of the labels, and look again."
)
UNMEASURED = " = None"  # in what is said of a claim, of a number that could not be measured


@dataclass(frozen=True)
class Overview:
    """The page on a network and a data set, by the names that they have in the settings.

    `settings` are the lines of settings with which the network reads more images, if there are any.
    `is_reordered` says that its outputs seem to be in another order than the classes.
    """

    network: str
    dataset: str
    title: str
    today: date
    exhibits: tuple[Exhibit, ...]
    statements: tuple[Statement, ...] = STATEMENTS
    settings: tuple[str, ...] = ()
    is_reordered: bool = False

    @property
    def false(self) -> list[str]:
        """The statements that are false of this network."""
        return [one.text for one in self.statements if one.holds is False]

    # --- what a build says of it -------------------------------------------------------------

    def without_refused(self, error: EssayError, page: Path, lines: Lines) -> "Overview":
        """Return it without the figures and statements of `page` that `error` refuses.

        Raises:
            NetvizError: a fault that is no refusal.
        """
        exhibits, statements = list(self.exhibits), list(self.statements)
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
        return replace(self, exhibits=tuple(exhibits), statements=tuple(statements))

    def measured(
        self, everything: Mapping[str, Any], lines: Lines, network: NetworkSettings
    ) -> "Overview":
        """Return it as what was measured asks for.

        The images of one cell are those of the commonest mistake, statements that do not hold are
        false, and a network of no known accuracy may be doubted.
        """
        found = everything["networks"][self.network]
        is_reordered = False
        better = None
        if network.accuracy is None:
            order = order_of_outputs(self.network, network, Measurements(everything))
            is_reordered = order is not None
            better = found.get("tried", {}).get("better")
        return replace(
            self,
            exhibits=tuple(
                _on_commonest(one, found["test"]["largest_confusions"]) for one in self.exhibits
            ),
            statements=self._checked(everything["claims"], lines),
            settings=tuple(better["settings"]) if better and not is_reordered else (),
            is_reordered=is_reordered,
        )

    def _checked(self, claims: Sequence[Mapping[str, Any]], lines: Lines) -> tuple[Statement, ...]:
        """Return the statements as `claims` hold; on the sample, a build goes on where they do not.

        Claims of pages that an author added to the essay are none of these.
        """
        statements = list(self.statements)
        for claim in claims:
            if claim["file"] == PAGE and claim["line"] in lines and not claim["holds"]:
                _, number = lines[claim["line"]]
                holds = None if None in claim["values"].values() else False
                statements[number] = replace(statements[number], holds=holds)
        return tuple(statements)

    # --- its text ----------------------------------------------------------------------------

    def written(self) -> tuple[str, Lines]:
        """Return the page's markdown, and what its lines ask for that a build may refuse."""
        parts = [*self._head(), *self._figures(), *self._claims(), *self._left_out()]
        lines: dict[int, Subject] = {}
        line = 1
        for text, subject in parts:
            if subject is not None:
                lines[line] = subject
            line += text.count("\n") + 2
        return "\n\n".join(text for text, _ in parts) + "\n", lines

    def _head(self) -> Parts:
        yield self._front(), None
        yield OURS, None
        yield self._opening(), None
        if self.is_reordered:
            yield REORDERED, None
        elif self.settings:
            yield self._doubt(), None

    def _figures(self) -> Parts:
        for number, one in enumerate(self.exhibits):
            if one.calls:
                yield f"## {_title_of(one)}", None
                yield one.calls[0], ("figure", number)

    def _claims(self) -> Parts:
        yield "## What is so, and what is not", None
        yield "The essay that comes with netviz says these of its networks.", None
        for number, said in enumerate(self.statements):
            if said.holds is not None:
                yield self._claim(said), ("statement", number)

    def _left_out(self) -> Parts:
        left_out = [one for one in self.exhibits if not one.calls]
        if left_out:
            yield "## What does not apply", None
            reasons = (f"- {_title_of(one)}: {as_plain_text(one.refusals[-1])}" for one in left_out)
            yield "\n".join(reasons), None

    def _front(self) -> str:
        title = quoted(f"A look at {self.title}")
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


def quoted(value: object) -> str:
    """Return `value` as JSON, which is a value of TOML and of YAML too."""
    return json.dumps(value, ensure_ascii=False)


def _on_commonest(one: Exhibit, confusions: Sequence[Mapping[str, Any]]) -> Exhibit:
    """Return an exhibit of one cell with the cell of the commonest mistake, and any other as it is.

    Which it is is known once the network is measured.
    """
    if one.entry.word != OF_A_CELL or not one.calls:
        return one
    if not confusions:
        return replace(one, calls=(), refusals=("there are no mistakes to show",))
    cell = ", ".join(f"{name}={quoted(confusions[0][name])}" for name in ("actual", "predicted"))
    before, _, _ = one.calls[0].partition(", actual=")
    return replace(one, calls=(f"{before}, {cell}) }}}}",))


def _reason(fault: NetvizError) -> str:
    """Return why a figure does not apply, for the readers of a page, who can mend nothing."""
    if fault.expected is None:
        return fault.problem
    return f"{fault.problem.partition(': ')[0]}; it takes {fault.expected}"
