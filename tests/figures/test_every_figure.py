"""What every figure promises, whoever drew it: each folder that the registry finds is tried.

Figures are drawn from networks of each kind and put into a page as the build does. A figure
may refuse a kind of network in a message; it may not refuse all of them.
"""

import dataclasses
import functools
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from html import unescape
from html.parser import HTMLParser
from itertools import pairwise
from types import CodeType
from typing import Any, Literal, get_args, get_origin, get_type_hints

import pytest
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from tinyhtml5.parser import HTMLParser as Parser  # type: ignore[import-untyped]  # it has no types

from netviz.analysis.sweep import Sweep, SweepPoint
from netviz.errors import EssayError, Place
from netviz.essay.figure_calls import FigureCall
from netviz.essay.figure_texts import PlacedDrawing, figure_text
from netviz.essay.formats import NumberForms
from netviz.essay.languages import ENGLISH, Catalogue, Language, Languages
from netviz.essay.page import compose_figure, compose_fragment
from netviz.essay.saying import begun, said_in
from netviz.essay.templates import Templates, built_in_templates
from netviz.figures.drawings import as_json
from netviz.figures.figure import Materials, references
from netviz.figures.registry import Registry
from netviz.figures.states import settings_of
from netviz.figures.words import read_said
from netviz.publishing.assets import COUNTED, IMAGE_SIDES
from netviz.records import record
from tests.figures.conftest import Written
from tests.figures.kinds import AWKWARD, HOSTILE, KINDS, NETWORKS, kind_of
from tests.miniatures import NAMES

REGISTRY = Registry()


class Kept(BytecodeCache):
    """What Jinja made of templates: to compile them again for each figure took most of the time."""

    def __init__(self) -> None:
        self._codes: dict[tuple[str, str], CodeType] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self._codes.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        assert bucket.code is not None
        self._codes[bucket.key, bucket.checksum] = bucket.code


TEMPLATES = Templates((built_in_templates(),), Kept())
FIGURE_ID = "fig-it"
LARGEST_WEBP = 16383  # pixels a side, a limit of the format


def sweep(name: str) -> Sweep:
    points = [
        SweepPoint(hidden, seed, 100 + 9 * sum(hidden), 10 + 3 * sum(hidden), accuracy)
        for hidden, first in (((), 0.6), ((2,), 0.4), ((8,), 0.7), ((8, 8), 0.75))
        for seed, accuracy in enumerate((first, first + 0.05), 1)
    ]
    return Sweep(name, AWKWARD, tuple(points))


# --- a figure drawn and put into a page ------------------------------------------------------


@dataclasses.dataclass(frozen=True)
class Drawn:
    """A figure: its drawing, what it wrote, and its markup in a page."""

    drawing: Mapping[str, Any]
    written: Written
    html: str
    names: Sequence[str]


@functools.cache
def drawn(word: str, kind: str) -> Drawn | EssayError:
    """Return the figure drawn from networks of a kind, or the message in which it refuses."""
    try:
        drawing, written = draw(word, kind)
    except EssayError as error:
        return error
    names = kind_of(kind)[0].dataset.description.class_names
    return Drawn(drawing, written, page(word, drawing, written), names)


def draw(word: str, kind: str) -> tuple[dict[str, Any], Written]:
    figure = REGISTRY.find(word).load()
    arguments = record(figure.Arguments, dict(fill(figure.Arguments)))
    read = references(arguments)
    networks = dict(zip(NETWORKS, kind_of(kind), strict=True))
    materials = Materials(
        networks={name: networks[name] for name in read.networks},
        datasets=dict.fromkeys(read.datasets, networks["one"].dataset),
        sweeps={name: sweep(name) for name in read.sweeps},
    )
    written = Written()
    drawing = as_json(figure.draw(arguments, materials, written))
    drawing["identities"] = {
        name: networks[name].trained.network.identity for name in read.networks
    }
    # The build keeps both as JSON until the page is composed.
    json.dumps(written.values, allow_nan=False)
    return json.loads(json.dumps(drawing, allow_nan=False)), written


