"""Where the pages of a site are published."""

import pytest

from netviz.essay.addresses import published_path


@pytest.mark.parametrize(
    ("path", "published"),
    [
        ("index.html", ""),
        ("docs/index.html", "docs/"),
        ("reindex.html", "reindex.html"),
        ("docs/my-index.html", "docs/my-index.html"),
        ("index.es.html", "index.es.html"),
        ("docs%2Findex.html", "docs%2Findex.html"),
    ],
)
def test_the_first_page_of_a_folder_alone_is_published_as_the_folder(
    path: str, published: str
) -> None:
    assert published_path(path) == published
