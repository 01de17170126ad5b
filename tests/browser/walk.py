"""Walks through a page: to its end, and through every state that a figure's controls put it in."""

from collections.abc import Iterator

from playwright.sync_api import Locator, Page

from tests.browser.conftest import until

AWAKE = "[...document.querySelectorAll('.nv-figure > *')].every((e) => !e.wake || e.awake)"
# Awake is who has begun to wake; whole is who has its controls too, or never had any.
WHOLE = """() => [...document.querySelectorAll('.nv-figure > *')].every((figure) => !figure.wake
  || figure.awake && [...figure.querySelectorAll(':scope > .nv-controls')]
    .every((bar) => bar.childElementCount))"""
# How much the layout shifts without the reader's doing, kept in `shifts`, and the sum of it.
WATCH_SHIFTS = """globalThis.shifts = []; new PerformanceObserver((list) => {
  for (const one of list.getEntries()) if (!one.hadRecentInput) shifts.push(one.value);
}).observe({ type: "layout-shift", buffered: true });"""
SHIFTED = "shifts.reduce((sum, value) => sum + value, 0)"
FRAME = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
CONTROLS = "button:not([tabindex='-1']), select, input, summary"
NAME = """(one) => `${one.localName} ${one.closest("[role=group], figure").ariaLabel ?? ""} ${
  one.ariaLabel ?? (one.labels?.[0] ?? one).firstChild?.textContent}`"""
# All controls at once: to ask for each of them again at every step takes longer than the steps.
FRESH = f"""(controls, seen) => controls.findIndex((one) => {{
  const {{ width, height }} = one.getBoundingClientRect();
  return width && height && one.checkVisibility({{ visibilityProperty: true }})
    && !one.matches(":disabled, [aria-disabled=true]") && !seen.includes(({NAME})(one));
}})"""
FEW = 4  # options: as many as ways of showing; a longer list chooses among classes or images


def read_on(page: Page) -> None:
    """Scroll to the end, and wait until every figure has woken."""
    # Step by step from here: timers never fire in a page that may not run script, nor do frames.
    runs = page.evaluate("document.documentElement.classList.contains('js')")
    top = 0
    while top < page.evaluate("document.documentElement.scrollHeight"):  # grows as it is laid out
        page.evaluate("(top) => scrollTo({ top, behavior: 'instant' })", top)
        top += page.evaluate("innerHeight")
        if runs:  # a busy machine may paint none of many steps, and then no figure is seen
            page.evaluate(FRAME)
        else:
            page.wait_for_timeout(20)
    if runs:
        until(page, AWAKE)


def show_pictures(page: Page) -> None:
    """Wait until every picture is loaded, and have it painted no later than what is around it."""
    # The page lets the browser decode them later, which a busy one does after the screenshot.
    page.evaluate(
        "for (const one of document.images) { one.loading = 'eager'; one.decoding = 'sync'; }"
    )
    until(page, "[...document.images].every((one) => one.complete)")


def wake_all(page: Page) -> None:
    """Wake every figure where it stands, and wait for its controls."""
    page.evaluate("for (const e of document.querySelectorAll('.nv-figure > *')) e.wake?.()")
    until(page, WHOLE, seconds=30)


def figure_ids(page: Page) -> list[str]:
    """Return the ids of the page's figures, from top to bottom."""
    return list(figure_words(page))


def figure_words(page: Page) -> dict[str, str]:
    """Return the word of every figure of the page by its id, from top to bottom."""
    found: dict[str, str] = page.evaluate(
        """Object.fromEntries([...document.querySelectorAll("figure.nv-figure")]
          .map((figure) => [figure.id, figure.dataset.figure]))"""
    )
    assert found
    return found


def alone(page: Page, figure_id: str) -> Locator:
    """Leave but one figure in the page, awake: what looks at all of a page is quick then."""
    # The list of claims has none of the figure's elements, but axe reads all of a document.
    page.evaluate(
        """(id) => {
          document.querySelector("main").replaceChildren(document.getElementById(id));
          document.querySelector(".nv-checked")?.remove();
        }""",
        figure_id,
    )
    wake_all(page)
    return page.locator(f"#{figure_id}")


def states(page: Page, figure: Locator) -> Iterator[str]:
    """Put a figure into one state after the other; yield the name of each while it lasts.

    Every button is pressed, once for each text that it comes to bear, every option of a short
    list and the ends of a long one are chosen, sliders go to both ends, what has the keys of a
    grid is focused and moved in, tips are shown, and tables opened. Controls that come with a
    state have their turn as well.
    """
    yield "awake"
    seen: set[str] = set()
    while control := fresh_control(figure, seen):
        name = name_of(control)
        seen.add(name)
        for state in operated(control):
            page.wait_for_timeout(30)
            yield f"{name}: {state}"
    yield from keyed(page, figure)
    yield from tipped(page, figure)


def fresh_control(figure: Locator, seen: set[str]) -> Locator | None:
    """Return the first control that is a tab stop, can be used and is not among `seen` names."""
    controls = figure.locator(CONTROLS)
    place = controls.evaluate_all(FRESH, list(seen))
    return controls.nth(place) if place >= 0 else None


def name_of(control: Locator) -> str:
    """Return what tells a control from the others of its figure: its role's tag and its name."""
    name: str = control.evaluate(NAME)
    return name


def operated(control: Locator) -> Iterator[str]:
    """Put a control into each of its states."""
    kind = control.evaluate("(one) => one.localName")
    if kind == "select":
        options = control.locator("option").count()
        # The first comes last, so that the next control finds the figure as it was.
        for place in reversed(range(options)) if options <= FEW else (options - 1, 0):
            control.select_option(index=place)
            yield f"option {place}"
    elif kind == "input":
        for end in ("Home", "End"):
            control.press(end)
            yield end
    else:
        control.click()
        yield "open" if kind == "summary" else "pressed"


def keyed(page: Page, figure: Locator) -> Iterator[str]:
    """Go into everything that answers keys of its own, and on to its next place."""
    places = figure.locator("[tabindex='0']:not(button, select, input)")
    for place in range(places.count()):
        if not places.nth(place).is_visible():
            continue
        places.nth(place).focus()
        yield f"place {place} in focus"
        page.keyboard.press("ArrowRight")
        page.keyboard.press("ArrowDown")
        yield f"place {place} moved in"


def tipped(page: Page, figure: Locator) -> Iterator[str]:
    """Show the tip of the first place that has one."""
    tips = figure.locator("[data-tip]:visible")
    if tips.count():
        tips.first.hover()
        assert page.locator("#nv-tip").is_visible()
        yield "tip"
