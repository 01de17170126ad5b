"""The conductor: one build from an essay to its site, where it writes, and how it ends."""
