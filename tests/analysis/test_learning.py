"""Units that never change and classes that are never answered are counted."""

import numpy as np

from netviz.analysis.learning import dead_units, never_answered


def test_a_unit_is_dead_if_no_image_changes_it() -> None:
    outputs = np.array([[0, 1, 0.5, 0], [0, 1, 0.7, 0.1]], np.float32)
    assert dead_units(outputs) == 2
    assert dead_units(outputs[:0]) == 0


def test_classes_without_any_answer_are_named_in_their_order() -> None:
    assert never_answered(np.array([3, 1, 3]), 5) == [0, 2, 4]
    assert never_answered(np.array([0, 1]), 2) == []
