"""Where what belongs to a user, and to no essay, is kept."""

import os
from pathlib import Path


def default_cache_dir() -> Path:
    """Return where downloads are kept: NETVIZ_CACHE_DIR, or the user's cache folder."""
    named = os.environ.get("NETVIZ_CACHE_DIR")
    if named:
        return Path(named)
    from platformdirs import user_cache_path  # noqa: PLC0415 - rarely needed

    return user_cache_path("netviz")
