"""Networks on disk: back as they were, and every damage told as a fault of the file."""

import json
import tracemalloc
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from netviz.errors import DataError
from netviz.network.layers import (
    BatchNormalisation,
    Convolution,
    Dense,
    GlobalAverage,
    MaxPool,
    ScaleShift,
)
from netviz.network.network import Network, dense_network
from netviz.network.parameters import fresh
from netviz.network.storage import LARGEST, load, read_arrays, save


def make_network(hidden: tuple[int, ...] = (5,)) -> Network:
    architecture = dense_network((4, 3, 2), hidden, 3, "tanh")
    return fresh(architecture, np.random.default_rng(0)).network


def record(image_shape: list[int], *layers: dict[str, object]) -> NDArray[Any]:
    """Return what a file says of its layers."""
    return np.array(json.dumps({"image_shape": image_shape, "layers": layers or [{}]}))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    file = tmp_path / "network.npz"
    save(make_network(), file)
    return file


@pytest.mark.parametrize("hidden", [(), (5,), (5, 4)])
def test_a_network_comes_back_as_it_was(tmp_path: Path, hidden: tuple[int, ...]) -> None:
    network = make_network(hidden)
    save(network, tmp_path / "a.npz")
    loaded = load(tmp_path / "a.npz")
    assert loaded.shapes == network.shapes
    assert loaded.identity == network.identity
    for one, other in zip(loaded.dense, network.dense, strict=True):
        np.testing.assert_array_equal(one.weights, other.weights)


def convolutional(normalisation: type[ScaleShift | BatchNormalisation]) -> Network:
    layers = (
        Convolution(np.zeros((3, 2, 2, 4)), np.zeros(4), stride=2, padding=(1, 0, 1, 1)),
        normalisation(np.zeros(4), np.zeros(4)),
        MaxPool(2, 1),
        GlobalAverage(),
        Dense(np.zeros((4, 3)), np.zeros(3)),
    )
    return fresh(Network((4, 3, 2), layers), np.random.default_rng(0)).network


def test_a_convolutional_network_comes_back_as_it_was(tmp_path: Path) -> None:
    network = convolutional(ScaleShift)
    save(network, tmp_path / "a.npz")
    loaded = load(tmp_path / "a.npz")
    assert loaded.identity == network.identity
    assert loaded.shapes == network.shapes
    assert [one.settings for one in loaded.layers] == [one.settings for one in network.layers]
    image = np.random.default_rng(1).random((1, 24)).astype(np.float32)
    assert np.array_equal(loaded.logits(image), network.logits(image))


def test_what_is_for_training_only_is_not_stored(tmp_path: Path) -> None:
    """Its answers would depend on the other images; settled, they depend on the image alone."""
    network = convolutional(BatchNormalisation)
    with pytest.raises(ValueError, match="for training only"):
        save(network, tmp_path / "a.npz")
    settled = network.settled([(np.full(4, 0.5, np.float32), np.ones(4, np.float32))])
    save(settled, tmp_path / "a.npz")
    images = np.random.default_rng(1).random((5, 24)).astype(np.float32)
    alone = np.concatenate([settled.logits(image) for image in images])
    assert np.allclose(load(tmp_path / "a.npz").logits(images), alone, atol=1e-6)


@pytest.mark.parametrize(
    ("key", "value"),
    [("padding", [1, 1]), ("padding", 5), ("stride", 0), ("stride", 1.5), ("rate", 2)],
)
def test_a_setting_of_a_layer_that_cannot_be_is_told(
    tmp_path: Path, key: str, value: object
) -> None:
    file = tmp_path / "a.npz"
    save(convolutional(ScaleShift), file)
    arrays = read_arrays(file)
    described = json.loads(str(arrays["network"]))
    described["layers"][0][key] = value
    with file.open("wb") as stream:
        np.savez(
            stream, allow_pickle=False, **{**arrays, "network": np.array(json.dumps(described))}
        )
    with pytest.raises(DataError, match="a layer of kind 'convolution' is wrong"):
        load(file)


def test_the_same_network_gives_the_same_bytes(file: Path, tmp_path: Path) -> None:
    save(make_network(), tmp_path / "again.npz")
    assert (tmp_path / "again.npz").read_bytes() == file.read_bytes()


