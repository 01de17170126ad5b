"""A preview makes again what an edit changed, and nothing else."""

import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest

from netviz.build.build import build
from netviz.build.options import Options
from netviz.engine.local import LocalExecutor
from netviz.engine.memory import Memory, OneBuild
from netviz.engine.recall import Recall, noting, plainly
from netviz.errors import Place
from netviz.publishing.writer import publish
from tests.essays import TEXT, content, edits, two_pages


@dataclass(frozen=True)
class Folder:
    """A result that is gone when its folder is."""

    path: Path

    @property
    def stands(self) -> bool:
        return self.path.is_dir()


@dataclass(frozen=True)
class Record:
    """An argument with a list and a place, of which the latter does not count."""

    items: list[int]
    place: Place


@dataclass(frozen=True, eq=False)
class Distinct:
    """An argument that compares by identity."""

    name: str


@dataclass
class Stamped:
    """An argument that can change, and says when."""

    stamp: int


@dataclass
class Counted:
    """A function that counts its calls."""

    calls: int = 0

    def __call__(self, *_: object, **__: object) -> int:
        self.calls += 1
        return self.calls

    __hash__ = object.__hash__


def test_a_function_is_called_once_until_a_build_does_not_ask_for_it() -> None:
    memory, made = Memory(), Counted()
    assert [OneBuild(memory)(made, "a"), OneBuild(memory)(made, "a")] == [1, 1]
    memory.end_build()
    assert OneBuild(memory)(made, "a") == 1
    memory.end_build()
    memory.end_build()
    assert OneBuild(memory)(made, "a") == 2


def test_a_failure_is_not_kept() -> None:
    memory, answers = Memory(), iter([0, 1])

    def make() -> int:
        return 1 // next(answers)

    with pytest.raises(ZeroDivisionError):
        OneBuild(memory)(make)
    assert OneBuild(memory)(make) == 1


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("a", "b"),
        (1, True),
        (1, 1.0),
        ([1, 2], [1, 3]),
        ({"a": [1]}, {"a": [2]}),
        ({1, 2}, {1}),
        (Record([1], Place("a")), Record([2], Place("a"))),
        (Distinct("a"), Distinct("a")),
        (Stamped(1), Stamped(2)),
    ],
)
def test_a_function_is_called_again_with_other_arguments(first: object, second: object) -> None:
    memory, made = Memory(), Counted()
    assert [OneBuild(memory)(made, one) for one in (first, second, first)] == [1, 2, 1]
    assert OneBuild(memory)(made, named=first) == 3


def test_places_do_not_count_and_equal_records_are_one() -> None:
    memory, made = Memory(), Counted()
    assert OneBuild(memory)(made, Record([1], Place("a", 1))) == OneBuild(memory)(
        made, Record([1], Place("b", 2))
    )


def test_what_can_change_without_a_word_is_refused() -> None:
    with pytest.raises(TypeError):
        OneBuild(Memory())(str, bytearray(b"a"))


def test_a_file_counts_by_its_content_and_a_folder_by_its_name(tmp_path: Path) -> None:
    memory, made = Memory(), Counted()
    file = tmp_path / "a.txt"
    for number, text in enumerate(("one", "three", "three")):
        if number < 2:
            file.write_text(text, encoding="utf-8")
        assert OneBuild(memory)(made, file) == min(number + 1, 2)
    file.unlink()
    assert OneBuild(memory)(made, file) == 3
    assert OneBuild(memory)(made, tmp_path) == OneBuild(memory)(made, tmp_path) == 4


def test_a_result_whose_folder_was_removed_is_made_again(tmp_path: Path) -> None:
    memory, folder = Memory(), tmp_path / "made"
    calls = []

    def make() -> Folder:
        calls.append(1)
        folder.mkdir(exist_ok=True)
        return Folder(folder)

    OneBuild(memory)(make)
    OneBuild(memory)(make)
    assert len(calls) == 1
    folder.rmdir()
    OneBuild(memory)(make)
    assert len(calls) == 2


@pytest.fixture
def options(tmp_path: Path) -> Options:
    return two_pages(tmp_path)


