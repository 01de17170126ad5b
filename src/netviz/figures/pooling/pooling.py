"""An image moved pixel by pixel: whether the maps after a pool move along, and what changes.

The table without script shows one map of one image at several distances. With script a reader
moves the image, and chooses another one or another filter; the page runs the network itself. The
shares of all test images below are counted by the build.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from netviz.analysis.moving import moved_left
from netviz.analysis.pooling import (
    LOOKED_AT,
    Fit,
    Grid,
    after_pool,
    fitted,
    grid_of,
    pools,
    shares_changed,
)
from netviz.datasets.dataset import to_unit_range
from netviz.errors import EssayError
from netviz.figures.figure import (
    Asset,
    Drawing,
    Materials,
    NetworkMaterial,
    NetworkName,
    Output,
)
from netviz.figures.parts.exhibits import exhibits_data
from netviz.figures.parts.required import refused
from netviz.figures.parts.shipped import first_of_each_class, network_data
from netviz.figures.parts.strips import write_strip
from netviz.figures.states import choice, counted
from netviz.figures.words import Number, Said, number, say
from netviz.network.network import Network
from netviz.rendering.colour import Scale, diverging
from netviz.rendering.pictures import to_image, weight_picture

EACH = 2  # images of each class that the page has
STEPS = 4  # moves that are shown, besides none
LEAST_STRIDE = 2  # with which a move by one pixel is less than a cell
LEAST_COLUMNS = 2  # of which one is left when a map has moved by a cell
NOT_COMPARED = (136, 136, 136, 102)  # red, green, blue and opacity, as in pooling.js


@dataclass(frozen=True)
class Arguments:
    """A convolutional network with a pool.

    `filter` is the one whose map is shown first, from 0; without it, the one that answers most
    strongly.
    """

    network: NetworkName
    filter: int | None = None


@dataclass(frozen=True)
class Stage:
    """What changes in all maps of a layer, one share for each distance; None where undefined."""

    step: int
    shares: tuple[float | None, ...]


@dataclass(frozen=True, eq=False)
class Row:
    """One map of one image, moved by each distance: (distances, rows, columns, 1), and its fits."""

    maps: NDArray[np.float32]
    fits: tuple[Fit, ...]


def draw(arguments: Arguments, materials: Materials, output: Output) -> Drawing:
    """Draw one map after the first pool, of an image in several places; measure many images.

    Raises:
        EssayError: the network has no pool whose maps could move by a cell, or no such filter.
    """
    material = materials.networks[arguments.network]
    network = material.trained.network
    pool, grid = _pool(material)
    depth = after_pool(network, pool)
    distances = _distances(grid.step)
    test = material.dataset.test
    chosen = first_of_each_class(test, EACH)
    places = np.concatenate([moved_left(test.images[chosen[:1]], k) for k in distances])
    maps = network.outputs(to_unit_range(places.reshape(len(places), -1)))[depth]
    unit = _unit(arguments, maps)
    row = _row(maps[..., [unit]], distances, grid)
    scale = Scale.symmetric(row.maps)
    shown_maps = [weight_picture(one, "diverging", scale) for one in row.maps]
    changes = [_change_picture(row.maps.shape[1:3], grid, fit, scale) for fit in row.fits]
    stages = _stages(network, test.images[:LOOKED_AT], distances)
    output.data(f"network-{arguments.network}", network_data(network))
    output.data(f"exhibits-{arguments.network}", exhibits_data(material, chosen))
    names = material.dataset.description.class_names
    height, width, _ = network.image_shape
    _, rows, columns, units = maps.shape
    return Drawing(
        finding=_finding(material, grid.step, distances, stages[1]),
        caption=say(
            "An image moved to the left, pixel by pixel, and a map of {network} after the "
            "pooling. What changes: the difference from the map in its place, moved by the whole "
            "number of cells that fits best, as a share of that map; grey cells have no "
            "counterpart. Drag the image, or choose another one or another filter.",
            network=material.title,
        ),
        states=(
            choice("image", counted(len(chosen))),
            choice("filter", counted(units)),
            choice("left", [str(pixels) for pixels in distances]),
        ),
        context={
            "shelved": len(chosen),
            "actual": names[int(test.labels[chosen[0]])],
            "width": width,
            "height": height,
            "distances": list(distances),
            "filter": unit,
            "rows": rows,
            "columns": columns,
            "pictures": write_strip(output, "places", [to_image(one) for one in places]),
            "maps": write_strip(output, "maps", shown_maps),
            "changes": write_strip(output, "changes", changes),
            "shares": [_defined(fit.share) for fit in row.fits],
            "stages": [{"step": one.step, "shares": list(one.shares)} for one in stages],
            "count": len(test.images[:LOOKED_AT]),
        },
        config={
            "data": Asset(f"network-{arguments.network}"),
            "exhibits": Asset(f"exhibits-{arguments.network}"),
            "classes": list(names),
            "distances": list(distances),
            "depth": depth,
            "filter": unit,
            "units": units,
            "columns": columns,
            "rows": rows,
            "step": grid.step,
            "inside": [
                grid.rows.start,
                grid.rows.stop,
                grid.columns.start,
                grid.columns.stop,
            ],
        },
    )


def _pool(material: NetworkMaterial) -> tuple[int, Grid]:
    """Return the first pool of a network, and the cells of its maps that can be compared.

    Raises:
        EssayError: it has none, or none whose maps a move by a cell leaves in the image.
    """
    network = material.trained.network
    found = pools(network)
    if found:
        grid = grid_of(network, found[0])
        columns = grid.columns.stop - grid.columns.start
        if grid.step >= LEAST_STRIDE and columns >= LEAST_COLUMNS and grid.rows.stop:
            return found[0], grid
    expected = (
        f"a network with a pool after a convolution, its cells {LEAST_STRIDE} or more pixels "
        f"apart, at least {LEAST_COLUMNS} of which see nothing but the image"
    )
    raise refused("pooling", expected, material)


def _distances(step: int) -> tuple[int, ...]:
    """Return by how many pixels the image is moved: up to `STEPS`, or to a cell if that is more."""
    return tuple(round(k * max(1, step / STEPS)) for k in range(STEPS + 1))


def _unit(arguments: Arguments, maps: NDArray[np.float32]) -> int:
    """Return the filter to show first, of maps (n, rows, columns, filters).

    Raises:
        EssayError: there is no such filter.
    """
    units = maps.shape[3]
    if arguments.filter is None:
        return int(np.abs(maps[0]).sum(axis=(0, 1)).argmax())
    if not 0 <= arguments.filter < units:
        raise EssayError(
            f"the maps after the first pool of {arguments.network!r} have no filter "
            f"{arguments.filter}",
            expected=f"0 to {units - 1}",
        )
    return arguments.filter


def _row(maps: NDArray[np.float32], distances: tuple[int, ...], grid: Grid) -> Row:
    fits = (fitted(maps[:1], maps[k : k + 1], pixels, grid) for k, pixels in enumerate(distances))
    return Row(maps, tuple(fits))


def _change_picture(shape: tuple[int, ...], grid: Grid, fit: Fit, scale: Scale) -> Image.Image:
    """Return what has changed in a map of `shape` by sign; grey where nothing was compared."""
    picture = np.empty((*shape, 4), np.uint8)
    picture[:] = NOT_COMPARED
    picture[grid.rows, fit.columns] = diverging(fit.differences[0, :, :, 0], scale)
    return to_image(picture)


def _stages(network: Network, images: NDArray[np.uint8], distances: tuple[int, ...]) -> list[Stage]:
    """Return what changes in all maps before the first pool, and then after each pool."""
    found = pools(network)
    depths = [found[0] - 1, *(after_pool(network, pool) for pool in found)]
    shares = shares_changed(network, depths, images, distances)
    return [
        Stage(grid_of(network, depth).step, tuple(map(_defined, row.tolist())))
        for depth, row in zip(depths, shares, strict=True)
    ]


def _defined(share: float) -> float | None:
    return None if np.isnan(share) else share


def _finding(
    material: NetworkMaterial, step: int, distances: tuple[int, ...], after: Stage
) -> Said:
    shares = dict(zip(distances, after.shares, strict=True))
    by_stride, by_less = shares[step], shares[distances[1]]
    if by_stride is None or by_less is None:
        return say(
            "Where they can be compared, the maps of {network} after the pooling are 0, and stay 0 "
            "when an image is moved by {stride} pixels or fewer.",
            network=material.title,
            stride=number(step),
        )
    return say(
        "Moved to the left by {stride} pixels, images give the same maps of {network} after the "
        "pooling, moved by one cell: {none} of them changes. Moved by {pixels} px, the maps cannot "
        "follow: {some} changes, whichever whole number of cells they are moved by.",
        stride=number(step),
        network=material.title,
        none=_percent(by_stride),
        pixels=number(distances[1]),
        some=_percent(by_less),
    )


def _percent(share: float) -> Number:
    return number(share, ".1%" if share else ".0%")
