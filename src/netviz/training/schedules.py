"""Schedules: how the learning rate changes from the first step of training to the last."""

import math

from netviz.training.recipe import ScheduleName


def rate_factor(schedule: ScheduleName, step: int, steps: int, warm_up: float = 0.0) -> float:
    """Return the factor on the learning rate at `step` (from 0) of `steps`.

    In the share `warm_up` of the steps it rises in equal parts to 1 (Goyal et al. 2017). From
    there on, "constant" stays 1; "linear" and "cosine" (Loshchilov & Hutter 2017, without
    restarts) fall from 1 towards 0, which they would reach one step after the last.
    """
    rising = math.floor(warm_up * steps)
    if step < rising:
        return (step + 1) / (rising + 1)
    done = (step - rising) / (steps - rising)
    if schedule == "linear":
        return 1 - done
    if schedule == "cosine":
        return (1 + math.cos(math.pi * done)) / 2
    return 1.0