def fill(kind: type[Any]) -> Iterator[tuple[str, Any]]:
    """Yield a value for every argument without a default, told by its type and its name."""
    names = iter(NETWORKS)
    hints = get_type_hints(kind)
    for field in dataclasses.fields(kind):
        default = (field.default, field.default_factory)
        if default != (dataclasses.MISSING, dataclasses.MISSING):
            continue
        hint = hints[field.name]
        known = "swept" if "sweep" in field.name else "shapes" if "data" in field.name else None
        if hint is str:
            yield field.name, known or next(names)
        elif get_origin(hint) is tuple and get_args(hint)[0] is str:
            fixed = len(get_args(hint)) if Ellipsis not in get_args(hint) else 2
            yield field.name, [known] if known else list(NETWORKS[:fixed])
        elif get_origin(hint) is Literal:
            yield field.name, get_args(hint)[0]
        elif hint in (int, float, bool):
            yield field.name, hint(0)
        elif hint == int | str:
            yield field.name, 0
        else:
            raise NotImplementedError(f"no example of {field.name}: {hint}; add one here")


def page(
    word: str, drawing: Mapping[str, Any], written: Written, language: Language = ENGLISH
) -> str:
    """Return the figure's markup, as it stands in a page."""
    call, placed = in_page(word, drawing, written)
    body = fragment(word, drawing, written, language)
    told = figure_text(call, placed, language)
    return compose_figure(call, placed, told, body, TEMPLATES, language)


def fragment(word: str, drawing: Mapping[str, Any], written: Written, language: Language) -> str:
    """Return what the figure's own template makes of it."""
    return compose_fragment(*in_page(word, drawing, written), TEMPLATES, language)


def in_page(
    word: str, drawing: Mapping[str, Any], written: Written
) -> tuple[FigureCall, PlacedDrawing]:
    assets = {name: f"pictures/{name}.webp" for name in written.pictures}
    assets |= {name: f"data/{name}.js" for name in written.values}
    call = FigureCall(REGISTRY.find(word), None, FIGURE_ID, 1, None, Place("index.md", 1))
    return call, PlacedDrawing(**drawing, assets=assets)


def told(found: Drawn, part: Literal["finding", "caption"]) -> str:
    """Return what a figure says of itself, in English."""
    said = read_said(found.drawing[part])
    assert said is not None
    return begun(said_in(ENGLISH, said))


