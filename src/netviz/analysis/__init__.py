"""What a network does with images it has not seen: arrays in, frozen records out."""
