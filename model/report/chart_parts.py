"""What all native charts share: fonts, axes, grid lines, and series that read from the chart data sheet."""

from __future__ import annotations

from collections.abc import Sequence

from xlsxwriter.chart import Chart

from model.report.chart_data import Category, ChartData
from model.report.sheets.book import Book
from model.report.styles import FAINT, INK, LINE


def add_series(chart: Chart, data: ChartData, key: str, name: str, categories: Sequence[Category],
               values: Sequence[float | None], unit: str, **look: object) -> None:
    """Put a series into ``data`` and let ``chart`` read it from there; ``look`` are XlsxWriter's series options."""
    cells = data.add(key, name, categories, values, unit)
    chart.add_series({"name": cells.name, "categories": cells.categories, "values": cells.values, **look})


def dress(book: Book, chart: Chart, title: str) -> None:
    """Title, legend below, and a quiet frame."""
    chart.set_title({"name": title, "name_font": font(book, 10, INK, bold=True), "overlay": False})
    chart.set_legend({"position": "bottom", "font": font(book, 8, INK)})
    chart.set_chartarea({"border": {"color": LINE}, "fill": {"color": "#FFFFFF"}})
    chart.set_plotarea({"fill": {"none": True}})
    # A filter on the chart data sheet hides rows; the charts must not lose them.
    chart.show_hidden_data()


def font(book: Book, size: float, colour: str, bold: bool = False) -> dict[str, object]:
    """A chart font of ``size`` points."""
    return {"name": book.styles.font, "size": size, "color": colour, "bold": bold}


def axis(book: Book) -> dict[str, object]:
    """Small grey figures on a thin line."""
    return {"num_font": font(book, 8, FAINT), "line": {"color": LINE}}


def grid() -> dict[str, object]:
    """Thin grid lines."""
    return {"major_gridlines": {"visible": True, "line": {"color": "#ECF0F2", "width": 0.75}}}
