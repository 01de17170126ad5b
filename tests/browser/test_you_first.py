"""A whole run by the keys of the digits, scored for the reader and for the network."""

import json
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import OpenPage

pytestmark = pytest.mark.browser


def test_a_run_can_be_played_and_played_again_by_keys_alone(
    site_from_disk: str, open_page: OpenPage
) -> None:
    page = open_page(site_from_disk)
    figure = page.locator("nv-you-first").first
    figure.scroll_into_view_if_needed()
    config: Any = json.loads(figure.get_attribute("data-config") or "")
    answers = config["answers"]
    question = figure.locator(".asked p")
    figure.locator(".answers button").first.focus()
    assert figure.get_by_role("button", name="7").get_attribute("aria-keyshortcuts") == "7"
    for place, answer in enumerate(answers):
        expect(question).to_contain_text(f"Image {place + 1} of {len(answers)}")
        # Wrong on the first image only.
        page.keyboard.press(str((answer["label"] + (place == 0)) % 10))
        expect(question).to_contain_text("You said")
        if place + 1 < len(answers):
            page.keyboard.press("Enter")
    right = sum(one["read"] == one["label"] for one in answers)
    expect(question).to_contain_text(
        f"In the end you have {len(answers) - 1} of {len(answers)}, the network {right}."
    )
    page.keyboard.press("Enter")
    expect(question).to_contain_text(f"Image 1 of {len(answers)}")
    page.keyboard.press(str(answers[0]["label"]))
    expect(question).to_contain_text("So far you have 1 of 1")
