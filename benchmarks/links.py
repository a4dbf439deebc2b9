"""How fast many private links are created and downloaded.

Run it with `python -m benchmarks.links` (or all benchmarks with `make bench`).
"""

from benchmarks.site import own_site


def main() -> None:
    """Print all tables."""
    with own_site():
        # Models can be imported only now that Django is set up.
        from benchmarks.many_links import measure  # noqa: PLC0415

        measure()


if __name__ == "__main__":
    main()
