"""What is measured of the weight pictures of a linear network, a picture a class."""

from dataclasses import dataclass

import numpy as np

from netviz.analysis.averages import Averages
from netviz.analysis.painting import paint
from netviz.analysis.pairs import alike_pairs, largest_first
from netviz.analysis.templates import (
    blueness,
    correlations,
    region_means,
    regions,
    resemblance_to_averages,
    resemblance_to_differences,
)
from netviz.datasets.dataset import to_unit_range
from netviz.measurements.answers import likeness
from netviz.measurements.material import NetworkMaterial
from netviz.measurements.plain import Exact, Number, or_least, share
from netviz.training.recipe import Recipe

BLUE = (60, 110, 200)
RIM_WIDTHS = (0, 1, 2, 3, 4)  # in pixels
RIM_SHARE = 0.1  # of the test images, those with the bluest rims


@dataclass(frozen=True)
class Template:
    """The weight picture of one class; `centre`, `ring` and `rim` are its means there."""

    name: str
    nearest_average: str
    correlation_own: Number
    correlation_own_centred: Number
    lowest: Number
    highest: Number
    centre: Number
    ring: Number
    rim: Number


@dataclass(frozen=True)
class MostAlikeAverages:
    first: str
    second: str
    correlation_averages: Number
    correlation_templates: Number


@dataclass(frozen=True)
class Painted:
    """The class that most test images are taken for once their rims are blue, `width` pixels."""

    width: int
    class_: str
    share: Number


@dataclass(frozen=True)
class BlueTemplate:
    name: str
    blueness: Number


@dataclass(frozen=True)
class BluestImages:
    """Of the images with the bluest rims: the shares that are and are called either class.

    The classes are the two with the bluest templates.
    """

    count: int
    are: Number
    called: Number
    others_called: Number


@dataclass(frozen=True)
class AllImages:
    are: Number
    called: Number
    others_called: Number


@dataclass(frozen=True)
class Blue:
    """What a blue rim does: in the templates, and in the answers to photographs."""

    painted: tuple[Painted, ...]
    rims: tuple[BlueTemplate, ...]
    bluest_images: BluestImages
    all_images: AllImages


@dataclass(frozen=True)
class TemplatesMeasurements:
    """The weight pictures, compared with the class averages; `blue` of images in colour."""

    classes: tuple[Template, ...]
    nearest_own_count: int
    nearest_own_count_centred: int
    mean_correlation_own: Number
    mean_correlation_own_centred: Number
    largest_correlation_own: Number
    most_alike_averages: MostAlikeAverages
    blue: Blue | None = None


@dataclass(frozen=True)
class FilmFrame:
    step: int
    images: int
    accuracy: Exact
    loss: Number
    correlation_own_centred: Number


@dataclass(frozen=True)
class FilmMeasurements:
    """The templates from the first frame to the last."""

    frames: tuple[FilmFrame, ...]
    likest_averages: FilmFrame
    last: FilmFrame


def measure_templates(material: NetworkMaterial, average: Averages) -> TemplatesMeasurements:
    """Measure the weight pictures of a network of one layer, a picture a class."""
    filters = material.trained.network.filters()
    own = np.arange(len(material.dataset.description.class_names))
    like = resemblance_to_averages(filters, average)
    centred = resemblance_to_differences(filters, average)
    return TemplatesMeasurements(
        classes=_classes(material, average),
        nearest_own_count=int((like.nearest == own).sum()),
        nearest_own_count_centred=int((centred.nearest == own).sum()),
        mean_correlation_own=like.own.mean(),
        mean_correlation_own_centred=centred.own.mean(),
        largest_correlation_own=like.own.max(),
        most_alike_averages=_most_alike(material, average),
        blue=_blue(material) if filters.shape[-1] == 3 else None,
    )


def _classes(material: NetworkMaterial, average: Averages) -> tuple[Template, ...]:
    filters = material.trained.network.filters()
    names = material.dataset.description.class_names
    like = resemblance_to_averages(filters, average)
    centred = resemblance_to_differences(filters, average)
    parts = regions(filters.shape[1], filters.shape[2])
    centre, ring, rim = (
        region_means(filters, part).mean(axis=1) for part in (parts.centre, parts.ring, parts.rim)
    )
    return tuple(
        Template(
            name=name,
            nearest_average=names[int(like.nearest[k])],
            correlation_own=like.own[k],
            correlation_own_centred=centred.own[k],
            lowest=filters[k].min(),
            highest=filters[k].max(),
            centre=centre[k],
            ring=ring[k],
            rim=rim[k],
        )
        for k, name in enumerate(names)
    )


def _most_alike(material: NetworkMaterial, average: Averages) -> MostAlikeAverages:
    filters = material.trained.network.filters()
    names = material.dataset.description.class_names
    alike = largest_first(alike_pairs(likeness(average)))[0]
    each_other = correlations(filters, filters, ~average.never_lit).correlations
    return MostAlikeAverages(
        first=names[alike.first],
        second=names[alike.second],
        correlation_averages=alike.value,
        correlation_templates=each_other[alike.first, alike.second],
    )


def _blue(material: NetworkMaterial) -> Blue:
    filters = material.trained.network.filters()
    names = material.dataset.description.class_names
    rim = regions(filters.shape[1], filters.shape[2]).rim
    of_filters = blueness(filters, rim)
    order = np.argsort(-of_filters, kind="stable")
    test = material.dataset.test
    of_images = blueness(to_unit_range(test.images), rim)
    bluest = np.zeros(len(test), np.bool_)
    bluest[np.argsort(-of_images, kind="stable")[: round(RIM_SHARE * len(test))]] = True
    called = np.isin(material.evaluation.predictions, order[:2])
    are = np.isin(test.labels, order[:2])
    return Blue(
        painted=_painted(material),
        rims=tuple(BlueTemplate(names[k], of_filters[k]) for k in order),
        bluest_images=BluestImages(
            count=int(bluest.sum()),
            are=share(are & bluest, bluest),
            called=share(called & bluest, bluest),
            others_called=share(called & bluest & ~are, bluest & ~are),
        ),
        all_images=AllImages(
            are=are.mean(), called=called.mean(), others_called=share(called & ~are, ~are)
        ),
    )


def _painted(material: NetworkMaterial) -> tuple[Painted, ...]:
    """Paint the rims of the test images blue, wider and wider: what are they taken for?"""
    names = material.dataset.description.class_names
    found = (
        (width, paint(material.trained.network, material.dataset.test, width, BLUE))
        for width in RIM_WIDTHS
    )
    return tuple(
        Painted(width, names[one.winner], float(one.shares[one.winner])) for width, one in found
    )


def measure_film(material: NetworkMaterial, recipe: Recipe, average: Averages) -> FilmMeasurements:
    """Follow the templates of a network of one layer from the first frame to the last."""
    batch = min(recipe.batch_size, material.trained.train_count)
    frames = tuple(
        FilmFrame(
            step=frame.step,
            images=frame.step * batch,
            accuracy=frame.accuracy,
            loss=frame.loss,
            correlation_own_centred=resemblance_to_differences(frame.filters, average).own.mean(),
        )
        for frame in material.trained.film
    )
    likest = max(frames, key=lambda frame: or_least(frame.correlation_own_centred))
    return FilmMeasurements(frames, likest, frames[-1])
