"""What cannot be read is refused by name, and what cannot be known is asked for."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from netviz.elsewhere.expected import Expected
from netviz.elsewhere.reader import read_foreign
from netviz.errors import DataError
from tests.elsewhere.networks import (
    B1,
    BL,
    BM,
    CLASSES,
    COLOUR,
    GAIN,
    INPUTS,
    KERAS,
    MEAN,
    SHAPE,
    SHIFT,
    THREE,
    UNITS,
    VAR,
    W0,
    W1,
    WC,
    WL,
    WM,
    X3,
    Arrays,
    named,
    planes,
    read,
    statistics,
    torch,
)

ORDERLESS = {"a_in/kernel": W0, "hidden_two/kernel": WM, "hidden_one/kernel": WM, "out/kernel": W1}
HUGE = np.float64(1e300)

# What a file holds, what its refusal says, and the settings.
WRONG: dict[str, tuple[Arrays, str, dict[str, Any]]] = {
    "a normalisation of nobody knows which side": (
        KERAS,
        r"batch_normalization is applied.*\"batch_normalization\", \"activation\", \"dense_1\"",
        {},
    ),
    "free numbers on both sides": (torch(0, 4) | statistics("2"), "where 2 is applied", {}),
    "free numbers nowhere": (torch(0, 2) | statistics("1"), "where 1 is applied", {}),
    "one that does not fit": (
        torch(0, 3) | {"1.running_mean": B1, "1.running_var": B1**2},
        "1 does not fit the layer beside it; expected 6 numbers; got 3",
        {},
    ),
    "a variance below 0": (
        torch(0, 3) | {"1.running_mean": MEAN, "1.running_var": -VAR},
        "1.running_var has numbers that are not positive",
        {},
    ),
    "a mean without variance": (
        torch(0, 3) | {"1.running_mean": MEAN}, "1.running_mean is not part", {},
    ),
    "a layer normalisation": (
        torch(0, 3) | {"1.weight": GAIN, "1.bias": SHIFT},
        "1.weight and 1.bias are not part of a dense layer, but of a normalisation over each",
        {},
    ),
    "Keras's layer normalisation": (
        named("dense", "dense_1") | {"ln/gamma": GAIN, "ln/beta": SHIFT}, "ln/gamma and ln/beta", {}
    ),
    "PReLU": (torch(0, 2) | {"1.weight": np.full(1, 0.25)}, r"1.weight is not.*\(PReLU\)", {}),
    "Keras's PReLU": (named("a", "b") | {"p/alpha": GAIN}, r"p/alpha is not.*\(PReLU\)", {}),
    "a learnt factor": (torch(0, 2) | {"scale": GAIN}, "scale is not part of a dense layer", {}),
    "an attention": (
        torch(0, 3) | {"1.in_proj_weight": np.ones((18, 6)), "1.out_proj.weight": WM},
        "1.in_proj_weight is not part of a dense layer, but of an attention",
        {},
    ),
    "an adapter": (
        torch(0, 2) | {"0.lora_A.weight": np.ones((2, INPUTS)), "0.lora_B.weight": np.ones((6, 2))},
        r"\(LoRA\).*merge_and_unload",
        {},
    ),
    "spectral normalisation": (
        THREE | {"2.weight_orig": WM, "2.weight_u": GAIN, "2.weight_v": GAIN, "2.bias": BM},
        "2.weight_u is not part",
        {},
    ),
    "a second head": (
        torch(0, 2) | {"aux.weight": np.eye(3), "aux.bias": BL},
        "names of the layers do not tell their order.*a second head",
        {},
    ),
    "a head beside": (
        torch(0, 2) | {"aux.weight": np.ones((5, 6)), "aux.bias": np.ones(5)},
        "some layers have no place.*got aux",
        {},
    ),
    "two copies": (
        {f"{copy}.{k}": v for copy in ("net", "ema") for k, v in torch(0, 2).items()},
        "do not tell their order",
        {},
    ),
    "an order of the alphabet": (ORDERLESS, r"order in the settings: layers = \[\"a_in\"", {}),
    "one bias missing": (
        {k: v for k, v in (torch(0, 4) | {"2.weight": WM, "2.bias": BM}).items() if k != "2.bias"},
        "2 has no biases, though other layers have some.*save zeros",
        {},
    ),
    "a bias of an unknown name": (
        {"0.weight": WL.T, "0.offset": BL}, "0.offset is not part of a dense layer", {},
    ),
    "two biases": ({"fc.weight": WL.T, "fc.bias": BL, "fc.biases": BL}, "fc is not part", {}),
    "names of numpy's own": (
        {"arr_0": WL, "arr_1": BL}, "holds no dense layers.*arr_0.*give each array one", {},
    ),
    "an optimiser": (
        named("dense", "dense_1") | {"optimizer/iteration": np.array(3)}, "of an optimiser", {},
    ),
    "anything else": (
        torch(0, 2) | {"accuracy": np.array(0.9)}, "accuracy is not part of a dense layer", {},
    ),
    "no activation between two": (
        {"0.weight": W0.T, "1.weight": WM, "3.weight": W1.T},
        "no activation lies between 0 and 1",
        {},
    ),
    "an activation that is none of ours": (
        torch(0, 2) | {"activation": np.array("gelu")}, "expected one of relu.*got gelu", {},
    ),
    "an activation that the settings deny": (
        torch(0, 2) | {"activation": np.array("tanh")},
        "the file and the settings name two activations; expected 'relu'.*got 'tanh'",
        {"activation": "relu"},
    ),
    "a shape that is another": (
        torch(0, 2) | {"hidden": np.array([8])}, r"hidden of the file is.*got \[8\]", {}
    ),
    "names of classes": (
        torch(0, 2) | {"classes": np.array(["a", "b", "c"])}, "Save the file without classes", {},
    ),
    "pixels normalised twice": (
        torch(1, 3) | {"mean": np.array(0.13), "std": np.array(0.31)},
        "mean normalises the pixels, and 'pixel_mean' does so again",
        {"mean": (0.13,), "deviation": (0.31,)},
    ),
    "buffers for bytes, untold": (
        torch(1, 3) | {"mean": np.array(33.0), "std": np.array(78.0)},
        "mean was made for other pixels.*pixel_deviation = 0.0039",
        {},
    ),
    "numbers beyond a float32": (
        torch(0, 2) | {"0.weight": HUGE * W0.T}, "0.weight has numbers too large", {},
    ),
    "answers beyond a float32": (
        torch(0, 2) | {"0.weight": 1e36 * W0.T, "2.weight": 1e36 * W1.T},
        "layer 1 gives numbers too large.*pixel_deviation",
        {},
    ),
    "complex numbers": ({"fc.weight": WL.T + 1j}, "floats in 2 dimensions; got complex128", {}),
    "one output for two classes": (
        {"0.weight": W0[:, :1].T}, "expected 72 inputs and 3 outputs; got 72 and 1", {},
    ),
    "a layer told that is not there": (
        torch(0, 2), "'layers' names '3', which is not in net.npz", {"layers": ("0", "3")},
    ),
    "a layer not told": (
        KERAS, "got batch_normalization left out", {"layers": ("dense", "dense_1")},
    ),
    "a layer told twice": (torch(0, 2), "0 named twice", {"layers": ("0", "0", "2")}),
    "an order told that does not fit": (
        torch(0, 2), "do not follow in the order 2, 0", {"layers": ("2", "0")},
    ),
    "an activation not told": (
        KERAS,
        "no activation before 'dense_1'",
        {"layers": ("dense", "batch_normalization", "dense_1")},
    ),
    "an activation at the end": (
        torch(0, 2), "does not alternate", {"layers": ("0", "activation", "2", "activation")},
    ),
    "means of colours that are not there": (
        torch(0, 2), "'pixel_mean' does not fit", {"mean": (0.4, 0.5, 0.6)},
    ),
}  # fmt: skip


@pytest.mark.parametrize(("arrays", "message", "settings"), WRONG.values(), ids=WRONG)
def test_what_cannot_be_read_is_refused_by_name(
    tmp_path: Path, arrays: Arrays, message: str, settings: dict[str, Any]
) -> None:
    with pytest.raises(DataError, match=message):
        read(tmp_path, arrays, Expected(SHAPE, CLASSES, **settings))


def test_what_the_order_of_colours_is_must_be_told_where_names_do_not(tmp_path: Path) -> None:
    arrays = {"W1": WC, "b1": BL}
    with pytest.raises(DataError, match=r'W1 does not tell how.*colours = "planes"'):
        read(tmp_path, arrays, Expected(COLOUR, CLASSES))
    told = read(tmp_path, arrays, Expected(COLOUR, CLASSES, colours="planes"))
    np.testing.assert_allclose(told.logits(X3.reshape(40, -1)), planes(X3) @ WC + BL, rtol=1e-4)


def test_a_layout_that_nothing_tells_is_asked_for(tmp_path: Path) -> None:
    file = tmp_path / "net.npz"
    np.savez(file, W=np.ones((64, 64)))
    with pytest.raises(DataError, match="neither names nor shapes tell how"):
        read_foreign(file, Expected((8, 8, 1), 64))


def test_many_layers_without_numbers_are_refused_at_once(tmp_path: Path) -> None:
    names = [chr(ord("a") + k) for k in range(20)]
    arrays = {f"{name}.weight": np.eye(UNITS) for name in names}
    with pytest.raises(DataError, match="do not tell their order"):
        read(tmp_path, arrays, Expected(SHAPE, CLASSES))
