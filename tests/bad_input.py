"""Bad input by the ten thousand: valid files mutated at random, and what each reader owes.

A reader either succeeds or raises an error of netviz.errors, in time and within memory, and
touches nothing but its input. Where the truth can be told independently, what it returns is
compared with that. Case `n` of a target is the same in every run. To add a reader, add a Target
to TARGETS.
"""

import gzip
import json
import os
import pickle
import random
import re
import shutil
import signal
import struct
import sys
import tarfile
import tempfile
import time
import tomllib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from types import FrameType
from typing import Any
from unittest import mock

import numpy as np
from PIL import Image
from safetensors.numpy import save as dump

from netviz.datasets import cifar
from netviz.datasets.archives import read_members
from netviz.datasets.catalogue import entry
from netviz.datasets.dataset import Split
from netviz.datasets.description import OwnDataset
from netviz.datasets.idx import TYPES, read_idx
from netviz.datasets.manifest import read_manifest
from netviz.datasets.own import read_own
from netviz.datasets.pictures import FORMATS, read_picture_of_class
from netviz.datasets.store import open_dataset, write
from netviz.elsewhere.expected import Expected
from netviz.elsewhere.reader import read_foreign
from netviz.errors import NetvizError
from netviz.essay.manuscript import read_manuscript
from netviz.essay.measurements import Measurements
from netviz.essay.settings import read_settings
from netviz.figures.registry import Registry
from netviz.network.network import dense_network
from netviz.network.parameters import fresh
from netviz.network.storage import load, save
from netviz.pipeline.downloads import json_text
from tests.bad_graphs import mutated_graph, onnx_seeds, read_graph_of_onnx

MOST_SECONDS = 5.0
MOST_BYTES = 1 << 30
FRONT = b"---\ntitle: T\ndescription: D\nauthors: [A]\ndate: 2026-01-02\n---\n"
TREE: dict[str, Any] = {
    "sample": False,
    "a": 3,
    "b": 0.25,
    "c": "a *name* <b>",
    "none": None,
    "list": [1, 2.5, -3],
    "networks": {"digits": {"title": "one", "seed": 1, "counts": {"test": 9},
                            "test": {"accuracy": 0.9}, "seeds": {"count": 2, "mean": 0.9}}},
}  # fmt: skip
MEASURED = Measurements(TREE)
REGISTRY = Registry()


# --- mutations -------------------------------------------------------------------------------


def mutated(rng: random.Random, seeds: Sequence[bytes], words: Sequence[bytes]) -> bytes:
    """Return one of `seeds` after no, one or several changes."""
    content = bytearray(rng.choice(seeds))
    for _ in range(rng.choice((0, 1, 1, 1, 2, 3, 8))):
        start = rng.randint(0, len(content))
        length = min(rng.choice((1, 1, 2, 4, 16, 256)), len(content) - start)
        match rng.randint(0, 7):
            case 0 if content:
                content[start % len(content)] ^= 1 << rng.randint(0, 7)
            case 1:
                content[start : start + length] = rng.randbytes(length)
            case 2:
                del content[start : start + length]
            case 3:
                content[start:start] = content[start : start + length] * rng.choice((1, 2, 40))
            case 4:
                del content[start:]
            case 5:
                other = rng.choice(seeds)
                content[start : start + length] = other[start : start + rng.randint(0, 64)]
            case 6:
                content[start : start + 4] = struct.pack(">i", rng.choice((0, -1, 1, 2**31 - 1)))
            case _ if words:
                content[start : start + rng.choice((0, length))] = rng.choice(words)
    return bytes(content)


@dataclass(frozen=True)
class Target:
    """A reader on trial.

    Attributes:
        seeds: valid inputs, which are mutated.
        read: reads the file it is given, in a folder of its own; asserts what it can of the result.
        words: what mutations like to put in, besides bytes at random.
        mutate: makes an input of the seeds and words.
    """

    seeds: Callable[[], Sequence[bytes]]
    read: Callable[[Path], object]
    words: tuple[bytes, ...] = ()
    mutate: Callable[[random.Random, Sequence[bytes], Sequence[bytes]], bytes] = mutated


# --- data ------------------------------------------------------------------------------------


