"""The Spanish page in a browser: its script says in Spanish what it would say in English."""

import re
from collections.abc import Iterable
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page

from netviz.essay.languages import Language, Languages
from netviz.essay.plurals import plural_form
from netviz.essay.saying import speech
from netviz.essay.templates import built_in_templates
from netviz.figures.registry import Registry
from netviz.figures.words import PLACEHOLDER
from tests.browser.conftest import OpenPage
from tests.browser.readers import READERS

WORD = re.compile(r"[a-z]{3,}")
ESSAY = Path(__file__).parents[2] / "essay"


@pytest.fixture(scope="module")
def spanish() -> Language:
    return Languages([ESSAY / "templates", built_in_templates()]).find("es")


FILLS: tuple[str | int, ...] = ("cat", "emu", "an odd: name", 1234, "92.3%", "−0.25")


def test_script_and_build_translate_alike(
    open_page: OpenPage, site_from_server: str, spanish: Language
) -> None:
    """Two programs read one catalogue: every pattern that is sent, with its places filled."""
    page = open_page(f"{site_from_server}index.es.html")
    sent = page.evaluate("netviz.speech.text")
    assert len(sent) > 200
    assert said_by_script(page, sent) == said_by_build(spanish, sent)


def said_by_script(page: Page, patterns: Iterable[str]) -> list[str]:
    """Return what the page's script says by each of `patterns`, all places filled alike."""
    said: list[str] = page.evaluate(
        r"""([patterns, fills]) => patterns.flatMap((pattern) => fills.map((fill) => {
          const places = [...pattern.matchAll(/\{(\w+)\}/g)].map((place) => [place[1], fill]);
          return netviz.say(pattern, Object.fromEntries(places));
        }))""",
        [[*patterns, UNKNOWN], FILLS],
    )
    return said


def said_by_build(language: Language, patterns: Iterable[str]) -> list[str]:
    """Return what a template of a page in the language says by each of `patterns`."""
    say = speech(language)["say"]
    return [
        say(pattern, **dict.fromkeys(PLACEHOLDER.findall(pattern), fill))
        for pattern in [*patterns, UNKNOWN]
        for fill in FILLS
    ]


UNKNOWN = "a stranger (to {us})."


def test_the_readers_language_can_be_chosen(open_page: OpenPage, site_from_server: str) -> None:
    page = open_page(site_from_server)
    page.get_by_role("navigation", name="Languages").get_by_role("link", name="Español").click()
    page.wait_for_url("**/index.es.html")
    assert page.locator("html").get_attribute("lang") == "es"
    assert page.get_by_role("button", name="Página oscura").is_visible()


@pytest.mark.torture
@pytest.mark.parametrize("reader", ["desk", "phone"])
def test_longer_words_do_not_burst_the_page(
    open_page: OpenPage, site_from_server: str, reader: str
) -> None:
    page = open_page(f"{site_from_server}index.es.html", READERS[reader])
    for figure in page.locator(".nv-figure").all():
        figure.scroll_into_view_if_needed()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


PASSES = ("Weights of {class} after {count} passes", "Weights of {class} after {count} pass")


@pytest.mark.quick
def test_scripts_say_what_templates_say(
    open_page: OpenPage, site_from_server: str, spanish: Language
) -> None:
    page = open_page(f"{site_from_server}index.es.html")
    said = page.evaluate(
        """(passes) => [
          netviz.say("{actual} read as {predicted}", { actual: "cat", predicted: "an odd: name" }),
          netviz.sayCounted(...passes, { class: "cat", count: 1 }),
          netviz.sayCounted(...passes, { class: "cat", count: 12345 }),
          netviz.number(-12345.678, 2), netviz.signed(0.56, 2), netviz.signed(-0.56, 2),
          netviz.number(-0.001, 2), netviz.signed(0, 2), netviz.signed(-0.001, 2),
          netviz.share(0.1234), netviz.named("cat"),
        ]""",
        PASSES,
    )
    words = speech(spanish)
    cat = {"class": "cat"}
    assert said == [
        words["say"]("{actual} read as {predicted}", actual="cat", predicted="an odd: name"),
        words["say_counted"](*PASSES, count=1, **cat),
        words["say_counted"](*PASSES, count=12345, **cat),
        words["number"](-12345.678, ",.2f"),
        words["number"](0.56, "+.2f"),
        words["number"](-0.56, "+.2f"),
        *[words["number"](value, "+.2f") for value in (-0.001, 0, -0.001)],
        words["number"](0.1234, ".1%"),
        words["named"]("cat"),
    ]


