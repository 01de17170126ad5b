"""No bad input ends in anything but success or one error of netviz's own (see bad_input.py)."""

import multiprocessing
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import pytest

from tests.bad_input import MOST_BYTES, MOST_SECONDS, TARGETS, try_alone, try_cases

QUICK = 200
LONG = 8_000  # of each target, more than 100,000 in all


@pytest.mark.parametrize("name", TARGETS)
def test_every_input_is_read_or_refused(name: str, tmp_path: Path) -> None:
    outcome = try_cases(name, range(QUICK), tmp_path)
    assert outcome.failures == ()
    assert outcome.read > 0  # the seeds themselves are sound
    assert outcome.refused > QUICK // 10


@pytest.mark.torture
def test_a_hundred_thousand_inputs_are_read_or_refused_in_time_memory_and_place(
    tmp_path: Path,
) -> None:
    assert LONG * len(TARGETS) >= 100_000
    with ProcessPoolExecutor(
        2, mp_context=multiprocessing.get_context("spawn"), max_tasks_per_child=1
    ) as executor:
        started = {}
        for name in TARGETS:
            folder = tmp_path / name
            folder.mkdir()
            cases = range(QUICK, QUICK + LONG)
            started[name] = executor.submit(try_alone, name, cases, folder)
        outcomes = {name: future.result() for name, future in started.items()}
    for name, (outcome, taken) in outcomes.items():
        print(f"{name}: {outcome.read} read, {outcome.refused} refused, "
              f"slowest {outcome.slowest:.2f} s, {taken / 2**20:.0f} MB")  # fmt: skip
    failures = [failure for outcome, _ in outcomes.values() for failure in outcome.failures]
    assert failures == []
    assert max(outcome.slowest for outcome, _ in outcomes.values()) < MOST_SECONDS
    assert max(taken for _, taken in outcomes.values()) < MOST_BYTES
