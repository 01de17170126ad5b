"""What a figure asks of the layers of a network, and what is said where they are others."""

from netviz.errors import EssayError
from netviz.figures.figure import NetworkMaterial
from netviz.network.network import Network


def require(is_so: bool, figure: str, expected: str, material: NetworkMaterial) -> None:
    """Refuse a network whose layers `figure` cannot show.

    Args:
        is_so: whether the network is as expected.
        figure: the figure's name.
        expected: which networks it shows.
        material: the network.

    Raises:
        EssayError: `is_so` is false.
    """
    if not is_so:
        raise refused(figure, expected, material)


def refused(figure: str, expected: str, material: NetworkMaterial) -> EssayError:
    """Return the error that `figure` cannot show a network; arguments as in `require`."""
    return EssayError(
        f"{figure} cannot show the network {material.name!r}",
        expected=expected,
        got=described(material.trained.network),
    )


def described(network: Network) -> str:
    """Return the kinds of a network's layers, as in "flatten, dense of 10, relu, dense of 10"."""
    return ", ".join(
        str(layer.settings.get("function", layer.kind))
        + (f" of {shape[-1]}" if layer.weight_names else "")
        for layer, shape in zip(network.layers, network.shapes[1:], strict=True)
    )
