"""Files that steps leave to each other and to the page: JSON, and tables as CSV."""

import csv
import io
import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

FORMULA = ("=", "+", "-", "@", "\t", "\r")  # what spreadsheets take for the beginning of one


def write_json(file: Path, value: object) -> None:
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    file.write_text(text, encoding="utf-8", newline="\n")


def read_json(file: Path) -> Any:  # noqa: ANN401 - whatever the step wrote
    return json.loads(file.read_text(encoding="utf-8"))


def write_csv(file: Path, rows: Iterable[Sequence[object]]) -> None:
    """Write a table as RFC 4180 has it. A text that a spreadsheet would run is made one to read."""
    text = io.StringIO()
    csv.writer(text).writerows([_cell(value) for value in row] for row in rows)
    file.write_text(text.getvalue(), encoding="utf-8", newline="")


def _cell(value: object) -> object:
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA) else value
