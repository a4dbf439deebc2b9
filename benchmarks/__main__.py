"""All benchmarks: `make bench`."""

import subprocess
import sys

BENCHMARKS = ["slots", "pages", "links"]

if __name__ == "__main__":
    # Each in a process of its own: Django is set up once in a process, and each wants a site of its own.
    for name in BENCHMARKS:
        subprocess.run([sys.executable, "-m", f"benchmarks.{name}"], check=True)
        print(flush=True)
