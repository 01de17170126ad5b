"""JSON files that steps leave to each other and to the page."""

import json
from pathlib import Path
from typing import Any


def write_json(file: Path, value: object) -> None:
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    file.write_text(text, encoding="utf-8")


def read_json(file: Path) -> Any:  # noqa: ANN401 - whatever the step wrote
    return json.loads(file.read_text(encoding="utf-8"))
