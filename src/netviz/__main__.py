"""`python -m netviz` is the command `netviz`; both begin here."""


def run() -> int:
    """Run the command line; return its exit code. Ctrl-C while it is loaded ends it in silence."""
    try:
        from netviz.cli import main  # noqa: PLC0415 - which takes a moment

        return main()
    except KeyboardInterrupt:
        return 1


if __name__ == "__main__":
    raise SystemExit(run())
