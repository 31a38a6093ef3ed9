"""A picture of gap over time as plain SVG: one panel for each book, one stepped line for each method."""

from __future__ import annotations

import math
from collections.abc import Sequence
from html import escape
from typing import Any

from tests.bench.comparison import WITHOUT_BOUND, Run, gap

PANEL_WIDTH, PANEL_HEIGHT, MARGIN, COLUMNS_OF_PANELS = 380, 230, 52, 2
LEGEND = 30
COLOURS = {"program": "#0b6e4f", "textbook": "#c1121f", "aggregated": "#e07a1f", "greedy": "#6b7280", "scip": "#3a5a9b",
           "cpsat": "#8e44ad"}
LEAST_GAP, MOST_GAP = 1e-6, 1.0
LEAST_SECONDS = 0.5


def picture(rows: Sequence[Run]) -> str:
    """Gap of the best plan to the best bound known of the book, over the seconds since the input was read."""
    books: dict[tuple[Any, ...], list[Run]] = {}
    for row in rows:
        books.setdefault((row["size_name"], row["family"], row["seed"]), []).append(row)
    columns = min(COLUMNS_OF_PANELS, max(1, len(books)))
    width = columns * PANEL_WIDTH
    height = LEGEND + math.ceil(len(books) / columns) * PANEL_HEIGHT
    box = f'width="{width}" height="{height}"'
    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" {box} viewBox="0 0 {width} {height}" font-family="sans-serif" '
             'font-size="11">', f'<rect {box} fill="white"/>']
    methods = list(dict.fromkeys(row["method"] for row in rows))
    parts += [_legend(place, method) for place, method in enumerate(methods)]
    for number, (book, members) in enumerate(books.items()):
        left = number % columns * PANEL_WIDTH
        parts.append(_panel(left, LEGEND + number // columns * PANEL_HEIGHT, book, members))
    return "\n".join([*parts, "</svg>"]) + "\n"


def _legend(place: int, method: str) -> str:
    left = 12 + 110 * place
    return (f'<line x1="{left}" y1="15" x2="{left + 20}" y2="15" stroke="{COLOURS[method]}" stroke-width="3"/>'
            f'<text x="{left + 26}" y="19">{escape(method)}</text>')


def _panel(left: int, top: int, book: tuple[Any, ...], runs: Sequence[Run]) -> str:
    longest = max([row["wall"] for row in runs] + [10 * LEAST_SECONDS])
    right, bottom = left + PANEL_WIDTH - 16, top + PANEL_HEIGHT - 36

    def across(seconds: float) -> float:
        share = math.log(max(seconds, LEAST_SECONDS) / LEAST_SECONDS) / math.log(longest / LEAST_SECONDS)
        return left + MARGIN + min(share, 1.0) * (right - left - MARGIN)

    def down(share: float) -> float:
        level = math.log(min(max(share, LEAST_GAP), MOST_GAP) / LEAST_GAP) / math.log(MOST_GAP / LEAST_GAP)
        return bottom - level * (bottom - top - 22)

    parts = [f'<text x="{left + MARGIN}" y="{top + 14}" font-weight="bold">{escape(" ".join(map(str, book)))}</text>']
    for power in range(-6, 1):
        y = down(10.0**power)
        parts.append(f'<line x1="{left + MARGIN}" y1="{y:.1f}" x2="{right}" y2="{y:.1f}" stroke="#e5e7eb"/>'
                     f'<text x="{left + MARGIN - 4}" y="{y + 4:.1f}" text-anchor="end">{100 * 10.0**power:g} %</text>')
    for seconds in (each for each in (1, 10, 100, 1000, 10000) if each <= longest):
        parts.append(f'<text x="{across(seconds):.1f}" y="{bottom + 14}" text-anchor="middle">{seconds} s</text>')
    parts += [_steps(row, across, down) for row in runs]
    parts.append(f'<text x="{(left + MARGIN + right) / 2}" y="{bottom + 28}" text-anchor="middle">'
                 'seconds from reading the input; gap to the best bound known</text>')
    return "\n".join(parts)


def _steps(row: Run, across: Any, down: Any) -> str:
    """The line of one run, ending at its last second; a rule that knows one plan only is a dot."""
    best, points = -math.inf, []
    for seconds, margin, _ in row["trace"]:
        if margin is not None and margin > best and row["best_bound"] is not None:
            best = margin
            level = gap(best, row["best_bound"]) or 0.0
            points += [(seconds, points[-1][1])] if points else []
            points.append((seconds, level))
    if not points:
        return ""
    colour = COLOURS[row["method"]]
    x, y = across(points[-1][0]), down(points[-1][1])
    dot = f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.5" fill="{colour}"/>'
    if row["method"] in WITHOUT_BOUND and len(points) == 1:
        return dot
    last = row["seconds"].get("load", 0.0) + row["seconds"].get("build", 0.0) + row["seconds"].get("solve", 0.0)
    points.append((max(last, points[-1][0]), points[-1][1]))
    path = " ".join(f"{across(seconds):.1f},{down(level):.1f}" for seconds, level in points)
    return f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>{dot}'
