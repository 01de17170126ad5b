"""A figure's state in the address, in links of the text, and as a link to copy."""

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import OpenPage, until
from tests.browser.readers import READERS, Reader

pytestmark = pytest.mark.browser

# Each setting of each figure is set to its last value and, by it alone, to its first; what the
# figure then says of itself is compared. Some values bring others along: an image its class.
EVERY_SETTING = """async () => {
  const wrong = [];
  for (const box of document.querySelectorAll(".nv-figure[data-states]")) {
    const figure = [...box.children].find((child) => child.wake);
    await figure.wake();
    if (netviz.stateOf(figure)) wrong.push(`${box.id} opens as ${netviz.stateOf(figure)}`);
    for (const { name, of } of JSON.parse(box.dataset.states)) {
      const last = of.map((list) => list.at(-1).split("~").at(-1)).join("-");
      const first = of.map((list) => list[0].split("~")[0]).join("-");
      const seen = [];
      for (const value of [last, first]) {
        await netviz.setState(figure, `${name}=${value}`);
        const said = netviz.stateOf(figure);
        seen.push(said);
        const isTold = !said || said.split("&").includes(`${name}=${value}`);
        if (!isTold) wrong.push(`${box.id}: ${name}=${value} gives ${said}`);
      }
      if (first !== last && seen[0] === seen[1]) wrong.push(`${box.id}: ${name} changes nothing`);
      await netviz.setState(figure, "");
      const left = netviz.stateOf(figure);
      if (left) wrong.push(`${box.id} does not go back: ${left}`);
    }
  }
  return wrong;
}"""


def cell(page: Page, row: int, column: int) -> Locator:
    rows = page.locator("#fig-confusion .matrix tbody tr")
    return rows.nth(row).locator(".cell").nth(column)


@pytest.mark.parametrize("page_name", ["index.html", "convolution.html"])
def test_every_setting_of_every_figure_can_be_set_and_is_told(
    site_from_disk: str, open_page: OpenPage, page_name: str
) -> None:
    page = open_page(site_from_disk.replace("index.html", page_name))
    assert page.evaluate(EVERY_SETTING) == []


@pytest.mark.quick
def test_an_address_opens_a_figure_as_it_was_sent(site_from_disk: str, open_page: OpenPage) -> None:
    page = open_page(site_from_disk + "#fig-confusion?cell=2-8&cells=shares")
    expect(cell(page, 2, 8)).to_have_attribute("data-current", "")
    expect(page.locator("#fig-confusion .units button", has_text="share")).to_have_attribute(
        "aria-pressed", "true"
    )
    expect(page.locator("#fig-confusion")).to_be_in_viewport()


def test_what_a_reader_sets_stands_in_the_address(site_from_disk: str, open_page: OpenPage) -> None:
    page = open_page(site_from_disk)
    page.locator("#fig-confusion").scroll_into_view_if_needed()
    cell(page, 2, 8).click()
    until(page, "location.hash === '#fig-confusion?cell=2-8'")
    page.keyboard.press("ArrowUp")
    until(page, "location.hash === '#fig-confusion?cell=1-8'")
    link = page.locator("#fig-confusion .nv-state-link")
    expect(link).to_have_attribute("href", "#fig-confusion?cell=1-8")
    page.reload()
    expect(cell(page, 1, 8)).to_have_attribute("data-current", "")


def test_a_passing_pointer_leaves_the_address_as_it_is(
    site_from_disk: str, open_page: OpenPage
) -> None:
    page = open_page(site_from_disk)
    page.locator("#fig-confusion").scroll_into_view_if_needed()
    cell(page, 4, 4).hover()
    expect(cell(page, 4, 4)).to_have_attribute("data-current", "")
    assert page.evaluate("location.hash") == ""


@pytest.mark.quick
def test_a_link_in_the_text_shows_what_it_names(site_from_disk: str, open_page: OpenPage) -> None:
    page = open_page(site_from_disk)
    link = page.locator("a.nv-shows[href='#fig-cifar-confusion?network=difference']")
    link.press("Enter")
    pressed = page.locator("#fig-cifar-confusion .views button[aria-pressed=true]")
    expect(pressed).to_have_text("the difference")
    expect(page.locator("#fig-cifar-confusion")).to_be_in_viewport()
    assert page.evaluate("location.hash") == "#fig-cifar-confusion?network=difference"


