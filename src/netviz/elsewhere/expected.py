"""What a network that was trained elsewhere has to be, and what its author says of it."""

from dataclasses import dataclass

from netviz.elsewhere.parts import Ends, Order
from netviz.network.layers import ActivationName


@dataclass(frozen=True)
class Expected:
    """What a network must be to read the images of a data set, and what its author says of it.

    Attributes:
        image_shape: (height, width, channels).
        classes: how many.
        activation: what hidden units apply; None where the file may say it, and else relu.
        mean: by which pixels of 0 to 1 were normalised in its training, one or one a channel.
        deviation: likewise; not 0.
        is_inverted: whether 0 was white then, before the normalisation.
        layers: the names of layers and normalisations in their order; empty where names tell it.
        epsilon: of batch normalisations; None for the usual one of the framework.
        colours: how the numbers of an image in colour followed; None where names tell it.
    """

    image_shape: tuple[int, int, int]
    classes: int
    activation: ActivationName | None = None
    mean: tuple[float, ...] = (0.0,)
    deviation: tuple[float, ...] = (1.0,)
    is_inverted: bool = False
    layers: tuple[str, ...] = ()
    epsilon: float | None = None
    colours: Order | None = None

    @property
    def is_plain(self) -> bool:
        """Say whether pixels went in as they are here."""
        return set(self.mean) == {0.0} and set(self.deviation) == {1.0} and not self.is_inverted

    @property
    def ends(self) -> Ends:
        height, width, channels = self.image_shape
        return Ends(height * width * channels, channels, self.classes)
