"""Pictures come late, and none is missed or moves anything: each has its size before it comes."""

import pytest

from tests.browser.conftest import OpenPage
from tests.browser.questions import question
from tests.browser.readers import Reader
from tests.browser.walk import read_on

pytestmark = pytest.mark.browser

SIZES = {"desk": (1280, 800), "phone": (390, 844)}


@pytest.mark.parametrize("name", SIZES)
def test_every_picture_in_sight_is_drawn(
    site_from_server: str, open_page: OpenPage, name: str
) -> None:
    page = open_page(site_from_server, Reader(*SIZES[name]))
    read_on(page)
    assert page.evaluate(question("undrawn")) == []


@pytest.mark.parametrize("name", SIZES)
def test_a_picture_that_comes_changes_no_box(
    site_from_server: str, open_page: OpenPage, name: str
) -> None:
    boxes = []
    for are_answered in (False, True):
        page = open_page("about:blank", Reader(*SIZES[name]))
        page.route("**/assets/page.*.js", lambda route: route.fulfill(body=""))  # nothing wakes
        if not are_answered:
            page.route("**/pictures/**", lambda _: None)
        page.goto(site_from_server)
        read_on(page)
        assert (page.evaluate(question("undrawn")) == []) == are_answered
        boxes.append(page.evaluate(question("pictureBoxes")))
    assert boxes[0] == boxes[1]
    assert min(min(width, height) for _, _, width, height in boxes[0]) > 0


def test_pictures_that_script_puts_into_the_page_have_a_size_too(
    site_from_server: str, open_page: OpenPage
) -> None:
    page = open_page(site_from_server)
    read_on(page)
    page.evaluate(question("useAll"))
    assert page.evaluate("document.images.length") > 20
    assert page.evaluate(question("sizeless")) == []
