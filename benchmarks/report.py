"""From build/bench.json to tables in markdown, and from there into the pages that show them."""

import re
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

Part = Mapping[str, Any]


def tables(report: Mapping[str, Part]) -> dict[str, str]:
    """Return the table of each part that was measured, by the name of its markers.

    Where all that it takes was measured, there is one more, of ratios alone: "summary".
    """
    found = {name: table(report[name]) for name, table in TABLES.items() if name in report}
    if {"training", "building", "page"} <= found.keys() and "phone" in report["page"]:
        found["summary"] = _summary(report)
    return found


def write_between_markers(page: Path, found: Mapping[str, str]) -> list[str]:
    """Put each table between `<!-- bench: NAME -->` and `<!-- /bench -->`; return those written."""
    text = page.read_text("utf-8") if page.is_file() else ""
    written = []
    for name, table in found.items():
        place = re.compile(rf"(<!-- bench: {name} -->\n).*?(<!-- /bench -->)", re.DOTALL)
        text, count = place.subn(partial(_filled, table), text)
        written += [name] * bool(count)
    if written:
        page.write_text(text, encoding="utf-8")
    return written


def _summary(report: Mapping[str, Part]) -> str:
    networks = report["training"]["networks"].values()
    seconds = report["building"]["seconds"]
    ours = seconds["netviz"]
    rows = [
        ["training: PyTorch's time over ours", _range(networks, "pytorch_over_netviz")],
        ["training: scikit-learn's time over ours", _range(networks, "scikit_learn_over_netviz")],
        ["training: ours over that of the arithmetic alone", _range(networks, "times_the_bound")],
    ]
    kinds = {"saved": "from a save to the new page", "edited": "one edit, from the command line"}
    for kind, words in kinds.items():
        ratios = [
            f"{name} {_times(_ratio(peer[kind], ours[kind]))}"
            for name, peer in seconds.items()
            if name != "netviz"
        ]
        rows.append([f"{words}: their time over ours", ", ".join(ratios)])
    rows.append(["nothing changed", _seconds(ours["unchanged"])])
    paints = [_seconds(phone["first_paint"]) for phone in report["page"]["phone"].values()]
    rows.append(["first paint of the chapters on a slow phone", ", ".join(paints)])
    return _with_notes(_table(["", "measured"], rows), [], report["training"])


def _range(networks: Iterable[Part], ratio: str) -> str:
    values = [one[ratio] for one in networks if one[ratio] is not None]
    return f"{_times(min(values))} to {_times(max(values))}" if values else "–"


def _filled(table: str, place: re.Match[str]) -> str:
    return f"{place[1]}\n{table}\n\n{place[2]}"


def _training(part: Part) -> str:
    rows = []
    for name, network in part["networks"].items():
        contenders = network["contenders"]
        best = network["best_pytorch"]
        rows.append(
            [
                name,
                _times(network["pytorch_over_netviz"]),
                _times(network["scikit_learn_over_netviz"]),
                _times(network["times_the_bound"]),
                _seconds(contenders["netviz"]["seconds"]),
                _quality(contenders["netviz"]),
                _quality(contenders[best]) if best else "–",
                _quality(contenders.get("scikit-learn")),
            ]
        )
    heads = ["network", "PyTorch / netviz", "scikit-learn / netviz", "netviz / bound", "netviz"]
    heads += ["test accuracy, loss: netviz", "PyTorch", "scikit-learn"]
    peak = 2 * part["multiply_adds_a_second"] / 1e9
    note = f"The bound is the arithmetic at the peak of one thread, {peak:.0f} GFLOP/s."
    notes = [note, _listed(part["machine"]["libraries"]), *_told_missing(part)]
    return _with_notes(_table(heads, rows), notes, part)


def _convolution(part: Part) -> str:
    rows = []
    for name, network in part["networks"].items():
        ratios, contenders = network["netviz_over_pytorch"], network["contenders"]
        rows.append(
            [
                name,
                *(
                    _times(ratios.get(f"PyTorch, {threads}"))
                    for threads in ("1 thread", "2 threads")
                ),
                f"{network['share_of_peak']:.0%}",
                f"{contenders['netviz']['microseconds']:.0f} µs",
                ", ".join(f"{one['loss']:.3f}" for one in contenders.values()),
            ]
        )
    heads = ["network", "netviz / PyTorch, 1 thread", "netviz / PyTorch, 2 threads"]
    heads += ["share of the peak", "netviz, an image", "loss at the end: netviz, PyTorch"]
    peak = 2 * part["multiply_adds_a_second"] / 1e9
    note = f"The peak is that of one thread in a large product, {peak:.0f} GFLOP/s."
    notes = [note, _listed(part["machine"]["libraries"]), *_told_missing(part)]
    return _with_notes(_table(heads, rows), notes, part)


def _listed(versions: Mapping[str, str]) -> str:
    return ", ".join(f"{name} {version}" for name, version in versions.items()) + "."


