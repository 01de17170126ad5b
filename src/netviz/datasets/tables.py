"""Tables of images, as Kaggle hands them out: a row an image, its label in one column."""

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from netviz.datasets.archives import read_file
from netviz.datasets.description import SIDES
from netviz.datasets.forms import told_by_head
from netviz.datasets.labelled import ROLES, Found, Labelled, Note, chosen_roles, fault
from netviz.errors import DataError, listed
from netviz.limits import within_data_limits

LARGEST_TABLE = 256 * 2**20  # bytes unpacked; that of Fashion-MNIST has 133 MB
LABEL_NAMES = ("label", "labels", "class", "target", "y")
NO_PIXELS = {"", "id", "index", "unnamed: 0"}  # columns that count the rows
DELIMITERS = ",;\t"
NUMBER = re.compile(r"[0-9]{1,9}")
ROWS = 1000  # that are turned into numbers at once


@dataclass(frozen=True)
class _Columns:
    """Which columns of a table are what, counted from 0, and the names that say so, if any do."""

    label: int | None
    pixels: tuple[int, ...]
    names: tuple[str, ...]


def is_table(file: Path) -> bool:
    """Say whether a file's name is that of a table: `.csv`, `.tsv`, perhaps packed."""
    name = file.name.lower().removesuffix(".gz")
    return name.endswith((".csv", ".tsv")) and file.is_file()


def read_table(file: Path, note: Note) -> Found:
    """Read one table, which is no split.

    Raises:
        DataError: it is no table of images with labels.
    """
    part, _ = _read(file, note)
    if part is None:
        raise _no_label(file, _first_row(file))
    return Found((part,))


def read_table_folder(folder: Path, files: Sequence[Path], note: Note) -> Found:
    """Read the tables of a folder: `train.csv` and `test.csv`, or just one.

    Raises:
        DataError: it is not certain which table is what, or one is damaged.
    """
    roles = _roles(folder, files, note)
    read, over = chosen_roles(roles)
    parts: list[Labelled] = []
    names: dict[str, tuple[str, ...]] = {}
    for role in read:
        part, names[role] = _read(roles[role], note)
        if part is not None:
            parts.append(part)
            _check_alike(names["training"], names[role], roles[role])
        elif role == "training":
            raise _no_label(roles[role], _first_row(roles[role]))
        else:
            note(f"{roles[role].name} has no labels and is passed over")
    for role in over:
        note(f"{folder.name}: {roles[role].name} is passed over")
    return Found(tuple(parts))


def _roles(folder: Path, files: Sequence[Path], note: Note) -> dict[str, Path]:
    """Return the table of each split; a single one is divided."""
    found: dict[str, Path] = {}
    others = []
    for file in files:
        words = re.split(r"[\W_]+", file.name.lower())
        role = next((ROLES[word] for word in words if word in ROLES), None)
        if role is None:
            others.append(file)
        elif role in found:
            got = f"{found[role].name} and {file.name}"
            raise fault(folder, "two tables are for one split", f"one for {role}", got)
        else:
            found[role] = file
    if not found and len(others) == 1:
        return {"training": others[0]}
    if "training" not in found:
        got = listed([one.name for one in files])
        problem = "no table is the one to train from"
        raise fault(folder, problem, "train.csv, and perhaps test.csv", got)
    if others:
        note(f"{folder.name}: {listed([one.name for one in others])} passed over")
    return found


def _rows(file: Path) -> Iterator[list[str]]:
    """Yield the rows of a table, in cells.

    Raises:
        DataError: it is no text, or no table.
    """
    content = read_file(file, LARGEST_TABLE)
    known = told_by_head(content[:512])
    if known is not None:
        raise fault(file, "the file is no table", "lines of numbers", *known)
    first = content.split(b"\n", 1)[0]
    delimiter = max(DELIMITERS, key=lambda one: first.count(one.encode()))
    text = io.TextIOWrapper(io.BytesIO(content), encoding="utf-8-sig", newline="")
    try:
        yield from (row for row in csv.reader(text, delimiter=delimiter) if row)
    except (UnicodeDecodeError, csv.Error) as error:
        raise fault(file, "the table cannot be read", "lines of UTF-8", str(error)) from None


def _first_row(file: Path) -> list[str]:
    return next(_rows(file), [])


def _check_alike(names: Sequence[str], others: Sequence[str], file: Path) -> None:
    """Refuse a table whose pixels are named otherwise than those of the training table."""
    different = [(one, other) for one, other in zip(names, others, strict=False) if one != other]
    if names and others and (different or len(names) != len(others)):
        one, other = different[0] if different else (f"{len(names)} pixels", f"{len(others)}")
        raise fault(file, "its columns are others than those of the training table", one, other)


