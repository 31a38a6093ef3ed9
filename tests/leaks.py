"""English words that stand where a Chinese reader expects none: not names of the input, units, programs or options."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterable, Iterator
from html import unescape
from pathlib import Path

import openpyxl
import pandas as pd

from model.tables import Tables

WORD = re.compile(r"[A-Za-z][A-Za-z_'-]{2,}")
OPTION = re.compile(r"--[a-z][a-z-]*(?: [A-Z]+(?:\.xlsx)?)?|run\.py \w+|\.xlsx|\.csv|\b[0-9a-f]{8,}\b")
UNITS = ("MWh", "CNY", "USD")
PROGRAMS = ("python", "highspy", "pyomo", "pandas", "numpy", "scipy", "XlsxWriter", "openpyxl", "HiGHS", "Excel",
            "LibreOffice", "WPS", "CSV", "JavaScript")


def foreign(texts: Iterable[str], names: Iterable[str]) -> dict[str, str]:
    """By English word, the first text with it, once names, units and programs are taken out of the text."""
    known = sorted({name for name in (*names, *UNITS, *PROGRAMS) if WORD.search(name)}, key=len, reverse=True)
    pattern = re.compile("|".join(map(re.escape, known)))
    found: dict[str, str] = {}
    for text in dict.fromkeys(texts):
        for word in WORD.findall(OPTION.sub(" ", pattern.sub(" ", text))):
            found.setdefault(word, text)
    return found


def names_of(*frames: pd.DataFrame) -> set[str]:
    """Every text of the frames."""
    return {value for frame in frames for name in frame for value in frame[name] if isinstance(value, str)}


def names_of_input(tables: Tables) -> set[str]:
    """What the planner typed: names, the heads of her own columns and what stands in them."""
    heads = {str(name) for extra in tables.extras.values() for name in extra}
    return names_of(*tables.frames.values(), *tables.extras.values()) | heads | {tables.settings.plan_name,
                                                                               tables.input_hash}


def texts_of(path: Path, leave_out: Iterable[str] = ()) -> Iterator[str]:
    """Every text a reader of a workbook may meet: names of sheets, cells, notes, prompts, charts, page footers."""
    left_out = set(leave_out)
    book = openpyxl.load_workbook(path)
    for sheet in book.worksheets:
        if sheet.title in left_out:
            continue
        yield sheet.title
        for row in sheet.iter_rows():
            for cell in row:
                if isinstance(cell.value, str) and cell.data_type == "s":
                    yield cell.value
                if cell.comment:
                    yield cell.comment.text
        for rule in sheet.data_validations.dataValidation:
            yield from filter(None, (rule.prompt, rule.promptTitle, rule.error, rule.errorTitle))
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            if re.fullmatch(r"xl/charts/chart\d+\.xml", name):
                yield from map(unescape, re.findall(r"<a:t>([^<]*)</a:t>", archive.read(name).decode("utf-8")))
