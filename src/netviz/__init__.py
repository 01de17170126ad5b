"""netviz: explorable essays about neural networks, trained, measured and drawn by one command."""

__version__ = "0.1.0"
