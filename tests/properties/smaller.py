"""Makes the case of a seed smaller while the program still disagrees: python -m tests.properties.smaller SEED"""

from __future__ import annotations

import sys

from tests import support
from tests.oracle.algebra import NoSolutionError
from tests.oracle.plain import best_margin
from tests.oracle.random_books import Records, random_book
from tests.oracle.shrink import shrink
from tests.properties.compare import differences, reproducer


def disagrees(records: Records) -> bool:
    """Whether the program's answer to an accepted case is not the oracle's."""
    try:
        expected = best_margin(support.tables_of(records))
    except (AssertionError, NoSolutionError):
        return False
    return bool(differences(records, expected))


if __name__ == "__main__":
    seed = int(sys.argv[1])
    case = random_book(seed)
    sys.stdout.write(reproducer(seed, shrink(case, disagrees) if disagrees(case) else case) + "\n")
