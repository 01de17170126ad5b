"""Where the data of a page come from: citation, licence and homepage of each data set it shows."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from netviz.datasets.catalogue import CATALOGUE
from netviz.essay.measurements import Measurements
from netviz.essay.settings import Settings
from netviz.figures.figure import References
from netviz.measurements.comparisons import compared


@dataclass(frozen=True)
class DataSource:
    """What a page says of a data set.

    `is_ours` where the words are netviz's own, in English; those of an author are in whatever
    language the author chose.
    """

    title: str
    citation: str
    licence: str
    homepage: str
    is_ours: bool

    @property
    def is_link(self) -> bool:
        """Whether the homepage is an address that a page may link to."""
        return self.homepage.startswith(("https://", "http://"))


def data_sources(
    figures: Iterable[References],
    keys: Iterable[str],
    settings: Settings,
    measurements: Measurements,
) -> tuple[DataSource, ...]:
    """Return the sources of a page whose `figures` read these and whose values have `keys`.

    A data set of which nothing is said is left out.
    """
    used = {name for one in figures for name in _of_figure(one, settings)}
    used.update(name for key in keys for name in _of_key(key, settings))
    found = (_source(name, measurements) for name in settings.used_datasets if name in used)
    return tuple(one for one in found if one.citation or one.licence or one.homepage)


def _of_figure(read: References, settings: Settings) -> Iterator[str]:
    yield from read.datasets
    yield from (settings.networks[name].dataset for name in read.networks)
    yield from (settings.sweeps[name].dataset for name in read.sweeps)


def _of_key(key: str, settings: Settings) -> Iterator[str]:
    """Yield the data sets behind a measurement; behind a whole table, all that it speaks of."""
    kind, _, rest = key.partition(".")
    name = rest.partition(".")[0]
    networks = {one: network.dataset for one, network in settings.networks.items()}
    tables = {
        "networks": networks,
        "datasets": {one: one for one in settings.used_datasets},
        "sweeps": {one: sweep.dataset for one, sweep in settings.sweeps.items()},
        "comparisons": networks,
    }
    table = tables.get(kind, {})
    named = compared(name) if kind == "comparisons" else [name]
    yield from (table[one] for one in (named if name else table) if one in table)


def _source(name: str, measurements: Measurements) -> DataSource:
    title, citation, licence, homepage = (
        str(measurements.at(f"datasets.{name}.{part}"))
        for part in ("title", "citation", "licence", "homepage")
    )
    return DataSource(title, citation, licence, homepage, is_ours=name in CATALOGUE)
