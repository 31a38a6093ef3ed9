"""The results as files: one table in Markdown and CSV, everything in JSON."""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from tests.bench.comparison import OURS, SHARES, WITHOUT_BOUND, Run, growth

COLUMNS = ("size_name", "family", "seed", "method", "status", "margin", "bound", "gap", "best_bound", "gap_to_best",
           *(f"proven_{share:g}" for share in SHARES), *(f"found_{share:g}" for share in SHARES), "peak_gib", "load",
           "build", "solve", "report", "total", "wall", "gap_ratio", "verdict", "above_best_bound", "rows", "columns",
           "integers", "note")
STAGES = ("load", "build", "solve", "report")


def write_results(folder: Path, rows: Sequence[Run], facts: Mapping[str, str]) -> list[Path]:
    """``results.md``, ``results.csv`` and ``results.json`` in the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    texts = {"results.md": markdown(rows, facts),
             "results.json": json.dumps({"facts": dict(facts), "runs": list(rows), "growth": growth(rows)}, indent=1)}
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")
    with (folder / "results.csv").open("w", encoding="utf-8", newline="") as target:
        table = csv.DictWriter(target, COLUMNS, extrasaction="ignore", lineterminator="\n")
        table.writeheader()
        for row in rows:
            table.writerow({**row, **row["size"], **row["seconds"]})
    return [folder / name for name in (*texts, "results.csv")]


def markdown(rows: Sequence[Run], facts: Mapping[str, str]) -> str:
    """Facts, a table of every run, what is asked of the program, and growth."""
    head = ("size", "family", "seed", "method", "status", "margin, million", "gap, %", "gap to best bound, %",
            *_time_heads(), "peak, GiB",
            "load / build / solve / report, s", "gap, times ours", "note")
    parts = ["# Benchmark\n", *(f"- {name}: {text}" for name, text in facts.items()), "",
             "Gap: of a method's plan to its own bound at the time limit. Seconds to a gap count from reading the "
             "input; a dash is never.\n",
             *_overview(rows), "", _line(head), _line(["---"] * len(head)), *(_line(_cells(row)) for row in rows), "",
             *_verdicts(rows), ""]
    fitted = growth(rows)
    if fitted:
        parts += ["Growth of the program's total time with the number of orders n:\n"]
        parts += [f"- {family}: {fit['factor']:.3g} s x n^{fit['exponent']:.2f} ({fit['points']:.0f} runs)"
                  for family, fit in fitted.items()]
    wrong = [row for row in rows if row["above_best_bound"]]
    parts += [f"\nCONTRADICTION: {row['method']} on {row['size_name']} {row['family']} {row['seed']} earns more than "
              "another method's bound." for row in wrong]
    return "\n".join(parts) + "\n"


def _overview(rows: Sequence[Run]) -> list[str]:
    """A line for each book: the program, and beside it what the other methods leave open."""
    methods = list(dict.fromkeys(row["method"] for row in rows))
    others = [method for method in methods if method != OURS]
    head = ("size", "family", "seed", "gap, %", *_time_heads(), "total, s", "peak, GiB",
            *(f"{method}: gap, %" for method in others))
    books: dict[tuple[str, str, int], dict[str, Run]] = {}
    for row in rows:
        books.setdefault((row["size_name"], row["family"], row["seed"]), {})[row["method"]] = row
    lines = []
    for (size, family, seed), book in books.items():
        ours = book.get(OURS)
        if ours is not None:
            lines.append(_line([size, family, str(seed), _percent(ours["gap"]),
                                *(_number(ours[f"proven_{share:g}"], 1) for share in SHARES),
                                _number(ours["total"], 0), _number(ours["peak_gib"], 1),
                                *(_left_open(book.get(method)) for method in others)]))
    return [_line(head), _line(["---"] * len(head)), *lines] if lines else []


def _left_open(row: Run | None) -> str:
    """A method's own gap, without a bound of its own that to the best bound; or that it has no plan."""
    if row is None or row["status"] == "left_out":
        return "–"
    left = row["gap_to_best"] if row["method"] in WITHOUT_BOUND else row["gap"]
    return "no plan" if row["margin"] is None else _percent(left)


def _time_heads() -> list[str]:
    return [f"s to {share:.2%}".replace("0%", "%").replace(".0%", "%") for share in SHARES]


def _cells(row: Run) -> list[str]:
    stages = " / ".join(_number(row["seconds"].get(stage), 1) for stage in STAGES)
    return [row["size_name"], row["family"], str(row["seed"]), row["method"], row["status"],
            _number(row["margin"], 3, 1e-6), _percent(row["gap"]), _percent(row["gap_to_best"]),
            *(_number(row[f"proven_{share:g}"], 1) for share in SHARES), _number(row["peak_gib"], 2), stages,
            _number(row["gap_ratio"], 1), row["note"].replace("|", "/")]


def _verdicts(rows: Sequence[Run]) -> list[str]:
    judged = [row for row in rows if row["verdict"] is not None]
    if not judged:
        return []
    kept = sum(row["verdict"] for row in judged)
    text = (f"Against the textbook and the aggregated model in plain HiGHS: in {kept} of {len(judged)} runs the "
            f"{OURS}'s gap is at most 0.01 % or a tenth of theirs, or, where they have proven 0.01 %, it is not "
            "slower.")
    return [text] + [f"- not so: {row['size_name']} {row['family']} {row['seed']} against {row['method']}"
                   for row in judged if not row["verdict"]]


def _line(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def _number(value: Any, decimals: int, factor: float = 1.0) -> str:
    return "–" if value is None else f"{value * factor:,.{decimals}f}"


def _percent(value: float | None) -> str:
    return "–" if value is None else f"{100 * value:.4f}"
