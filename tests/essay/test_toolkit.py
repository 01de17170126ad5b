"""All that styles and scripts of an author's own may use is in the reference, with its meaning."""

import re

from netviz.essay.templates import built_in_templates
from netviz.essay.toolkit import script_reference, tokens_reference

TEMPLATES = built_in_templates()
ROW = re.compile(r"^\| `(.*?)` \| (.*?) \|", re.MULTILINE)


def test_every_design_token_is_listed_with_its_meaning_and_its_dark_value() -> None:
    css = (TEMPLATES / "css" / "01-tokens.css").read_text(encoding="utf-8")
    rows = dict(ROW.findall(tokens_reference(TEMPLATES)))
    assert set(rows) == set(re.findall(r"^ *(--nv-[\w-]+):", css, re.MULTILINE))
    assert all(rows.values())
    assert "| `--nv-accent` | links, and what is chosen | `#4a3fb5` | `#a9a0ff` |" in (
        tokens_reference(TEMPLATES)
    )
    assert tokens_reference(TEMPLATES).count("the same |") == 5  # fonts and widths


def test_everything_that_a_script_may_call_is_listed_with_its_meaning() -> None:
    """What scripts add to `netviz`, and the methods that a figure inherits."""
    rows = dict(ROW.findall(script_reference(TEMPLATES)))
    assert all(rows.values())
    listed = set(re.findall(r"\b(?:netviz|this)\.(\w+)", " ".join(rows)))
    core = (TEMPLATES / "js" / "core.js").read_text(encoding="utf-8")
    parts = [file.read_text(encoding="utf-8") for file in (TEMPLATES / "js").glob("parts/*.js")]
    defined = set(re.findall(r"^ *netviz\.(\w+) = ", "\n".join([core, *parts]), re.MULTILINE))
    for names in re.findall(r"Object\.assign\(netviz, \{(.*?)\}\)", "\n".join(parts)):
        defined |= set(re.findall(r"\w+", names))
    own = core.partition("const netviz = {")[2].partition("\n  };")[0]
    defined |= set(re.findall(r"^    (\w+)[(:]", own, re.MULTILINE))
    figure = core.partition("class Figure extends")[2].partition("\n  }\n")[0]
    methods = set(re.findall(r"^    (?:async )?(\w+)\(.*\) \{$", figure, re.MULTILINE))
    assert {"load", "el", "still", "Figure", "grid", "paint", "choice"} <= defined
    assert listed == defined | methods - {"connectedCallback", "wake"}


def test_nothing_of_a_table_is_markup_by_accident() -> None:
    for row in (
        *tokens_reference(TEMPLATES).splitlines(),
        *script_reference(TEMPLATES).splitlines(),
    ):
        if row.startswith("| `"):
            assert re.sub(r"`[^`]*`", "", row).count("<") == 0
            assert len(re.findall(r"(?<!\\)\|", row)) in {3, 5}
