"""The whole site as `make run` runs it, but for its preparation: the test has migrated the database, and fills it."""

import sys

from config import run

vars(run).update(prepare=str)

if __name__ == "__main__":
    sys.exit(run.main())