def idx_seeds() -> list[bytes]:
    rng = np.random.default_rng(1)
    shapes = [(2, 3, 4), (1, 1, 1), (0, 5, 5), (4, 28, 28)]
    return [
        bytes((0, 0, 8, 3)) + struct.pack(">3I", *shape) + rng.bytes(int(np.prod(shape)))
        for shape in shapes
    ]


def read_idx_images(file: Path) -> None:
    content = file.read_bytes()
    array = read_idx(file, 3)
    count, height, width = struct.unpack_from(">III", content, 4)
    assert content[:4] == b"\0\0\x08\x03"
    assert array.shape == (count, height, width)
    assert array.tobytes() == content[16:]


def batch(count: int = 3) -> Split:
    rng = np.random.default_rng(2)
    images = rng.integers(0, 256, (count, 32, 32, 3), np.uint8)
    return Split(images, rng.integers(0, 10, count).astype(np.uint8))


def binary_seeds() -> list[bytes]:
    known = batch()
    planes = known.images.transpose(0, 3, 1, 2).reshape(3, -1)
    return [np.concatenate([known.labels[:, None], planes], axis=1).tobytes()]


def read_binary(file: Path) -> None:
    content = file.read_bytes()
    split = cifar.parse_binary_batch(content, file)
    assert split.labels.tobytes() == content[::3073]
    for number, image in enumerate(split.images):
        record = content[3073 * number : 3073 * (number + 1)]
        assert image[..., 1].tobytes() == record[1 + 1024 : 1 + 2048]
        assert image[31, 31, 2] == record[-1]


def python_seeds() -> list[bytes]:
    known = batch(2)
    data = known.images.transpose(0, 3, 1, 2).reshape(2, -1)
    value = {b"data": np.ascontiguousarray(data), b"labels": known.labels.tolist()}
    return [pickle.dumps(value, protocol) for protocol in (2, 4)]


def read_python(file: Path) -> None:
    split = cifar.parse_python_batch(file.read_bytes(), file)
    assert split.images.shape == (len(split.labels), 32, 32, 3)
    assert not len(split) or int(split.labels.max()) < 10


def picture_seeds() -> list[bytes]:
    pixels = np.random.default_rng(3).integers(0, 256, (4, 1024, 3), np.uint8)
    stream = BytesIO()
    Image.fromarray(pixels).save(stream, "PNG")
    return [stream.getvalue()]


def read_picture(file: Path) -> None:
    with mock.patch.object(cifar, "BATCH", 4):
        assert cifar._read_picture(file).shape == (4, 32, 32, 3)


def archive_seeds() -> list[bytes]:
    stream = BytesIO()
    with tarfile.open(fileobj=stream, mode="w:gz") as archive:
        for name in ("a", "../b"):
            member = tarfile.TarInfo(name)
            member.size = 2000
            archive.addfile(member, BytesIO(bytes(range(200)) * 10))
        member = tarfile.TarInfo("c")
        member.type, member.linkname = tarfile.SYMTYPE, "/etc/passwd"
        archive.addfile(member)
    return [stream.getvalue(), stream.getvalue()[:-8]]


def read_archive(file: Path) -> None:
    packed = file.with_suffix(".tar.gz")
    file.rename(packed)
    try:
        for name, content in read_members(packed, ("a", "b"), limit=1 << 20):
            assert name in ("a", "b")
            assert len(content) <= 1 << 20
    finally:
        packed.unlink()


def prepared() -> tuple[bytes, bytes]:
    """Return the manifest and an array of a prepared folder."""
    with tempfile.TemporaryDirectory() as folder:
        small = Split(np.zeros((2, 28, 28, 1), np.uint8), np.array([1, 2], np.uint8))
        place = Path(folder) / "data"
        write(place, entry("mnist").description, (small, small))
        return (place / "manifest.json").read_bytes(), (place / "train-images.npy").read_bytes()


def read_prepared_array(file: Path) -> None:
    folder = file.with_name("prepared")
    folder.mkdir()
    try:
        small = Split(np.zeros((2, 28, 28, 1), np.uint8), np.array([1, 2], np.uint8))
        write(folder, entry("mnist").description, (small, small))
        (folder / "train-images.npy").write_bytes(file.read_bytes())
        opened = open_dataset(folder)
        assert opened.train.images.shape == (2, 28, 28, 1)
        del opened
    finally:
        for one in folder.iterdir():
            one.unlink()
        folder.rmdir()


