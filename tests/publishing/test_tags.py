"""Tags are found where a browser finds them, and exchanging one leaves all else to the letter."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netviz.publishing.tags import Edit, Tag, changed, edited, read_tags

PAGE = """<!doctype html>
<!-- <img src="comment"> --><title>1 &lt; 2</title>
<style>p::after { content: '<img src="style">' }</style><script>"<img src='script'>"</script>
<p title='<img src="attribute">'>é <IMG SRC=a.png
  alt="two
lines" hidden><img src="&quot;&amp;.png" /></p>
"""


def tags(text: str, name: str) -> list[Tag]:
    return [tag for tag in read_tags(text).starts if tag.name == name]


def test_only_tags_are_taken_for_tags() -> None:
    first, second = tags(PAGE, "img")
    assert dict(first.attributes) == {"src": "a.png", "alt": "two\nlines", "hidden": None}
    assert PAGE[first.start : first.end] == '<IMG SRC=a.png\n  alt="two\nlines" hidden>'
    assert second.get("src") == '"&.png'
    assert second.is_closed


def test_of_two_attributes_of_one_name_the_first_counts_as_in_a_browser() -> None:
    (tag,) = tags('<img src="one" alt src="two">', "img")
    assert list(tag.attributes.items()) == [("src", "one"), ("alt", None)]


def test_a_changed_tag_says_what_it_said_but_for_the_changes() -> None:
    first, second = tags(PAGE, "img")
    changed = first.changed({"src": 'x"<&', "id": "new", "alt": None})
    (again,) = tags(changed, "img")
    assert dict(again.attributes) == {"src": 'x"<&', "hidden": None, "id": "new"}
    assert second.changed({"alt": ""}) == '<img src="&quot;&amp;.png" alt="" />'


def test_of_tags_some_change_some_go_and_the_others_stay_to_the_letter() -> None:
    text = "<p ID=a>1<p id=b>2<P id=c>"
    first, second, third = read_tags(text).starts
    edits = changed([(first, {"id": "x"}), (second, None), (third, {})])
    assert edited(text, edits) == '<p id="x">12<P id=c>'


def test_what_is_added_comes_last_in_head_and_body_or_around_a_page_without_them() -> None:
    for text, whole in {
        "<head>1</head><body><p></body>2</body>": "<head>1H</head><body><p></body>2B</body>",
        "<p>": "H<p>B",
    }.items():
        found = read_tags(text)
        assert edited(text, [found.add_to_body("B"), found.add_to_head("H")]) == whole


def test_an_element_ends_at_its_own_end_tag_or_with_its_start() -> None:
    text = "<script src=a></script ><p><script>b</script>"
    found = read_tags(text)
    one, two = tags(text, "script")
    assert text[one.start : found.end_of(one)] == "<script src=a></script >"
    assert text[two.start : found.end_of(two)] == "<script>b</script>"
    (open_tag,) = tags(text, "p")
    assert found.end_of(open_tag) == open_tag.end


def test_edits_are_made_in_their_places() -> None:
    edits = [Edit(5, 5, "!"), Edit(0, 1, "H"), Edit(5, 5, "?"), Edit(2, 4, "")]
    assert edited("hello", edits) == "Heo!?"


@given(st.text(alphabet="<>/!-= \"'&;\nabimgscriptstyle\r\0é😀", max_size=80))
def test_of_any_text_each_tag_is_a_piece_that_begins_as_one(text: str) -> None:
    for tag in read_tags(text).starts:
        assert text[tag.start : tag.start + 1 + len(tag.name)].lower() == f"<{tag.name}"
        assert text[tag.end - 1] == ">"


@pytest.mark.parametrize("text", ["", "no tag", "<", "<p", "a < b", "<!-- open"])
def test_text_without_a_tag_has_none(text: str) -> None:
    assert read_tags(text).starts == ()
