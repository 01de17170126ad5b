"""`python -m netviz` is the command `netviz`."""

from netviz.cli import main

if __name__ == "__main__":
    raise SystemExit(main())
