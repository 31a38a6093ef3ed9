"""Plans an order book; see README.md, or run with --help."""

import sys

from model.cli import main

if __name__ == "__main__":
    sys.exit(main())
