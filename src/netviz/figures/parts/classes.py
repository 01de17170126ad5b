"""Classes as an author names them in a call: by number or by name."""

from netviz.datasets.description import Description
from netviz.errors import EssayError, nearest_name


def class_number(description: Description, wanted: int | str) -> int:
    """Return the number of a class that is given by its number, or by its name.

    Raises:
        EssayError: there is no such class.
    """
    names = description.class_names
    if isinstance(wanted, str) and wanted in names:
        return names.index(wanted)
    if isinstance(wanted, int) and 0 <= wanted < len(names):
        return wanted
    raise EssayError(
        f"{description.title} has no class {wanted!r}",
        expected=f"0 to {len(names) - 1}, or one of {', '.join(names)}",
        nearest=nearest_name(str(wanted), names),
    )