def read_prepared_manifest(file: Path) -> None:
    renamed = file.with_name("manifest.json")
    file.rename(renamed)
    try:
        manifest = read_manifest(file.parent)
        assert manifest.digest == json.loads(renamed.read_bytes())["digest"]
    finally:
        renamed.unlink()


def a_network() -> Any:  # noqa: ANN401 - whatever `save` takes
    return fresh(dense_network((4, 3, 2), (5,), 3, "tanh"), np.random.default_rng(0)).network


def network_seeds() -> list[bytes]:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "network.npz"
        save(a_network(), file)
        return [file.read_bytes()]


def read_network(file: Path) -> None:
    assert load(file).identity == a_network().identity


# --- the essay -------------------------------------------------------------------------------

SETTINGS = b"""\
site_url = "https://example.org/"
sample = true
page_budget_kb = 300
[networks.digits]
title = "one layer"
dataset = "mnist"
hidden = [16, 8]
more_seeds = [2]
[networks.digits.recipe]
epochs = 2
learning_rate = 0.2
[sweeps.widths]
dataset = "mnist"
shapes = [[], [4], [8, 4]]
seeds = [1, 2]
"""
TOML_WORDS = (
    b"[", b"]", b"[[", b'"', b"'''", b"=", b".", b"\n", b"#", b"inf", b"nan", b"-1", b"1e400",
    b"9" * 5000, b"true", b"{a=1}", b"1979-05-27", b"\\u0000", b"\xff", b"\r", b"[" * 900,
    b"networks", b"recipe", b"{a=" * 400, b"a." * 900,
)  # fmt: skip


def read_toml(file: Path) -> None:
    settings = read_settings(file)
    tables = tomllib.loads(file.read_text(encoding="utf-8"))
    assert list(settings.networks) == list(tables.get("networks", {}))
    for name, network in settings.networks.items():
        assert network.title == tables["networks"][name]["title"]
        assert list(network.hidden) == tables["networks"][name].get("hidden", [])


FRONT_WORDS = (
    b"---\n", b": ", b"- ", b"[", b"{", b"&a ", b"*a", b"!!python/object/apply:os.getpid []",
    b"!!binary ", b"? ", b"|\n", b">\n", b"\t", b"\n", b"<<: ", b"~", b"2026-13-99", b"\xff",
    b"!!set ", b"'", b'"', b"title", b"!!timestamp 1", b"[" * 900, b"{a: " * 300, b"1:1:1",
    b"2001-12-14t21:59:43.10-05:00", b"0o7", b"\x85", b"!!int x", b"!!float y",
)  # fmt: skip
TEXT = rb"""## A *heading* {: #here }

It gets {{ value("networks.digits.test.accuracy", "percent") }}, see [](#fig-weights)[^1], `code`.

{% claim number("a") > 2 and number("b") < 1 %}It *holds*.{% endclaim %}
{{ figure("weights", network="digits", caption="A $x^2$ & more") }}

{% for name, one in number("networks").items() %}- {{ name ~ loop.index }}
{% endfor %}{% set x = 2 %}{% if x > 1 %}$$\frac{a}{b}$$ and $x_1$.{% endif %}

| a | b |
|---|--:|
| 1 | 2 |

```python
{{ "braces" }}
```

[^1]: A note with <b title="x">HTML</b>.
*[HTML]: a language
"""
TEXT_WORDS = (
    b"{{ ", b" }}", b"{% ", b" %}", b"{#", b"#}", b"[", b"](", b")", b"![", b"<", b">", b"</b>",
    b"`", b"```", b"$", b"$$", b"\\frac{", b"}", b"^", b"_", b"*", b"**", b"|", b"\n\n",
    b"\n    ", b"> ", b"- ", b"1. ", b"[^1]", b"{: .a }", b"&#", b"\x00", b"\x02", b"\x03",
    b"\xff", b"{% raw %}", b"<!--", b"<div markdown=1>", b"{% for a in [1, 2] %}",
    b"{% macro f() %}", b"{% endmacro %}", b"{% set ", b".__class__", b"|upper", b"|join", b"(",
    b"'", b'"', b"~", b"\\", b"#" * 9, b"<?php", b"<![CDATA[", b"!!! note", b"\n: ", b"](#fig-x)",
    b"](x.md)", b"\xe2\x80\xa8", b"[" * 60, b"`" * 60,
)  # fmt: skip


