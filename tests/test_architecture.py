"""Imports run one way, and figures keep their form: read from the files of the project."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from netviz.errors import EssayError
from netviz.figures.registry import BUILT_IN, FigureFolder, Registry

SOURCE = Path(__file__).parents[1] / "src" / "netviz"

# From the bottom to the top; a room imports those on lower steps and itself, nothing else.
STEPS = (
    {"__init__"},
    {"errors"},
    {"limits", "records", "bounds", "folders"},
    {"network", "datasets", "engine"},
    {"training", "elsewhere", "analysis", "rendering"},
    {"measurements"},
    {"figures"},
    {"essay"},
    {"pipeline"},
    {"publishing"},
    {"build"},
    {"preview"},
    {"commands"},
    {"cli"},
    {"__main__"},
)
HEIGHT = {room: height for height, step in enumerate(STEPS) for room in step}


# --- imports ---------------------------------------------------------------------------------


def room_of(path: tuple[str, ...]) -> str:
    """Return the room of a module given by its path below netviz: ("engine", "graph") is engine."""
    return path[0] if path else "__init__"


def imports(tree: ast.Module, source: Path) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Yield line and path below netviz of every import of the project's own modules.

    `from netviz.a import b` gives ("a", "b"), whether b is a module or a name in one; imports
    inside functions count as well.
    """
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        else:
            continue
        for name in names:
            package, *path = name.split(".")
            if package != "netviz":
                continue
            yield node.lineno, tuple(path) if is_room(path, source) else ()


def is_room(path: list[str], source: Path) -> bool:
    """Say whether the path leads into a room; `netviz.__version__` is of the package itself."""
    return bool(path) and ((source / path[0]).is_dir() or (source / f"{path[0]}.py").is_file())


def wrong_arrows(source: Path) -> list[str]:
    """Return a line for each import below `source` that the order of the rooms forbids."""
    faults = []
    for file in sorted(source.rglob("*.py")):
        path = file.relative_to(source).with_suffix("").parts
        room = room_of(path)
        if room not in HEIGHT:
            faults.append(f"{file}: the room {room} stands on no step")
            continue
        tree = ast.parse(file.read_text(encoding="utf-8"))
        faults += [
            f"{file}:{node.lineno}: a relative import"
            for node in ast.walk(tree)
            if isinstance(node, ast.ImportFrom) and node.level
        ]
        for line, target in imports(tree, source):
            fault = wrong_arrow(path, target, source)
            if fault:
                faults.append(f"{file}:{line}: {fault}")
    return faults


def wrong_arrow(path: tuple[str, ...], target: tuple[str, ...], source: Path) -> str | None:
    """Say what is wrong with an import of `target` by the module `path`, if anything is."""
    room, other = room_of(path), room_of(target)
    if room == other:
        return sideways_figure(path, target, source) if room == "figures" else None
    if other not in HEIGHT:
        return f"the room {other} stands on no step"
    if HEIGHT[other] > HEIGHT[room]:
        return f"{room} imports {other}, which stands above it"
    if HEIGHT[other] == HEIGHT[room]:
        return f"{room} imports {other}, which stands beside it"
    return None


def sideways_figure(path: tuple[str, ...], target: tuple[str, ...], source: Path) -> str | None:
    """One figure's folder imports no other; what they share stands beside them."""
    if len(path) < 3 or len(target) < 3 or target[1] == path[1]:
        return None
    other = target[1]
    if not (source / "figures" / other / f"{other}.py").is_file():
        return None
    return f"the figure {path[1]} imports the figure {other}"


def test_imports_run_one_way() -> None:
    assert wrong_arrows(SOURCE) == []


def test_every_room_is_there() -> None:
    """A room that is gone leaves no step behind it."""
    found = {path.stem for path in SOURCE.iterdir() if path.suffix == ".py" or path.is_dir()}
    assert set(HEIGHT) == found - {"__pycache__", "templates"}


