"""Where the pages of a site are published."""

FIRST = "index.html"


def published_path(path: str) -> str:
    """Return the path at which hosts show the page at `path`: the first page of a folder is it.

    A page whose name only ends so, such as `reindex.html`, keeps its name.
    """
    folder, slash, name = path.rpartition("/")
    return folder + slash if name == FIRST else path
