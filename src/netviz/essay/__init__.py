"""From an author's files to a page: settings, front matter, markdown, numbers, claims."""