PLANTED = {
    "back": ("network/network.py", "from netviz.publishing import pages", "stands above"),
    "from the engine into a trade": (
        "engine/graph.py",
        "from netviz.network.network import Network",
        "stands beside",
    ),
    "back, in a function": (
        "training/loop.py",
        "def f():\n    import netviz.figures.figure",
        "stands above",
    ),
    "sideways": ("analysis/a.py", "from netviz.training.trained import Trained", "stands beside"),
    "relative": ("build/build.py", "from . import graph", "a relative import"),
    "into the package itself": (
        "__init__.py",
        "def show():\n    from netviz.publishing.pages import show",
        "stands above",
    ),
    "unknown room": ("utils/helpers.py", "", "stands on no step"),
    "into an unknown room": ("build/build.py", "import netviz.utils.helpers", "stands on no step"),
    "figure to figure": (
        "figures/one/one.py",
        "from netviz.figures.weights.weights import draw",
        "imports the figure weights",
    ),
}


TREE = (
    "errors.py",
    "training/trained.py",
    "figures/figure.py",
    "figures/weights/weights.py",
    "network/network.py",
    "engine/graph.py",
    "publishing/pages.py",
    "utils/helpers.py",
)


@pytest.mark.parametrize("kind", PLANTED)
def test_a_planted_arrow_is_found(kind: str, tmp_path: Path) -> None:
    planted, code, fault = PLANTED[kind]
    for name in (*TREE, planted):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(code if name == planted else "")
    assert any(fault in line and planted in line for line in wrong_arrows(tmp_path))


def test_a_downward_import_passes(tmp_path: Path) -> None:
    (tmp_path / "errors.py").write_text("from netviz import __version__\n")
    (tmp_path / "engine").mkdir()
    (tmp_path / "engine" / "graph.py").write_text("from netviz.errors import SiteError\n")
    assert wrong_arrows(tmp_path) == []


# --- steps -----------------------------------------------------------------------------------

FORM = ["inputs", "parameters", "folder"]


def step_functions(tree: ast.Module) -> list[str]:
    """Return the names of the functions that have the form of a step."""
    return [
        node.name
        for node in tree.body
        if isinstance(node, ast.FunctionDef) and [one.arg for one in node.args.args] == FORM
    ]


def faults_of_step(file: Path) -> list[str]:
    """Return where a module of the pipeline breaks the rule: one step, its constructor beside it.

    What a step's module imports is part of the step's key. So it takes what it needs of the
    settings as parameters: an edit of how settings are read retrains nothing.
    """
    text = file.read_text(encoding="utf-8")
    functions = step_functions(ast.parse(text))
    faults = [f"{len(functions)} steps in one module"] if len(functions) > 1 else []
    named = re.findall(r'function=f?"([^"]*)"', text)
    if named != [f"{{__name__}}:{one}" for one in functions]:
        faults.append(f"constructors of {named}, functions {functions}")
    if functions and "netviz.essay" in text:
        faults.append("a step imports the essay")
    return faults


def test_each_step_is_one_module_with_its_constructor() -> None:
    found = {file.name: faults_of_step(file) for file in (SOURCE / "pipeline").glob("*.py")}
    assert {name: faults for name, faults in found.items() if faults} == {}


def test_no_step_is_made_outside_the_pipeline() -> None:
    for file in SOURCE.rglob("*.py"):
        if file.parent.name != "pipeline":
            assert step_functions(ast.parse(file.read_text(encoding="utf-8"))) == []


STEP = """
def make_step():
    return Step(name="make", function=f"{__name__}:make")

def make(inputs, parameters, folder): ...
"""


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (STEP, ""),
        (STEP + "def draw(inputs, parameters, folder): ...", "2 steps in one module"),
        (STEP.replace(":make", ":draw"), "constructors of"),
        (STEP.replace('f"{__name__}:make"', '"netviz.pipeline.other:make"'), "constructors of"),
        (STEP.replace("make(inputs", "make(given"), "constructors of"),
        ("from netviz.essay.settings import Settings" + STEP, "a step imports the essay"),
    ],
)
def test_a_planted_step_is_found(text: str, fault: str, tmp_path: Path) -> None:
    (tmp_path / "step.py").write_text(text)
    assert fault in "; ".join(faults_of_step(tmp_path / "step.py"))
    assert bool(fault) == bool(faults_of_step(tmp_path / "step.py"))


