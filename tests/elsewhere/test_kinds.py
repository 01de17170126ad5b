"""A file is known by what it holds; one that cannot be read is answered with what would help."""

import gzip
import io
import json
import pickle
import struct
import zipfile
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from safetensors.numpy import save as dump

from netviz.elsewhere.expected import Expected
from netviz.elsewhere.files import read_content
from netviz.elsewhere.kinds import UNREAD, is_onnx, kind_of
from netviz.elsewhere.reader import read_foreign
from netviz.errors import DataError
from netviz.network.storage import LARGEST, save
from netviz.pipeline.downloads import json_text
from tests.miniatures import network

RNG = np.random.default_rng(8)


def zipped(*names: str) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name in names:
            archive.writestr(name, b"content")
    return stream.getvalue()


def objects() -> bytes:
    stream = io.BytesIO()
    np.savez(stream, np.array([np.ones(2), np.ones(3)], object))
    return stream.getvalue()


def single() -> bytes:
    stream = io.BytesIO()
    np.save(stream, np.ones((3, 2)))
    return stream.getvalue()


# The content of a file, its name, what it is called, and part of the line that helps.
FILES: dict[str, tuple[bytes, str, str, str]] = {
    "checkpoint": (
        zipped("archive/data.pkl", "archive/version", "archive/data/0"),
        "net.pt",
        "a checkpoint of PyTorch",
        "s = s.get('state_dict', s); safetensors.torch.save_file(s, 'net.safetensors')",
    ),
    "checkpoint of another name": (
        zipped("pytorch_model/data.pkl"),
        "pytorch_model.bin",
        "a checkpoint of PyTorch",
        "torch.load('pytorch_model.bin'",
    ),
    "older checkpoint": (
        b"\x80\x02\x8a\nl\xfc\x9cF\xf9 j\xa8P\x19." + bytes(40),
        "net.pth",
        "a checkpoint of PyTorch",
        "safetensors.torch.save_file",
    ),
    "TorchScript": (
        zipped("net/data.pkl", "net/constants.pkl", "net/code/a.py"),
        "net.pt",
        "TorchScript",
        "torch.jit.load('net.pt').state_dict()",
    ),
    "Keras": (
        zipped("metadata.json", "config.json", "model.weights.h5"),
        "net.keras",
        "a model of Keras",
        "('net.keras'); np.savez('net.npz', **{w.path: w.numpy() for w in model.weights})",
    ),
    "HDF5": (
        b"\x89HDF\r\n\x1a\n" + bytes(200),
        "net.h5",
        "an HDF5 file",
        "keras.models.load_model('net.h5')",
    ),
    "HDF5 of weights": (
        b"\x89HDF\r\n\x1a\n" + bytes(200),
        "net.weights.h5",
        "an HDF5 file of weights",
        "model.load_weights('net.weights.h5')",
    ),
    "HDF5 called otherwise": (
        b"\x89HDF\r\n\x1a\n" + bytes(200),
        "W.SAFETENSORS",
        "an HDF5 file",
        "np.savez('W.npz'",
    ),
    "pickle": (pickle.dumps({"a": 1}), "net.pkl", "a pickle", "joblib.load('net.pkl')"),
    "pickle called .npz": (pickle.dumps({"a": 1}), "net.npz", "a pickle", "'net-arrays.npz'"),
    "pickle of protocol 0": (pickle.dumps({}, 0), "net.pickle", "a pickle", "joblib.load"),
    "TensorFlow": (b"\x08\x01\x12\x90\x01" + bytes(40), "saved.pb", "TensorFlow", "model.weights"),
    "TensorFlow Lite": (b"\x1c\0\0\0TFL3" + bytes(9), "n.tflite", "TensorFlow Lite", "w.path"),
    "GGUF": (b"GGUF\3\0\0\0" + bytes(9), "net.gguf", "GGUF", "save_file(model.state_dict()"),
    "MATLAB 5": (b"MATLAB 5.0 MAT-file, Platform", "net.mat", "MATLAB", "loadmat('net.mat')"),
    "Flax": (b"\x82\xa6params", "net.msgpack", "MessagePack", "msgpack_restore(open('net.msgpack'"),
    "objects": (objects(), "net.npz", "Python objects in it", "np.savez('net-arrays.npz'"),
    "one array": (single(), "net.npy", "one single array", "weights_0=…, biases_0=…"),
    "a model's JSON": (b'{"class_name": "Sequential"}', "net.json", "JSON, but not", "w.path"),
    "gzip": (gzip.compress(b"abc"), "net.npz.gz", "compressed", "gunzip"),
    "another zip": (zipped("readme.txt"), "net.npz", "zip archive, but not", "Unpack it"),
    "web page": (b"<!DOCTYPE html><html>", "net.safetensors", "web page", "Download the file"),
    "pointer": (b"version https://git-lfs.github.com/", "n.safetensors", "Git LFS", "git lfs pull"),
    "nothing": (b"", "net.npz", "empty", "model.state_dict()"),
    "anything": (b"\x01abc" * 99, "net.dat", "no kind that is known", ".safetensors or an .npz"),
}


