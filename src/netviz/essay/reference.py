"""Reference in markdown, written from the code itself so that it cannot go stale.

Records say what may be set, their docstrings what it means; figures are those that are found, and
measurements those that were made. An essay calls it by `{{ reference("figures") }}`.
"""

import dataclasses
import inspect
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from netviz.essay.formats import NUMBER_FORMATS
from netviz.essay.measurements import Measurements, Value, is_list
from netviz.essay.settings import SETTINGS_NAME, Settings
from netviz.figures.registry import FigureFolder, Registry

# One and several of each plain kind of value, as a sentence says it.
KIND_NAMES = {
    str: ("a text", "texts"),
    int: ("a whole number", "whole numbers"),
    float: ("a number", "numbers"),
    bool: ("true or false", "true or false"),
    NoneType: ("none", "none"),
}
MUST_BE_GIVEN = "must be given"
OWN_TABLE = "see its own table"
FIRST_SENTENCE = re.compile(r".*?[.!?](?= |$)|.*")
LONGEST_EXAMPLE = 40
# Parts of the measurements whose own parts an author names.
NAMED = ("networks", "datasets", "comparisons", "sweeps")


@dataclasses.dataclass(frozen=True)
class FigureEntry:
    """What there is to say of a figure, read from its code.

    Attributes:
        word: what the essay calls it by.
        about: the docstring of its module; the first sentence says what it shows.
        takes: the docstring of its arguments: which network or data set it is for.
        arguments: of each argument its name, what it is, and what it is unless given.
        call: the call with every argument.
        refusals: what each refusal says.
    """

    word: str
    about: str
    takes: str
    arguments: tuple[tuple[str, str, str], ...]
    call: str
    refusals: tuple[str, ...]

    @property
    def summary(self) -> str:
        """The first sentence of what it shows."""
        return FIRST_SENTENCE.match(_joined(self.about))[0]  # type: ignore[index]  # matches any text

    @property
    def details(self) -> str:
        """Its arguments and refusals, as markdown."""
        rows = [(f"`{name}`", kind, _ticked(default)) for name, kind, default in self.arguments]
        parts = [
            self.takes,
            table(("argument", "is", "unless given"), rows) if rows else "",
            *(f"Refused: {one}" for one in self.refusals),
        ]
        return "\n\n".join(part for part in parts if part)


def figure_entry(figure: FigureFolder) -> FigureEntry:
    """Return what the code of `figure` says of it.

    Raises:
        EssayError: the figure cannot be imported.
    """
    module = figure.load()
    fields = list(_typed_fields(module.Arguments))
    call = ", ".join([json.dumps(figure.word), *(_argument(field) for field, _ in fields)])
    return FigureEntry(
        word=figure.word,
        about=inspect.getdoc(module) or "",
        takes=inspect.getdoc(module.Arguments) or "",
        arguments=tuple((field.name, described(kind), _default(field)) for field, kind in fields),
        call=f"{{{{ figure({call}) }}}}",
        refusals=tuple(_refusals(inspect.getdoc(module.draw) or "")),
    )


def figures_reference(registry: Registry) -> str:
    """Return a section for each figure: what it shows, its call, its arguments, what it refuses."""
    entries = (figure_entry(registry.figures[word]) for word in sorted(registry.figures))
    return "\n\n".join(_section(entry) for entry in entries)


def _section(entry: FigureEntry) -> str:
    heading = f"### {entry.word} {{#figure-{entry.word.replace('_', '-')}}}"
    parts = [heading, entry.about, f"```\n{entry.call}\n```", entry.details]
    return "\n\n".join(part for part in parts if part)


def _argument(field: "dataclasses.Field[Any]") -> str:
    return f"{field.name}=…" if _is_required(field) else f"{field.name}={_default(field)}"


def _refusals(docstring: str) -> Iterator[str]:
    """Yield what the Raises section of a docstring says of each error."""
    _, _, section = docstring.partition("Raises:\n")
    for entry in re.split(r"^ {4}(?=\w)", section, flags=re.MULTILINE)[1:]:
        yield _joined(entry.partition(":")[2])


def settings_reference() -> str:
    """Return a section for each table of `essay.toml`."""
    paths: dict[type[Any], list[str]] = {}
    _collect(Settings, "", paths)
    sections = []
    for kind, headers in paths.items():
        names = " and ".join(f"`[{header}]`" for header in headers if header) or "At the top"
        sections.append(f"### {names}\n\n{record_reference(kind)}")
    return f"The file is `{SETTINGS_NAME}`.\n\n" + "\n\n".join(sections)