def read_text(file: Path) -> None:
    manuscript = read_manuscript(file, MEASURED, REGISTRY, pages=["x.md"])
    assert all(claim.holds for claim in manuscript.claims)
    for call in manuscript.calls:
        assert call.id.startswith("fig-")
        assert call.word in REGISTRY.figures


CALLS = [
    b'{{ figure("weights", network="digits", unit=3, classes=["0", "1"]) }}',
    b'{{ figure("confusion_matrix", network="a", compare="b", id="fig-c", caption="C") }}',
    b'{{ figure("width_and_depth", sweeps=["a", "b"]) }}',
    b'{{ figure("confusion_samples", network="a", actual="4", predicted=9, count=3) }}',
]
ARGUMENT_WORDS = (
    b"none", b"true", b"1e999", b"-1", b"[]", b"{}", b"(1,)", b"[[", b"]]", b"''", b"*[1]",
    b"**{}", b"network=", b"id=", b"caption=", b"1.5", b"9" * 400, b"page", b"figure", b"value",
    b"_", b"number('a')", b",", b"(", b")", b"=", b"{'a': 1}", b"caption=1", b"id=[]",
    b"undefined",
)  # fmt: skip


def read_claim_or_value(file: Path) -> None:
    manuscript = read_manuscript(file, MEASURED, REGISTRY)
    for key in manuscript.keys:
        MEASURED.at(key)  # nothing was read that is not there


CLAIMS = [
    b"{% claim number('a') > 2 and not number('b') >= 1 or number('a') == -3 %}x{% endclaim %}",
    b"{% claim (number('a') - 1) * 2 / number('b') // 1 % 7 < 2 ** 3 %}y{% endclaim %}",
    b"{% claim 1 < number('list.0') + 1 <= 2 and number('c') in ['a'] or true %}z{% endclaim %}",
]
CLAIM_WORDS = (
    b"number('none')", b"number('c')", b"number('list')", b"<", b"==", b" and ", b" or ",
    b" not ", b" in ", b" is ", b"(", b")", b"*", b"**", b"//", b"/", b"%", b"-", b"+", b"~",
    b"0", b"1e308", b"9" * 400, b"'a'", b"[1]", b"none", b"value('a')", b"number(number('c'))",
    b" if 1 else ", b"|float", b"|sort", b"|sum", b"{% claim 1 %}", b"{% endclaim %}", b"|length",
    b"|max", b"|round(99)", b".x", b"[0]", b"[::0]",
)  # fmt: skip
VALUES = [
    b"{{ value('networks.digits.test.accuracy', 'percent') }} {{ value('a', 'words') }}",
    b"{{ value('c') }} {{ value('list.1', 'out_of') }} {{ value('b', form='points') }}",
    b"{{ value('list.2', 'exact') }} {{ value('networks.digits.seeds.mean', 'ratio') }}",
]
VALUE_WORDS = (
    b"networks.", b".", b"..", b"list.", b"list", b"none", b"'none'", b"'count'", b"decimal",
    b"whole_percent", b"-1", b"\xd9\xa3", b"9" * 400, b"'", b",", b"[]", b"1", b"form=",
    b"networks.digits", b"'sample'", b"a.b", b" ", b"'' * 3", b"comparisons.x", b"datasets.mnist",
    b"sweeps.a.b", b"\x00",
)  # fmt: skip


def in_text(*bodies: bytes) -> Callable[[], list[bytes]]:
    return lambda: [FRONT + body + b"\n" for body in bodies]


def own_seeds() -> list[bytes]:
    """An essay's own arrays, plain and packed."""
    rng = np.random.default_rng(8)
    images, labels = rng.integers(0, 256, (6, 8, 8), np.uint8), np.arange(6) % 2
    plain, packed = BytesIO(), BytesIO()
    np.savez(plain, images=images, labels=labels)
    np.savez_compressed(packed, images=images, labels=labels)
    return [plain.getvalue(), packed.getvalue()]


