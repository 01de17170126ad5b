"""Files of ONNX that are damaged or hostile: each is refused before it takes time or memory."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import helper

from netviz.elsewhere import flow
from netviz.errors import DataError
from tests.elsewhere.graphs import Chain, after_conv, averaged, f, grey, headed, read, small


def saved(model: onnx.ModelProto, file: Path) -> Path:
    file.write_bytes(model.SerializeToString())
    return file


@pytest.mark.parametrize("opset", [6, 24])
def test_an_opset_that_is_not_known_is_refused(tmp_path: Path, opset: int) -> None:
    file = headed(small(grey(opset=opset))).write(tmp_path / "net.onnx")
    with pytest.raises(DataError, match=f"one opset, 7 to 23; got {opset}"):
        read(file)


def test_numbers_in_another_file_are_not_followed(tmp_path: Path) -> None:
    model = headed(small(grey())).model()
    onnx.save_model(
        model, tmp_path / "net.onnx", save_as_external_data=True, size_threshold=0, location="w.bin"
    )
    with pytest.raises(DataError, match=r"'array0' lie in another file.*external_data=False"):
        read(tmp_path / "net.onnx")


def test_an_array_larger_than_its_numbers_is_refused_unmade(tmp_path: Path) -> None:
    model = headed(small(grey())).model()
    model.graph.initializer[0].dims[0] = 2**40
    with pytest.raises(DataError, match="model is too large"):
        read(saved(model, tmp_path / "net.onnx"))
    model.graph.initializer[0].dims[0] = 5
    with pytest.raises(DataError, match="the numbers of 'array0' cannot be read"):
        read(saved(model, tmp_path / "net.onnx"))
    model.graph.initializer[0].dims[0] = -1
    with pytest.raises(DataError, match="shape of 'array0' is none"):
        read(saved(model, tmp_path / "net.onnx"))


@pytest.mark.slow
def test_more_values_than_any_model_has_are_refused_packed(tmp_path: Path) -> None:
    model = headed(small(grey())).model()
    model.graph.node[0].attribute.append(helper.make_attribute("axes", [1] * 5_000_000))
    with pytest.raises(DataError, match="too many values beside its arrays"):
        read(saved(model, tmp_path / "net.onnx"))


def test_two_opsets_are_refused(tmp_path: Path) -> None:
    model = headed(small(grey())).model()
    model.opset_import.append(helper.make_opsetid("", 17))
    with pytest.raises(DataError, match="expected one opset, 7 to 23; got 21, 17"):
        read(saved(model, tmp_path / "net.onnx"))


def test_a_setting_that_stands_twice_in_a_node_is_refused(tmp_path: Path) -> None:
    model = headed(small(grey())).model()
    for groups in (1, 2):
        model.graph.node[0].attribute.append(helper.make_attribute("group", groups))
    with pytest.raises(DataError, match="has two settings 'group'"):
        read(saved(model, tmp_path / "net.onnx"))


@pytest.mark.parametrize("size", [1, 2**40, 2**62])
def test_more_sides_than_an_array_can_have_are_refused(tmp_path: Path, size: int) -> None:
    model = headed(small(grey())).model()
    model.graph.initializer[0].dims.extend([size] * 100_000)
    with pytest.raises(DataError, match="shape of 'array0' is none") as caught:
        read(saved(model, tmp_path / "net.onnx"))
    assert len(str(caught.value)) < 2000


def test_arrays_of_attributes_count_as_the_others(tmp_path: Path) -> None:
    chain = headed(small(grey()))
    chain.apart("Constant", [], value=onnx.numpy_helper.from_array(np.zeros(2, np.float32)))
    model = chain.model()
    model.graph.node[-1].attribute[0].t.dims[0] = 2**40
    with pytest.raises(DataError, match="model is too large"):
        read(saved(model, tmp_path / "net.onnx"))


def test_constants_that_double_end_before_they_fill_the_memory(tmp_path: Path) -> None:
    chain = headed(small(grey()))
    name = chain.array(np.ones(1, np.int8))
    for _ in range(60):
        name = chain.apart("Concat", [name, name], axis=0)
    file = chain.node("Add", name).write(tmp_path / "net.onnx")
    with pytest.raises(DataError, match=r"\(Concat\) makes too many numbers"):
        read(file)


def shared_weights(chain: Chain) -> Chain:
    name = chain.node("Flatten").array(f(110, 110))
    for _ in range(30):
        chain.node("MatMul", name)
    return chain


@pytest.mark.parametrize(
    ("chain", "kind"),
    [
        (lambda: shared_weights(grey()), "MatMul"),
        (lambda: turned(grey(), 1000), "Transpose"),
        (lambda: averaged(scaled(grey(), 250)), "Add"),
    ],
)
def test_all_nodes_together_make_no_more_than_a_network_has(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, chain: Callable[[], Chain], kind: str
) -> None:
    monkeypatch.setattr(flow, "MOST_MADE", 100_000)
    file = chain().write(tmp_path / "net.onnx")
    with pytest.raises(DataError, match=rf"\({kind}\) makes too many numbers; expected at most"):
        read(file)


def scaled(chain: Chain, times: int) -> Chain:
    for _ in range(times):
        chain.node("Add", np.float32(1))
    return chain


def turned(chain: Chain, times: int) -> Chain:
    for _ in range(times):
        chain.node("Transpose", perm=[0, 1, 3, 2])
    return headed(chain, 110)


def test_two_values_of_one_name_are_refused(tmp_path: Path) -> None:
    model = headed(small(grey())).model()
    model.graph.node[1].output[0] = model.graph.node[0].output[0]
    with pytest.raises(DataError, match="gives one name to two values; got value0"):
        read(saved(model, tmp_path / "net.onnx"))


@pytest.mark.parametrize("name", [b"array0", b"value2", b"kernel_shape", b"images"])
def test_a_name_that_is_no_text_is_refused(tmp_path: Path, name: bytes) -> None:
    """The package gives it as bytes."""
    content = headed(small(grey())).model().SerializeToString()
    (tmp_path / "net.onnx").write_bytes(content.replace(name, b"\xff" * len(name)))
    with pytest.raises(DataError, match="a name in the model is no text; expected UTF-8"):
        read(tmp_path / "net.onnx")


def test_a_number_that_signals_is_refused_as_any_other(tmp_path: Path) -> None:
    signals = np.array([0x7F800001], np.uint32).view(np.float32)
    file = after_conv("Mul", signals).write(tmp_path / "net.onnx")
    with pytest.raises(DataError, match="no floats of 32 bits"):
        read(file)


def test_a_damaged_file_is_told(tmp_path: Path) -> None:
    file = headed(small(grey())).write(tmp_path / "net.onnx")
    file.write_bytes(file.read_bytes()[:-7])
    with pytest.raises(DataError, match="not a readable model of ONNX"):
        read(file)