def test_after_every_edit_a_preview_builds_what_a_fresh_build_does(
    options: Options, workers: LocalExecutor, tmp_path: Path
) -> None:
    memory = Memory()
    last = None
    for file, text in edits(options.essay):
        file.write_text(text, encoding="utf-8")
        faults = []
        told: list[list[str]] = []
        for out, kept in ((options.out, OneBuild(memory)), (tmp_path / "fresh", plainly)):
            one = Options(options.essay, out, options.step_cache, options.data_cache, sample=True)
            told.append([])
            try:
                build(one, workers, lambda _: None, told[-1].append, kept)
            except Exception as error:
                faults.append(str(error))
        assert len(set(faults)) == len(faults) // 2, faults
        of_preview, fresh = ([one for one in said if "is missing" in one] for said in told)
        assert of_preview == fresh
        assert content(options.out) == content(tmp_path / "fresh")
        assert faults or content(options.out) != last, f"the edit of {file} changed nothing"
        last = content(options.out)


@pytest.mark.slow
def test_a_missing_translation_is_told_as_long_as_the_text_is_there(
    options: Options, workers: LocalExecutor
) -> None:
    """Also by a build that makes nothing again of what has the text."""
    memory = Memory()
    page = options.essay / "index.es.md"
    text = page.read_text(encoding="utf-8")
    figureless = text[: text.index("It gets")] + "No."
    told: list[list[str]] = []
    for one in (text, text, figureless, figureless + " No."):
        page.write_text(one, encoding="utf-8")
        told.append([])
        build(options, workers, lambda _: None, told[-1].append, OneBuild(memory))
        memory.end_build()
    missing = [[one for one in said if "is missing" in one] for said in told]
    assert missing[0] == missing[1] != []
    assert missing[2:] == [[], []]


class Noted:
    """Notes that are words."""

    def __init__(self) -> None:
        self.words: list[str] = []

    def take(self) -> list[str]:
        taken, self.words = self.words, []
        return taken

    def add(self, taken: list[str]) -> None:
        self.words += taken


def test_what_a_call_noted_is_noted_again_with_its_result() -> None:
    memory, notes = Memory(), Noted()

    def note(word: str) -> str:
        notes.words.append(word)
        return word

    def note_within(recall: Recall, word: str) -> str:
        return recall(note, word) + note("more")

    for words in (["a", "b"], ["a"], ["a", "c"]):
        recall = noting(OneBuild(memory), notes)
        assert notes.words == []
        assert [recall(note, word) for word in words] == words
        assert notes.words == words
        memory.end_build()
    recall = noting(OneBuild(memory), notes)
    assert recall(lambda: note_within(recall, "d")) == "dmore"
    assert notes.words == ["d", "more"]


@pytest.mark.slow
@pytest.mark.parametrize("removed", ["step_cache", "data_cache", "out"])
def test_what_was_removed_beside_a_preview_is_made_again(
    options: Options, workers: LocalExecutor, removed: str
) -> None:
    memory = Memory()
    build(options, workers, lambda _: None, recall=OneBuild(memory))
    (options.essay / "index.md").write_text(TEXT.replace('"digits")', '"digits", unit=3)'))
    shutil.rmtree(getattr(options, removed))
    build(options, workers, lambda _: None, recall=OneBuild(memory))
    seen = content(options.out)
    build(options, workers, lambda _: None)
    assert content(options.out) == seen


def test_publishing_sees_what_was_changed_behind_its_back(tmp_path: Path) -> None:
    out, memory = tmp_path / "site", Memory()
    files = {"a.html": b"one", "b.html": b"two"}
    for _ in range(2):
        publish(files, out, OneBuild(memory))
    (out / "a.html").write_bytes(b"eno")
    assert publish(files, out, OneBuild(memory))
    assert (out / "a.html").read_bytes() == b"one"
    assert not publish(files, out, OneBuild(memory))


@dataclass(frozen=True)
class Saved:
    """An argument that stands for a file, of which it counts how often it is looked at."""

    file: Path
    looks: list[str]

    @property
    def stamp(self) -> str:
        self.looks.append(self.file.read_text())
        return self.looks[-1]


def test_a_record_is_looked_at_once_in_a_build_and_again_in_the_next(tmp_path: Path) -> None:
    """Whether the build before it ended or not."""
    memory, made = Memory(), Counted()
    saved = Saved(tmp_path / "a.txt", [])
    for number, text in enumerate(("one", "two", "three"), start=1):
        saved.file.write_text(text)
        recall = OneBuild(memory)
        assert [recall(made, saved), recall(made, [saved])] == [2 * number - 1, 2 * number]
    assert saved.looks == ["one", "two", "three"]
