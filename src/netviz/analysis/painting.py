"""What a network says of images whose rim is painted over: an intervention, not an observation."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from netviz.analysis.evaluation import evaluate
from netviz.datasets.dataset import Images, Split
from netviz.network.network import Network

Colour = tuple[int, int, int]  # red, green, blue in 0..255


@dataclass(frozen=True)
class Painted:
    """The answers to images with a painted rim.

    Attributes:
        width: of the rim, in pixels; 0 leaves the images as they are.
        shares: (classes,), for each class the share of the images of all other classes that are
            taken for it.
    """

    width: int
    shares: NDArray[np.float64]

    @property
    def winner(self) -> int:
        """The class that most images of other classes are taken for."""
        return int(self.shares.argmax())


def with_rim(images: Images, width: int, colour: Colour) -> Images:
    """Return `images` (n, height, width, 3) with the outermost `width` pixels in `colour`."""
    painted = images.copy()
    rim = np.ones(images.shape[1:3], np.bool_)
    rim[width : images.shape[1] - width, width : images.shape[2] - width] = False
    painted[:, rim] = colour
    return painted


def paint(network: Network, split: Split, width: int, colour: Colour) -> Painted:
    """Return what `network` says of the images of `split` when their rims are painted."""
    images = with_rim(split.images, width, colour) if width else split.images
    evaluation = evaluate(network, Split(images, split.labels))
    classes = range(network.classes)
    others = [evaluation.predictions[evaluation.labels != k] == k for k in classes]
    return Painted(width, np.array([taken.mean() if len(taken) else 0.0 for taken in others]))