def test_an_element_stands_in_its_place_of_a_sentence(
    open_page: OpenPage, site_from_server: str, spanish: Language
) -> None:
    page = open_page(f"{site_from_server}index.es.html")
    said = page.evaluate(
        """() => {
          const line = netviz.el("p", {}, ...netviz.sayAround("{actual} read as {predicted}", {
            actual: netviz.el("b", {}, "{predicted}"), predicted: "cat" }));
          return line.innerHTML;
        }"""
    )
    whole = speech(spanish)["say"]("{actual} read as {predicted}", actual="@", predicted="cat")
    assert said == whole.replace("@", "<b>{predicted}</b>")


def test_plural_forms_are_those_of_the_language(open_page: OpenPage, site_from_server: str) -> None:
    page = open_page(f"{site_from_server}index.es.html")
    rules = {"one": "n = 1", "few": "n % 10 = 2..4 and n % 100 != 12..14"}
    forms = page.evaluate(
        """(plurals) => {
          const counted = { "{count} x": { one: "one", few: "few", other: "other" } };
          netviz.speech = { ...netviz.speech, counted, plurals };
          const said = (count) => netviz.sayCounted("{count} x", "", { count });
          return [0, 1, 3, 11, 13, 22, 1.5].map(said);
        }""",
        rules,
    )
    assert forms == [plural_form(count, rules) for count in (0, 1, 3, 11, 13, 22, 1.5)]


@pytest.mark.torture
@pytest.mark.parametrize("word", Registry().figures)
def test_a_script_says_patterns_and_names_alone(
    open_page: OpenPage, site_from_server: str, word: str
) -> None:
    """What a script writes as English stays English on every page: use all controls of a figure."""
    page = open_page(f"{site_from_server}404.html")
    page.add_init_script(path=Path(__file__).with_name("marking.js"))
    for path in ("index.html", "convolution.html"):
        page.goto(site_from_server + path)
        for figure in page.locator(f"[data-figure={word}]").all():
            use_all_controls(page, figure)
            assert page.evaluate("[...leftInEnglish]") == []


def use_all_controls(page: Page, figure: Locator) -> None:
    """Press, choose and point at what the figure has; a control may bring others."""
    figure.scroll_into_view_if_needed()
    page.wait_for_timeout(200)
    for _ in range(2):
        for button in figure.locator("button:visible").all()[:14]:
            if button.is_visible() and button.is_enabled():
                button.click()
        for select in figure.locator("select:visible").all():
            for value in select.evaluate("one => [...one.options].map((o) => o.value)")[:4]:
                select.select_option(value)
        for slider in figure.locator("input[type=range]").all():
            slider.press("ArrowLeft")
        for choice in figure.locator("input[type=radio]").all():
            choice.evaluate("one => one.click()")
        for place in figure.locator(".cell, canvas, [data-neuron]").all()[:6]:
            place.evaluate(
                "one => one.dispatchEvent(new PointerEvent('pointerover', { bubbles: true }))"
            )
        page.wait_for_timeout(200)


@pytest.mark.torture
@pytest.mark.parametrize("path", ["index.es.html", "convolution.es.html"])
def test_no_figure_says_anything_in_english(
    open_page: OpenPage, site_from_server: str, path: str
) -> None:
    """Use every control of every figure: nothing that a script said is missing in Spanish."""
    page = open_page(site_from_server + path)
    for figure in page.locator(".nv-figure").all():
        use_all_controls(page, figure)
    assert page.evaluate("[...netviz.unsaid]") == []
