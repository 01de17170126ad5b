"""What there is to say about a data set before any of its files is read."""

from dataclasses import dataclass
from typing import Annotated, Literal

from netviz.records import ABOVE_ZERO, BELOW_ONE, MOST, Positive, Seed, Within

SIDES = (8, 64)  # the least and the most pixels that a side of an image may have
CLASSES = (2, 100)


@dataclass(frozen=True)
class Description:
    """What is known of a data set before any of its files is read.

    `image_shape` is (height, width, channels); `citation` and `licence` are sentences for the
    appendix of an essay. `is_divided` where the files had no test split, and netviz itself chose
    the test images. `notes` are sentences about what reading its files passed over or decided.
    """

    name: str
    title: str
    class_names: tuple[str, ...]
    image_shape: tuple[int, int, int]
    citation: str
    licence: str
    homepage: str
    is_divided: bool = False
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class OwnDataset:
    """A data set that an essay brings along.

    Attributes:
        title: what captions call it.
        path: the file or folder that holds it, seen from the essay's folder: an `.npz`, a `.csv`, a
            folder of IDX, `.npy` or `.csv` files or of CIFAR's batches, or one with a folder of
            pictures for each class.
        classes: the names of the classes in the order of their labels. They choose and order class
            folders and labels that are texts; unless given, the names are the labels themselves or
            those of the folders, in alphabetical order.
        test_share: the share of each class kept for testing, where the files have no test split.
        seed: what decides which images those are.
        side: images are cut to squares and scaled to so many pixels; unless given, all must be of
            one size.
        labels_from: the label of the first class, where labels do not count from 0.
        transposed: the files have rows and columns of the images exchanged, as those of EMNIST do;
            they are exchanged back.
        brightest: the number that means white, where neither the type of the pixels nor their range
            says it, such as 16 or 4095; pixels are scaled by it.
        ground: the ground on which transparent images are laid; white unless given.
        citation: a sentence that says whose work the data set is.
        licence: a sentence that says under which terms it may be used.
        homepage: the address where more can be read.
    """

    title: str
    path: str
    classes: tuple[str, ...] = ()
    test_share: Annotated[float, Within(ABOVE_ZERO, BELOW_ONE, "between 0 and 1")] = 0.2
    seed: Seed = 1
    side: Annotated[int, Within(*SIDES)] | None = None
    labels_from: Annotated[int, Within(-MOST, MOST)] = 0
    transposed: bool = False
    brightest: Positive | None = None
    ground: Literal["white", "black"] | None = None
    citation: str = ""
    licence: str = ""
    homepage: str = ""
