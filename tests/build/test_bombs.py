"""Any one file of up to 1 MB in an essay ends in a site or in one message, in time and memory.

Files are made at random of what parsers find hard: marks that open and never close, that stand
within each other, or that ask for much work in few words.
"""

import os
import random
import subprocess
import sys
import time
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.essays import FRONT

MOST_SECONDS = 30.0
MOST_BYTES = 3_000_000_000
MOST_SIZE = 1_000_000
ROUNDS = 12  # of each kind of file
HEAD = f"{FRONT}\n"
SETTINGS = """\
sample = true
[networks.taken]
title = "taken"
dataset = "mnist"
weights = "net.npz"
"""
SAID = '\n{{ value("networks.taken.test.accuracy") }}\n'

TEXT = (
    "[", "[a](", "![", "](", "(", "<", "<a", "<a b='", "<!--", "</", "<![CDATA[", "&", "`", "``` ",
    "```\n", "~~~\n", "*", "**", "_", "$", "$$", "$$\n", "\\sqrt", "\\frac{", "{", "}", "^", "a_",
    "\\left(", "|", "|-", "| a\n|-\n", "> ", "- ", "1. ", "# ", "\n", " \n", "\n\n", "\t",
    "[^1]", "[^1]: a\n", "*[a]: b\n", "[a]: b\n", ": a\n", "!!! note\n    ", "<div markdown=1>",
    "{: #a }", "{{ ", "{% if 1 %}", "{#", "{%- ", "{{ 1 }}", "{{ -", "a", "é", "\0", "\r", "--",
    "...", "    a\n", "\"", "'", "http://a ", "{# typed: a", "1,", "1.5% ",
)  # fmt: skip
LOOPS = "{% for a in [1,2,3,4,5,6,7,8,9] %}" * 9
JINJA = (
    "{{ 1.5 | round(999999999, 'ceil') }}",
    "{% macro g() %}{% set y = varargs | sum(start=[]) %}{{ g(y, y) }}{% endmacro %}{{ g([1]) }}",
    "{% macro g(x) %}{{ g(x ~ x) }}{% endmacro %}{{ g('a') }}",
    LOOPS + "{{ 'a' * 99 }}" + "{% endfor %}" * 9,
    LOOPS + "{% set z = 'aaaaaaaaaaaaaaaaaaaaaaaaa' | list | sort %}" + "{% endfor %}" * 9,
    LOOPS + "{% set z = reference('figures') %}" + "{% endfor %}" * 9,
    "{{ " + "(" * 20_000 + "1" + ")" * 20_000 + " }}",
    "{{ 1 " + "+ 1 " * 100_000 + "}}",
    "{% set a = [1] %}" + "{% set a = [a, a] %}" * 5_000 + "{{ a == a }}",
)
YAML = (
    "[",
    "{",
    "{a: ",
    "- ",
    "? ",
    "&a ",
    "*a ",
    "!!",
    "'",
    '"',
    "|\n ",
    "a:\n ",
    "a: b\n",
    "#",
    "[a, ",
)
LAUGHS = "\n".join(
    f"a{n}: &a{n} [{', '.join([f'*a{n - 1}' if n else 'x'] * 9)}]" for n in range(12)
)
TOML = (
    "[",
    "{a = ",
    "a.",
    "a = 1\n",
    "[a]\n",
    "[[a]]\n",
    "'",
    '"',
    "'''",
    "9",
    "0x",
    "a = [",
    "# ",
    "\\u",
)
TEMPLATE = (
    "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}",
    "{{ 'a' * 3000000000 }}",
    "{{ ['a'] * 3000000000 }}",
    "{{ 9 ** 9 ** 9 }}",
    "{{ '%3000000000s' | format('a') }}",
    "{% macro g() %}{{ g() }}{% endmacro %}{{ g() }}",
    "{{ range(99999) | list | string | urlize | length }}" * 50,
    "{% set x = 'aaaaaaaaaaaaaaaaaaaa' %}" + "{% set x = x ~ x %}" * 40,
    "{% include 'essay.html' %}",
)
CATALOGUE = (
    'date = "{:>1500000000}"',
    'date = "{day.__class__.__mro__}"',
    'percent = "{:>1500000000}"',
    '[text]\n"{a} {b} {c} {d} {e} {f} {g} {h} {i} {j} {k} {l}" = "{a}"',
    "[text]\n" + "\n".join(f'"{{a}} {n} {{b}}" = "{{b}} {{a}}"' for n in range(20_000)),
)
SCRIPT = (
    "(", "[", "{", "a(", "a=>", "a?b:", "`${", "<", "<a>", "/", "/[", "/*", "'", "\\u", "class A{",
    "a\n", "let a;", "await ", "=", "++", "\0",
)  # fmt: skip


