"""Layers once more, computed with as little memory traffic as numpy allows.

The numbers are those of `netviz.network.layers`, to rounding. A fast form is made for one size of
batch and keeps its memory from batch to batch.
"""
