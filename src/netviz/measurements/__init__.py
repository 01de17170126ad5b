"""Typed records of all that is measured, and where each number comes from."""
