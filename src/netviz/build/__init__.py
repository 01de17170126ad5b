"""One build from an essay to its site: the order of its parts, where it writes, how it ends."""
