"""The data sets that netviz knows by name, and the digests that prove them whole."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from netviz.datasets.description import Description
from netviz.errors import EssayError, nearest_name


@dataclass(frozen=True)
class Entry:
    """A data set of the catalogue.

    `digests` gives the SHA-256 of each decoded array by its name, "train-images" and so on, so
    that every source, whatever its file format, proves itself equal to the others.
    """

    description: Description
    digests: Mapping[str, str]
    megabytes: int


MNIST = Entry(
    Description(
        name="mnist",
        title="MNIST",
        class_names=tuple("0123456789"),
        image_shape=(28, 28, 1),
        citation=(
            "Y. LeCun, L. Bottou, Y. Bengio and P. Haffner, “Gradient-based learning applied to "
            "document recognition”, Proceedings of the IEEE 86 (11), 1998."
        ),
        licence=(
            "Made from NIST’s Special Databases 1 and 3; its authors publish it without a stated "
            "licence, and it is commonly passed on under CC BY-SA 3.0."
        ),
        homepage="https://yann.lecun.org/exdb/mnist/index.html",
    ),
    digests={
        "train-images": "741c988805d008ac6e4c904b69001ba184c24b2c540a4ef403f4c71b676cf757",
        "train-labels": "1feba77c54802fa5339a11837ea4b2866434b83314ec45192930f1df69120c13",
        "test-images": "6d87418db22cc8025d05968bec9bd5c3932904b23485740db143a061a2c9d161",
        "test-labels": "ddeff807876a9661a1110d45c266c86239a3a1b7d37da0c3716a7a683c852ff5",
    },
    megabytes=11,
)
CIFAR10 = Entry(
    Description(
        name="cifar10",
        title="CIFAR-10",
        class_names=(
            "airplane",
            "automobile",
            "bird",
            "cat",
            "deer",
            "dog",
            "frog",
            "horse",
            "ship",
            "truck",
        ),
        image_shape=(32, 32, 3),
        citation=(
            "A. Krizhevsky, “Learning multiple layers of features from tiny images”, technical "
            "report, University of Toronto, 2009."
        ),
        licence=(
            "Published for research without a stated licence; the photographs come from the web "
            "and keep their photographers’ rights."
        ),
        homepage="https://www.cs.toronto.edu/~kriz/cifar.html",
    ),
    digests={
        "train-images": "47af8b02cfcfb6cdf3dbbd1969ad7f1b70f4413f6f80f437b020ee4e5bc8304a",
        "train-labels": "2b7cd2f24487317614016b72ffd53071c3062f592f0eb300c18a770d41ae1253",
        "test-images": "f9b1e2130bab680db56eb06d886f7f1ad0f1183907ceff4659d1735c890f5b04",
        "test-labels": "cec8a24a1e92aa2ecaa0bbd3dbfa86bf6cd8759fbd209a832824c8cf0afca9d5",
    },
    megabytes=170,
)
CATALOGUE: Mapping[str, Entry] = {"mnist": MNIST, "cifar10": CIFAR10}


def entry(name: str, others: Iterable[str] = ()) -> Entry:
    """Return the data set called `name`; `others` are names that would have been right as well.

    Raises:
        EssayError: there is none; the nearest name is given.
    """
    if name not in CATALOGUE:
        known = [*CATALOGUE, *others]
        raise EssayError(
            f"unknown data set {name!r}",
            expected="one of " + ", ".join(known),
            nearest=nearest_name(name, known),
        )
    return CATALOGUE[name]
