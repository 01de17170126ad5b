"""Networks: their layers, losses and gradients. Mathematics only."""
