"""Holds a built site to what is promised of it: real data, whole test sets, accuracies.

python .ci/promises.py build/site
"""

import json
import sys
from pathlib import Path

# The least share of the test set that each network must get right.
FLOORS = {
    "mnist-1layer": 0.915,
    "mnist-2layer": 0.935,
    "cifar-1layer": 0.40,
    "cifar-2layer": 0.50,
}
TEST_IMAGES = 10_000
NEEDED = ("index.html", "measurements.json")


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
    return broken


def main() -> int:
    broken = broken_promises(Path(sys.argv[1]))
    print("\n".join(broken) or "every promise is kept")
    return 1 if broken else 0


if __name__ == "__main__":
    raise SystemExit(main())