def read_own_arrays(file: Path) -> None:
    named = file.rename(file.with_name("own.npz"))
    try:
        description, splits = read_own("own", OwnDataset("Own", ""), named)
    finally:
        named.rename(file)
    known = set(range(len(description.class_names)))
    assert set(splits[0].labels.tolist()) == known >= set(splits[1].labels.tolist())
    assert all(split.images.shape[1:] == description.image_shape for split in splits)
    assert all(split.images.dtype == np.uint8 and len(split) for split in splits)


def own_picture_seeds() -> list[bytes]:
    """A picture in each format that class folders may hold."""
    image = Image.fromarray(np.random.default_rng(9).integers(0, 256, (9, 9, 3), np.uint8))
    found = []
    for kind in FORMATS:
        stream = BytesIO()
        image.save(stream, kind)
        found.append(stream.getvalue())
    return found


def read_own_picture(file: Path) -> None:
    picture = read_picture_of_class(file, OwnDataset("Own", "", side=8))
    assert picture.pixels.shape in ((8, 8, 1), (8, 8, 3))


def own_picture_kinds() -> list[bytes]:
    """Pictures in the modes and packings that are read in ways of their own."""
    rng = np.random.default_rng(10)
    deep = Image.fromarray(rng.integers(0, 65536, (9, 9), np.uint16))
    clear = Image.fromarray(rng.integers(0, 256, (9, 9, 4), np.uint8))
    palette = clear.convert("RGB").quantize(4)
    found = []
    for image, kind, options in (
        (deep, "PNG", {}),
        (deep, "TIFF", {"compression": "tiff_deflate"}),
        (deep, "PPM", {}),
        (clear, "PNG", {}),
        (clear, "TIFF", {"compression": "tiff_lzw"}),
        (clear.convert("LA"), "PNG", {}),
        (clear.convert("CMYK"), "JPEG", {"progressive": True}),
        (palette, "PNG", {"transparency": 1}),
        (clear.convert("RGB"), "GIF", {"save_all": True, "append_images": [clear.convert("RGB")]}),
    ):
        stream = BytesIO()
        image.save(stream, kind, **options)
        found.append(stream.getvalue())
    return found


def own_idx_seeds() -> list[bytes]:
    """IDX files of every type of numbers, packed and not."""
    rng = np.random.default_rng(11)
    found = []
    for code, kind in TYPES.items():
        head = bytes((0, 0, code, 3)) + struct.pack(">3I", 6, 8, 8)
        found.append(head + rng.integers(0, 100, (6, 8, 8)).astype(kind).tobytes())
    return [*found, gzip.compress(found[0], mtime=0)]


def read_in_folder(name: str, own: OwnDataset, beside: dict[str, bytes], file: Path) -> None:
    """Read a data set of which `file` is one of the files, called `name`."""
    folder = Path(tempfile.mkdtemp(dir=file.parent))
    named = file.rename(folder / name)
    try:
        for other, content in beside.items():
            (folder / other).write_bytes(content)
        description, splits = read_own("own", own, folder)
    finally:
        named.rename(file)
        shutil.rmtree(folder)
    assert all(split.images.shape[1:] == description.image_shape for split in splits)
    assert set(splits[0].labels.tolist()) == set(range(len(description.class_names)))


def read_own_idx(file: Path) -> None:
    labels = bytes((0, 0, 8, 1)) + struct.pack(">I", 6) + bytes((0, 1) * 3)
    own = OwnDataset("Own", "", brightest=100, transposed=True)
    read_in_folder("train-images", own, {"train-labels": labels}, file)


def read_own_labels(file: Path) -> None:
    images = np.random.default_rng(12).integers(0, 256, (6, 8, 8), np.uint8)
    stream = BytesIO()
    np.save(stream, images)
    read_in_folder("y.npy", OwnDataset("Own", ""), {"x.npy": stream.getvalue()}, file)


def own_label_seeds() -> list[bytes]:
    """Labels of every kind that is read, as `.npy`."""
    numbers = np.arange(6) % 2
    found = []
    for labels in (numbers, numbers[:, None], np.eye(2)[numbers], numbers.astype(str),
                   numbers.astype(bytes), numbers.astype(">f4"), numbers == 1):  # fmt: skip
        stream = BytesIO()
        np.save(stream, labels)
        found.append(stream.getvalue())
    return found