@within_data_limits
def _read(file: Path, note: Note) -> tuple[Labelled | None, tuple[str, ...]]:
    """Return the images (n, pixels) and labels of a table, and the names of its pixels, if any.

    None stands for the images where the table has no labels.
    """
    rows = _rows(file)
    first = next(rows, [])
    columns = _columns(first, file)
    names = tuple(columns.names[place] for place in columns.pixels) if columns.names else ()
    if columns.label is None:
        return None, names
    if list(columns.pixels) != sorted(columns.pixels):
        note(f"{file.name}: its columns are put in the order of the numbers in their names")
    if not columns.names:
        note(f"{file.name} has no line of names: its first column is taken for the labels")
        rows = _after(first, rows)
    labels: list[str] = []
    chunks: list[NDArray[Any]] = []
    while taken := list(islice(rows, ROWS)):
        _check_width(taken, len(first), len(labels) + bool(columns.names) + 1, file)
        labels += [row[columns.label].strip() for row in taken]
        chunks.append(_numbers(taken, columns, len(labels) - len(taken), file))
    if not chunks:
        raise fault(file, "there are no images", "a row for each image", "none")
    return Labelled(np.concatenate(chunks), _as_labels(labels), file, file), names


def _after(first: list[str], rows: Iterator[list[str]]) -> Iterator[list[str]]:
    yield first
    yield from rows


def _columns(first: Sequence[str], file: Path) -> _Columns:
    """Return what the columns are by their first row, names or the first image.

    Raises:
        DataError: there are too few of them.
    """
    names = tuple(cell.strip().lower() for cell in first)
    label = next((names.index(name) for name in LABEL_NAMES if name in names), None)
    numbers = sum(map(_is_number, names))
    has_names = label is not None or numbers < len(names) / 2 or _only_count(names)
    if not has_names:
        label = 0
    pixels = tuple(
        place
        for place, name in enumerate(names)
        if place != label and not (has_names and name in NO_PIXELS)
    )
    if has_names:
        pixels = _in_order(pixels, [names[place] for place in pixels])
    if len(pixels) < SIDES[0] ** 2:
        expected = f"a column for the label, and {SIDES[0] ** 2} or more for the pixels"
        raise fault(file, "the table holds no images", expected, _shown(first))
    return _Columns(label, pixels, names if has_names else ())


def _only_count(cells: Sequence[str]) -> bool:
    """Say whether cells count the columns, as the names do that pandas gives to those without."""
    return any(list(cells) == [str(k + first) for k in range(len(cells))] for first in (0, 1))


def _in_order(places: tuple[int, ...], names: Sequence[str]) -> tuple[int, ...]:
    """Return places of columns by the numbers in their names, where these differ in nothing else.

    Such are pixel0 and pixel10, or 1x1 and 28x28; others stay as they are.
    """
    words = {NUMBER.sub("0", name) for name in names}
    numbers = [tuple(map(int, NUMBER.findall(name))) for name in names]
    if len(words) != 1 or not numbers[0] or len(set(numbers)) < len(numbers):
        return places
    return tuple(place for _, place in sorted(zip(numbers, places, strict=True)))


def _is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return "_" not in cell


def _check_width(rows: Sequence[Sequence[str]], width: int, before: int, file: Path) -> None:
    for number, row in enumerate(rows):
        if len(row) != width:
            problem = f"row {before + number} of the table has another length"
            raise fault(file, problem, f"{width} cells", f"{len(row)}")


def _numbers(
    rows: Sequence[Sequence[str]], columns: _Columns, before: int, file: Path
) -> NDArray[Any]:
    """Return the pixels of some rows, as bytes where nothing is lost by it."""
    start, stop = columns.pixels[0], columns.pixels[-1] + 1
    is_block = columns.pixels == tuple(range(start, stop))
    cells = [row[start:stop] if is_block else [row[one] for one in columns.pixels] for row in rows]
    with np.errstate(all="ignore"):  # what is not finite is refused later, with its place
        try:
            numbers = np.array(cells, dtype=np.float32)
        except ValueError as error:
            place = f"images {before} to {before + len(rows) - 1} (counted from 0)"
            raise fault(file, "a pixel is no number", "numbers", f"{error}, in {place}") from None
        as_bytes = numbers.astype(np.uint8)
    return as_bytes if np.array_equal(as_bytes, numbers) else numbers


def _as_labels(labels: Sequence[str]) -> NDArray[Any]:
    """Return labels as numbers where all are, such as 3 and 3.0, else as texts.

    Numbers of which two differ in leading zeros alone, as 1 and 01, are texts too.
    """
    digits = {label for label in labels if label.isdigit()}
    is_distinct = len(set(map(int, digits))) == len(digits)
    if is_distinct and all(map(_is_number, labels)):
        return np.array(labels, dtype=np.float64)
    return np.array(labels)


def _no_label(file: Path, first: Sequence[str]) -> DataError:
    expected = f"a column called {', '.join(LABEL_NAMES[:-1])} or {LABEL_NAMES[-1]}"
    return fault(file, "the table has no labels", expected, _shown(first))


def _shown(cells: Sequence[str]) -> str:
    return listed([cell[:40] for cell in cells], 4) or "an empty file"
