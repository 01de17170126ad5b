"""What is known of a data set without training: `datasets.NAME` of measurements.json."""

import math
from dataclasses import dataclass

import numpy as np

from netviz.analysis.averages import averages
from netviz.analysis.pairs import alike_pairs, largest_first
from netviz.analysis.separation import between_class_share, nearest_mean
from netviz.datasets.dataset import Dataset, to_unit_range
from netviz.measurements.answers import LISTED, AlikePair, alike, likeness
from netviz.measurements.plain import Exact, Number


@dataclass(frozen=True)
class MostFrequentClass:
    name: str
    share: Number


@dataclass(frozen=True)
class DatasetMeasurements:
    """A data set: its images, what is alike in them, and where they come from.

    `chance` is the accuracy of guessing, `never_lit` the pixels that are 0 in every image.
    """

    title: str
    train: int
    test: int
    classes: tuple[str, ...]
    image_shape: tuple[int, ...]
    pixels: int
    chance: Exact
    most_frequent_class: MostFrequentClass
    never_lit: int
    most_alike: tuple[AlikePair, ...]
    nearest_average_accuracy: Exact
    between_class_share: Number
    citation: str
    licence: str
    homepage: str
    digest: str


def measure_dataset(dataset: Dataset) -> DatasetMeasurements:
    """Return what is known of `dataset` without training."""
    description = dataset.description
    names = description.class_names
    average = averages(dataset.train, len(names))
    pixels = to_unit_range(dataset.test.pixels)
    labels = dataset.test.labels.astype(np.intp)
    means = average.classes.reshape(len(names), -1).astype(np.float64)
    counts = np.bincount(labels, minlength=len(names))
    pairs = largest_first(alike_pairs(likeness(average)))
    return DatasetMeasurements(
        title=description.title,
        train=len(dataset.train),
        test=len(dataset.test),
        classes=names,
        image_shape=description.image_shape,
        pixels=math.prod(description.image_shape[:2]),
        chance=1 / len(names),
        most_frequent_class=MostFrequentClass(
            names[int(counts.argmax())], float(counts.max() / counts.sum())
        ),
        never_lit=int(average.never_lit.all(axis=-1).sum()),
        most_alike=alike(pairs[:LISTED], names),
        nearest_average_accuracy=float((nearest_mean(pixels, means) == labels).mean()),
        between_class_share=between_class_share(pixels, labels, len(names)),
        citation=description.citation,
        licence=description.licence,
        homepage=description.homepage,
        digest=dataset.digest,
    )
