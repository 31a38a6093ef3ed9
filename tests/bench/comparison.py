"""What the runs of one book say together: gaps, times to a gap, ratios, and growth with the size of the book."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

import numpy as np

from tests.bench import parameters as given

Run = dict[str, Any]
SHARES = (0.01, 0.001, 0.0001)
PROVEN = 1e-4
"""A gap at or below this counts as proven."""
OURS = "program"
RIVALS = ("textbook", "aggregated")
JUDGED_SIZES = ("M", "L", "XL")
"""Where the program is held against its rivals; below, all of them take seconds."""
WITHOUT_BOUND = ("greedy", "cpsat")
"""Methods that have no bound of the model as it stands."""
ROOM = 1e-6


def gap(margin: float | None, bound: float | None) -> float | None:
    """(bound - margin) / max(1, |margin|); None without one of them."""
    if margin is None or bound is None:
        return None
    return max(0.0, bound - margin) / max(1.0, abs(margin))


def compared(runs: Iterable[Run]) -> list[Run]:
    """The runs, each with its gaps, the seconds to them and, for the program, whether it keeps what is asked of it."""
    runs = list(runs)
    books: dict[tuple[str, str, int], list[Run]] = {}
    for run in runs:
        books.setdefault((run["size_name"], run["family"], run["seed"]), []).append(run)
    return [row for book in books.values() for row in _of_book(book)]


def _of_book(book: list[Run]) -> list[Run]:
    bounds = [run["bound"] for run in book if run["bound"] is not None and run["method"] not in WITHOUT_BOUND]
    least = min(bounds, default=None)
    found = []
    for run in book:
        own_bound = None if run["method"] in WITHOUT_BOUND else run["bound"]
        row = {**run, "best_bound": least, "gap": gap(run["margin"], own_bound),
               "gap_to_best": gap(run["margin"], least), "total": sum(run["seconds"].values()),
               "above_best_bound": _contradicts(run["margin"], least)}
        for share in SHARES:
            row[f"proven_{share:g}"] = first_time(run, share, None)
            row[f"found_{share:g}"] = first_time(run, share, least)
        found.append(row)
    ours = next((row for row in found if row["method"] == OURS), None)
    for row in found:
        judged = ours is not None and row["method"] in RIVALS and row["size_name"] in JUDGED_SIZES
        row["verdict"] = verdict(ours, row) if judged else None
        row["gap_ratio"] = _ratio(row["gap"], ours["gap"]) if ours is not None and row is not ours else None
    return found


def _contradicts(margin: float | None, least: float | None) -> bool:
    """Whether a plan earns more than a bound allows, which shows that one of the methods is wrong."""
    return margin is not None and least is not None and margin - least > ROOM * max(1.0, abs(margin))


def first_time(run: Run, share: float, bound: float | None) -> float | None:
    """Seconds until the best plan is within ``share`` of ``bound``; of the method's own bound at that time if None."""
    best, own = -math.inf, math.inf
    if bound is None and run["method"] in WITHOUT_BOUND:
        return None
    for seconds, margin, shown in run["trace"]:
        best = max(best, -math.inf if margin is None else margin)
        own = min(own, math.inf if shown is None else shown)
        limit = own if bound is None else bound
        if math.isfinite(best) and math.isfinite(limit) and gap(best, limit) <= share * (1 + 1e-9):
            return float(seconds)
    return None


def verdict(ours: Run, rival: Run) -> bool:
    """Whether the program keeps what is asked of it against a rival.

    Where the rival has proven 0.01 %, the program has too, and is not slower; else the program's gap is at most 0.01 %
    or a tenth of the rival's, and it has a plan where the rival has none.
    """
    if ours["gap"] is None:
        return rival["gap"] is None and rival["margin"] is None
    if rival["gap"] is not None and rival["gap"] <= PROVEN:
        name = f"proven_{PROVEN:g}"
        return ours[name] is not None and (rival[name] is None or ours[name] <= rival[name])
    return bool(ours["gap"] <= PROVEN or rival["gap"] is None or ours["gap"] <= rival["gap"] / 10)


def _ratio(theirs: float | None, ours: float | None) -> float | None:
    """How many times larger their gap is; both count as 0.01 % where they are less."""
    if theirs is None or ours is None:
        return None
    return max(theirs, PROVEN) / max(ours, PROVEN)


def growth(rows: Iterable[Run], method: str = OURS) -> dict[str, dict[str, float]]:
    """By family: ``exponent`` and ``factor`` of total seconds = factor * orders ** exponent, over ``points`` runs."""
    points: dict[str, list[tuple[float, float]]] = {}
    for row in rows:
        if row["method"] == method and row["total"] > 0:
            orders = given.SIZES[row["size_name"]].orders
            points.setdefault(row["family"], []).append((math.log(orders), math.log(row["total"])))
    fitted = {}
    for family, pairs in points.items():
        if len({orders for orders, _ in pairs}) > 1:
            exponent, constant = np.polyfit([x for x, _ in pairs], [y for _, y in pairs], 1)
            fitted[family] = {"exponent": float(exponent), "factor": math.exp(constant), "points": float(len(pairs))}
    return fitted
