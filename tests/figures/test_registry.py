"""Every folder that is a figure is found, and nothing else; what is wrong in one is told."""

import os
import sys
from pathlib import Path

import pytest

from netviz.errors import DataError, EssayError
from netviz.figures.registry import BUILT_IN, FigureFolder, Registry

MODULE = """
class Arguments: ...

def needs(arguments): ...

def draw(arguments, materials, output):
    return {"finding": "own"}
"""


def plant(parent: Path, word: str, module: str = MODULE) -> FigureFolder:
    """Write a figure of an author's."""
    folder = parent / word
    folder.mkdir(parents=True)
    (folder / f"{word}.py").write_text(module)
    return FigureFolder(word, folder)


def test_every_folder_of_ours_with_a_module_of_its_name_is_a_figure() -> None:
    expected = {
        file.parent.name for file in BUILT_IN.glob("*/*.py") if file.stem == file.parent.name
    }
    assert set(Registry().figures) == expected
    assert {"weights", "template_match"} <= expected


def test_the_shared_parts_are_no_figure() -> None:
    assert "parts" not in Registry().figures


def test_a_word_gives_the_files_and_the_element() -> None:
    figure = Registry().find("template_match")
    assert figure.tag == "nv-template-match"
    assert figure.module_file == BUILT_IN / "template_match" / "template_match.py"
    files = (figure.module_file, figure.fragment_file, figure.script_file, figure.style_file)
    assert all(file.is_file() for file in files)


def test_an_unknown_word_is_told_with_the_nearest() -> None:
    with pytest.raises(EssayError, match=r"unknown figure 'wieghts'.*did you mean weights\?"):
        Registry().find("wieghts")


def test_an_author_s_figure_is_found_beside_ours(tmp_path: Path) -> None:
    plant(tmp_path, "sparkline")
    registry = Registry(tmp_path)
    assert registry.find("sparkline").folder == tmp_path / "sparkline"
    assert registry.find("weights").folder == BUILT_IN / "weights"


def test_an_author_s_figure_takes_the_place_of_ours(tmp_path: Path) -> None:
    own = plant(tmp_path, "weights")
    found = Registry(tmp_path).find("weights")
    assert found == own
    drawing: object = found.load().draw(None, None, None)  # type: ignore[arg-type]  # it looks at nothing
    assert drawing == {"finding": "own"}
    assert Registry().find("weights").folder == BUILT_IN / "weights"


@pytest.mark.parametrize("name", ["Sparkline", "spark-line", "1spark", "_spark", ".spark", "spärk"])
def test_a_folder_that_is_no_word_is_passed_over(name: str, tmp_path: Path) -> None:
    plant(tmp_path, name)
    assert set(Registry(tmp_path).figures) == set(Registry().figures)


def test_a_folder_without_its_module_is_passed_over(tmp_path: Path) -> None:
    plant(tmp_path, "sparkline").module_file.rename(tmp_path / "sparkline" / "other.py")
    (tmp_path / "plain.py").write_text(MODULE)
    assert set(Registry(tmp_path).figures) == set(Registry().figures)


def test_an_essay_without_figures_of_its_own_has_ours(tmp_path: Path) -> None:
    assert Registry(tmp_path / "nowhere").figures == Registry().figures


@pytest.mark.parametrize("part", ["Arguments", "draw"])
def test_a_missing_part_of_the_contract_is_named(part: str, tmp_path: Path) -> None:
    figure = plant(tmp_path, "half", MODULE.replace(part, "other", 1))
    told = rf"half\.py: the figure 'half' is incomplete; expected a top-level {part}"
    with pytest.raises(EssayError, match=told):
        figure.load()


@pytest.mark.parametrize(
    ("module", "told"),
    [
        ("def draw(:", "invalid syntax"),
        ("import netviz.nothing_such", "No module named"),
        ("1 / 0", "division by zero"),
    ],
)
def test_a_module_that_cannot_be_imported_is_told(module: str, told: str, tmp_path: Path) -> None:
    figure = plant(tmp_path, "broken", module)
    with pytest.raises(EssayError, match=rf"broken\.py.*cannot be imported: .*{told}"):
        figure.load()


def test_an_edit_within_the_second_to_the_same_size_is_seen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Python would run bytecode that it kept of the file as it was before."""
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    for said in ("one", "two"):
        figure = plant(tmp_path / said, "hasty", MODULE.replace("own", said))
        figure.module_file.replace(tmp_path / "hasty.py")
        os.utime(tmp_path / "hasty.py", (1_700_000_000, 1_700_000_000))
        drawn: object = FigureFolder("hasty", tmp_path).load().draw(None, None, None)  # type: ignore[arg-type]  # it looks at nothing
        assert drawn == {"finding": said}
    assert not sys.dont_write_bytecode


def test_a_fault_is_told_with_the_line_of_the_figure_s_file(tmp_path: Path) -> None:
    figure = plant(tmp_path, "faulty", MODULE.replace("return", "int('x')\n    return"))
    with pytest.raises(EssayError) as caught, figure.faults_told():
        figure.load().draw(None, None, None)  # type: ignore[arg-type]  # it looks at nothing
    assert caught.value.place is not None
    line = MODULE.splitlines().index('    return {"finding": "own"}') + 1
    assert (caught.value.place.file, caught.value.place.line) == (figure.module_file, line)
    assert "ValueError: invalid literal" in str(caught.value)


def test_what_was_told_already_is_passed_on(tmp_path: Path) -> None:
    figure = plant(tmp_path, "telling")
    told = DataError("the data are wrong")
    with pytest.raises(DataError) as caught, figure.faults_told():
        raise told
    assert caught.value is told


@pytest.fixture(autouse=True)
def forget_authors_figures() -> None:
    """Take modules of earlier tests out of Python's memory."""
    for name in [name for name in sys.modules if name.startswith("netviz_essay_figures.")]:
        del sys.modules[name]