@pytest.mark.parametrize(("content", "name", "title", "help_"), FILES.values(), ids=FILES)
def test_a_file_that_is_not_read_is_called_by_its_kind_with_the_line_that_helps(
    tmp_path: Path, content: bytes, name: str, title: str, help_: str
) -> None:
    file = tmp_path / name
    file.write_bytes(content)
    with pytest.raises(DataError) as caught:
        read_foreign(file, Expected((4, 5, 1), 3))
    said = str(caught.value)
    assert said.startswith(f"{file}: the file is ")
    assert title in said
    assert help_ in said
    assert "elete" not in said


def test_the_ending_of_a_file_that_is_read_does_not_matter(tmp_path: Path) -> None:
    arrays = {"0.weight": np.ones((3, 20), np.float32)}
    for name in ("W.SAFETENSORS", "weights.bin", "w.npz"):
        (tmp_path / name).write_bytes(dump(arrays))
    with (tmp_path / "W.NPZ").open("wb") as stream:
        np.savez(stream, allow_pickle=False, **arrays)
    for file in tmp_path.iterdir():
        assert read_foreign(file, Expected((4, 5, 1), 3)).dense[0].weights.shape == (20, 3)


def test_the_json_offered_for_download_comes_back_the_same(tmp_path: Path) -> None:
    ours = network([RNG.normal(size=(64, 6)), RNG.normal(size=(6, 3))])
    (tmp_path / "net.json").write_text(json_text(ours))
    save(ours, tmp_path / "net.npz")
    for name in ("net.json", "net.npz"):
        again = read_foreign(tmp_path / name, Expected(ours.image_shape, 3))
        assert again.identity == ours.identity


OURS = network([RNG.normal(size=(64, 6)), RNG.normal(size=(6, 3))])


def test_the_download_of_older_versions_comes_back_the_same(tmp_path: Path) -> None:
    """Before layers had records, an .npz and a JSON had shapes, and dense layers alone."""
    dense = [(one.weights, one.biases) for one in OURS.dense]
    head = {"image_shape": OURS.image_shape, "hidden": [6], "classes": 3, "activation": "relu"}
    layers = [{"weights": w.tolist(), "biases": b.tolist()} for w, b in dense]
    told = {"identity": "of old", **head, "layers": layers}
    (tmp_path / "net.json").write_text(json.dumps(told))
    arrays = {f"weights_{k}": weights for k, (weights, _) in enumerate(dense)}
    arrays |= {f"biases_{k}": biases for k, (_, biases) in enumerate(dense)}
    arrays |= {name: np.array(value) for name, value in head.items()}
    np.savez(tmp_path / "net.npz", allow_pickle=False, **arrays)
    for name in ("net.json", "net.npz"):
        again = read_foreign(tmp_path / name, Expected(OURS.image_shape, 3))
        assert again.identity == OURS.identity


