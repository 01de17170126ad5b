"""Whether a network's outputs stand for the classes in another order than the labels do.

A folder for each class is sorted by name; where a network was trained with another list of the
classes, it is right about the images and wrong about nearly every name.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from netviz.analysis.spread import is_clearly_more


@dataclass(frozen=True)
class ClassOrder:
    """An order of the classes by the outputs, and how many of `images` are read correctly with it.

    `classes` holds for each output, from the first on, the label of the class that it stands for.
    In the order of the labels the outputs read `correct_by_label`.
    """

    classes: tuple[int, ...]
    correct: int
    correct_by_label: int
    images: int

    def told(self, name: str, class_names: Sequence[str]) -> str:
        """Return what this means for the network `name`; `class_names` are those of the labels."""
        classes = json.dumps([class_names[k] for k in self.classes], ensure_ascii=False)
        return (
            f"{name!r} very likely answers for the classes in another order, and what is shown of"
            f" it is wrong: in the order of the labels its outputs read {self.correct_by_label:,}"
            f" of {self.images:,} test images, and with classes = {classes} they read"
            f" {self.correct:,}."
        )


def other_order(counts: NDArray[np.intp]) -> ClassOrder | None:
    """Return the order of the classes with which clearly more images are read, if there is one.

    `counts` (classes, classes) is a confusion matrix, rows actual, columns predicted. An output is
    taken to stand for the class of which most images get it as their answer; that is an order only
    where no two outputs stand for one class.
    """
    size = len(counts)
    found = {k: int(column.argmax()) for k, column in enumerate(counts.T) if column.any()}
    left = set(range(size)) - set(found.values())
    if len(left) != size - len(found) or len(left) > 1:
        return None
    classes = tuple(found.get(k, next(iter(left), k)) for k in range(size))
    moved = [k for k in range(size) if classes[k] != k]
    gained = int(counts[[classes[k] for k in moved], moved].sum())
    lost = int(counts[moved, moved].sum())
    if not is_clearly_more(gained, lost):
        return None
    correct = int(counts.trace())
    return ClassOrder(classes, correct - lost + gained, correct, int(counts.sum()))
