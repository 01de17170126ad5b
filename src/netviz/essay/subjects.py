"""The subjects of netviz itself that a text can bring in by `{{ reference("figures") }}`."""

from collections.abc import Callable, Mapping

from netviz.errors import EssayError, nearest_name
from netviz.essay.formats import NumberForms
from netviz.essay.front_matter import FrontMatter
from netviz.essay.languages import Catalogue
from netviz.essay.measurements import Measurements
from netviz.essay.reference import (
    figures_reference,
    formats_reference,
    measurements_reference,
    record_reference,
    settings_reference,
)
from netviz.essay.templates import built_in_templates
from netviz.essay.toolkit import script_reference, tokens_reference
from netviz.figures.registry import Registry


def reference(subject: str, registry: Registry, measurements: Measurements) -> str:
    """Return reference documentation on `subject` as markdown.

    Raises:
        EssayError: there is no such subject.
    """
    subjects: Mapping[str, Callable[[], str]] = {
        "figures": lambda: figures_reference(registry),
        "settings": settings_reference,
        "front matter": lambda: record_reference(FrontMatter),
        "languages": lambda: (
            f"{record_reference(Catalogue)}\n\n`[numbers]`\n\n{record_reference(NumberForms)}"
        ),
        "formats": formats_reference,
        "measurements": lambda: measurements_reference(measurements),
        "tokens": lambda: tokens_reference(built_in_templates()),
        "script": lambda: script_reference(built_in_templates()),
    }
    if subject not in subjects:
        raise EssayError(
            f"there is no reference on {subject!r}",
            expected="one of " + ", ".join(subjects),
            nearest=nearest_name(subject, subjects),
        )
    return subjects[subject]()
