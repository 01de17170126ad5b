"""The style of a page: its files are found from the page, and its hash is that of its text."""

import base64
import hashlib

import pytest

from netviz.essay.style import as_text, page_style


@pytest.mark.parametrize(
    ("css", "text"),
    [
        ("a { b: url(fonts/f.woff2) }", "a { b: url(https://e.org/a/fonts/f.woff2) }"),
        ("a { b: url( 'f.png' ) }", "a { b: url(https://e.org/a/f.png) }"),
        ('a { b: url("a b.png") }', "a { b: url(https://e.org/a/a%20b.png) }"),
        ("a { b: url(data:image/png;base64,AA==) }", None),
        ("a { b: url(https://e.org/x.png) url(//e.org/x) url(/x.png) url(#mark) url() }", None),
        ("/* url(x.png) */ a::after { content: 'url(x.png)' }", None),
        ("a::after { content: '</style><body>' }", "a::after { content: '<\\/style><\\62 ody>' }"),
        ("a {}\r\nb {}\rc {}", "a {}\nb {}\nc {}"),
        ("\ufeffa {}", "a {}"),
    ],
)
def test_addresses_are_those_of_the_folder_and_nothing_ends_the_style(
    css: str, text: str | None
) -> None:
    style = page_style(as_text(css.encode()), "https://e.org/a/")
    assert style.text == (css if text is None else text)
    digest = hashlib.sha256(style.text.encode()).digest()
    assert style.hash == f"sha256-{base64.b64encode(digest).decode()}"
