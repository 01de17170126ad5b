"""Pages for machines: each page as markdown, what search engines read, and a list of it all."""
