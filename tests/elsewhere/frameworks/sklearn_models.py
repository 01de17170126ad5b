"""Networks and linear models of scikit-learn: its arrays in an .npz, and graphs of skl2onnx."""

import warnings
from typing import Any

import numpy as np
from sklearn.ensemble import RandomForestClassifier
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression, RidgeClassifier
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from tests.elsewhere.frameworks.keeping import (
    CLASSES,
    COLOUR,
    GREY,
    Array,
    Gives,
    Keeper,
    Said,
    Shape,
    block_of,
    labels_of,
    main,
    pixels_of,
    run,
)  # fmt: skip

ARRAYS, GRAPH = "`coefs_` or `coef_` in an `.npz`", "`skl2onnx`"
PERCEPTRON = (
    "np.savez('theirs.npz', **{f'coefs_{k}': w for k, w in enumerate(m.coefs_)},"
    " **{f'intercepts_{k}': b for k, b in enumerate(m.intercepts_)})"
)  # as the message to a pickle has it
LINEAR = "np.savez('theirs.npz', coef_=m.coef_, intercept_=m.intercept_)"


def rows_of(pixels: Array) -> Array:
    return pixels.reshape(len(pixels), -1)


def fitted(model: Any, shape: Shape = GREY, classes: int = CLASSES) -> Any:  # noqa: ANN401 - of scikit-learn
    pixels = pixels_of(shape)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        return model.fit(rows_of(pixels), labels_of(pixels) * classes // CLASSES)


def keep_arrays(keeper: Keeper, name: str, model: Any, code: str, **said: Any) -> None:  # noqa: ANN401 - of scikit-learn
    gives: Gives = "probabilities" if code == PERCEPTRON else "logits"
    answer = model.predict_proba if code == PERCEPTRON else model.decision_function
    keeper.keep(
        name,
        Said(ARRAYS, "theirs.npz", gives=gives, **said),
        lambda: run(code, np=np, m=model),
        lambda pixels: answer(rows_of(pixels)),
    )


def keep_graph(keeper: Keeper, name: str, model: Any, **said: Any) -> None:  # noqa: ANN401 - of scikit-learn
    rows = rows_of(pixels_of(said.get("shape", GREY)))
    keeper.keep(
        f"{name} (graph)", Said(GRAPH, "theirs.onnx", gives="probabilities", **said),
        lambda: run(block_of("onnx.md", "scikit-learn"), model=model, rows=rows),
        lambda pixels: model.predict_proba(rows_of(pixels)),
    )  # fmt: skip


def perceptron(*hidden: int, activation: str = "relu") -> MLPClassifier:
    return MLPClassifier(hidden, activation=activation, max_iter=40, random_state=3)


def make(keeper: Keeper) -> None:
    relu, tanh = fitted(perceptron(24, 16)), fitted(perceptron(20, activation="tanh"))
    logistic = fitted(perceptron(20, activation="logistic"), COLOUR)
    keep_arrays(keeper, "perceptron", relu, PERCEPTRON)
    keep_arrays(keeper, "tanh", tanh, PERCEPTRON, settings={"activation": "tanh"})
    keep_arrays(keeper, "logistic, colours", logistic, PERCEPTRON, shape=COLOUR,
                settings={"activation": "sigmoid", "colours": "pixels"})  # fmt: skip
    keep_arrays(keeper, "colours unsaid", logistic, PERCEPTRON, shape=COLOUR,
                why="how colours follow is not said", reason='colours = "planes"')  # fmt: skip
    regression = fitted(LogisticRegression(max_iter=60))
    keep_arrays(keeper, "logistic regression", regression, LINEAR)
    keep_arrays(keeper, "ridge", fitted(RidgeClassifier()), LINEAR)
    two = fitted(perceptron(12), classes=2)
    one_output = {"classes": 2, "why": "one output for two classes"}
    keep_arrays(keeper, "two classes", two, PERCEPTRON, reason="becomes two, 0 for", **one_output)
    keep_graph(keeper, "perceptron", relu)
    keep_graph(keeper, "tanh", tanh)
    keep_graph(keeper, "logistic, colours", logistic, shape=COLOUR, settings={"colours": "pixels"})
    scaled = fitted(make_pipeline(StandardScaler(), perceptron(24)))
    of_its_own = {"why": "an operation of skl2onnx's own", "reason": r"ai\.onnx\.ml\.\w+\) is of"}
    keep_graph(keeper, "scaled", scaled, **of_its_own)
    keep_graph(keeper, "logistic regression", regression, **of_its_own)
    keep_graph(keeper, "forest", fitted(RandomForestClassifier(5, random_state=1)), **of_its_own)
    keep_graph(keeper, "two classes", two, reason="joins two ways|more than once|is of a kind",
               **one_output)  # fmt: skip


if __name__ == "__main__":
    main("scikit-learn", make)
