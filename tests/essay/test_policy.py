"""What a policy allows, and what an essay's own template has to say to allow more than ours."""

from pathlib import Path

import pytest

from netviz.errors import EssayError
from netviz.essay.policy import (
    Policy,
    loosened,
    our_policy,
    read_policy,
    refuse_without_policy,
    template_policy,
)
from netviz.essay.style import source_hash
from netviz.essay.templates import Templates, built_in_templates

META = '<meta http-equiv="Content-Security-Policy" content="{}">'


def test_ours_allows_nothing_of_another_host_and_nothing_beyond_itself() -> None:
    ours = our_policy()
    assert ours.beyond(ours) is None
    for directive in ("script-src", "img-src", "media-src", "frame-src", "object-src"):
        assert not ours.allows(directive, "https://example.org/x")


@pytest.mark.parametrize(
    ("policy", "more"),
    [
        ("", "default-src"),
        ("default-src 'none'", "base-uri"),
        ("default-src 'none'; base-uri 'none'; form-action 'none'", None),
        ("DEFAULT-SRC 'none'; base-uri 'self'; form-action 'none'", "base-uri 'self'"),
        ("default-src 'self'; base-uri 'none'; form-action 'none'", "default-src 'self'"),
        (f"{our_policy().text}; frame-src 'self'", "frame-src 'self'"),
        (f"{our_policy().text}; default-src *", None),  # of two the first counts
        (f"script-src 'unsafe-inline'; {our_policy().text}", "script-src 'unsafe-inline'"),
        (f"{our_policy().text}; upgrade-insecure-requests; frame-ancestors 'none'", None),
    ],
)
def test_what_a_policy_allows_beyond_ours_is_named(policy: str, more: str | None) -> None:
    assert Policy(policy).beyond(our_policy()) == more


def test_a_policy_that_comes_too_late_or_in_the_body_does_not_hold() -> None:
    meta = META.format(our_policy().text)
    assert loosened(f"<head>{meta}<script src=x></script></head><body>") is None
    assert loosened(f"<head><script src=x></script>{meta}</head><body>") is not None
    assert loosened(f"<head></head><body>{meta}<!-- own policy: x -->") is not None
    assert loosened(f"<head><!-- {meta} --></head><body>") is not None
    for name in ("title", "style", "script", "noscript", "template"):
        assert loosened(f"<head><{name}>{meta}</{name}></head><body>") is not None, name
    assert loosened(f"<head>words {meta}</head><body>") is not None
    assert loosened(f"<head><title>a <b> c</title>{meta}</head><body>") is None


def test_a_reason_in_the_head_allows_another_policy() -> None:
    assert loosened("<head><!-- own policy: films of the seminar --></head><body>") is None
    assert loosened("<head><!-- own policy: --></head><body>") is not None
    assert read_policy("<head><!-- own policy: x --><body>")[1]


def with_style(allowed: str, style: str = "p{}") -> str:
    policy = our_policy().text.replace("style-src 'self'", f"style-src 'self' {allowed}")
    return f"<head>{META.format(policy)}<style>{style}</style></head><body>"


def test_the_hash_of_the_page_s_own_style_is_allowed_and_no_other() -> None:
    for style in ("p{}", "\n p {}\n", "a > b {} /* <script> */"):
        assert loosened(with_style(f"'{source_hash(style)}'", style)) is None
    other = f"'{source_hash('q{}')}'"
    assert loosened(with_style(other)) == f"style-src 'self' {other}"
    assert loosened(with_style("'unsafe-inline'")) == "style-src 'self' 'unsafe-inline'"
    script = with_style(f"'{source_hash('p{}')}'").replace("script-src", "script-src 'sha256-eA=='")
    assert loosened(script) == "script-src 'sha256-eA==' 'self'"
    moved = with_style("").replace("script-src", f"script-src '{source_hash('p{}')}'")
    assert (loosened(moved) or "").startswith("script-src")


def test_a_policy_that_forbids_the_page_s_style_is_refused() -> None:
    templates = Templates((built_in_templates(),))
    refuse_without_policy(with_style(f"'{source_hash('p{}')}'"), "essay.html", templates)
    with pytest.raises(EssayError, match="forbids a style in the page") as error:
        refuse_without_policy(with_style(""), "essay.html", templates)
    assert source_hash("p{}") in str(error.value)


def test_a_template_without_our_policy_is_named(tmp_path: Path) -> None:
    templates = Templates((tmp_path, built_in_templates()))
    assert template_policy(templates) == our_policy()
    (tmp_path / "base.html").write_text("<head><title>x</title></head>", encoding="utf-8")
    assert template_policy(templates) == Policy("")
    with pytest.raises(EssayError, match="no policy before what the page loads") as error:
        refuse_without_policy("<head></head><body>", "essay.html", templates)
    assert str(error.value).startswith(f"{tmp_path / 'base.html'}: ")
