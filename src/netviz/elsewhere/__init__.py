"""Networks that were trained elsewhere: their files, names and layers, read as a `Network`."""
