"""Whether the layers that an essay lists fit each other, and the images of their data set."""

from collections.abc import Mapping

from netviz.datasets.manifest import read_manifest
from netviz.engine.graph import Artifact
from netviz.essay.opening import Essay
from netviz.essay.settings import SETTINGS_NAME, place_of
from netviz.network.written import network_of_layers
from netviz.records import RecordError


def check_layers(essay: Essay, datasets: Mapping[str, Artifact]) -> None:
    """Compute the shape that arrives at each layer, before anything is trained.

    Raises:
        EssayError: a layer cannot take what arrives; with the line of its text.
    """
    for name, network in essay.settings.networks.items():
        if not network.layers or network.weights is not None:
            continue
        description = read_manifest(datasets[network.dataset].folder).description
        try:
            network_of_layers(network.layers, description.image_shape, len(description.class_names))
        except RecordError as error:
            file = essay.folder / SETTINGS_NAME
            path = error.below(("networks", name, "layers")).path
            raise error.at(place_of(file, file.read_text(encoding="utf-8-sig"), path)) from None
