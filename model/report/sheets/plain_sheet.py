"""A sheet that takes whole columns of plain cells and writes them without a record of each cell."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from xlsxwriter.format import Format
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import CellBlankTuple, CellNumberTuple, CellStringTuple, Worksheet

from model.report.styles import is_markup

ROWS_AT_ONCE = 20_000  # rows whose text is held in memory before it is written


@dataclass(frozen=True)
class _Block:
    """Neighbouring cells of one column: ``values`` already as they stand in the file, None where a cell is blank."""

    first_row: int
    values: Sequence[Any]
    look: Format
    is_text: bool
    write_blanks: bool

    def single(self, row: int) -> CellBlankTuple | CellNumberTuple | CellStringTuple | None:
        """One of the cells as XlsxWriter holds it; None where there is none."""
        place = row - self.first_row
        if not 0 <= place < len(self.values):
            return None
        if self.values[place] is None:
            return CellBlankTuple(self.look) if self.write_blanks else None
        return (CellStringTuple if self.is_text else CellNumberTuple)(self.values[place], self.look)

    def cells(self, column: str, start: int, stop: int) -> list[str]:
        """The cells of the rows from ``start`` to before ``stop``, "" where there is none."""
        first, last = max(start, self.first_row), min(stop, self.first_row + len(self.values))
        if last <= first:
            return [""] * (stop - start)
        style = self.look._get_xf_index()
        head, middle = f'<c r="{column}', f'" s="{style}" t="s"><v>' if self.is_text else f'" s="{style}"><v>'
        # Figures as XlsxWriter itself writes them.
        shown: Callable[[Any], str] = str if self.is_text else "{:.16G}".format
        blank = f'" s="{style}"/>' if self.write_blanks else None
        values = self.values[first - self.first_row:last - self.first_row]
        cells = [f"{head}{row}{middle}{shown(value)}</v></c>" if value is not None
                 else f"{head}{row}{blank}" if blank else "" for row, value in enumerate(values, start=first + 1)]
        return [""] * (first - start) + cells + [""] * (stop - last)


class PlainSheet(Worksheet):  # type: ignore[misc]  # XlsxWriter carries no types
    """A sheet of XlsxWriter that besides single cells takes whole columns of texts or figures.

    A large plan has five million cells: a record of each, its attributes and the search for signs to escape in figures,
    which hold none, would take most of the time of writing it.
    """

    def __init__(self) -> None:
        super().__init__()
        self._blocks: dict[int, _Block] = {}

    def write_cells(self, first_row: int, column: int, values: Sequence[Any], look: Format, *,
                    blanks: bool = True) -> bool:
        """Write texts or figures beneath each other; False, and nothing written, where they are not as plain as that.

        None is a cell with its look alone or, without ``blanks``, no cell.
        """
        # A column of None alone passes as figures.
        kinds = set(map(type, values)) - {type(None)}
        if not values or column in self._blocks:
            return not values
        if all(issubclass(kind, (float, int)) and kind is not bool for kind in kinds):
            if not all(math.isfinite(value) for value in values if value is not None):
                return False
            block = _Block(first_row, values, look, False, blanks)
        elif kinds == {str} and (places := self._places(values)) is not None:
            block = _Block(first_row, places, look, True, blanks)
        else:
            return False
        self._blocks[column] = block
        # The first and the last row widen the dimensions of the sheet to all between them.
        for row in (first_row, first_row + len(values) - 1):
            self._check_dimensions(row, column)
        return True

    def _places(self, texts: Sequence[str | None]) -> list[int | None] | None:
        """Where the texts stand among all texts of the workbook; None where one of them needs a closer look."""
        different = [text for text in dict.fromkeys(texts) if text is not None]
        if any(len(text) > self.xls_strmax // 2 or is_markup(text) for text in different):
            return None
        place: dict[str | None, int | None] = {text: self.str_table._get_shared_string_index(text)
                                               for text in different}
        # The table counts every use; each different text has been counted once.
        self.str_table.count += sum(text is not None for text in texts) - len(different)
        return [place.get(text) for text in texts]

    def _get_range_data(self, row_start: int, col_start: int, row_end: int, col_end: int) -> Any:
        """What a chart shows until the sheet is computed again: its cells become single ones."""
        for column in range(col_start, col_end + 1):
            block = self._blocks.get(column)
            for row in range(row_start, row_end + 1) if block is not None else ():
                if block is not None and (cell := block.single(row)) is not None:
                    self.table[row][column] = cell
        return super()._get_range_data(row_start, col_start, row_end, col_end)

    def _write_rows(self) -> None:
        if not self._blocks:
            super()._write_rows()
            return
        names = {column: xl_col_to_name(column) for column in sorted(self._blocks)}
        for start in range(self.dim_rowmin, self.dim_rowmax + 1, ROWS_AT_ONCE):
            stop = min(start + ROWS_AT_ONCE, self.dim_rowmax + 1)
            columns = {column: self._blocks[column].cells(name, start, stop) for column, name in names.items()}
            for row, cells in enumerate(zip(*columns.values(), strict=True), start=start):
                # Only rows that also hold single cells, such as the header, need the cells by column.
                self._write_one_row(row, dict(zip(columns, cells, strict=True)) if row in self.table else cells)
        self._blocks.clear()

    def _write_one_row(self, row: int, cells: Sequence[str] | dict[int, str]) -> None:
        """A row of cells from columns alone or, by column, of those and of single cells."""
        content = "".join(cells) if not isinstance(cells, dict) else "".join(cells.values())
        single = self.table.get(row)
        if not content and not single:
            if row in self.row_info or row in self.comments:
                self._write_empty_row(row, None, self.row_info.get(row))
            return
        self._write_row(row, None, self.row_info.get(row))
        if single and isinstance(cells, dict):
            for column in sorted({*cells, *single}):
                if column in single:
                    self._write_cell(row, column, single[column])
                else:
                    self.fh.write(cells[column])
        else:
            self.fh.write(content)
        self._xml_end_tag("row")

    def _xml_number_element(self, number: float, attributes: Sequence[tuple[str, object]] = ()) -> None:
        place = "".join([f' {key}="{value}"' for key, value in attributes])
        self.fh.write(f"<c{place}><v>{number:.16G}</v></c>")

    def _xml_string_element(self, index: int, attributes: Sequence[tuple[str, object]] = ()) -> None:
        place = "".join([f' {key}="{value}"' for key, value in attributes])
        self.fh.write(f'<c{place} t="s"><v>{index}</v></c>')
