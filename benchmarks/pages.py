"""How fast the page of a private link is.

Run it with `python -m benchmarks.pages` (or all benchmarks with `make bench`).
"""

from benchmarks.site import own_site


def main() -> None:
    """Print all tables."""
    with own_site():
        # Models can be imported only now that Django is set up.
        from benchmarks.booking_page import measure  # noqa: PLC0415

        measure()


if __name__ == "__main__":
    main()
