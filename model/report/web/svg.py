"""Charts as SVG: columns with limit lines, stacked bars, a map of shades; sized for a phone, scaled on a screen."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import groupby

from model.report.styles import FAINT, INK
from model.report.web.markup import Markup, element, joined
from model.report.widths import display_width

WIDTH, HEIGHT, LEFT, RIGHT, TOP = 440.0, 230.0, 46.0, 8.0, 14.0
FLAT, SLANTED = 22.0, 48.0  # room below the columns for their names
NAME_WIDTH, BAR, CELL, FONT = 138.0, 24.0, 14.0, 11.0
MOST_TICKS, STEPS, NARROW = 8, 5, 30.0  # names, marks; below this width not every column is named
MOST_NAMED = 120  # columns each of which says its figure; more are one shape in each colour
Show = Callable[[float], str]


@dataclass(frozen=True)
class Series:
    """Values by category; a colour of "" is an invisible foot. ``dashes`` is SVG's dash pattern of a line."""

    name: str
    colour: str
    values: Sequence[float]
    dashes: str | None = None


def columns(title: str, categories: Sequence[str], stacks: Sequence[Series], lines: Sequence[Series], show: Show,
            tops: Sequence[str] = (), *, side_by_side: bool = False) -> Markup:
    """Stacked columns by category with lines over them; ``tops`` are words above each column.

    Series of negative values hang below zero, each stack on its own side. ``side_by_side`` puts the series of a
    category beside each other.
    """
    groups = [[series] for series in stacks] if side_by_side else [stacks]
    heights = [_ends([series.values[place] for series in group]) for place in range(len(categories))
               for group in groups]
    marks = nice_marks(min([0.0, *(low for low, _ in heights)]),
                       max([0.0, *(high for _, high in heights), *(max(each.values, default=0.0) for each in lines)]))
    step = (WIDTH - LEFT - RIGHT) / max(1, len(categories))
    names, floor = _categories(categories, step)
    scale = (floor - TOP) / (marks[-1] - marks[0])

    def level(value: float) -> float:
        """Height at which a value stands."""
        return floor - (value - marks[0]) * scale

    parts = [_mark(level(mark), show(mark)) for mark in marks]
    strokes: dict[str, list[str]] = {}
    # No finger finds a column of a pixel, and hundreds of rectangles with their words would leave orders no room.
    is_crowded = len(categories) > MOST_NAMED
    width = 0.7 * step / len(groups)
    for place, category in enumerate(categories):
        left = LEFT + place * step
        for number, group in enumerate(groups):
            for series, low, high in _stacked(group, place):
                x, y, tall = left + 0.15 * step + number * width, level(high), (high - low) * scale
                if is_crowded:
                    strokes.setdefault(series.colour, []).append(f"M{x + width / 2:.1f} {y:.1f}v{tall:.1f}")
                    continue
                label = f"{category}, {series.name}: {show(series.values[place])}"
                parts.append(_rect(x, y, width, tall, series.colour, label))
        if tops:
            parts.append(_text(left + step / 2, level(max(0.0, heights[place][1])) - 3, tops[place], "middle"))
    parts += [element("path", {"d": "".join(path), "stroke": colour, "stroke-width": round(width, 2)})
              for colour, path in strokes.items()]
    parts += [_line(series, [(LEFT + (place + 0.5) * step, level(value)) for place, value in enumerate(series.values)])
              for series in lines]
    return _drawing(title, HEIGHT, [*parts, *names])


def bars(title: str, categories: Sequence[str], stacks: Sequence[Series], show: Show, *,
         marks: Sequence[float] = (), bar: float = BAR, tell: Show | None = None) -> Markup:
    """Stacked bars, the first category on top. Values are not negative.

    ``marks`` begin at 0; without them they are round figures. ``tell`` says how long a part is, as ``show`` by default.
    """
    height = TOP + bar * len(categories) + 22
    totals = [sum(series.values[place] for series in stacks) for place in range(len(categories))]
    marks = marks or nice_marks(0.0, max([0.0, *totals]))
    scale = (WIDTH - NAME_WIDTH - 20) / max(marks[-1], *totals, 0.0)
    parts = []
    for mark in marks:
        x = NAME_WIDTH + mark * scale
        parts.append(element("line", {"x1": x, "x2": x, "y1": TOP, "y2": height - 20, "class": "grid"}))
        parts.append(_text(x, height - 6, show(mark), "middle", FAINT))
    for place, category in enumerate(categories):
        top = TOP + place * bar
        parts.append(_text(NAME_WIDTH - 6, top + bar / 2 + 4, category, "end"))
        for series, low, high in _stacked(stacks, place):
            label = f"{category}, {series.name}: {(tell or show)(series.values[place])}"
            parts.append(_rect(NAME_WIDTH + low * scale, top + bar / 6, (high - low) * scale, bar * 2 / 3,
                               series.colour, label))
    return _drawing(title, height, parts)


