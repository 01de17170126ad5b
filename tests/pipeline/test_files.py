"""Files that steps leave to each other and to the page."""

import csv
import io

import pytest

from netviz.pipeline.files import csv_text


def read(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text, newline="")))


def test_a_table_is_read_back_as_it_was() -> None:
    rows: list[list[object]] = [["a, b", 'c "d"', "e\nf"], [1, 0.1 + 0.2, None], ["ñ", -1, -0.5]]
    assert read(csv_text(rows)) == [
        ["a, b", 'c "d"', "e\nf"],
        ["1", "0.30000000000000004", ""],
        ["ñ", "-1", "-0.5"],
    ]


@pytest.mark.parametrize(
    "name", ["=1+1", "+1", "-x", "-1+1", "@sum", "\tx", "\rx", "\n=1", "\uff1d1+1", "\uff0d1"]
)
def test_a_name_is_no_formula_to_a_spreadsheet(name: str) -> None:
    assert read(csv_text([[name]])) == [[f"'{name}"]]


@pytest.mark.parametrize("label", ["-1", "-12.5", "1", "a-b", "'a"])
def test_a_label_that_is_a_number_stays_as_it_is(label: str) -> None:
    assert read(csv_text([[label]])) == [[label]]
