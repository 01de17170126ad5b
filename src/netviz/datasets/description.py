"""What there is to say about a data set before any of its files is read."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Description:
    """What is known of a data set before any of its files is read.

    `image_shape` is (height, width, channels); `citation` and `licence` are sentences for the
    appendix of an essay.
    """

    name: str
    title: str
    class_names: tuple[str, ...]
    image_shape: tuple[int, int, int]
    citation: str
    licence: str
    homepage: str
