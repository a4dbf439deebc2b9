"""All benchmarks: `make bench`."""

from benchmarks import pages, slots

if __name__ == "__main__":
    slots.main()
    print()
    pages.main()
