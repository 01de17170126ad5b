"""The split of a data set, written for others: so that a network trained elsewhere learns from
the images that netviz trains on, and from none that it tests with."""

from collections.abc import Callable
from pathlib import Path

import numpy as np

from netviz.build.options import Options
from netviz.datasets.catalogue import entry
from netviz.datasets.dataset import Dataset, Images, Split
from netviz.datasets.store import open_dataset, prepare, prepare_own, prepare_sample
from netviz.engine.disk import disk_faults
from netviz.errors import EssayError, Place
from netviz.essay.settings import SETTINGS_NAME, Settings, read_settings


def export_split(
    name: str, file: Path, options: Options, tell: Callable[[str], None], *, given: bool
) -> str:
    """Write the data set `name` to an `.npz`; return a sentence on what is in it.

    Its arrays are `x_train`, `y_train`, `x_test` and `y_test`: images of shape (n, height, width),
    or (n, height, width, 3) in colour, and labels of shape (n,), all bytes. The data sets of the
    essay of `options` are known; where it was not `given`, there need not be one.

    Raises:
        EssayError: there is no such data set or essay, or `file` is there already.
        DataError: its files are wrong, or it cannot be had.
        SiteError: the disk refuses.
    """
    has_essay = given or (options.essay / SETTINGS_NAME).is_file()
    settings = read_settings(options.essay / SETTINGS_NAME) if has_essay else Settings()
    if file.exists():
        raise EssayError(
            "there is something here already", place=Place(file), remedy="Name another file."
        )
    dataset = open_dataset(_prepared(name, settings, options, tell))
    train, test = dataset.train, dataset.test
    with disk_faults(file), file.open("xb") as target:
        np.savez_compressed(
            target,
            x_train=_pictures(train),
            y_train=train.labels,
            x_test=_pictures(test),
            y_test=test.labels,
        )
    return _said(file, dataset)


def _prepared(name: str, settings: Settings, options: Options, tell: Callable[[str], None]) -> Path:
    if name in settings.datasets:
        return prepare_own(name, settings.datasets[name], options.essay, options.data_cache)
    entry(name, settings.datasets)
    if options.sample or settings.sample:
        return prepare_sample(name, options.data_cache)
    return prepare(name, options.data_cache, options.data_dir, offline=options.offline, report=tell)


def _pictures(split: Split) -> Images:
    images = split.images
    return images[..., 0] if images.shape[-1] == 1 else images


def _said(file: Path, dataset: Dataset) -> str:
    names = dataset.description.class_names
    what = "the sample of " if dataset.is_sample else ""
    return (
        f"{file}: {what}{dataset.description.title}, {len(dataset.train)} training images and"
        f" {len(dataset.test)} test images; labels 0 to {len(names) - 1} are {', '.join(names)}"
    )
