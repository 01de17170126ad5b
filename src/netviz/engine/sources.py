"""What code a step runs, as digests: an edit of it, however deep, changes the step's key.

Imports are read from the text, so that nothing heavy is loaded to find out that nothing has
changed. In the module of a step itself only what the step's function reaches counts: the
steps stand in one file, and an edit of how figures are drawn must not retrain networks.
"""

import ast
import hashlib
import importlib.util
import re
from collections import deque
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

IMPORT = re.compile(
    r"""\bfrom\s+([\w.]+)\s+import\s+(\((?:[^)#]|\#[^\n]*)*\)|[^\n;#]+)  # from a.b import c, d
      | \bimport\s+([\w.][^\n;#]*)                                       # import a.b as x, c""",
    re.VERBOSE,
)
COMMENT = re.compile(r"#[^\n]*")
WORD = re.compile(r"[A-Za-z_][\w.]*")
DISTRIBUTIONS = {"numpy": "numpy", "PIL": "pillow"}


@dataclass(frozen=True)
class Source:
    """One file of code: the SHA-256 of its text, and every dotted name it may import."""

    digest: str
    imports: tuple[str, ...]


class Sources:
    """Finds code; each module is looked up once, so one serves for one build."""

    def __init__(self) -> None:
        self._modules: dict[str, tuple[Path, Source] | None] = {}
        self._roots: dict[str, Path | None] = {}

    def digest(self, file: Path) -> str:
        """Return the digest of the module in `file` and of all of netviz that it imports."""
        source = _read(file)
        sources = {file.name: source.digest, **self._closure(source.imports, ("netviz",))}
        return _digest("\n".join(f"{name} {digest}" for name, digest in sorted(sources.items())))

    def of_function(self, function: str) -> dict[str, str]:
        """Return, by module, a digest of all the code that "package.module:function" reaches.

        The entry `function` itself stands for what it uses of its own module.
        """
        module, name = function.split(":")
        found = self._module(module)
        if found is None:
            raise ValueError(f"there is no module {module}")
        own = _read_function(found[0], name, *_stamp(found[0]))
        tops = ("netviz", module.partition(".")[0])
        sources = self._closure((*own.imports, *_packages(module)), tops)
        sources.pop(module, None)  # unless it imports itself, which adds nothing
        return {function: own.digest, **sources}

    def _closure(self, imports: Sequence[str], tops: Collection[str]) -> dict[str, str]:
        """Return the digest of every module of `tops` reachable from `imports`, by its name."""
        found: dict[str, str] = {}
        waiting = deque(imports)
        seen: set[str] = set()
        files: set[str] = set()  # modules that are no packages, so that nothing is a module in them
        while waiting:
            name = waiting.popleft()
            if name in seen or name.rpartition(".")[0] in files:
                continue
            seen.add(name)
            module = self._module(name) if name.partition(".")[0] in tops else None
            if module is None:  # not ours, or `from module import thing` where thing is no module
                continue
            file, source = module
            if file.name != "__init__.py":
                files.add(name)
            found[name] = source.digest
            waiting += source.imports
            waiting += _packages(name)
        return found

    def _module(self, name: str) -> tuple[Path, Source] | None:
        if name not in self._modules:
            file = self._file(name)
            self._modules[name] = None if file is None else (file, _read(file))
        return self._modules[name]

    def _file(self, name: str) -> Path | None:
        top, *path = name.split(".")
        if top not in self._roots:
            self._roots[top] = _root(top)
        if (root := self._roots[top]) is None:
            return None
        # Joined as text: many names are asked for, and each joint of a path takes its time.
        place = "/".join((str(root), *path))
        for file in (Path(f"{place}.py"), Path(f"{place}/__init__.py")):
            if file.is_file():
                return file
        return None


def library_versions() -> dict[str, str]:
    """Return the versions of the libraries that shape results, without importing them."""
    return {name: _version(package, name) for package, name in DISTRIBUTIONS.items()}