def own_table_seeds() -> list[bytes]:
    """Tables with and without a line of names, plain and packed."""
    rng = np.random.default_rng(13)
    names = ",".join(["label", *(f"p{n}" for n in range(64))])
    rows = [f"{n % 2}," + ",".join(map(str, rng.integers(0, 256, 64))) for n in range(6)]
    plain = "\n".join([names, *rows]).encode()
    return [plain, "\n".join(rows).encode(), gzip.compress(plain, mtime=0)]


def read_own_table(file: Path) -> None:
    read_in_folder("train.csv", OwnDataset("Own", ""), {}, file)


def own_batch_seeds() -> list[bytes]:
    return [b"".join(bytes((0, n % 2)) + bytes((60 * n,)) * 3072 for n in range(4))]


def read_own_batch(file: Path) -> None:
    read_in_folder("train.bin", OwnDataset("Own", ""), {"test.bin": own_batch_seeds()[0]}, file)


def foreign_seeds() -> list[bytes]:
    """Every form of weights trained elsewhere, with what is folded in, and our own downloads."""
    rng = np.random.default_rng(2)
    dense = {"0.weight": rng.random((3, 16), np.float32), "0.bias": np.ones(3, np.float32)}
    normed = {
        "mean": np.full(1, 0.5, np.float32),
        "0.weight": rng.random((5, 16), np.float32),
        **{f"1.running_{name}": rng.random(5, np.float32) for name in ("mean", "var")},
        "3.weight": rng.random((3, 5), np.float32),
    }
    by_hand = BytesIO()
    np.savez(by_hand, W1=rng.random((16, 5)), b1=np.ones((1, 5)), W2=rng.random((5, 3)))
    ours = dense_network((4, 4, 1), (2,), 3)
    with tempfile.TemporaryDirectory() as folder:
        save(ours, Path(folder) / "network.npz")
        archive = (Path(folder) / "network.npz").read_bytes()
    return [dump(dense), dump(normed), by_hand.getvalue(), archive, json_text(ours).encode()]


FOREIGN_WORDS = (b"F64", b"BF16", b'"shape":[', b"9" * 30, b"running_mean", b'"kind":')


def read_foreign_weights(file: Path) -> None:
    named = file.rename(file.with_name("weights.safetensors"))
    try:
        read_foreign(named, Expected((4, 4, 1), 3, "relu"))
    finally:
        named.rename(file)


ONNX_WORDS = (b"Conv", b"Relu", b"axis", b"../w.bin", b"\x80" * 9 + b"\x01", b"\xff" * 9, b"value1")
TARGETS = {
    "foreign weights": Target(foreign_seeds, read_foreign_weights, FOREIGN_WORDS),
    "ONNX": Target(onnx_seeds, read_graph_of_onnx, ONNX_WORDS),
    "ONNX by its fields": Target(onnx_seeds, read_graph_of_onnx, mutate=mutated_graph),
    "own arrays": Target(own_seeds, read_own_arrays, (b"'|O'", b"PK\x05\x06", b"(9999999999,)")),
    "own picture": Target(own_picture_seeds, read_own_picture),
    "own picture of another mode": Target(own_picture_kinds, read_own_picture),
    "own labels": Target(own_label_seeds, read_own_labels,
                         (b"'|O'", b"'<U9'", b"'<f8'", b"(6,)", b"'<M8[s]'", b"'<c16'")),
    "own IDX": Target(own_idx_seeds, read_own_idx, (b"\x08\x03", b"\x0e\x04", b"\x1f\x8b")),
    "own table": Target(own_table_seeds, read_own_table,
                        (b",", b"\n", b'"', b"nan", b"1e999", b"label", b"\xff", b"9" * 400, b";")),
    "own batch": Target(own_batch_seeds, read_own_batch),
    "IDX": Target(idx_seeds, read_idx_images),
    "CIFAR binary": Target(binary_seeds, read_binary),
    "CIFAR pickle": Target(python_seeds, read_python,
                           (b"cos\nsystem\n", b"(S'id'\ntR.", b"\x8c\x02os")),
    "picture": Target(picture_seeds, read_picture, (b"IHDR", b"IDAT", b"zTXt", b"\xff" * 4)),
    "archive": Target(archive_seeds, read_archive),
    "prepared manifest": Target(lambda: [prepared()[0]], read_prepared_manifest,
                                (b"[" * 2000, b"null", b"1e999", b"{}", b'"', b"-1", b"\xff")),
    "prepared array": Target(lambda: [prepared()[1]], read_prepared_array,
                             (b"'|O'", b"'<f8'", b"(2,)", b"9" * 11, b"True", b"__import__('os')")),
    "network": Target(network_seeds, read_network, (b"'|O'", b"PK\x05\x06", b"(9999999999,)")),
    "settings": Target(lambda: [SETTINGS], read_toml, TOML_WORDS),
    "front matter": Target(in_text(b"Text."), read_text, FRONT_WORDS),
    "markdown": Target(in_text(TEXT), read_text, TEXT_WORDS),
    "figure arguments": Target(in_text(*CALLS), read_text, ARGUMENT_WORDS),
    "claims": Target(in_text(*CLAIMS), read_claim_or_value, CLAIM_WORDS),
    "values": Target(in_text(*VALUES), read_claim_or_value, VALUE_WORDS),
}  # fmt: skip


