"""What code a step runs, as digests: an edit of it, however deep, changes the step's key.

Each kind of step is a module of its own. All that the module imports counts, so that an edit of how
figures are drawn retrains no network as long as the module of training does not import it. Imports
are read from the text, so that nothing heavy is loaded to find out that nothing has changed.
"""

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
        self._digests: dict[Path, str] = {}
        self._modules: dict[str, tuple[Path, Source] | None] = {}
        self._roots: dict[str, Path | None] = {}

    def digest(self, file: Path) -> str:
        """Return the digest of the module in `file` and of all of netviz that it imports."""
        if file not in self._digests:
            source = _read(file)
            sources = {file.name: source.digest, **self._closure(source.imports, ("netviz",))}
            lines = [f"{name} {digest}" for name, digest in sorted(sources.items())]
            self._digests[file] = _digest("\n".join(lines))
        return self._digests[file]

    def of_function(self, function: str) -> dict[str, str]:
        """Return, by module, the digest of all the code that "package.module:function" may run.

        Raises:
            ValueError: there is no such module.
        """
        module = function.partition(":")[0]
        if self._module(module) is None:
            raise ValueError(f"there is no module {module}")
        return self._closure((module, *_packages(module)), ("netviz", module.partition(".")[0]))

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
    return {name: installed_version(package, name) for package, name in DISTRIBUTIONS.items()}


@lru_cache
def installed_version(package: str, distribution: str) -> str:
    """Return the version of a package, as the folder that pip leaves beside it is called."""
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
    """Yield the packages that contain a module: importing it runs them first."""
    parts = module.split(".")
    for length in range(1, len(parts)):
        yield ".".join(parts[:length])


def _root(package: str) -> Path | None:
    """Return the path of a top-level package or module, without the ending .py."""
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
