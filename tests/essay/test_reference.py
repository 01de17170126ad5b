"""The reference says what the code says: every figure, setting, form and measurement is in it."""

import dataclasses
from pathlib import Path
from typing import Literal

import pytest

from netviz.datasets.description import OwnDataset
from netviz.errors import EssayError
from netviz.essay.formats import NUMBER_FORMATS, NumberForms
from netviz.essay.front_matter import FrontMatter
from netviz.essay.languages import Catalogue
from netviz.essay.manuscript import read_manuscript
from netviz.essay.measurements import Measurements, Value
from netviz.essay.reference import (
    described,
    documented,
    figures_reference,
    formats_reference,
    measurements_reference,
    record_reference,
    settings_reference,
)
from netviz.essay.settings import NetworkSettings, Settings, SweepSettings
from netviz.figures.registry import Registry
from netviz.training.recipe import Recipe
from tests.essays import FRONT

RECORDS = (
    Settings, OwnDataset, NetworkSettings, SweepSettings, Recipe,
    Catalogue, NumberForms, FrontMatter,
)  # fmt: skip
OWN = '''"""What it shows."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Arguments:
    """Whose."""

    network: str
    units: tuple[int, ...] = (1, 2)
    name: str | None = None


def draw(arguments, materials, output):
    """Draw.

    Raises:
        EssayError: there is
            nothing.
    """
'''


@pytest.mark.parametrize("record", RECORDS)
def test_every_setting_says_what_it_means(record: type) -> None:
    """Fields and the docstring's Attributes are the same, in the same order."""
    introduction, meanings = documented(record)
    assert introduction
    assert list(meanings) == [field.name for field in dataclasses.fields(record)]
    assert all(meanings.values())


def test_every_table_of_the_settings_is_there_with_its_fields() -> None:
    text = settings_reference()
    for header in ("networks.NAME", "networks.NAME.recipe", "sweeps.NAME", "sweeps.NAME.recipe"):
        assert f"`[{header}]`" in text
    for record in RECORDS[:5]:
        assert record_reference(record) in text
    assert "| `hidden` | a list of whole numbers | `[]` | the units of" in text


def test_an_own_figure_is_described_from_its_code(tmp_path: Path) -> None:
    folder = tmp_path / "own_one"
    folder.mkdir()
    (folder / "own_one.py").write_text(OWN, encoding="utf-8")
    text = figures_reference(Registry(tmp_path))
    section = text[text.index("### own_one") :].partition("\n\n### ")[0]
    assert section.splitlines() == [
        "### own_one {#figure-own-one}",
        "",
        "What it shows.",
        "",
        "```",
        '{{ figure("own_one", network=…, units=[1, 2], name=none) }}',
        "```",
        "",
        "Whose.",
        "",
        "| argument | is | unless given |",
        "| --- | --- | --- |",
        "| `network` | a text | must be given |",
        "| `units` | a list of whole numbers | `[1, 2]` |",
        "| `name` | a text or none | `none` |",
        "",
        "Refused: there is nothing.",
    ]


def test_every_figure_of_ours_is_there() -> None:
    text = figures_reference(Registry())
    for word in Registry().figures:
        assert f"\n### {word} {{" in f"\n{text}"


def test_every_form_is_there() -> None:
    for name in NUMBER_FORMATS:
        assert f"| `{name}` | " in formats_reference()


def test_every_key_is_there_once_whatever_its_network_is_called() -> None:
    tree: dict[str, Value] = {
        "networks": {
            "one": {"test": {"classes": [{"name": "4"}, {"name": "5"}], "matrix": [[1, 2]]}},
            "two": {"test": {"classes": [{"name": "4"}]}, "hidden": {"units": None}},
        },
        "versions": {"netviz": "x" * 50},
    }
    assert measurements_reference(Measurements(tree)).splitlines()[2:] == [
        "| `networks.NAME.test.classes.0.name` | 4 |",
        "| `networks.NAME.test.matrix` | 1 by 2 values |",
        "| `networks.NAME.hidden.units` | null |",
        f"| `versions.netviz` | {'x' * 39}… |",
    ]


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        (bool, "true or false"),
        (str | None, "a text or none"),
        (int | str, "a whole number or a text"),
        (tuple[float, ...], "a list of numbers"),
        (tuple[tuple[int, ...], ...], "a list of lists of whole numbers"),
        (Literal["a", 2], '`"a"` or `2`'),
        (dict[str, Recipe], "tables by name"),
        (Recipe, "a table"),
    ],
)
def test_kinds_of_values_are_said_in_words(kind: object, words: str) -> None:
    assert described(kind) == words


def test_a_page_calls_for_it_by_subject(tmp_path: Path) -> None:
    file = tmp_path / "index.md"
    subjects = ("figures", "settings", "front matter", "formats", "measurements")
    calls = "\n\n".join(f'{{{{ reference("{subject}") }}}}' for subject in subjects)
    file.write_text(FRONT + calls, encoding="utf-8")
    html = read_manuscript(file, Measurements({"sample": True}), Registry()).html
    assert '<h3 id="figure-weights">' in html
    assert html.count("<table>") > len(Registry().figures)
    file.write_text(FRONT + '{{ reference("figurs") }}', encoding="utf-8")
    with pytest.raises(EssayError, match=r"index\.md:7:15: .*did you mean figures\?"):
        read_manuscript(file, Measurements({}), Registry())
