"""A lock keeps others out, and ends with its holder."""

import subprocess
import sys
import threading
import time
from pathlib import Path

from netviz.engine.lock import Lock

HOLD = """
import sys, time
from pathlib import Path
from netviz.engine.lock import Lock

Lock(Path(sys.argv[1])).acquire()
print("held", flush=True)
time.sleep(60)
"""


def test_one_holds_it_and_the_file_goes_with_the_last(tmp_path: Path) -> None:
    one, other = Lock(tmp_path / "lock"), Lock(tmp_path / "lock")
    assert one.acquire()
    assert not other.acquire()
    one.release()
    assert other.acquire()
    other.release()
    assert not (tmp_path / "lock").exists()


def test_a_patient_one_gets_it_when_it_is_free(tmp_path: Path) -> None:
    one, other = Lock(tmp_path / "lock"), Lock(tmp_path / "lock")
    one.acquire()
    threading.Timer(0.1, one.release).start()
    assert other.acquire(patience=5)
    other.release()


def test_the_lock_of_a_killed_process_is_free(tmp_path: Path) -> None:
    command = [sys.executable, "-c", HOLD, str(tmp_path / "lock")]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        lock = Lock(tmp_path / "lock")
        assert not lock.acquire()
        holder.kill()
        assert lock.acquire(patience=5)
        lock.release()


def test_never_two_at_a_time(tmp_path: Path) -> None:
    """The file is removed and made again all the time, which must let nobody slip in."""
    inside = 0
    most = 0
    turns = 0
    guard = threading.Lock()

    def work() -> None:
        nonlocal inside, most, turns
        for _ in range(30):
            lock = Lock(tmp_path / "lock")
            while not lock.acquire():
                time.sleep(0)
            with guard:
                inside += 1
                most = max(most, inside)
            time.sleep(0.0005)
            with guard:
                inside -= 1
                turns += 1
            lock.release()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (most, turns) == (1, 120)
