"""Dense networks: their layers, losses and gradients. Mathematics only."""
