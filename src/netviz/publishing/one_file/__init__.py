"""The parts of a page as one file: what it loads, its pictures, its links, and late data."""