def test_a_figure_opens_on_the_difference_where_its_author_says_so(
    site_from_disk: str, open_page: OpenPage
) -> None:
    """What script paints for that view is what the page shows before it, so it is no state."""
    numbers = "els => els.map(el => [el.textContent, el.className])"
    without = open_page(site_from_disk, READERS["scriptless"])
    drawn = without.locator("#fig-gained .matrix").first
    page = open_page(site_from_disk + "#fig-gained?network=mnist-1layer")
    pressed = page.locator("#fig-gained .views button[aria-pressed=true]")
    expect(pressed).not_to_have_text("the difference")
    page.locator("#fig-gained .views button").last.click()
    expect(pressed).to_have_text("the difference")
    until(page, "location.hash === '#fig-gained'")
    painted = page.locator("#fig-gained .matrix").first
    expect(painted.locator("caption")).to_have_text(drawn.locator("caption").inner_text())
    for cells in (".cell", ".margin", "tfoot .value"):
        assert painted.locator(cells).evaluate_all(numbers) == drawn.locator(cells).evaluate_all(
            numbers
        )


def test_a_pointer_over_a_link_shows_it_and_takes_it_back(
    site_from_disk: str, open_page: OpenPage
) -> None:
    page = open_page(site_from_disk)
    link = page.locator("a.nv-shows[href='#fig-rim?width=1']").first
    link.scroll_into_view_if_needed()
    page.evaluate("scrollBy(0, -200)")
    chosen = page.locator("#fig-rim .nv-choice").nth(1).locator("button[aria-pressed=true]")
    before = chosen.inner_text()
    assert before != "1"
    link.hover()
    expect(chosen).to_have_text("1")
    page.mouse.move(0, 0)
    expect(chosen).to_have_text(before)


def test_a_click_keeps_a_place_in_its_frame_and_a_second_one_lets_it_go(
    site_from_disk: str, open_page: OpenPage
) -> None:
    page = open_page(site_from_disk.replace("index.html", "convolution.html"))
    figure = page.locator("nv-feature-maps")
    figure.scroll_into_view_if_needed()
    until(page, "document.querySelector('nv-feature-maps').outputs !== undefined")
    frame = figure.locator(".frame")
    last = figure.locator(".maps").nth(2).locator("canvas").first
    for address in ("#fig-maps?layer3=1-1-1", "#fig-maps"):
        last.click(position={"x": 3, "y": 3})
        until(page, f"location.hash === '{address}'")
        page.mouse.move(0, 0)
        expect(frame).to_be_visible(visible="?" in address)


def test_a_cover_stays_where_it_was_put_until_the_image_changes(
    site_from_disk: str, open_page: OpenPage
) -> None:
    page = open_page(
        site_from_disk.replace("index.html", "convolution.html") + "#fig-evidence?cover=16-16"
    )
    reading = page.locator("nv-evidence-map .reading")
    expect(reading).to_contain_text("Covered")
    page.locator("nv-evidence-map .image canvas").hover(position={"x": 3, "y": 3})
    page.mouse.move(0, 0)
    expect(reading).to_contain_text("Covered")
    assert page.evaluate("netviz.stateOf(document.querySelector('nv-evidence-map'))") == (
        "cover=16-16"
    )
    page.locator("nv-evidence-map .nv-shelf button").nth(3).click()
    expect(reading).to_be_empty()
    until(page, "location.hash === '#fig-evidence?image=4'")


def test_an_address_of_no_state_opens_the_figure_as_it_is(
    site_from_disk: str, open_page: OpenPage
) -> None:
    page = open_page(site_from_disk + "#fig-confusion?cell=2-11&nonsense=%")
    page.locator("#fig-confusion").scroll_into_view_if_needed()
    until(page, "document.querySelector('#fig-confusion .matrix[role=grid]')")
    assert page.evaluate("netviz.stateOf(document.querySelector('nv-confusion-matrix'))") == ""


def test_without_script_a_link_leads_to_the_figure(
    site_from_disk: str, open_page: OpenPage
) -> None:
    page = open_page(site_from_disk, Reader(script=False))
    page.locator("a.nv-shows[href='#fig-cifar-confusion?network=difference']").click()
    expect(page.locator("#fig-cifar-confusion .matrix").first).to_be_in_viewport()
