"""Answers out of a file: which numbers they are, and which images they answer."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from netviz.elsewhere.answers import Asked, identity_of, read_answers
from netviz.errors import DataError
from netviz.network.softmax import softmax

ASKED = Asked(np.array([0, 1, 2, 1], np.uint8), ("ant", "bee", "cow"), train_count=9)
LOGITS = np.array([[3.0, 1, -2], [0, 5, 1], [-4, 0, 2], [2, 1.5, 0]])
PROBABILITIES = softmax(LOGITS)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "theirs.npz"


def test_logits_are_taken_as_they_are(file: Path) -> None:
    np.savez(file, logits=LOGITS, labels=ASKED.labels.astype(np.int64))
    assert np.array_equal(read_answers(file, ASKED), LOGITS.astype(np.float32))


@pytest.mark.parametrize("kind", [np.float16, np.float32, np.float64])
def test_probabilities_come_back_from_the_logits_that_are_made_of_them(
    file: Path, kind: type[np.floating]
) -> None:
    np.savez(file, probabilities=PROBABILITIES.astype(kind))
    assert np.abs(softmax(read_answers(file, ASKED)) - PROBABILITIES).max() < 2e-3


def test_a_probability_of_zero_stays_zero(file: Path) -> None:
    """A forest whose trees agree gives ones and zeros."""
    np.savez(file, probabilities=np.eye(3)[[0, 1, 2, 0]])
    found = read_answers(file, ASKED)
    assert np.isfinite(found).all()
    assert softmax(found).max(axis=1).tolist() == [1.0] * 4


def test_rounding_to_32_bits_leaves_the_chosen_class_the_chosen_one(file: Path) -> None:
    close = np.tile([1.0, 1.0 + 1e-12, 0.0], (4, 1))
    np.savez(file, logits=close)
    assert read_answers(file, ASKED).argmax(axis=1).tolist() == [1] * 4


def test_other_answers_have_another_identity() -> None:
    logits = LOGITS.astype(np.float32)
    assert identity_of(logits) != identity_of(logits + 1)


@pytest.mark.parametrize(
    ("saved", "said"),
    [
        ({"logits": PROBABILITIES}, "logits are probabilities"),
        (
            {"logits": np.floor(10 * PROBABILITIES) / 10},
            "logits look like probabilities.*from 0 to 1;",
        ),
        ({"logits": 1 / (1 + np.exp(-LOGITS))}, "logits look like probabilities.*from 0 to 1;"),
        ({"logits": 100 * PROBABILITIES}, "logits look like probabilities.*from 0 to 100;"),
        ({"probabilities": LOGITS}, "probabilities of image 0 are none.*-2 to 3"),
        ({"probabilities": 0.9 * PROBABILITIES}, "add up to 0.9"),
        ({"logits": LOGITS, "probabilities": PROBABILITIES}, "does not say what its numbers are"),
        ({"arr_0": LOGITS}, "does not say what its numbers are.*got arr_0"),
        ({"logits": LOGITS, "more": LOGITS}, "does not say"),
        ({"logits": LOGITS[:3]}, r"expected floats of shape \(4, 3\).*got float64 \(3, 3\)"),
        ({"logits": LOGITS.T}, "Give it transposed"),
        ({"logits": LOGITS.argmax(axis=1).astype(float)}, "not the class that was chosen"),
        ({"logits": LOGITS.astype(int)}, "got int64"),
        ({"logits": np.ones((9, 3))}, "as many as there are training images"),
        ({"logits": np.where(LOGITS == 5, np.nan, LOGITS)}, r"image 1, class 1 \(bee\) is no num"),
        ({"logits": np.where(LOGITS == 5, -np.inf, LOGITS)}, "got -inf, and 1 such"),
        ({"logits": LOGITS * 1e100}, "logits are out of range"),
        ({"logits": LOGITS, "labels": [0, 2, 1, 1]}, r"in 2 of 4; expected 1 \(bee\) for image 1"),
        ({"logits": LOGITS, "labels": [0.0, 1, 2, 1]}, "expected whole numbers"),
    ],
)
def test_what_is_no_answer_to_the_test_images_is_refused(
    file: Path, saved: dict[str, np.ndarray], said: str
) -> None:
    np.savez(file, allow_pickle=False, **saved)
    with pytest.raises(DataError, match=said) as told:
        read_answers(file, ASKED)
    assert str(told.value).startswith(f"{file}: ")


def test_a_file_of_another_kind_is_named(file: Path) -> None:
    np.save(file.with_suffix(".npy"), LOGITS)
    with pytest.raises(DataError, match=r"one single array.*np.savez\('theirs.npz', logits=…"):
        read_answers(file.with_suffix(".npy"), ASKED)
    with pytest.raises(DataError, match="there is no such file"):
        read_answers(file, ASKED)


@pytest.mark.slow
@settings(max_examples=60, deadline=None)
@given(
    arrays(
        st.sampled_from([np.float16, np.float32, np.float64, np.int8, np.bool_]),
        array_shapes(max_dims=3, max_side=5),
    )
)
def test_any_array_is_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, array: np.ndarray
) -> None:
    file = tmp_path_factory.mktemp("any") / "any.npz"
    for name in ("logits", "probabilities"):
        np.savez(file, allow_pickle=False, **{name: array})
        try:
            found = read_answers(file, ASKED)
        except DataError:
            continue
        assert found.shape == (4, 3)
        assert np.isfinite(found).all()
