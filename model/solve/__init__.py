"""Solving: Pyomo model to matrix, HiGHS, the order of the searches, outcomes as values."""
