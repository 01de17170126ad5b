"""Pictures from arrays: colour maps, weight pictures, sprites and diagrams."""
