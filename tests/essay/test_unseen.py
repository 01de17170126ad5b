"""Claims, figures and numbers that a page would show as markup, or not at all, are refused."""

from pathlib import Path

import pytest

from netviz.errors import EssayError
from netviz.essay.manuscript import Manuscript, read_manuscript
from netviz.essay.measurements import Measurements
from netviz.figures.registry import Registry
from tests.essays import FRONT

MEASURED = Measurements({"digits": {"accuracy": 0.91}})
VALUE = '{{ value("digits.accuracy") }}'
CLAIM = f'{{% claim number("digits.accuracy") > 0.5 %}}It is right {VALUE}.{{% endclaim %}}'
KEPT = f"{{% set kept %}}{CLAIM}{{% endset %}}"
FIGURE = '{{ figure("weights", network="digits") }}'


def read(folder: Path, body: str) -> Manuscript:
    file = folder / "index.md"
    file.write_text(FRONT + body, encoding="utf-8")
    return read_manuscript(file, MEASURED, Registry(folder / "figures"))


@pytest.mark.parametrize(
    "body",
    [
        CLAIM,
        f"- {CLAIM}",
        f"| a |\n|---|\n| {CLAIM} |",
        f"## {CLAIM}",
        f"A[^1]\n\n[^1]: {CLAIM}",
        f"!!! note\n    {CLAIM}",
        f"[{CLAIM}](https://example.org)",
        f"{KEPT}Here: {{{{ kept }}}}",
        CLAIM.replace("right", "**right**, `so` $x < 1$ <br> <img src=x.png alt=y> to say"),
    ],
)
def test_a_claim_in_the_prose_is_kept(tmp_path: Path, body: str) -> None:
    manuscript = read(tmp_path, body)
    (claim,) = manuscript.claims
    assert manuscript.html.count(claim.start_tag) == 1


@pytest.mark.parametrize(
    "body",
    [
        f"A `{CLAIM}` b",
        f"``{CLAIM}``",
        f"```\n{CLAIM}\n```",
        f"~~~\n{CLAIM}\n~~~",
        f"- a\n\n    ```\n    {CLAIM}\n    ```",
        f"``` {{.{CLAIM}}}\nx\n```",
        f"$${CLAIM}$$",
        f"![{CLAIM}](a.png)",
        f'[a](https://example.org "{CLAIM}")',
        f"*[ABC]: {CLAIM}\n\nABC",
        f"<div title='{CLAIM}'>x</div>",
        f"{KEPT}Text.",
        f"{KEPT}{{{{ kept | upper }}}}",
        f'{KEPT}{{{{ figure("weights", network="digits", caption=kept) }}}}',
        "`a " + CLAIM.replace("is", "` is"),  # begins in code
        CLAIM.replace("right", "`right") + " `",  # ends in code
        CLAIM.replace("right", "right\n\nand"),  # ends in another paragraph
    ],
)
def test_a_claim_that_no_reader_sees_whole_is_refused_at_its_place(
    tmp_path: Path, body: str
) -> None:
    with pytest.raises(EssayError, match="no reader would see this claim as one") as caught:
        read(tmp_path, f"First.\n\n{body}")
    place = caught.value.place
    assert place is not None
    line = (FRONT + f"First.\n\n{body}").split("\n")[(place.line or 0) - 1]
    assert line[(place.column or 0) - 1 :].startswith("{% claim")


def test_a_claim_without_a_sentence_is_refused(tmp_path: Path) -> None:
    for sentence in ("", " ", FIGURE):
        body = f'{{% claim number("digits.accuracy") > 0.5 %}}{sentence}{{% endclaim %}}'
        with pytest.raises(EssayError, match="this claim has no sentence"):
            read(tmp_path, body)


@pytest.mark.parametrize(
    "body",
    [
        f"A `{FIGURE}` b",
        f"```\n{FIGURE}\n```",
        f"$$\n{FIGURE}\n$$",
        f"<div title='\n{FIGURE}\n'>x</div>",
        f"{{% set kept %}}{FIGURE}{{% endset %}}Text.",
    ],
)
def test_a_figure_that_no_reader_sees_is_refused(tmp_path: Path, body: str) -> None:
    with pytest.raises(EssayError, match="no reader would see this figure") as caught:
        read(tmp_path, body)
    assert caught.value.place is not None
    assert caught.value.place.line is not None


def test_how_claims_and_figures_are_written_may_be_shown(tmp_path: Path) -> None:
    manuscript = read(tmp_path, f"{{% raw %}}`{CLAIM}`\n\n```\n{FIGURE}\n```\n{{% endraw %}}")
    assert not manuscript.claims
    assert not manuscript.calls
    assert "<code>{% claim" in manuscript.html


@pytest.mark.parametrize(
    ("body", "shown"),
    [
        (f'[a](https://example.org "{VALUE}")', 'title="0.91"'),
        (f"[a](https://example.org/{VALUE})", 'href="https://example.org/0.91"'),
        (f"[r]: https://example.org '{VALUE}'\n\nSee [r].", 'title="0.91"'),
    ],
)
def test_a_measured_number_in_a_link_is_the_number_alone(
    tmp_path: Path, body: str, shown: str
) -> None:
    html = read(tmp_path, body).html
    assert shown in html
    assert "nv-value" not in html


@pytest.mark.parametrize("body", [f"<div title='{VALUE}'>x</div>", f"*[ABC]: {VALUE}\n\nABC"])
def test_a_measured_number_whose_tag_would_show_is_refused(tmp_path: Path, body: str) -> None:
    with pytest.raises(EssayError, match="a measured number would show its tag"):
        read(tmp_path, body)
    plain = body.replace(VALUE, '{{ number("digits.accuracy") }}')
    assert "0.91" in read(tmp_path, plain).html
