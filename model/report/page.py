"""The result as one web page that needs nothing but itself: no network, no other file."""

from __future__ import annotations

import json
from collections.abc import Sequence
from html.parser import HTMLParser
from pathlib import Path

from model.findings import Finding
from model.report.case import Case
from model.report.files import NotWritten, rejected_name, write_safely
from model.report.headline_words import tiles
from model.report.shapes import ResultFacts, is_rejected
from model.report.summary import Headlines, headlines
from model.report.web.blocks import (
    MARGIN_ID,
    banner,
    font_stack,
    headline_tiles,
    misses_block,
    notes_block,
)
from model.report.web.charts import chart_figures
from model.report.web.markup import VOID, Markup, element, joined
from model.report.web.orders import DATA_ID, OrderTable, order_table

MOST_BYTES, FRAME_BYTES = 400_000, 4_000  # of a page; of what stands around the rows of its order table
FAIR_ROOM = 150_000  # bytes that charts leave to the orders
PARTS = Path(__file__).parent / "web"
# Even if something typed became markup, it could load and send nothing.
POLICY = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; base-uri 'none'"


def write_page(path: Path, result: ResultFacts, findings: Sequence[Finding], language: str) -> Path:
    """Write the plan as one HTML page; returns where it stands.

    That is ``path``; beside it with the time in its name where another program holds ``path`` open; and as
    ``<name>.REJECTED.html`` where the audit refused the plan. Raises ValueError without a plan and NotWritten where
    the page cannot be written.
    """
    if result.plan is None:
        raise ValueError("without a plan there is nothing to show")
    target = rejected_name(path) if is_rejected(result) else path
    case = Case(result, result.tables, result.plan, findings, language)
    figures = headlines(case)
    charts = list(chart_figures(case, figures))
    count = len(charts)
    # First without orders: what is left of the page is their room. Where it is no fair one, the largest charts go.
    while (room := MOST_BYTES - FRAME_BYTES - len(_page_text(
            case, figures, charts, OrderTable(Markup(""), 0)).encode())) < FAIR_ROOM and charts:
        charts.remove(max(charts, key=len))
    if len(charts) < count:
        charts.append(element("p", {"class": "alarm"}, case.say("page.charts_left_out", count=count - len(charts))))
    table = order_table(case, room)
    text = _page_text(case, figures, charts, table)
    margin = next(iter(tiles(case, figures))).text
    return write_safely(target, lambda file: _write(file, text), lambda file: check_page(file, margin, table.shown))


def _page_text(case: Case, figures: Headlines, charts: Sequence[Markup], table: OrderTable) -> str:
    style = (PARTS / "page.css").read_text(encoding="utf-8").replace("FONT_STACK", font_stack(case))
    script = (PARTS / "page.js").read_text(encoding="utf-8")
    head = element(
        "head", None, element("meta", {"charset": "utf-8"}),
        element("meta", {"http-equiv": "Content-Security-Policy", "content": POLICY}),
        element("meta", {"name": "viewport", "content": "width=device-width, initial-scale=1"}),
        element("title", None, case.tables.settings.plan_name), element("style", None, Markup(style)))
    main = element("main", None, headline_tiles(case, figures), misses_block(case, figures),
                   element("section", {"class": "charts"}, *charts), table.markup,
                   notes_block(case, figures))
    body = element("body", None, banner(case, figures), main, element("script", None, Markup(script)))
    language = "zh-CN" if case.language == "zh" else "en"
    return joined(Markup("<!DOCTYPE html>\n"), element("html", {"lang": language}, head, body), Markup("\n"))


def check_page(path: Path, margin: str, orders: int) -> None:
    """NotWritten where the page does not close what it opens, or lacks the margin or any of its ``orders``."""
    reader = _Reader()
    try:
        reader.feed(path.read_text(encoding="utf-8"))
        reader.close()
        rows = len(json.loads(reader.words.get(DATA_ID, "{}")).get("rows", ()))
    except ValueError as error:
        raise NotWritten(f"{path}: {error}") from error
    if reader.open:
        raise NotWritten(f"{path}: {reader.open[-1][0]} is not closed")
    if reader.words.get(MARGIN_ID) != margin:
        raise NotWritten(f"{path}: the margin reads {reader.words.get(MARGIN_ID)!r} instead of {margin!r}")
    if rows != orders:
        raise NotWritten(f"{path}: {rows} orders instead of {orders}")


class _Reader(HTMLParser):
    """Reads a page again: which elements stay open, and the words of those with an id."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[tuple[str, str | None]] = []
        self.words: dict[str, str] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """An element opens."""
        # A rect with a title has an end of its own; one without arrives as a start-end tag.
        if tag not in VOID or tag == "rect":
            self.open.append((tag, dict(attrs).get("id")))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """An element that closes itself opens nothing."""

    def handle_endtag(self, tag: str) -> None:
        """The element that opened last closes."""
        if not self.open or self.open.pop()[0] != tag:
            raise ValueError(f"{tag} is closed where it is not open")

    def handle_data(self, data: str) -> None:
        """Words belong to the element that is open."""
        name = self.open[-1][1] if self.open else None
        if name is not None:
            self.words[name] = self.words.get(name, "") + data


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")