def grown(rng: random.Random, units: tuple[str, ...]) -> str:
    """Return one or two units repeated to some size, with something after them."""
    chosen = "".join(rng.sample(units, rng.choice((1, 1, 1, 2))))
    size = int(10 ** rng.uniform(3, 6))
    deep = "\n".join("  " * n + chosen for n in range(min(1_200, int(size**0.5))))
    text = rng.choice((chosen * (size // len(chosen)), deep))
    return (rng.choice(("", "a ")) + text + rng.choice(("", "x", " a\n", "\n\na")))[:MOST_SIZE]


def text(rng: random.Random) -> bytes:
    body = rng.choice(JINJA) if rng.random() < 0.3 else grown(rng, TEXT)
    jinja = rng.choice(("", "jinja: false\n"))
    return (HEAD.replace("---\n\n", f"{jinja}---\n\n") + body).encode()


def front_matter(rng: random.Random) -> bytes:
    lines = LAUGHS if rng.random() < 0.2 else rng.choice(("title: ", "")) + grown(rng, YAML)
    return f"---\n{lines}\n---\nText.\n".encode()


def settings(rng: random.Random) -> bytes:
    return (SETTINGS + rng.choice(("", "a = ")) + grown(rng, TOML)).encode()


def template(rng: random.Random) -> bytes:
    return (rng.choice(TEMPLATE) if rng.random() < 0.7 else grown(rng, TEXT)).encode()


def catalogue(rng: random.Random) -> bytes:
    return (rng.choice(CATALOGUE) if rng.random() < 0.6 else grown(rng, TOML)).encode()


def script(rng: random.Random) -> bytes:
    return grown(rng, SCRIPT).encode()


def weights(rng: random.Random) -> bytes:
    stream = BytesIO()
    side = rng.choice((10, 4_000, 12_000))
    save: Any = np.savez_compressed if side > 10 else np.savez
    layers = range(rng.choice((1, 4)))
    save(stream, **{f"{layer}.weight": np.zeros((784, side), np.float32) for layer in layers})
    content = bytearray(stream.getvalue()[:MOST_SIZE])
    for _ in range(rng.choice((0, 1, 40))):
        content[rng.randrange(len(content))] = rng.randrange(256)
    return bytes(content)


FILES: dict[str, tuple[str, Callable[[random.Random], bytes]]] = {
    "text": ("index.md", text),
    "front matter": ("index.md", front_matter),
    "settings": ("essay.toml", settings),
    "page template": ("templates/essay.html", template),
    "base template": ("templates/base.html", template),
    "catalogue": ("templates/languages/en.toml", catalogue),
    "script": ("templates/js/parts/own.js", script),
    "weights": ("net.npz", weights),
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("bombs")
    for inner in ("languages", "js/parts"):
        (folder / "essay" / "templates" / inner).mkdir(parents=True)
    for file, content in sound().items():
        (folder / "essay" / file).write_bytes(content)
    told, code, _, _ = build(folder)
    assert code == 0, told
    return folder


def sound() -> dict[str, bytes]:
    stream = BytesIO()
    save: Any = np.savez  # whose other arguments a type would take for arrays
    save(stream, **{"0.weight": np.eye(10, 784, dtype=np.float32)})
    return {
        "essay.toml": SETTINGS.encode(),
        "index.md": (HEAD + SAID).encode(),
        "net.npz": stream.getvalue(),
    }


def build(folder: Path) -> tuple[str, int, float, int]:
    """Build; return what was said, the exit code, the seconds, and the most bytes of a process."""
    environment = {**os.environ, "NETVIZ_CACHE_DIR": str(folder / "data")}
    command = [sys.executable, "-m", "netviz", "build", "-q", "--offline"]
    said = folder / "said"
    started = time.monotonic()
    with said.open("wb") as stream:
        process = subprocess.Popen(
            command, cwd=folder, env=environment, stderr=stream, stdout=stream
        )
        _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    seconds = time.monotonic() - started
    return said.read_text("utf-8", "replace"), process.returncode, seconds, used.ru_maxrss * 1024


@pytest.mark.torture
@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="memory is measured on Linux")
@pytest.mark.parametrize("kind", FILES)
def test_any_file_ends_in_a_site_or_in_one_message(kind: str, folder: Path) -> None:
    name, make = FILES[kind]
    file = folder / "essay" / name
    faults = []
    for number in range(ROUNDS):
        file.write_bytes(make(random.Random(f"{kind} {number}")))  # noqa: S311 - no secret
        told, code, seconds, memory = build(folder)
        print(f"{kind} {number}: {code}, {seconds:.1f} s, {memory / 2**20:.0f} MB, {told[:150]!r}")
        sound_end = code == 0 or (code == 1 and len(told.splitlines()) == 1 and name in told)
        if not sound_end or seconds > MOST_SECONDS or memory > MOST_BYTES:
            faults.append(
                f"{kind} {number}: {code}, {seconds:.1f} s, {memory} bytes, {told[-500:]}"
            )
    if name in sound():
        file.write_bytes(sound()[name])
    else:
        file.unlink()
    assert faults == []