def test_a_loaded_network_cannot_be_changed(file: Path) -> None:
    with pytest.raises(ValueError, match="read-only"):
        load(file).dense[0].weights[0, 0] = 1


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"nowhere.npz: there is no such file"):
        load(tmp_path / "nowhere.npz")


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("weights_0", None, "weights_0 is missing"),
        ("biases_1", None, "biases_1 is missing"),
        ("weights_1", np.zeros((3, 5), np.float32), r"a layer of kind 'dense' is wrong"),
        ("weights_0", np.zeros((9, 5), np.float32), "do not follow each other"),
        ("weights_0", np.zeros((0, 5), np.float32), "not finite, or none"),
        ("weights_1", np.zeros((5, 3), np.float64), "got float64"),
        ("biases_0", np.full(5, np.nan, np.float32), "not finite"),
        ("biases_0", np.ones(5, np.float32), "not those that were saved"),
        ("identity", None, "not those that were saved"),
        ("network", None, "no readable shape"),
        ("network", np.array("{"), "no readable shape"),
        ("network", np.array('{"image_shape": [4, 3, 2], "layers": []}'), "no layers"),
        ("network", np.array('{"image_shape": [4, 3], "layers": [{}]}'), "no readable shape"),
        ("network", record([0, 3, 2]), "an image without pixels"),
        (
            "network",
            record([4, 3, 2], {"kind": "dens"}),
            "expected one of activation, average_pool",
        ),
        ("network", record([4, 3, 2], {"kind": "activation", "function": "relu6"}), "relu6"),
        ("network", record([4, 3, 2], {"kind": "flatten", "size": 2}), "'flatten' is wrong"),
        (
            "network",
            record([4, 3, 2], {"kind": "dense", "arrays": {"weights": "no"}}),
            "no is miss",
        ),
        ("network", record([4, 3, 2], {"kind": "dense"}), "'dense' is wrong"),
        ("network", record([4, 3, 2], {"kind": "flatten"}), "not those that were saved"),
        (
            "network",
            record([4, 3, 2], {"kind": "activation", "function": "tanh"}),
            "not a number a",
        ),
        ("weights_0", np.array([{}], object), "not a readable archive"),
    ],
)
def test_each_malformation_is_told(
    file: Path, name: str, value: NDArray[Any] | None, message: str
) -> None:
    with np.load(file) as archive:
        arrays = dict(archive)
    arrays.pop(name)
    if value is not None:
        arrays[name] = value
    np.savez(file, allow_pickle=True, **arrays)
    with pytest.raises(DataError, match=message) as caught:
        load(file)
    assert str(file) in str(caught.value)


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_damaged_bytes_give_the_same_network_or_a_data_error(
    file: Path, tmp_path: Path, data: st.DataObject
) -> None:
    intact = file.read_bytes()
    damaged = bytearray(intact)
    for _ in range(data.draw(st.integers(0, 3))):
        damaged[data.draw(st.integers(0, len(intact) - 1))] = data.draw(st.integers(0, 255))
    end = data.draw(st.one_of(st.just(len(intact)), st.integers(0, len(intact))))
    broken = tmp_path / "broken.npz"
    broken.write_bytes(damaged[:end])
    try:
        identity = load(broken).identity
    except DataError:
        return
    assert identity == make_network().identity


@pytest.mark.slow
def test_an_archive_that_unpacks_to_gigabytes_is_refused_before_it_does(tmp_path: Path) -> None:
    bomb = tmp_path / "bomb.npz"
    with (
        zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("weights_0.npy", "w", force_zip64=True) as member,
    ):
        for _ in range(LARGEST // 2**20 + 1):
            member.write(bytes(2**20))
    assert bomb.stat().st_size < 2**20
    tracemalloc.start()
    with pytest.raises(DataError, match="it unpacks to"):
        load(bomb)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 2**20


def test_an_array_of_objects_is_not_unpickled(file: Path, tmp_path: Path) -> None:
    sprung = tmp_path / "sprung"
    arrays = read_arrays(file)
    arrays["identity"] = np.array([Trap(sprung)], dtype=object)
    np.savez(tmp_path / "trap.npz", allow_pickle=True, **arrays)
    with pytest.raises(DataError, match="not a readable archive"):
        load(tmp_path / "trap.npz")
    assert not sprung.exists()


class Trap:
    """Writes a file when it is unpickled."""

    def __init__(self, file: Path) -> None:
        self.file = file

    def __reduce__(self) -> tuple[object, ...]:
        return self.file.touch, ()
