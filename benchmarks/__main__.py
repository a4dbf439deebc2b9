"""All benchmarks: `make bench`."""

from benchmarks import links, pages, slots

if __name__ == "__main__":
    slots.main()
    print()
    pages.main()
    print()
    links.main()