@pytest.mark.parametrize(
    ("expected", "message"),
    [
        (Expected((8, 8, 3), 3), r"does not fit its data set.*got \(8, 8, 1\) and 3"),
        (Expected((8, 8, 1), 4), "and 4 classes"),
        (Expected((8, 8, 1), 3, "tanh"), "two activations; expected 'tanh'.*got 'relu'"),
        (Expected((8, 8, 1), 3, mean=(0.5,)), "reads pixels of 0 to 1"),
    ],
)
def test_a_download_that_its_settings_deny_is_refused(
    tmp_path: Path, expected: Expected, message: str
) -> None:
    save(OURS, tmp_path / "net.npz")
    with pytest.raises(DataError, match=message):
        read_foreign(tmp_path / "net.npz", expected)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"weights_0": None}, "weights_0 is missing"),
        ({"extra": np.ones(3)}, "leaves out some arrays; got extra"),
        ({"network": np.array("{}")}, "no readable shape"),
        ({"network": np.ones(3)}, "no readable shape"),
    ],
)
def test_a_download_that_was_changed_is_not_told_to_be_deleted(
    tmp_path: Path, change: dict[str, NDArray[Any] | None], message: str
) -> None:
    save(OURS, tmp_path / "net.npz")
    arrays = {**read_content(tmp_path / "net.npz").arrays, **change}
    kept = {name: array for name, array in arrays.items() if array is not None}
    np.savez(tmp_path / "net.npz", allow_pickle=False, **kept)
    with pytest.raises(DataError, match=message) as caught:
        read_foreign(tmp_path / "net.npz", Expected((8, 8, 1), 3))
    assert "elete" not in str(caught.value)


def test_an_activation_in_the_metadata_of_safetensors_is_heeded(tmp_path: Path) -> None:
    arrays = {"0.weight": np.ones((4, 20), np.float32), "2.weight": np.ones((3, 4), np.float32)}
    (tmp_path / "net.safetensors").write_bytes(dump(arrays, {"activation": "tanh"}))
    assert read_foreign(tmp_path / "net.safetensors", Expected((4, 5, 1), 3)).activation == "tanh"


def test_bfloat16_is_read(tmp_path: Path) -> None:
    """It is the upper half of a float32."""
    numbers = RNG.normal(size=(3, 20)).astype(np.float32)
    halves = (numbers.view(np.uint32) >> 16).astype("<u2")
    head = json.dumps({"w": {"dtype": "BF16", "shape": [3, 20], "data_offsets": [0, 120]}})
    file = tmp_path / "net.safetensors"
    file.write_bytes(struct.pack("<Q", len(head)) + head.encode() + halves.tobytes())
    read = read_content(file).arrays["w"]
    assert read.dtype == np.float32
    np.testing.assert_allclose(read, numbers, rtol=2**-7)
    assert not (read.view(np.uint32) & 0xFFFF).any()


def test_a_type_that_is_not_read_is_named(tmp_path: Path) -> None:
    head = json.dumps({"w": {"dtype": "F8_E4M3", "shape": [4], "data_offsets": [0, 4]}})
    file = tmp_path / "net.safetensors"
    file.write_bytes(struct.pack("<Q", len(head)) + head.encode() + bytes(4))
    with pytest.raises(DataError, match=r"w is of a type.*BF16.*got F8_E4M3.*v\.float\(\)"):
        read_content(file)


def _twice(file: Path) -> None:
    with zipfile.ZipFile(file, "w") as archive:
        for turn in range(2):
            with pytest.warns(UserWarning, match="Duplicate") if turn else nullcontext():
                archive.writestr("w.npy", single())


def _too_large(file: Path) -> None:
    with file.open("wb") as stream:
        stream.truncate(LARGEST + 1)