class Markup(HTMLParser):
    """Every start tag of a figure with its attributes."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))

    def all(self, attribute: str) -> list[str]:
        return [attributes[attribute] for _, attributes in self.tags if attribute in attributes]


@pytest.fixture(params=REGISTRY.figures)
def word(request: pytest.FixtureRequest) -> str:
    found: str = request.param
    return found


def outcomes(word: str) -> Iterator[tuple[str, Drawn | EssayError]]:
    return ((kind, drawn(word, kind)) for kind in KINDS)


def drawings(word: str) -> Iterator[tuple[str, Drawn]]:
    """Yield the figure for each kind of network that it accepts."""
    for kind, outcome in outcomes(word):
        if isinstance(outcome, Drawn):
            yield kind, outcome


@functools.cache
def markups(word: str) -> Sequence[tuple[str, Markup]]:
    return [(kind, Markup(found.html)) for kind, found in drawings(word)]


# --- what all promise ------------------------------------------------------------------------


def test_it_draws_some_kind_of_network(word: str) -> None:
    assert list(drawings(word)), dict(outcomes(word))


def test_what_it_refuses_it_refuses_with_what_it_would_have_taken(word: str) -> None:
    for kind, outcome in outcomes(word):
        if isinstance(outcome, EssayError):
            assert outcome.expected or outcome.remedy, f"{kind}: {outcome}"


def test_finding_and_caption_are_sentences_of_their_own(word: str) -> None:
    for kind, found in drawings(word):
        texts = (told(found, "finding"), told(found, "caption"))
        for text in texts:
            assert re.fullmatch(r"\S.*[.?]", text, flags=re.DOTALL), (kind, text)
            broken = re.search(r"\b(nan|inf|None|True|False)|[{}]|\s\s|−-|--", text)
            assert broken is None, (kind, text)
        assert texts[0] != texts[1], kind


def test_the_finding_gives_numbers(word: str) -> None:
    for kind, found in drawings(word):
        assert re.search(r"\d", told(found, "finding").replace(HOSTILE, "")), kind


def test_no_number_in_its_markup_is_broken(word: str) -> None:
    for kind, found in drawings(word):
        assert not re.search(r"\b(nan|NaN|inf)(%|\b)|−-|>None<|\+−", found.html), kind


@pytest.mark.slow
def test_its_markup_is_whole(word: str) -> None:
    for _, found in drawings(word):
        parser = Parser()
        parser.parse_fragment(found.html)
        assert parser.errors == []


def test_it_is_one_element_of_its_own_tag(word: str) -> None:
    for kind, markup in markups(word):
        own = [tag for tag, _ in markup.tags if tag.startswith("nv-")]
        assert own == [REGISTRY.find(word).tag], kind


def test_it_keeps_the_page_s_policy(word: str) -> None:
    """Neither styles nor script stand in the markup, whatever the names of classes."""
    for kind, markup in markups(word):
        tags = {tag for tag, _ in markup.tags}
        assert not tags & {"script", "style", "link", "iframe", "object", "embed", "base"}, kind
        attributes = {name for _, attributes in markup.tags for name in attributes}
        assert not [name for name in attributes if name == "style" or name.startswith("on")], kind
        addresses = markup.all("href") + markup.all("src")
        assert not [one for one in addresses if re.match(r"[\w+.-]+:|//", one)], kind


def test_its_ids_are_its_own_and_lead_somewhere(word: str) -> None:
    spoken = ("for", "aria-labelledby", "aria-describedby", "aria-controls", "list", "headers")
    for kind, markup in markups(word):
        ids = markup.all("id")
        assert len(set(ids)) == len(ids), kind
        assert all(one == FIGURE_ID or one.startswith(f"{FIGURE_ID}-") for one in ids), kind
        named = {name for one in spoken for text in markup.all(one) for name in text.split()}
        named |= {href[1:] for href in markup.all("href") if href.startswith("#")}
        assert named <= set(ids), kind


def test_pictures_have_a_text_alternative_and_come_late(word: str) -> None:
    for kind, markup in markups(word):
        for tag, attributes in markup.tags:
            if tag == "img":
                assert "alt" in attributes, (kind, attributes)
                assert attributes.get("loading") == "lazy", (kind, attributes)
            if tag == "svg" and attributes.get("aria-hidden") != "true":
                assert attributes.get("role"), (kind, attributes)
                assert {"aria-label", "aria-labelledby"} & set(attributes), (kind, attributes)


def test_pictures_have_their_size_before_they_are_loaded(word: str) -> None:
    """In the markup or, within a tile, in the style: some browsers never load a box of no size."""
    for kind, markup in markups(word):
        for (_, around), (tag, attributes) in pairwise([("", {}), *markup.tags]):
            if tag == "img":
                in_tile = "nv-tile" in around.get("class", "").split()
                assert in_tile or {"width", "height"} <= set(attributes), (kind, attributes)


def test_every_file_it_wrote_is_named_in_it(word: str) -> None:
    """The template refuses a name that was not written; a file nobody names is dead weight."""
    for kind, found in drawings(word):
        for name in [*found.written.pictures, *found.written.values]:
            assert f"/{name}." in found.html, f"{kind}: {name}"


def test_its_configuration_is_json(word: str) -> None:
    for kind, markup in markups(word):
        for text in markup.all("data-config"):
            assert isinstance(json.loads(text), dict), kind


def test_each_of_its_settings_has_several_values_that_an_address_can_hold(word: str) -> None:
    for kind, found in drawings(word):
        for setting in settings_of(found.drawing["states"]):
            values = list(setting.values)
            assert values, kind
            assert all(setting.has(value) for value in values), kind
            assert not re.search(r"[\s&=,#%?\"<>]", "".join(values)), (kind, values)


def test_tiles_and_sides_have_a_rule_in_the_styles(word: str) -> None:
    for kind, markup in markups(word):
        classes = {name for text in markup.all("class") for name in text.split()}
        places = {int(name[5:]) for name in classes if re.fullmatch(r"nv-i-\d+", name)}
        sides = {int(name[6:]) for name in classes if re.fullmatch(r"nv-px-\d+", name)}
        assert places <= set(range(COUNTED)), kind
        assert sides <= set(IMAGE_SIDES), kind


def test_its_pictures_fit_their_format(word: str) -> None:
    for kind, found in drawings(word):
        for name, picture in found.written.pictures.items():
            assert max(picture.size) <= LARGEST_WEBP, f"{kind}: {name} {picture.size}"


def test_drawn_again_it_is_the_same(word: str) -> None:
    kind, found = next(drawings(word))
    drawing, written = draw(word, kind)
    assert drawing == found.drawing
    assert written.values == found.written.values
    for name, picture in written.pictures.items():
        assert picture.tobytes() == found.written.pictures[name].tobytes()


class Marking(dict[str, str]):
    """A catalogue that has every text, and puts marks around it."""

    def get(self, key: str, default: object = None) -> str:  # noqa: ARG002 - as of any dict
        return f"⟦{key}⟧"


MARKED = re.compile(r"⟦[^⟦⟧]*⟧")
LETTERS = re.compile(r"[^\W\d_]{2}")
ENGLISH_NUMBER = re.compile(r"\d(?:\.\d|%)")
READ = re.compile(
    r'>([^<]*[^<\s][^<]*)<|\s(?:alt|aria-label|aria-valuetext|title|data-tip)="([^"]*)"'
)


def without_marks(text: str) -> str:
    """Return `text` without what stands between marks, of which one may hold others."""
    bare = MARKED.sub("", text)
    return bare if bare == text else without_marks(bare)


def left_in_english(html: str) -> list[str]:
    """Return what a reader reads or hears that has words outside of marks, or English numbers."""
    texts = [unescape(text or spoken).strip() for text, spoken in READ.findall(html)]
    bare = {text: without_marks(text) for text in texts}
    return [
        text for text in texts if LETTERS.search(bare[text]) or ENGLISH_NUMBER.search(bare[text])
    ]


def test_all_that_it_says_is_a_pattern_or_a_name(word: str) -> None:
    """What is written into the markup as English stays English on every page."""
    numbers = NumberForms(decimal="\N{MIDDLE DOT}", percent="{} pc")
    marks = Language("xx", Catalogue("marks", text=Marking(), numbers=numbers))
    for kind, found in drawings(word):
        html = fragment(word, found.drawing, found.written, marks)
        assert not left_in_english(html.replace(" pc", "")), kind


def test_our_other_languages_know_all_that_it_says(word: str) -> None:
    """Names of classes and titles are the essay's own to translate: here they stand as they are."""
    names = {name: name for name in (*NAMES, "a network", "Shapes", "shapes", AWKWARD)}
    spanish = Languages([built_in_templates()]).find("es")
    catalogue = dataclasses.replace(spanish.catalogue, text={**spanish.catalogue.text, **names})
    language = Language("es", catalogue)
    for kind, found in drawings(word):
        if found.names != NAMES:
            continue
        language.missing.clear()
        page(word, found.drawing, found.written, language)
        assert not language.missing, kind
