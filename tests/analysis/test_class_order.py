"""A network whose outputs stand for the classes in another order is found out by its answers."""

import numpy as np
import pytest

from netviz.analysis.class_order import ClassOrder, other_order

GOOD = np.array([[80, 10, 10], [5, 90, 5], [0, 20, 80]])  # rows actual, columns predicted


@pytest.mark.parametrize("order", [(1, 0, 2), (1, 2, 0), (2, 0, 1), (2, 1, 0)])
def test_the_order_of_the_outputs_is_found(order: tuple[int, ...]) -> None:
    turned = GOOD[:, order]
    assert other_order(turned) == ClassOrder(order, 250, int(turned.trace()), 300)


def test_outputs_in_the_order_of_the_labels_have_no_other() -> None:
    assert other_order(GOOD) is None


def test_an_output_that_never_answers_stands_for_the_class_that_is_left() -> None:
    silent = np.array([[0, 90, 0], [80, 0, 0], [40, 30, 0]])
    assert other_order(silent) == ClassOrder((1, 0, 2), 170, 0, 240)


@pytest.mark.parametrize(
    "counts",
    [
        np.array([[10, 12], [12, 10]]),  # may be chance
        np.array([[0, 90, 0, 0], [80, 0, 0, 0], [0, 40, 0, 0], [30, 0, 0, 0]]),  # two are left
        np.array([[90, 10, 60], [10, 50, 40], [0, 0, 0]]),  # two outputs for one class
        np.zeros((3, 3), int),
    ],
)
def test_what_may_be_chance_or_is_no_order_is_none(counts: np.ndarray) -> None:
    assert other_order(counts) is None
