"""Files that steps leave to each other and to the page."""

import csv
from pathlib import Path

import pytest

from netviz.pipeline.files import write_csv


def read(file: Path) -> list[list[str]]:
    with file.open(encoding="utf-8", newline="") as opened:
        return list(csv.reader(opened))


def test_a_table_is_read_back_as_it_was(tmp_path: Path) -> None:
    rows: list[list[object]] = [["a, b", 'c "d"', "e\nf"], [1, 0.1 + 0.2, None], ["ñ", -1, -0.5]]
    write_csv(tmp_path / "t.csv", rows)
    assert read(tmp_path / "t.csv") == [
        ["a, b", 'c "d"', "e\nf"],
        ["1", "0.30000000000000004", ""],
        ["ñ", "-1", "-0.5"],
    ]


@pytest.mark.parametrize("name", ["=1+1", "+1", "-x", "@sum", "\tx"])
def test_a_name_is_no_formula_to_a_spreadsheet(tmp_path: Path, name: str) -> None:
    write_csv(tmp_path / "t.csv", [[name]])
    assert read(tmp_path / "t.csv") == [[f"'{name}"]]
