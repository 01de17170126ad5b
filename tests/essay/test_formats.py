"""Numbers as sentences say them."""

import pytest

from netviz.errors import EssayError
from netviz.essay.formats import write
from netviz.essay.measurements import Measurements


@pytest.mark.parametrize(
    ("value", "form", "written"),
    [
        (0.9234, "percent", "92.3%"),
        (0.9234, "whole_percent", "92%"),
        (0.0234, "points", "2.3 percentage points"),
        (7850, None, "7,850"),
        (0.125, None, "0.12"),
        (-0.5, "decimal", "−0.50"),
        (0.0005, "exact", "0.0005"),
        (100, "exact", "100"),
        (-0.1, "exact", "−0.1"),
        (5.02523e-06, "exact", "5.02523\u00a0×\u00a010⁻⁶"),
        (5.5622e-06, "significant", "5.6\u00a0×\u00a010⁻⁶"),
        (-0.01234, "significant", "−0.012"),
        (1234, "significant", "1.2\u00a0×\u00a010³"),
        (-2e20, "exact", "−2\u00a0×\u00a010²⁰"),
        (4.231, "ratio", "4.2 times"),
        (4, "words", "four"),
        (13, "words", "13"),
        (0.001, None, "0.001"),
        (0.5, None, "0.50"),
        (0.0, None, "0.00"),
        (0.923, "out_of", "nine out of ten"),
        (0.5, "out_of", "one out of two"),
        (1.0, "out_of", "all"),
        (0.0, "out_of", "none"),
        (0.96, "out_of", "24 out of 25"),
        (0.04, "out_of", "one out of 25"),
        (0.9991, "out_of", "99.9%"),
        (-0.3, "out_of", "−30.0%"),
        (-0.0123, "percent", "−1.2%"),
        (-0.0004, "percent", "0.0%"),
        (-0.0123, "whole_percent", "−1%"),
        (-1234.5, "count", "−1,234"),
        (-0.2, "count", "0"),
        (-0.2, "ratio", "−0.2 times"),
        ("airplane", None, "airplane"),
    ],
)
def test_each_format(value: float | str, form: str | None, written: str) -> None:
    assert write(value, form) == written


def test_an_unknown_format_is_told_with_the_nearest() -> None:
    with pytest.raises(EssayError, match="did you mean percent"):
        write(0.5, "precent")


@pytest.mark.parametrize("value", [None, True, [1], {"a": 1}])
def test_only_single_values_can_be_written(value: object) -> None:
    with pytest.raises(EssayError, match="no single value"):
        write(value, None)  # type: ignore[arg-type]  # the fault on purpose


TREE = Measurements({"networks": {"digits": {"accuracy": 0.5, "top": [{"name": "4"}]}}})


def test_a_key_reaches_through_tables_and_lists() -> None:
    assert TREE.at("networks.digits.accuracy") == 0.5
    assert TREE.at("networks.digits.top.0.name") == "4"


@pytest.mark.parametrize(
    ("key", "message"),
    [
        ("networks.digit.accuracy", "did you mean digits"),
        ("networks.digits.top.1", "expected one of 0 after"),
        ("networks.digits.accuracy.x", "to be the end"),
    ],
)
def test_a_wrong_key_names_the_part_that_fails(key: str, message: str) -> None:
    with pytest.raises(EssayError, match=message):
        TREE.at(key)
