"""Directions: how a language runs, and which parts of its texts keep their own."""

import pytest

from netviz.essay.directions import END_OF_ISOLATE, ISOLATE, direction, with_sums_isolated


@pytest.mark.parametrize(
    ("tag", "runs"),
    [
        *(
            (tag, "rtl")
            for tag in (
                "ar",
                "he",
                "fa",
                "ur",
                "ps",
                "sd",
                "ug",
                "yi",
                "dv",
                "ckb",
                "ks",
                "AR",
                "iw",
            )
        ),
        *((tag, "ltr") for tag in ("en", "es", "de-CH", "zh-Hans", "tr", "ku", "az", "hi", "ja")),
        ("ar-EG", "rtl"),
        ("ku-Arab", "rtl"),
        ("az-arab-IR", "rtl"),
        ("ar-Latn", "ltr"),
        ("ur-Deva-IN", "ltr"),
        ("en-u-nu-arab", "ltr"),  # Arabic digits alone turn no page
        ("de-x-hebr", "ltr"),
    ],
)
def test_a_language_runs_as_its_script(tag: str, runs: str) -> None:
    assert direction(tag) == runs


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("א −0.3 ב", ["−0.3"]),
        ("א +1,234.5%, ב", ["+1,234.5%"]),
        ("א 58.3%.", ["58.3%"]),
        ("א 58,3 % ב 12٪", ["58,3 %", "12٪"]),
        ("א 0.53 + 0.20 − 0.10; ב", ["0.53 + 0.20 − 0.10"]),
        ("− 0.50 + −0.25 = −0.75", ["− 0.50 + −0.25 = −0.75"]),
        ("א 3 ב 1,234 ג mnist-1layer", []),
        ("", []),
    ],
)
def test_signed_numbers_and_sums_are_kept_whole(text: str, kept: list[str]) -> None:
    found = with_sums_isolated(text)
    assert found.replace(ISOLATE, "").replace(END_OF_ISOLATE, "") == text
    assert [part.split(END_OF_ISOLATE)[0] for part in found.split(ISOLATE)[1:]] == kept
