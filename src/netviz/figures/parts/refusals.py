"""What several figures refuse, in the same words."""

from netviz.datasets.description import Description
from netviz.errors import EssayError
from netviz.figures.parts.required import described
from netviz.network.network import Network


def check_one_grey_layer(problem: str, network: Network) -> None:
    """Refuse a network that has hidden layers, or that reads coloured images.

    Raises:
        EssayError: `problem` says what cannot be drawn; the error says why.
    """
    reasons = []
    if not network.is_dense:
        reasons.append(f"the layers of the network are {described(network)}")
    elif network.hidden:
        layers = len(network.hidden)
        reasons.append(f"the network has {layers} hidden layer{'' if layers == 1 else 's'}")
    if network.image_shape[2] != 1:
        reasons.append("its images are in colour")
    if reasons:
        raise EssayError(
            f"{problem}: {', and '.join(reasons)}",
            expected="a network without hidden layers that reads grey images",
            remedy="Name another network, or remove the figure; `weights` and `one_neuron` "
            "take such a network.",
        )


def no_test_image(description: Description, label: int) -> EssayError:
    """Return the error that a class has no test image."""
    return EssayError(
        f"{description.title} has no test image of {description.class_names[label]}",
        expected="at least one test image of every class",
        remedy="Add images of that class to the test split.",
    )
