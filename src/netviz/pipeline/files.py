"""Files that steps leave to each other and to the page: JSON, and tables as CSV."""

import csv
import io
import json
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

# What spreadsheets take for the beginning of a formula, also in letters of full width.
FORMULA = (*"=+-@\t\r\n", *"\uff1d\uff0b\uff0d\uff20")
NEGATIVE = re.compile(r"-[0-9]+(?:\.[0-9]+)?")  # a number to a spreadsheet too, such as a label -1


def write_json(file: Path, value: object) -> None:
    file.write_text(json_text(value), encoding="utf-8", newline="\n")


def json_text(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def read_json(file: Path) -> Any:  # noqa: ANN401 - whatever the step wrote
    return json.loads(file.read_text(encoding="utf-8"))


def csv_text(rows: Iterable[Sequence[object]]) -> str:
    """Return a table as RFC 4180 has it; a text that a spreadsheet would run is one to read."""
    text = io.StringIO()
    csv.writer(text).writerows([_cell(value) for value in row] for row in rows)
    return text.getvalue()


def _cell(value: object) -> object:
    if not isinstance(value, str) or NEGATIVE.fullmatch(value):
        return value
    return f"'{value}" if value.startswith(FORMULA) else value