# --- trials ----------------------------------------------------------------------------------


class Hang(BaseException):
    """A case took too long. No handler of exceptions catches it by mistake."""


@contextmanager
def in_time(seconds: float) -> Iterator[None]:
    def ring(_number: int, _frame: FrameType | None) -> None:
        raise Hang

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


@dataclass(frozen=True)
class Outcome:
    """How a run of cases went; `failures` tell case, kind and input."""

    read: int
    refused: int
    failures: tuple[str, ...]
    slowest: float


def case(name: str, number: int) -> bytes:
    """Return the input of one case; the same in every run."""
    target = TARGETS[name]
    seeds = SEEDS.get(name) or SEEDS.setdefault(name, target.seeds())
    rng = random.Random(f"{name} {number}")  # noqa: S311 - no secret
    return target.mutate(rng, seeds, target.words)


SEEDS: dict[str, Sequence[bytes]] = {}


def try_cases(name: str, numbers: range, folder: Path) -> Outcome:
    """Read the cases of a target in an empty `folder`."""
    read = refused = 0
    slowest = 0.0
    failures = []
    for number in numbers:
        content = case(name, number)
        file = folder / "input"
        file.write_bytes(content)
        start = time.perf_counter()
        try:
            with in_time(MOST_SECONDS):
                TARGETS[name].read(file)
            read += 1
        except NetvizError:
            refused += 1
        except (Exception, Hang) as error:
            failures.append(f"{name} {number}: {type(error).__name__}: {error}"[:300])
        slowest = max(slowest, time.perf_counter() - start)
        left = [one.name for one in folder.iterdir() if one.name != "input"]
        if left:
            failures.append(f"{name} {number}: it left {left}")
    return Outcome(read, refused, tuple(failures), slowest)


def try_alone(name: str, numbers: range, folder: Path) -> tuple[Outcome, int]:
    """Read cases in a process of their own that may write, run and call nothing else.

    Returns the outcome and the bytes of memory that the cases took at most.
    """
    wanted: list[str] = []
    home = str(folder)
    case(name, 0)  # to make the seeds writes files elsewhere
    before = most_memory()

    def watch(event: str, arguments: tuple[Any, ...]) -> None:
        if event in ("os.system", "subprocess.Popen", "socket.connect", "os.exec", "os.fork"):
            wanted.append(f"{event} {arguments}")
        elif event == "open" and isinstance(arguments[0], (str, bytes)):
            path = os.fsdecode(arguments[0])
            writes = isinstance(arguments[2], int) and arguments[2] & (os.O_WRONLY | os.O_RDWR)
            if writes and not path.startswith(home):
                wanted.append(f"{event} {path}")

    sys.addaudithook(watch)
    outcome = try_cases(name, numbers, folder)
    taken = most_memory() - before
    failures = (*outcome.failures, *(f"{name}: it wanted {one}" for one in wanted))
    return Outcome(outcome.read, outcome.refused, failures, outcome.slowest), taken


def most_memory() -> int:
    """Return the most bytes of memory that this process has held, as Linux counts them.

    What `resource` gives is inherited from the process that started this one.
    """
    found = re.search(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text(encoding="ascii"))
    assert found
    return int(found[1]) * 1024
