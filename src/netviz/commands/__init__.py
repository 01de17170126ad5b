"""What the command line does besides building."""
