"""What a page says of itself to machines: JSON-LD in the words of schema.org.

Only what is known is said. An address is a full one, and so given only where it is known where the
site is published.
"""

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

from netviz.essay.manuscript import Manuscript
from netviz.essay.page import Surroundings, reading_minutes
from netviz.essay.sources import DataSource
from netviz.pipeline.assemble import MEASUREMENTS_NAME
from netviz.publishing.machines.page import file_address


def described(manuscript: Manuscript, around: Surroundings) -> dict[str, Any]:
    """Return the JSON-LD of a page."""
    front = manuscript.front
    minutes = reading_minutes(manuscript.words, len(manuscript.calls))
    found = {
        "@context": "https://schema.org",
        "@type": ["Article", "LearningResource"] if manuscript.is_measured else "Article",
        "headline": front.title,
        "alternativeHeadline": front.subtitle,
        "description": front.description,
        "inLanguage": front.language,
        "author": [{"name": author} for author in front.authors],  # a person or a group
        "datePublished": front.date,
        "timeRequired": f"PT{minutes}M",
        "creativeWorkStatus": "; ".join(_status(manuscript, around)),
        "isBasedOn": [_dataset(source) for source in around.sources],
        **_addresses(manuscript, around),
    }
    return {name: value for name, value in found.items() if value}


def _status(manuscript: Manuscript, around: Surroundings) -> Iterator[str]:
    if manuscript.front.draft:
        yield "Draft"
    if around.is_sample and manuscript.is_measured:
        yield "Built from a small sample of its data sets"


def _dataset(source: DataSource) -> Mapping[str, Any]:
    licence = {"@type": "CreativeWork", "description": source.licence} if source.licence else None
    found = {
        "@type": "Dataset",
        "name": source.title,
        "citation": source.citation,
        "license": licence,
        "url": source.homepage if source.is_link else "",
    }
    return {name: value for name, value in found.items() if value}


def _addresses(manuscript: Manuscript, around: Surroundings) -> Mapping[str, Any]:
    """Return what names files of the site, where its address is known."""
    if not around.site_url:
        return {}
    address = partial(file_address, around)
    others = [version for version in around.versions if version.path != around.path]
    found = {
        "url": address(around.path),
        "image": address(around.card),
        "encoding": _file("MediaObject", "text/markdown", address(around.markdown)),
        "hasPart": _measured(address(MEASUREMENTS_NAME)) if manuscript.is_measured else None,
    }
    if not others:
        return found
    original = around.versions[0]
    if original.path != around.path:
        return {**found, "translationOfWork": {"@id": original.url}}
    return {**found, "workTranslation": [{"@id": version.url} for version in others]}


def _measured(address: str) -> Mapping[str, Any]:
    return {
        "@type": "Dataset",
        "name": MEASUREMENTS_NAME,
        "description": "All that was measured of the networks and data sets of this site",
        "distribution": _file("DataDownload", "application/json", address),
    }


def _file(kind: str, encoding: str, address: str) -> Mapping[str, str]:
    return {"@type": kind, "encodingFormat": encoding, "contentUrl": address}
