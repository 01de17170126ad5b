"""The data sets of an essay: prepared where they have to be, as artifacts that steps can read."""

import hashlib
from collections.abc import Callable
from pathlib import Path

from netviz.build.options import Options
from netviz.datasets.catalogue import entry
from netviz.datasets.manifest import read_manifest
from netviz.datasets.store import prepare, prepare_own, prepare_sample, read_digest
from netviz.engine.graph import Artifact
from netviz.engine.recall import Recall
from netviz.errors import EssayError, Place
from netviz.essay.opening import Essay
from netviz.essay.settings import SETTINGS_NAME, place_of
from netviz.limits import Limits, reading
from netviz.pipeline.plan import DESCRIBED

WHOLE_DATASET = Limits(seconds=3600, megabytes=16_000)


def dataset(
    name: str, essay: Essay, options: Options, recall: Recall, tell: Callable[[str], None]
) -> Artifact:
    """Return the data set that the essay knows by `name`.

    Raises:
        NetvizError: there is none, or its files are at fault; `tell` gets what is only worth
            knowing.
    """
    if name in essay.settings.datasets:
        return _own_dataset(name, essay, options, recall, tell)
    return _known_dataset(name, essay, options, recall, tell)


def _own_dataset(
    name: str, essay: Essay, options: Options, recall: Recall, tell: Callable[[str], None]
) -> Artifact:
    """Return a data set of the essay's own, prepared again where its files have changed."""
    own = essay.settings.datasets[name]
    # Each file in it has tighter limits of its own; this names it where all of it hangs or crashes.
    with reading(essay.folder / own.path, WHOLE_DATASET):
        folder = prepare_own(name, own, essay.folder, options.data_cache)
    recall(_tell_notes, name, folder, tell)
    manifest = read_manifest(folder)
    described = hashlib.sha256(repr(manifest.description).encode()).hexdigest()
    return Artifact(folder, f"{manifest.digest}{DESCRIBED}{described}")


def _tell_notes(name: str, folder: Path, tell: Callable[[str], None]) -> None:
    """Say what was passed over or decided when a data set was read."""
    for note in read_manifest(folder).description.notes:
        tell(f"data set {name!r}: {note}")


def _known_dataset(
    name: str, essay: Essay, options: Options, recall: Recall, tell: Callable[[str], None]
) -> Artifact:
    """Return a data set that is known to all essays, which never changes."""
    try:
        entry(name, essay.settings.datasets)
        return recall(_prepared, name, options, tell)
    except EssayError as error:
        raise error.at(_first_use(name, essay)) from None


def _prepared(name: str, options: Options, tell: Callable[[str], None]) -> Artifact:
    if options.sample:
        folder = prepare_sample(name, options.data_cache)
    else:
        folder = prepare(
            name,
            options.data_cache,
            options.data_dir,
            offline=options.offline,
            report=tell,
            bars=options.bars,
        )
    return Artifact(folder, read_digest(folder))


def _first_use(dataset: str, essay: Essay) -> Place:
    """Return where in the settings a network or sweep first asks for `dataset`."""
    file = essay.folder / SETTINGS_NAME
    users = [("networks", name) for name, one in essay.settings.networks.items()
             if one.dataset == dataset]  # fmt: skip
    users += [("sweeps", name) for name, one in essay.settings.sweeps.items()
              if one.dataset == dataset]  # fmt: skip
    return place_of(file, file.read_text(encoding="utf-8-sig"), (*users[0], "dataset"))
