"""What a page says of its claims."""

from dataclasses import dataclass
from pathlib import Path

from netviz.errors import Place
from netviz.essay.claim_notes import claim_notes, with_marks
from netviz.essay.claims import Claim
from netviz.essay.figure_calls import FigureCall
from netviz.essay.languages import ENGLISH
from netviz.essay.rechecks import Shipped
from netviz.figures.figure import NetworkName
from netviz.figures.registry import FigureFolder

KEY = "networks.one.test.accuracy"


@dataclass(frozen=True)
class Arguments:
    network: NetworkName


def call(name: str, network: str, number: int) -> FigureCall:
    folder = FigureFolder("box", Path("box"))
    return FigureCall(folder, Arguments(network), name, number, None, Place("index.md", 1))


CALLS = (call("fig-a", "one", 1), call("fig-b", "other", 2), call("fig-c", "one", 3))


def claim(**changes: object) -> Claim:
    known = {
        "id": "claim-1", "text": "It &amp; all", "file": "index.md", "line": 1, "holds": True,
        "values": {KEY: 0.912345}, "shown": (), "pattern": "{} > 0.5", "read": (KEY,),
        "sources": {KEY: "one layer, seed 1"},
    }  # fmt: skip
    return Claim(**{**known, **changes})  # type: ignore[arg-type]  # the fields' own types


def page(sentence: str = "It") -> str:
    a, b, c = (one.marker for one in CALLS)
    return f'{a}<p>x</p>{b}<p><span class="nv-claim" id="claim-1">{sentence}</span></p>{c}'


def test_a_note_tells_what_was_checked_with_which_numbers() -> None:
    (note,) = claim_notes([claim()], CALLS, page(), ENGLISH)
    assert note.text == "It & all"
    assert note.checked == ("0.9123 > 0.5",)
    (reading,) = note.readings
    assert (reading.number, reading.name) == ("0.9123", "test › accuracy")
    assert reading.source == "one layer, seed 1"


def test_a_number_of_what_the_page_has_can_be_computed_again() -> None:
    shipped = {"one": Shipped("data/network.js", "data/images.js", 10_000)}
    (note,) = claim_notes([claim()], CALLS, page(), ENGLISH, shipped)
    (again,) = note.again
    assert again["name"] == "test › accuracy (one layer, seed 1)"
    assert again["value"] == 0.912345
    (note,) = claim_notes([claim()], CALLS, page(), ENGLISH)
    assert note.again == ()


def test_it_leads_to_the_nearest_figure_of_what_it_read() -> None:
    (note,) = claim_notes([claim()], CALLS, page(), ENGLISH)
    assert [(one.address, one.number) for one in note.shown] == [("#fig-c", 3)]


def test_a_link_of_its_own_comes_first() -> None:
    sentence = 'See <a href="#fig-a?cell=0-1&amp;images=all">this</a>.'
    (note,) = claim_notes([claim()], CALLS, page(sentence), ENGLISH)
    assert [(one.address, one.number) for one in note.shown] == [("#fig-a?cell=0-1&images=all", 1)]


def test_what_no_figure_reads_leads_nowhere() -> None:
    found = claim(values={"datasets.one.train": 5}, read=(), pattern="")
    (note,) = claim_notes([found], CALLS, page(), ENGLISH)
    assert note.shown == ()
    assert note.checked == ()


def test_it_says_on_how_many_seeds_it_stands() -> None:
    keys = {
        KEY: "one seed",
        "networks.one.seeds.lowest": "several training runs",
        "sweeps.one.best.mean": "several training runs",
        "comparisons.other-over-one.difference": "one seed",
        "datasets.one.train": "no seed changes",
    }
    for key, said in keys.items():
        found = claim(values={key: 1}, read=(), pattern="")
        (note,) = claim_notes([found], CALLS, page(), ENGLISH)
        assert said in note.seeds, key


def test_a_mark_ends_its_claim_whatever_stands_in_it() -> None:
    made = with_marks(page('a <span class="nv-math">b</span> c'), {"claim-1": "!"})
    assert '<span class="nv-math">b</span> c!</span></p>' in made


def test_a_page_without_claims_stays_as_it_is() -> None:
    assert with_marks("<p><span>x</span></p>", {}) == "<p><span>x</span></p>"