def _collect(kind: type[Any], header: str, paths: dict[type[Any], list[str]]) -> None:
    """Note the table of each record in a TOML file, the tables of a name as `NAME`."""
    paths.setdefault(kind, []).append(header)
    for field, field_kind in _typed_fields(kind):
        below = f"{header}.{field.name}" if header else field.name
        if dataclasses.is_dataclass(field_kind) and isinstance(field_kind, type):
            _collect(field_kind, below, paths)
        elif get_origin(field_kind) is dict and dataclasses.is_dataclass(get_args(field_kind)[1]):
            _collect(get_args(field_kind)[1], f"{below}.NAME", paths)


def record_reference(kind: type[Any]) -> str:
    """Return what the docstring of a record says of it, and a table of its fields."""
    introduction, meanings = documented(kind)
    rows = (
        (
            f"`{field.name}`",
            described(field_kind),
            _ticked(_default(field)),
            meanings.get(field.name, ""),
        )
        for field, field_kind in _typed_fields(kind)
    )
    return f"{introduction}\n\n" + table(("setting", "is", "unless given", "means"), rows)


def documented(kind: type[Any]) -> tuple[str, dict[str, str]]:
    """Return the introduction of a record's docstring, and the meaning of each of its fields."""
    introduction, _, section = (inspect.getdoc(kind) or "").partition("Attributes:\n")
    entries = re.split(r"^ {4}(?=\w)", section, flags=re.MULTILINE)[1:]
    pairs = (entry.partition(":") for entry in entries)
    return introduction.strip(), {name: _joined(meaning) for name, _, meaning in pairs}


def formats_reference() -> str:
    """Return a table of the forms that a number can be written in."""
    rows = (
        (f"`{name}`", _joined(inspect.getdoc(form) or "")) for name, form in NUMBER_FORMATS.items()
    )
    return table(("form", "writes"), rows)


def measurements_reference(measurements: Measurements) -> str:
    """Return a table of every key that something was measured at, with an example of each."""
    examples: dict[str, str] = {}
    for key, example in _leaves(measurements.tree, ()):
        examples.setdefault(key, example)
    return table(
        ("key", "for example"), ((f"`{key}`", example) for key, example in examples.items())
    )


def _leaves(value: Value, path: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """Yield key and example of every value below `path`; of a list its first element."""
    if isinstance(value, Mapping):
        for name, child in value.items():
            named = len(path) == 1 and path[0] in NAMED
            yield from _leaves(child, (*path, "NAME" if named else name))
    elif is_list(value) and value and isinstance(value[0], Mapping):
        yield from _leaves(value[0], (*path, "0"))
    else:
        yield ".".join(path), _example(value)


def _example(value: Value) -> str:
    if is_list(value):
        inner = value[0] if value else None
        by = f" by {len(inner)}" if is_list(inner) else ""
        return f"{len(value)}{by} values"
    text = value if isinstance(value, str) else json.dumps(value)
    return text if len(text) <= LONGEST_EXAMPLE else text[: LONGEST_EXAMPLE - 1] + "…"


def described(kind: Any, place: Literal[0, 1] = 0) -> str:  # noqa: ANN401 - any annotation
    """Return the kind of value in words; `place` 1 is for several of it."""
    origin, inner = get_origin(kind), get_args(kind)
    if origin is Literal:
        return " or ".join(f"`{json.dumps(choice)}`" for choice in inner)
    if origin in (Union, UnionType):
        return " or ".join(described(one, place) for one in inner)
    if origin is tuple:
        return f"{('a list', 'lists')[place]} of {described(inner[0], 1)}"
    if origin is dict:
        return "tables by name"
    if dataclasses.is_dataclass(kind):
        return ("a table", "tables")[place]
    return KIND_NAMES[kind][place]


def _typed_fields(kind: type[Any]) -> Iterator[tuple["dataclasses.Field[Any]", Any]]:
    hints = get_type_hints(kind)
    return ((field, hints[field.name]) for field in dataclasses.fields(kind))


def _is_required(field: "dataclasses.Field[Any]") -> bool:
    missing = dataclasses.MISSING
    return field.default is missing and field.default_factory is missing


def _default(field: "dataclasses.Field[Any]") -> str:
    if _is_required(field):
        return MUST_BE_GIVEN
    if field.default is dataclasses.MISSING:
        return OWN_TABLE
    return "none" if field.default is None else json.dumps(field.default)


def _ticked(default: str) -> str:
    return default if default in {MUST_BE_GIVEN, OWN_TABLE} else f"`{default}`"


def _joined(text: str) -> str:
    return " ".join(text.split())


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
