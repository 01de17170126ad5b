"""From an essay to a folder of files: the build graph, its cache, the writer, the server."""
