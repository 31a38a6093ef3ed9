"""Why each order is where it is, and what it would take: answers from re-solves of the same model."""
