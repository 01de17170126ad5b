"""Steps on a Dask cluster that is there already, whose workers see the same files as the build."""

from collections.abc import Iterator
from concurrent.futures import Executor
from contextlib import contextmanager

from netviz.errors import SiteError

PATIENCE = "10s"


@contextmanager
def dask_executor(scheduler: str) -> Iterator[Executor]:
    """Give an executor that hands calls to the cluster of the `scheduler` at an address.

    A call whose worker is lost is made again by another one. Each call is made, even where its
    arguments are those of an earlier one.

    Raises:
        SiteError: Dask is not installed, or nothing answers at the address.
    """
    try:
        from distributed import Client  # noqa: PLC0415 - an extra, and slow to load
    except ImportError:
        raise SiteError(
            "Dask is not installed here", remedy='Install it: pip install "netviz[dask]"'
        ) from None
    try:
        client = Client(scheduler, timeout=PATIENCE)  # type: ignore[no-untyped-call]  # Dask has no types
    except (OSError, ValueError) as error:
        raise SiteError(
            f"no Dask scheduler answers at {scheduler!r}",
            expected="an address such as tcp://127.0.0.1:8786",
            got=str(error),
            remedy="Start one with `dask scheduler`, and workers with `dask worker`.",
        ) from None
    with client, client.get_executor(pure=False) as executor:  # type: ignore[no-untyped-call]  # as above
        yield executor
