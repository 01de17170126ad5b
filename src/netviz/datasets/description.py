"""What there is to say about a data set before any of its files is read."""

from dataclasses import dataclass

SIDES = (8, 64)  # the least and the most pixels that a side of an image may have
CLASSES = (2, 100)


@dataclass(frozen=True)
class Description:
    """What is known of a data set before any of its files is read.

    `image_shape` is (height, width, channels); `citation` and `licence` are sentences for the
    appendix of an essay. `is_divided` where the files had no test split, and netviz itself chose
    the test images.
    """

    name: str
    title: str
    class_names: tuple[str, ...]
    image_shape: tuple[int, int, int]
    citation: str
    licence: str
    homepage: str
    is_divided: bool = False


@dataclass(frozen=True)
class OwnDataset:
    """A data set that an essay brings along; labels are counted from 0.

    Attributes:
        title: what captions call it.
        path: the file or folder that holds it, seen from the essay's folder: an `.npz`, a folder
            of IDX files, or one with a folder of pictures for each class.
        classes: the names of the classes in the order of their labels; unless given, the labels
            themselves, or the names of the folders in alphabetical order.
        test_share: the share of each class kept for testing, where the files have no test split.
        seed: what decides which images those are.
        side: pictures in class folders are cut to squares and scaled to so many pixels; unless
            given, all must be of one size.
        citation: a sentence that says whose work the data set is.
        licence: a sentence that says under which terms it may be used.
        homepage: the address where more can be read.
    """

    title: str
    path: str
    classes: tuple[str, ...] = ()
    test_share: float = 0.2
    seed: int = 1
    side: int | None = None
    citation: str = ""
    licence: str = ""
    homepage: str = ""
