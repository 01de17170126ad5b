"""Holds a built site to what is promised of it: real data, whole test sets, accuracies, and
no number in its text that was not measured.

python .ci/promises.py build/site
"""

import json
import re
import sys
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

# The least share of the test set that each network must get right.
FLOORS = {
    "mnist-1layer": 0.915,
    "mnist-2layer": 0.935,
    "cifar-1layer": 0.40,
    "cifar-2layer": 0.50,
    "mnist-conv": 0.986,
    "mnist-conv-average": 0.987,
    "cifar-conv": 0.755,
}
TEST_IMAGES = 10_000
NEEDED = (
    "index.html", "convolution.html", "index.md", "convolution.md", "llms.txt", "measurements.json",
)  # fmt: skip

# A percentage or a decimal looks measured. Links name papers, capitals a version as in CC BY 3.0,
# and figures answer for themselves.
MEASURED_LOOKING = re.compile(
    r"(?<![\w.,])\d[\d.,]*\s?%|(?<![\w.,])(?<![A-Z]{2} )\d+[.,]\d+(?![\w.,]*\w)"
)
NO_PROSE = {"a", "annotation", "code", "data", "figure", "math", "pre", "script", "style", "title"}


@dataclass
class Prose(HTMLParser):
    """What a page says outside its figures, and the measurements it quotes."""

    quoted: list[tuple[str, str]] = field(default_factory=list)
    typed: list[str] = field(default_factory=list)
    _within: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        if tag == "data" and (key := found.get("data-key")):
            self.quoted.append((key, found.get("value") or ""))
        # The list of claims shows what each condition read, and the bounds that its author set.
        if tag in NO_PROSE or (tag == "section" and found.get("class") == "nv-checked"):
            self._within.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if self._within and self._within[-1] == tag:
            self._within.pop()

    def handle_data(self, data: str) -> None:
        if not self._within:
            self.typed += MEASURED_LOOKING.findall(data)


def measurement(measurements: dict[str, Any], key: str) -> object:
    """Return what stands at a key such as networks.mnist-1layer.test.accuracy."""
    found: Any = measurements
    for part in key.split("."):
        found = found[int(part)] if isinstance(found, list) else found[part]
    return found


def unmeasured_numbers(page: Path, measurements: dict[str, Any]) -> list[str]:
    """Return a line for each number in a page's text that is not the measurement it should be."""
    prose = Prose()
    prose.feed(page.read_text(encoding="utf-8"))
    prose.close()
    print(f"{page.name}: {len(prose.quoted)} measurements quoted")
    broken = [f"{page.name}: {number} was not measured" for number in prose.typed]
    for key, value in prose.quoted:
        found = measurement(measurements, key)
        plain = found if isinstance(found, str) else json.dumps(found)
        if plain != value:
            broken.append(f"{page.name}: {key} is {plain}, not {value}")
    return broken


def broken_promises(site: Path) -> list[str]:
    """Return a line for each promise that `site` does not keep."""
    missing = [name for name in NEEDED if not (site / name).is_file()]
    if missing:
        return [f"{site / name} is missing" for name in missing]
    measurements = json.loads((site / "measurements.json").read_text(encoding="utf-8"))
    networks = measurements["networks"]
    broken = []
    for name, floor in FLOORS.items():
        if name not in networks:
            broken.append(f"{name} was not measured")
            continue
        test = networks[name]["test"]
        accuracy, matrix = test["accuracy"], test["confusion_matrix"]
        print(f"{name}: {accuracy:.4f} of the test set right, promised {floor}")
        if accuracy < floor:
            broken.append(f"{name}: accuracy {accuracy} is below {floor}")
        images = sum(map(sum, matrix))
        if images != TEST_IMAGES:
            broken.append(f"{name}: measured on {images} images, not {TEST_IMAGES}")
        right = sum(row[index] for index, row in enumerate(matrix))
        if abs(right / images - accuracy) > 1e-9:
            broken.append(f"{name}: the diagonal of its matrix gives {right / images}")
    broken += [f"claim {claim['id']} is false" for claim in measurements.get("claims", [])
               if not claim["holds"]]  # fmt: skip
    for page in sorted(site.glob("[ic]*.html")):
        broken += unmeasured_numbers(page, measurements)
    return broken


def main() -> int:
    broken = broken_promises(Path(sys.argv[1]))
    print("\n".join(broken) or "every promise is kept")
    return 1 if broken else 0


if __name__ == "__main__":
    raise SystemExit(main())
