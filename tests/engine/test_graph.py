"""Inputs are trees of names: what a step reads, found and changed whatever the shape."""

from collections.abc import Iterator

from netviz.engine.graph import Artifact, Step, Tree, leaves, mapped, reachable

ONE, TWO = Step("one", "m:f"), Step("two", "m:f")
TREE: dict[str, Tree[Step | Artifact]] = {
    "datasets": {"a": ONE},
    "points": [TWO, {"deep": ONE}],
    "none": {},
}


def test_each_leaf_has_the_path_that_leads_to_it() -> None:
    found: Iterator[tuple[str, Step | Artifact]] = leaves(TREE)
    assert list(found) == [("datasets.a", ONE), ("points.0", TWO), ("points.1.deep", ONE)]


def test_a_changed_tree_keeps_its_shape() -> None:
    def name(source: Step | Artifact) -> str:
        return source.name if isinstance(source, Step) else source.digest

    names: Tree[str] = mapped(TREE, name)
    assert names == {
        "datasets": {"a": "one"},
        "points": ["two", {"deep": "one"}],
        "none": {},
    }


def test_a_step_is_found_however_deep_it_lies_in_the_inputs() -> None:
    above = Step("above", "m:f", inputs=TREE)
    assert above.sources == [ONE, TWO, ONE]
    assert set(reachable([above])) == {"above", "one", "two"}