# --- figures ---------------------------------------------------------------------------------


def faults_of(figure: FigureFolder) -> list[str]:
    """Return what a figure's folder lacks of the contract: four files that speak of one tag."""
    files = (figure.module_file, figure.fragment_file, figure.script_file, figure.style_file)
    missing = [f"{file.name} is missing" for file in files if not file.is_file()]
    if missing:
        return missing
    faults = []
    try:
        figure.load()
    except EssayError as error:
        faults.append(str(error))
    if f"<{figure.tag}" not in figure.fragment_file.read_text(encoding="utf-8"):
        faults.append(f"{figure.fragment_file.name} has no <{figure.tag}>")
    if f'netviz.define("{figure.tag}"' not in figure.script_file.read_text(encoding="utf-8"):
        faults.append(f"{figure.script_file.name} does not define {figure.tag}")
    faults += [
        f"{figure.style_file.name}: {selector!r} does not begin with {figure.tag}"
        for selector in selectors(figure.style_file.read_text(encoding="utf-8"))
        if not re.match(rf"{figure.tag}(?![\w-])", selector)
    ]
    return faults


def selectors(css: str) -> Iterator[str]:
    """Yield every selector of a style sheet that stands in no other rule, keyframes excepted."""
    css = re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)
    inside: list[str] = []
    for prelude, mark in re.findall(r"([^{};]*)([{};])", css):
        if mark == "}":
            inside.pop()
        elif mark == "{":
            head = prelude.strip()
            grouping = all(
                re.match(r"@(media|supports|container|layer)", outer) for outer in inside
            )
            if grouping and not head.startswith("@"):
                yield from (part.strip() for part in re.split(r",(?![^(]*\))", head))
            inside.append(head)


def test_the_selectors_of_a_style_sheet_are_read() -> None:
    css = """
    /* a { } */
    nv-a .b, nv-a:is(.c, .d) { color: red; & .nested { color: blue; } }
    @media (width < 10em) { .stray { --x: 1; } }
    @keyframes nv-spin { from { opacity: 0 } to { opacity: 1 } }
    """
    assert list(selectors(css)) == ["nv-a .b", "nv-a:is(.c, .d)", ".stray"]


@pytest.mark.parametrize("figure", Registry().figures.values(), ids=lambda figure: str(figure.word))
def test_a_figure_keeps_its_contract(figure: FigureFolder) -> None:
    assert faults_of(figure) == []


SOUND = {
    "one.py": "class Arguments: ...\ndef draw(arguments, m, o): ...\n",
    "one.html": "<nv-one></nv-one>",
    "one.js": 'netviz.define("nv-one", class extends netviz.Figure {});',
    "one.css": "nv-one .cell { color: red }",
}
SPOILT = {
    "one.py": "def draw(arguments, materials, output): ...",
    "one.html": "<nv-other></nv-other>",
    "one.js": 'netviz.define("nv-other", class extends netviz.Figure {});',
    "one.css": ".cell { color: red }",
}


def plant(folder: Path, files: dict[str, str]) -> FigureFolder:
    folder.mkdir()
    for name, text in files.items():
        (folder / name).write_text(text)
    return FigureFolder("one", folder)


def test_a_sound_figure_passes(tmp_path: Path) -> None:
    assert faults_of(plant(tmp_path / "one", SOUND)) == []


@pytest.mark.parametrize("name", SPOILT)
def test_a_spoilt_file_is_found(name: str, tmp_path: Path) -> None:
    assert len(faults_of(plant(tmp_path / "one", SOUND | {name: SPOILT[name]}))) == 1


@pytest.mark.parametrize("name", ["one.html", "one.js", "one.css"])
def test_a_missing_file_is_found(name: str, tmp_path: Path) -> None:
    files = {other: text for other, text in SOUND.items() if other != name}
    assert faults_of(plant(tmp_path / "one", files)) == [f"{name} is missing"]


def test_every_folder_with_a_fragment_is_a_figure() -> None:
    """A folder whose module has another name would never be found, and nobody told."""
    assert {path.parent.name for path in BUILT_IN.glob("*/*.html")} <= set(Registry().figures)
