"""Schedules: how the learning rate changes from the first step of training to the last."""

import math

from netviz.training.recipe import ScheduleName


def rate_factor(schedule: ScheduleName, step: int, steps: int) -> float:
    """Return the factor on the learning rate at `step` (from 0) of `steps`.

    "constant" stays 1; "linear" and "cosine" (Loshchilov & Hutter 2017, without restarts) fall
    from 1 at the first step towards 0, which they would reach one step after the last.
    """
    done = step / steps
    if schedule == "linear":
        return 1 - done
    if schedule == "cosine":
        return (1 + math.cos(math.pi * done)) / 2
    return 1.0
