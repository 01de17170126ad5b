"""Hands the questions of questions.js to a page, whichever browser shows it."""

import json
from pathlib import Path

QUESTIONS = Path(__file__).with_suffix(".js").read_text(encoding="utf-8")


def question(name: str, *arguments: str) -> str:
    """Return the script that asks the question `name`, such as "outOfSight"."""
    given = ", ".join(map(json.dumps, arguments))
    return f"({QUESTIONS.strip().partition('*/')[2]}).{name}({given})"