def _building(part: Part) -> str:
    ours = part["seconds"]["netviz"]
    rows = []
    for name, seconds in part["seconds"].items():
        cells = [name]
        for kind in ("edited", "unchanged", "saved"):
            ratio = "" if name == "netviz" else f" ({_times(_ratio(seconds[kind], ours[kind]))})"
            cells.append(f"{_seconds(seconds[kind])}{ratio}")
        rows.append(cells)
    heads = ["generator", "one edit, whole process", "nothing changed", "watching: save to page"]
    notes = ["In brackets: the generator's time over netviz's."]
    notes.append(_listed(part["versions"]))
    notes += [
        f"A cold build {kind} takes {cold['seconds']:.1f} s and "
        f"{cold['peak_megabytes'] / 1024:.2f} GB at its peak."
        for kind, cold in part["cold"].items()
    ]
    start = part["start"]
    notes.append(
        f"`netviz --help` takes {_times(start['help'] / start['imports'])} the time of Python with "
        f"the modules that it imports."
    )
    return _with_notes(_table(heads, rows), [*notes, *_told_missing(part)], part)


def _preview(part: Part) -> str:
    edits = {
        "text": "a paragraph",
        "rule": "the style of captions",
        "style": "the style of the whole page",
        "template": "the template of all figures",
    }
    rows = [
        [edits[kind], _milliseconds(found["median"]), _milliseconds(found["most"])]
        for kind, found in part.get("seconds", {}).items()
    ]
    heads = ["an edit of", "saved to seen: median", "at most"]
    return _with_notes(_table(heads, rows), _told_missing(part), part)


def _page(part: Part) -> str:
    if "phone" not in part:
        return _with_notes("", _told_missing(part), part).strip()
    phones, weight, hover = part["phone"].values(), part["weight"], part["hover"]
    speed = part["training"]
    page_speed = speed["page, batches of 10"]
    kinds = {
        "first_paint": "first paint",
        "largest_paint": "largest paint",
        "blocked": "blocked by tasks above 50 ms",
        "first_samples": "first samples, when asked for at once",
    }
    rows = [
        [f"slow phone: {words}", ", ".join(_seconds(phone[kind]) for phone in phones)]
        for kind, words in kinds.items()
    ]
    shifts = ", ".join(f"{phone['layout_shift']:.4f}" for phone in phones)
    rows.append(["slow phone: layout shift", shifts])
    for when, one in weight.items():
        rows.append(
            [
                f"over the wire, {when}",
                (
                    f"{one['bytes'] / 1000:.0f} kB in {one['requests']} requests, "
                    f"{one['script_bytes'] / 1000:.0f} kB of it script and late data"
                ),
            ]
        )
    for when, one in hover.items():
        rows.append(
            [
                f"pointer to painted frame, processor {when}",
                (
                    f"{one['median_milliseconds']:.0f} ms, 95 of 100 below "
                    f"{one['p95_milliseconds']:.0f} ms"
                ),
            ]
        )
    rows += [
        [f"training in the page / {name}", _times(page_speed / value)]
        for name, value in speed.items()
        if name.startswith("numpy")
    ]
    if "lighthouse" in part:
        scores = ", ".join(f"{name} {score}" for name, score in part["lighthouse"].items())
        rows.append(["Lighthouse, mobile", scores])
    note = (
        "The slow phone: processor four times slower, 1.6 Mbit/s, 150 ms; "
        f"{' and '.join(part['phone'])}. The rest is of the first."
    )
    return _with_notes(_table(["", "measured"], rows), [note, *_told_missing(part)], part)


def _growth(part: Part) -> str:
    rows = []
    for name, course in part["courses"].items():
        first, last = course["points"][0], course["points"][-1]
        rows.append(
            [
                name,
                f"{first['size']:g} to {last['size']:g}",
                f"{_seconds(first['seconds'])} to {_seconds(last['seconds'])}",
                f"{course['time_exponent']:.2f}",
                f"{first['megabytes']:.0f} to {last['megabytes']:.0f} MB",
                f"{course['memory_exponent']:.2f}",
            ]
        )
    heads = ["what grows", "from, to", "time", "time grows as its power", "memory"]
    heads += ["memory grows as its power"]
    note = "A power of 1 is linear; the powers are fitted to the upper half of the sizes."
    return _with_notes(_table(heads, rows), [note], part)


def _ratio(one: float | None, other: float | None) -> float | None:
    return one / other if one and other else None


def _told_missing(part: Part) -> Iterable[str]:
    return (f"{name} is not installed here and was not measured." for name in part["missing"])


def _with_notes(table: str, notes: Iterable[str], part: Part) -> str:
    machine = part["machine"]
    where = (
        f"Measured {'quickly ' if part['quick'] else ''}on {machine['processor']}, "
        f"{machine['cores']} cores, {machine['memory_gb']} GB, Python {machine['python']}."
    )
    return f"{table}\n\n{' '.join([*notes, where])}"


def _table(heads: list[str], rows: list[list[str]]) -> str:
    rule = ["---"] + ["---:"] * (len(heads) - 1)
    return "\n".join(f"| {' | '.join(cells)} |" for cells in [heads, rule, *rows])


def _times(ratio: float | None) -> str:
    return "–" if ratio is None else f"{ratio:.2f}×"


def _seconds(seconds: float | None) -> str:
    return "–" if seconds is None else f"{seconds:.2f} s"


def _milliseconds(seconds: float) -> str:
    return f"{1000 * seconds:.0f} ms"


def _quality(contender: Part | None) -> str:
    if contender is None:
        return "–"
    return f"{contender['test_accuracy']:.2%}, {contender['test_loss']:.4f}"


TABLES: dict[str, Callable[[Part], str]] = {
    "training": _training,
    "convolution": _convolution,
    "building": _building,
    "preview": _preview,
    "page": _page,
    "growth": _growth,
}
