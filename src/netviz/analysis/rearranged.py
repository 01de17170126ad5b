"""Images and maps cut into pieces and put together again in another order.

What a network still classifies correctly then does not hang on where the pieces are.
"""

import numpy as np
from numpy.typing import NDArray

from netviz.network.network import Network


def shuffled_tiles(
    images: NDArray[np.uint8], across: int, rng: np.random.Generator
) -> NDArray[np.uint8]:
    """Return images whose tiles have changed places, `across` by `across` of them.

    Args:
        images: (n, height, width, channels).
        across: the tiles of a row, and the rows.
        rng: draws an order for each image.

    Raises:
        ValueError: the tiles do not fill the images.
    """
    count, height, width, channels = images.shape
    if height % across or width % across:
        raise ValueError(f"{across} tiles do not fill {height} by {width} pixels")
    split = images.reshape(count, across, height // across, across, width // across, channels)
    tiles = split.transpose(0, 1, 3, 2, 4, 5).reshape(count, across * across, -1)
    order = rng.permuted(np.tile(np.arange(across * across), (count, 1)), axis=1)
    moved = np.take_along_axis(tiles, order[:, :, None], axis=1)
    moved = moved.reshape(count, across, across, height // across, width // across, channels)
    return moved.transpose(0, 1, 3, 2, 4, 5).reshape(images.shape)


def logits_of_shuffled_places(
    network: Network, maps: NDArray[np.float32], rng: np.random.Generator
) -> NDArray[np.float32]:
    """Return the logits when the places of the last maps have changed, another order an image.

    Args:
        network: its last layers flatten or average maps, and a dense layer reads them.
        maps: (n, rows, columns, channels), what the last but one layer takes.
        rng: draws an order for each image.
    """
    count, rows, columns, channels = maps.shape
    places = maps.reshape(count, rows * columns, channels)
    order = rng.permuted(np.tile(np.arange(rows * columns), (count, 1)), axis=1)
    moved = np.take_along_axis(places, order[:, :, None], axis=1).reshape(maps.shape)
    join, last = network.layers[-2:]
    logits: NDArray[np.float32] = last.forward(join.forward(moved))
    return logits
