"""Arrays of a notebook as what figures are drawn from: test images, and answers of networks.

They are checked as the files of an essay are. In errors, an array has the name of its argument in
the place of a file.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from netviz.analysis.evaluation import Evaluation
from netviz.datasets.dataset import Dataset, Split
from netviz.datasets.description import OwnDataset
from netviz.datasets.labelled import Labelled
from netviz.datasets.own import read_test_images
from netviz.elsewhere.answers import KINDS, Asked, Kind, identity_of, logits_of
from netviz.errors import DataError, EssayError, Place
from netviz.figures.figure import Materials, NetworkMaterial

Answers: TypeAlias = ArrayLike | Mapping[str, ArrayLike]

DATASET = "images"
NUMBERS = "biuf"  # the kinds of numpy's types that labels counted from 0 may have


@dataclass(frozen=True)
class Given:
    """What a notebook has: test images, their labels, and what networks answered.

    `answers` are logits or probabilities (n, classes), as the name `kind` says, by the titles of
    the networks. `own` says what the images and classes are called, and what pixels mean.
    """

    images: ArrayLike
    labels: ArrayLike
    kind: Kind | None
    answers: Mapping[str, ArrayLike]
    own: OwnDataset

    @property
    def titles(self) -> dict[str, str]:
        """The titles of the networks by their names."""
        return {f"network-{number}": title for number, title in enumerate(self.answers, 1)}

    def materials(self, names: Sequence[str]) -> Materials:
        """Return what a figure is drawn from that reads the networks of these `names`.

        Raises:
            DataError: an array is at fault, or two of them do not fit together.
        """
        answers = {title: self._array(title) for title in self.answers}
        dataset = self._dataset(answers)
        networks = {
            name: self._network(name, self.titles[name], answers[self.titles[name]], dataset)
            for name in names
        }
        return Materials(networks, {DATASET: dataset})

    def _array(self, title: str) -> NDArray[Any]:
        return as_array(self.answers[title], self._argument(title))

    def _argument(self, title: str) -> str:
        """Return what the answers of a network are called in errors."""
        return f"{self.kind}[{title!r}]" if len(self.answers) > 1 else str(self.kind)

    def _dataset(self, answers: Mapping[str, NDArray[Any]]) -> Dataset:
        """Return a data set with the images as test split and an empty training split."""
        labels = as_array(self.labels, "labels")
        part = Labelled(as_array(self.images, "images"), labels, Path("images"), Path("labels"))
        counts = [
            answered.shape[1]
            for answered in answers.values()
            if answered.ndim == 2 and len(answered) == labels.size
        ]
        own = self.own
        if not own.classes and counts and labels.dtype.kind in NUMBERS:
            numbers = range(own.labels_from, own.labels_from + counts[0])
            own = replace(own, classes=tuple(map(str, numbers)))
        description, test = read_test_images(DATASET, own, part)
        return Dataset(description, Split(test.images[:0], test.labels[:0]), test, digest=DATASET)

    def _network(
        self, name: str, title: str, array: NDArray[Any], dataset: Dataset
    ) -> NetworkMaterial:
        asked = Asked(dataset.test.labels, dataset.description.class_names, train_count=0)
        logits = logits_of(array, self.kind or "logits", asked, Path(self._argument(title)))
        labels = dataset.test.labels.astype(np.intp)
        evaluation = Evaluation(logits, labels, identity_of(logits))
        return NetworkMaterial(name, title, None, dataset, evaluation)


def kind_and_answers(
    logits: Answers | None, probabilities: Answers | None, title: str
) -> tuple[Kind | None, dict[str, ArrayLike]]:
    """Return what kind of answers is given, if any, and those of each network by its title.

    Raises:
        EssayError: both are given.
    """
    values = {"logits": logits, "probabilities": probabilities}
    kinds = [kind for kind in KINDS if values[kind] is not None]
    if not kinds:
        return None, {}
    if len(kinds) > 1:
        raise EssayError(
            "the answers are given twice", expected="one of them", got=" and ".join(kinds)
        )
    return kinds[0], dict(_by_title(values[kinds[0]], title))


def _by_title(value: Any, title: str) -> Iterator[tuple[str, ArrayLike]]:  # noqa: ANN401 - an array of any library, or several
    if isinstance(value, Mapping):
        yield from ((str(name), one) for name, one in value.items())
    else:
        yield title, value


def as_array(value: Any, argument: str) -> NDArray[Any]:  # noqa: ANN401 - as above
    """Return what was given as an array; tensors and tables know how to become one.

    Raises:
        DataError: it cannot be an array of numbers or texts.
    """
    try:
        array = np.asarray(value)
        if array.dtype.kind == "O" and all(isinstance(one, str) for one in array.ravel()):
            array = array.astype(str)
    except Exception as error:  # of any library
        got = f"{type(value).__name__}; {type(error).__name__}: {error}"
        raise _no_array(argument, got) from error
    if array.dtype.kind == "O":
        raise _no_array(argument, f"Python objects of the shape {array.shape}")
    return array


def _no_array(argument: str, got: str) -> DataError:
    return DataError(
        "this is no array", place=Place(argument), expected="numbers of one shape", got=got
    )
