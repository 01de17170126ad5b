"""`make sbom`: what a wheel of netviz is made of, as a CycloneDX document.

It lists the packages that netviz needs, as run.lock pins them, and what the wheel holds that others
made: the fonts and the sample of the data sets. Wheels carry it (PEP 770), so it stands beside the
lock and is renewed with it. It has no time and no serial number: the same lock, the same bytes.
"""

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path

from cyclonedx.contrib.license.factories import LicenseFactory
from cyclonedx.model import (
    ExternalReference,
    ExternalReferenceType,
    HashAlgorithm,
    HashType,
    Property,
    XsUri,
)
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.output.json import JsonV1Dot6
from packageurl import PackageURL
from packaging.utils import canonicalize_name

import netviz
from netviz.datasets.catalogue import CATALOGUE
from requirements.packages import (
    LOCK,
    PROJECT,
    Package,
    Pin,
    declared,
    read_lock,
    run_time_packages,
)

SBOM = PROJECT / "requirements" / "netviz.cdx.json"
FONTS = PROJECT / "templates" / "fonts"
SAMPLE = PROJECT / "src" / "netviz" / "datasets" / "sample"
SAMPLE_SUFFIXES = (".json", ".webp")
MARKER = "netviz:environment-marker"


def document() -> str:
    """Return the document as JSON."""
    pins = read_lock(LOCK)
    packages = run_time_packages({pin.name for pin in pins})
    pinned = [pin for pin in pins if pin.name in packages]
    components = {pin: _package(pin, packages[pin.name]) for pin in pinned}
    whole = _netviz()
    bom = Bom(components=components.values())
    bom.metadata.component = whole

    def of(names: set[str]) -> list[Component]:
        return [component for pin, component in components.items() if pin.name in names]

    bom.register_dependency(whole, of({canonicalize_name(need.name) for need in declared()}))
    for pin, component in components.items():
        bom.register_dependency(component, of(set(packages[pin.name].needs)))
    tree = json.loads(JsonV1Dot6(bom).output_as_string())
    del tree["serialNumber"], tree["metadata"]["timestamp"]
    return json.dumps(tree, indent=1, ensure_ascii=False, sort_keys=True) + "\n"


def _netviz() -> Component:
    url = PackageURL("pypi", name="netviz", version=netviz.__version__)
    return Component(
        name="netviz",
        version=netviz.__version__,
        type=ComponentType.APPLICATION,
        bom_ref=str(url),
        purl=url,
        licenses=[LicenseFactory().make_with_id("MIT")],
        components=[*_fonts(), *_sample()],
    )


def _package(pin: Pin, package: Package) -> Component:
    url = PackageURL("pypi", name=pin.name, version=pin.version)
    # The hashes are those of its files, one for each system, and not of the package as such.
    files = ExternalReference(
        type=ExternalReferenceType.DISTRIBUTION,
        url=XsUri(str(url)),
        hashes=[HashType(alg=HashAlgorithm.SHA_256, content=digest) for digest in pin.hashes],
    )
    return Component(
        name=pin.name,
        version=pin.version,
        type=ComponentType.LIBRARY,
        bom_ref=str(url),
        purl=url,
        licenses=[LicenseFactory().make_from_string(package.licence)],
        external_references=[files],
        properties=[Property(name=MARKER, value=pin.marker)] if pin.marker else [],
    )


def _fonts() -> Iterator[Component]:
    """Yield each font; FAMILY-OFL.txt beside it names the holder of its copyright first."""
    for licence in sorted(FONTS.glob("*-OFL.txt")):
        holder = licence.read_text(encoding="utf-8").splitlines()[0]
        family = licence.name.removesuffix("-OFL.txt")
        for font in sorted(FONTS.glob(f"{family}-*.woff2")):
            yield _file(font, "templates/fonts", ComponentType.FILE, "OFL-1.1", holder)


def _sample() -> Iterator[Component]:
    """Yield the files of the bundled sample; its labels are of all data sets."""
    for file in sorted(SAMPLE.iterdir()):
        if file.suffix in SAMPLE_SUFFIXES:
            data_sets = [
                entry.description
                for name, entry in CATALOGUE.items()
                if file.stem == "labels" or file.stem.startswith(f"{name}-")
            ]
            licence = " ".join(f"{found.title}: {found.licence}" for found in data_sets)
            yield _file(file, "datasets/sample", ComponentType.DATA, licence)


def _file(
    file: Path, folder: str, kind: ComponentType, licence: str, holder: str | None = None
) -> Component:
    """Return a file by its path in the wheel."""
    path = f"netviz/{folder}/{file.name}"
    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    return Component(
        name=path,
        type=kind,
        bom_ref=path,
        hashes=[HashType(alg=HashAlgorithm.SHA_256, content=digest)],
        licenses=[LicenseFactory().make_from_string(licence)],
        copyright=holder,
    )


if __name__ == "__main__":
    SBOM.write_text(document(), encoding="utf-8")
