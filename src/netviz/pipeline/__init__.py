"""The steps of a build: train, evaluate, measure, draw, and which of them an essay needs."""
