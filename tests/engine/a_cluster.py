"""A Dask cluster for tests: `python a_cluster.py` prints its address and its workers' processes.

It ends with its standard input.
"""

import sys

from distributed import LocalCluster


def main() -> None:
    cluster = LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None)  # type: ignore[no-untyped-call]  # Dask has no types
    with cluster:
        processes = [str(nanny.pid) for nanny in cluster.workers.values()]
        print(cluster.scheduler_address, *processes, flush=True)
        sys.stdin.read()


if __name__ == "__main__":
    main()