def shades(title: str, rows: Sequence[str], columns: Sequence[str], colours: Sequence[Sequence[str]]) -> Markup:
    """A cell for each row and column in its colour, "" for none; neighbours of one colour are one shape."""
    width = (WIDTH - NAME_WIDTH - RIGHT) / max(1, len(columns))
    paths: dict[str, list[str]] = {}
    for place, line in enumerate(colours):
        number = 0
        for colour, cells in groupby(line):
            count = len(list(cells))
            x, y, run = NAME_WIDTH + number * width, TOP + 10 + place * CELL, count * width
            paths.setdefault(colour, []).append(f"M{x:.1f} {y:g}h{run:.1f}v{CELL - 1:g}h-{run:.1f}z")
            number += count
    every = max(1, math.ceil(len(columns) / MOST_TICKS))
    parts = [element("path", {"d": "".join(path), "fill": colour}) for colour, path in paths.items() if colour]
    parts += [_text(NAME_WIDTH - 6, TOP + 10 + place * CELL + CELL / 2 + 3, name, "end")
              for place, name in enumerate(rows)]
    parts += [_text(NAME_WIDTH + number * width, TOP + 4, name, "start", FAINT)
              for number, name in enumerate(columns) if number % every == 0]
    return _drawing(title, TOP + 14 + CELL * len(rows), parts)


def legend(stacks: Sequence[Series], lines: Sequence[Series] = ()) -> Markup:
    """Names of the series beside their colours, below a chart."""
    keys = [element("span", {"class": "key"}, element("i", {
                "style": f"background:{each.colour}", "class": "limit" if each in lines else None}), each.name)
            for each in (*stacks, *lines) if each.colour]
    return element("p", {"class": "legend"}, *keys)


def nice_marks(low: float, high: float) -> list[float]:
    """About five round marks that enclose ``low`` and ``high``; from 0 to 1 where both are zero."""
    if high <= low:
        high = low + 1.0
    rough = (high - low) / STEPS
    power = 10.0 ** math.floor(math.log10(rough))
    # The slack keeps rounding from passing over a step, or adding a mark, that fits exactly.
    step = next(power * factor for factor in (1, 2, 2.5, 5, 10) if power * factor >= rough * (1 - 1e-9))
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return [number * step for number in range(first, last + 1)]


def _ends(values: Sequence[float]) -> tuple[float, float]:
    return sum(value for value in values if value < 0), sum(value for value in values if value > 0)


def _stacked(stacks: Sequence[Series], place: int) -> list[tuple[Series, float, float]]:
    """Visible parts of one stack with their lower and upper ends."""
    above = below = 0.0
    parts = []
    for series in stacks:
        value = series.values[place]
        if value > 0:
            parts.append((series, above, above + value))
            above += value
        elif value < 0:
            parts.append((series, below + value, below))
            below += value
    # Left out only now: an invisible foot lifts what stands on it.
    return [part for part in parts if part[0].colour]


def _categories(categories: Sequence[str], step: float) -> tuple[list[Markup], float]:
    """Names below the columns, slanted where they are too long to stand side by side, and the floor above them."""
    every = max(1, math.ceil(len(categories) / MOST_TICKS)) if step < NARROW else 1
    shown = [(LEFT + (place + 0.5) * step, name) for place, name in enumerate(categories) if place % every == 0]
    # A letter is about 0.56 of its height wide.
    if max((display_width(name) for _, name in shown), default=0) * FONT * 0.56 < step * every:
        return [_text(x, HEIGHT - FLAT + 15, name, "middle", FAINT) for x, name in shown], HEIGHT - FLAT
    y = HEIGHT - SLANTED + 11
    return [element("text", {"x": x, "y": y, "text-anchor": "end", "fill": FAINT,
                             "transform": f"rotate(-35 {x:.6g} {y:.6g})"}, name) for x, name in shown], y - 11


def _mark(y: float, words: str) -> Markup:
    line = element("line", {"x1": LEFT, "x2": WIDTH - RIGHT, "y1": y, "y2": y, "class": "grid"})
    return joined(line, _text(LEFT - 5, y + 4, words, "end", FAINT))


def _rect(x: float, y: float, width: float, height: float, colour: str, label: str) -> Markup:
    return element("rect", {"x": round(x, 2), "y": round(y, 2), "width": round(width, 2), "height": round(height, 2),
                            "fill": colour}, element("title", None, label))


def _text(x: float, y: float, words: str, anchor: str, colour: str = INK) -> Markup:
    return element("text", {"x": round(x, 2), "y": round(y, 2), "text-anchor": anchor, "fill": colour}, words)


def _line(series: Series, points: Sequence[tuple[float, float]]) -> Markup:
    path = "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points) if points else ""
    return element("path", {"d": path, "fill": "none", "stroke": series.colour, "stroke-width": 1.8,
                            "stroke-dasharray": series.dashes})


def _drawing(title: str, height: float, parts: Sequence[Markup]) -> Markup:
    return element("svg", {"viewBox": f"0 0 {WIDTH:g} {height:g}", "role": "img", "aria-label": title}, *parts)