@pytest.mark.parametrize(
    ("make", "message"),
    [(_twice, "an array is there twice; got w.npy"), (_too_large, "the file is too large")],
)
def test_a_hostile_file_is_refused(
    tmp_path: Path, make: Callable[[Path], None], message: str
) -> None:
    make(tmp_path / "net.npz")
    with pytest.raises(DataError, match=message):
        read_content(tmp_path / "net.npz")


def model(fields: bytes = b"") -> bytes:
    """A model of ONNX whose fields are in another order, as the standard allows; with `fields`."""
    graph = b"\x3a\x04\x12\x02ab"
    return graph + b"\x42\x02\x10\x11" + b"\x12\x07pytorch" + b"\x08\x08" + fields


@pytest.mark.parametrize("name", ["net.onnx", "model.bin", "model", "net.npz", "net.pt"])
def test_a_model_of_onnx_is_known_whatever_it_is_called(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(model())
    assert is_onnx(tmp_path / name)
    assert not is_onnx(tmp_path)
    assert not is_onnx(tmp_path / "nothing")


@pytest.mark.parametrize(
    "content",
    [
        model()[:-1],  # which ends within a field
        model(b"\x3a\x00"),  # of two graphs
        model(b"\x78\x00"),  # with a field that no model has
        model(b"\x3d\x00\x00\x00\x00"),  # written in another way
        model(b"\xff" * 12),
        model(b"\x12\xff\xff\xff\xff\xff\xff\xff\xff\x7f"),  # longer than any file
        model()[6:],  # without a graph
        b"\x12\x00" * 100_001 + model(),
        bytes(100),
    ],
)
def test_other_messages_are_none(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "net.bin").write_bytes(content)
    assert not is_onnx(tmp_path / "net.bin")
    said = "the file is of no kind that is known; expected an .onnx.* of weights. Save the net"
    with pytest.raises(DataError, match=said):
        read_foreign(tmp_path / "net.bin", Expected((4, 5, 1), 3))


def test_what_is_called_a_model_of_onnx_and_is_none_is_told(tmp_path: Path) -> None:
    (tmp_path / "net.onnx").write_bytes(bytes(range(256)))
    with pytest.raises(DataError, match="not a readable model of ONNX; expected a whole file") as e:
        read_foreign(tmp_path / "net.onnx", Expected((4, 5, 1), 3))
    assert "It is damaged, or of another kind" in str(e.value)


@pytest.mark.parametrize("name", ["net.onnx", "net.safetensors", "net.npz", "net.bin", "net"])
@pytest.mark.parametrize(
    ("content", "title"),
    [
        (b"Not Found: no such release\n", "a text"),
        ("é".encode() * 5000, "a text"),
        (b"\x89PNG\r\n\x1a\n" + bytes(50), "a picture"),
        (b"\xff\xd8\xff\xe0" + bytes(50), "a picture"),
        (b"%PDF-1.7\n", "a PDF"),
        (b"\x18\0\0\0ORTM" + bytes(50), "a model in the form of ONNX Runtime alone"),
    ],
)
def test_what_holds_no_weights_is_told_whatever_it_is_called(
    tmp_path: Path, name: str, content: bytes, title: str
) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(DataError, match=f"the file is {title}; expected an .onnx, a"):
        read_foreign(tmp_path / name, Expected((4, 5, 1), 3))


@pytest.mark.parametrize("content", [b"\x08\x08\x12\x07pytorch\x1a", b"\x08\x0a\x3a\x90\x01"])
def test_a_model_of_onnx_is_known_by_its_first_fields(tmp_path: Path, content: bytes) -> None:
    """The version of its form, then the name of its producer, or its graph."""
    (tmp_path / "net.bin").write_bytes(content)
    assert kind_of(tmp_path / "net.bin") is UNREAD["onnx"]
    with pytest.raises(DataError, match="not a readable model of ONNX"):
        read_foreign(tmp_path / "net.bin", Expected((4, 5, 1), 3))
