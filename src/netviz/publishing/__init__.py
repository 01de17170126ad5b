"""From drawings and texts to the files of a site: pages, assets, single files, and their check."""
