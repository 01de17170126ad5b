"""What `make bench` writes into pages: tables where their markers stand, and nothing elsewhere."""

from pathlib import Path

from benchmarks.report import TABLES, _summary, tables, write_between_markers

DOCS = Path(__file__).parents[2] / "docs"
PAGE = "Before.\n\n<!-- bench: growth -->\n\nold\n\n<!-- /bench -->\n\nAfter.\n"
MACHINE = {"processor": "P", "cores": 2, "memory_gb": 8.0, "python": "3.11.5"}


def test_a_table_takes_the_place_of_the_last_one_and_leaves_the_rest(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(PAGE, encoding="utf-8")
    assert write_between_markers(page, {"growth": r"| \1 |", "training": "| b |"}) == ["growth"]
    first = page.read_text("utf-8")
    assert first == PAGE.replace("old", r"| \1 |")
    assert write_between_markers(page, {"growth": r"| \1 |"}) == ["growth"]
    assert page.read_text("utf-8") == first


def test_a_page_without_markers_is_left_alone(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    assert write_between_markers(page, {"growth": "| a |"}) == []
    assert not page.exists()


def test_the_page_of_the_docs_has_a_place_for_every_table() -> None:
    text = (DOCS / "performance.md").read_text("utf-8")
    for name in TABLES:
        assert text.count(f"<!-- bench: {name} -->\n") == 1


def test_the_summary_gives_the_worst_and_the_best_of_the_networks() -> None:
    networks = [
        {"pytorch_over_netviz": a, "scikit_learn_over_netviz": None, "times_the_bound": b}
        for a, b in [(3.0, 2.0), (0.5, 4.0), (1.0, 3.0)]
    ]
    common = {"quick": False, "machine": MACHINE, "missing": []}
    training = {**common, "networks": dict(enumerate(networks))}
    ours = {"edited": 1.0, "saved": 0.2, "unchanged": 0.1}
    building = {"seconds": {"netviz": ours, "Hugo": {**ours, "saved": 0.3}}}
    paints = {"first chapter": {"first_paint": 1.5}, "second chapter": {"first_paint": 0.5}}
    page = {"phone": paints}
    table = _summary({"training": training, "building": building, "page": page})
    assert "| training: PyTorch's time over ours | 0.50× to 3.00× |" in table
    assert "| training: scikit-learn's time over ours | – |" in table
    assert "| first paint of the chapters on a slow phone | 1.50 s, 0.50 s |" in table
    assert "| from a save to the new page: their time over ours | Hugo 1.50× |" in table


def test_a_peer_that_is_missing_is_told() -> None:
    seconds = {"edited": 1.0, "unchanged": 0.1, "saved": 0.2}
    part = {
        "quick": True,
        "machine": MACHINE,
        "missing": ["Hugo"],
        "cold": {},
        "versions": {"netviz": "1", "Pelican": "2"},
        "seconds": {"netviz": seconds, "Pelican": {**seconds, "saved": None, "edited": 0.5}},
        "start": {"help": 0.1, "imports": 0.1, "bare": 0.05},
    }
    table = tables({"building": part})["building"]
    assert "Hugo is not installed here and was not measured." in table
    assert "| Pelican | 0.50 s (0.50×) | 0.10 s (1.00×) | – (–) |" in table


def test_a_preview_tells_how_soon_an_edit_is_seen() -> None:
    seconds = {"text": {"median": 0.0824, "most": 0.1}}
    part = {"quick": False, "machine": MACHINE, "missing": [], "seconds": seconds}
    assert "| a paragraph | 82 ms | 100 ms |" in tables({"preview": part})["preview"]


def test_convolutions_are_compared_on_one_thread_and_on_two() -> None:
    contenders = {
        name: {"microseconds": value, "loss": 1.25}
        for name, value in {"netviz": 50.0, "PyTorch, 1 thread": 40.0}.items()
    }
    network = {
        "contenders": contenders,
        "share_of_peak": 0.4,
        "netviz_over_pytorch": {"PyTorch, 1 thread": 1.25},
    }
    part = {
        "quick": False,
        "machine": {**MACHINE, "libraries": {"numpy": "2"}},
        "missing": [],
        "multiply_adds_a_second": 5e10,
        "networks": {"digits": network},
    }
    table = tables({"convolution": part})["convolution"]
    assert "| digits | 1.25× | – | 40% | 50 µs | 1.250, 1.250 |" in table
    assert "100 GFLOP/s" in table