@lru_cache
def _version(package: str, distribution: str) -> str:
    """Read the version from the name of the folder that pip leaves beside the package."""
    spec = importlib.util.find_spec(package)
    if spec is None or spec.origin is None:
        return "none"
    beside = Path(spec.origin).parent.parent
    found = sorted(beside.glob(f"{distribution}-*.dist-info"))
    if found:
        return ", ".join(folder.name.split("-")[1].removesuffix(".dist") for folder in found)
    from importlib.metadata import version  # noqa: PLC0415 - slow to load, and rarely needed

    return version(distribution)


def _packages(module: str) -> Iterator[str]:
    """Yield the packages a module stands in: importing it runs them first."""
    parts = module.split(".")
    for length in range(1, len(parts)):
        yield ".".join(parts[:length])


def _root(package: str) -> Path | None:
    """Return where a top-level package or module stands, without the ending .py."""
    spec = importlib.util.find_spec(package)
    if spec is None or spec.origin is None:
        return None
    file = Path(spec.origin)
    return file.parent if file.name == "__init__.py" else file.with_suffix("")


def _stamp(file: Path) -> tuple[int, int]:
    """Return what changes when a file is saved, so that an unchanged one is read only once."""
    status = file.stat()
    return status.st_mtime_ns, status.st_size


def _read(file: Path) -> Source:
    return _read_stamped(file, *_stamp(file))


@lru_cache(maxsize=1024)
def _read_stamped(file: Path, modified: int, size: int) -> Source:  # noqa: ARG001 - the stamp makes the cache forget
    text = file.read_text(encoding="utf-8")
    return Source(_digest(text), tuple(_imports(text)))


@lru_cache(maxsize=64)
def _read_function(file: Path, function: str, modified: int, size: int) -> Source:  # noqa: ARG001 - as above
    """Read those statements of a module that `function` needs, and their imports."""
    text = file.read_text(encoding="utf-8")
    lines = text.splitlines(keepends=True)
    parts = []
    for node in _needed(ast.parse(text), function):
        decorators = getattr(node, "decorator_list", [])
        first = min(part.lineno for part in (node, *decorators))
        parts.append("".join(lines[first - 1 : node.end_lineno]))
    needed = "".join(parts)
    return Source(_digest(needed), tuple(_imports(needed)))


def _needed(module: ast.Module, function: str) -> list[ast.stmt]:
    """Return the top-level statements that `function` reaches by name, in their order.

    Statements that bind no name (a call, an `if`) run whenever the module is imported and
    always count; so does everything where the function itself is not found.
    """
    binding: dict[str, list[ast.stmt]] = {}
    always: list[ast.stmt] = []
    for statement in module.body:
        if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant):
            continue  # what the module says of itself
        names = list(_bound(statement))
        if "*" in names or not names:
            always.append(statement)
        for name in names:
            binding.setdefault(name, []).append(statement)
    if function not in binding:
        return module.body
    needed = set(map(id, always))
    waiting = [*always, *binding[function]]
    needed.update(map(id, binding[function]))
    while waiting:
        for name in _mentioned(waiting.pop()):
            for statement in binding.get(name, ()):
                if id(statement) not in needed:
                    needed.add(id(statement))
                    waiting.append(statement)
    return [statement for statement in module.body if id(statement) in needed]


def _bound(statement: ast.stmt) -> Iterator[str]:
    """Yield the names that a top-level statement defines."""
    match statement:
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
            yield name
        case ast.Import(names=names) | ast.ImportFrom(names=names):
            for alias in names:
                yield alias.asname or alias.name.partition(".")[0]
        case ast.Assign() | ast.AnnAssign() | ast.AugAssign():
            for node in ast.walk(statement):
                if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                    yield node.id


def _mentioned(statement: ast.stmt) -> Iterator[str]:
    """Yield every name that a statement reads, those in quoted annotations included."""
    for node in ast.walk(statement):
        if isinstance(node, ast.Name):
            yield node.id
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield from WORD.findall(node.value)


def _imports(text: str) -> Iterator[str]:
    """Yield every dotted name that the code may import; what only looks like one does no harm."""
    for source, names, modules in IMPORT.findall(text):
        plain = COMMENT.sub("", names or modules)
        words = [WORD.match(part.strip(" \t\r\n()\\")) for part in plain.split(",")]
        found = [word.group() for word in words if word]
        if source:
            yield source
            yield from (f"{source}.{name}" for name in found)
        else:
            yield from found


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
