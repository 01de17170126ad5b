"""The Spanish page in a browser: its script says in Spanish what it would say in English."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page

from netviz.essay.languages import HOLE, Language, Languages
from netviz.essay.plurals import plural_form
from netviz.essay.saying import speech
from netviz.essay.templates import built_in_templates
from netviz.figures.registry import Registry
from tests.browser.conftest import OpenPage, until
from tests.browser.readers import READERS

WORD = re.compile(r"[a-z]{3,}")
ESSAY = Path(__file__).parents[2] / "essay"


@pytest.fixture(scope="module")
def spanish() -> Language:
    return Languages([ESSAY / "templates", built_in_templates()]).find("es")


def test_script_and_build_translate_alike(
    open_page: OpenPage, site_from_server: str, spanish: Language
) -> None:
    """Two programs read one catalogue: every entry that is sent, with its holes filled."""
    page = open_page(f"{site_from_server}index.es.html")
    sent = page.evaluate("netviz.speech.text")
    of_page = Language("es", replace(spanish.catalogue, text=sent))
    fills = ("cat", "1,234", "92.3%", "emu")
    texts = [HOLE.sub(fill, key) for key in sent for fill in fills]
    texts += [f"{text[:1].upper()}{text[1:]}; cat: {text}" for text in texts[::7]] + ["a stranger"]
    assert len(texts) > 1000
    assert said_by_script(page, texts) == {text: of_page.text(text) for text in texts}


def said_by_script(page: Page, texts: list[str]) -> dict[str, str]:
    """Return what the page's script makes of each of `texts` when a figure writes it."""
    page.evaluate(
        """texts => document.body.append(...texts.map((text) => {
          const line = netviz.el("p", { class: "tried" }, text);
          return line;
        }))""",
        texts,
    )
    until(page, "text => document.querySelector('.tried').textContent !== text", texts[0])
    said = page.evaluate("[...document.querySelectorAll('.tried')].map((line) => line.textContent)")
    return dict(zip(texts, said, strict=True))


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


def test_scripts_say_what_templates_say(
    open_page: OpenPage, site_from_server: str, spanish: Language
) -> None:
    page = open_page(f"{site_from_server}index.es.html")
    said = page.evaluate(
        """() => [
          netviz.say("{actual} read as {predicted}", { actual: "cat", predicted: "an odd: name" }),
          netviz.sayCounted("{count} hidden units", "{count} hidden unit", { count: 1 }),
          netviz.sayCounted("{count} hidden units", "{count} hidden unit", { count: 12345 }),
          netviz.number(-12345.678, 2), netviz.signed(0.56, 2), netviz.signed(-0.56, 2),
          netviz.share(0.1234), netviz.named("cat"),
        ]"""
    )
    words = speech(spanish)
    units = ("{count} hidden units", "{count} hidden unit")
    assert said == [
        words["say"]("{actual} read as {predicted}", actual="cat", predicted="an odd: name"),
        words["say_counted"](*units, count=1),
        words["say_counted"](*units, count=12345),
        words["number"](-12345.678, ",.2f"),
        words["number"](0.56, "+.2f"),
        words["number"](-0.56, "+.2f"),
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
def test_no_figure_says_anything_in_english(
    open_page: OpenPage, site_from_server: str, spanish: Language
) -> None:
    """Use every control of every figure, then look among what was not translated for English."""
    page = open_page(f"{site_from_server}index.es.html")
    for figure in page.locator(".nv-figure").all():
        use_all_controls(page, figure)
    notes = " ".join(page.locator(".footnote").inner_text().split())
    unsaid = [text for text in page.evaluate("[...netviz.unsaid]") if text not in notes]
    ours = {word for text in spanish.catalogue.text.values() for word in WORD.findall(text.lower())}
    theirs = {word for text in spanish.catalogue.text for word in WORD.findall(HOLE.sub("", text))}
    english = theirs - ours
    assert "the" in english
    # The keys of measurements are names, in whatever language one reads them.
    left = [
        text for text in unsaid if "›" not in text and english & set(WORD.findall(text.lower()))
    ]
    assert left == []
