"""Hands the questions of questions.js to a page, whichever browser shows it."""

from pathlib import Path

QUESTIONS = Path(__file__).with_suffix(".js").read_text(encoding="utf-8")


def question(name: str) -> str:
    """Return the script that asks the question `name`, such as "outOfSight"."""
    return f"({QUESTIONS.strip().partition('*/')[2]}).{name}()"
