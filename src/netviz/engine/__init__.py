"""The build engine: steps, keys, cache, workers. It knows no network, figure or page."""
