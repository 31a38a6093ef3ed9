"""Proves, where LibreOffice is installed: every workbook prints whole, and recalculated it says what it said before."""

from __future__ import annotations

import re
import shutil
import subprocess
import zipfile
from pathlib import Path
from typing import NamedTuple

import numpy as np
import openpyxl
import pytest

from model.checks import check
from model.labels import label_table
from model.plan_tables import PLAN_TABLES
from model.planning import plan_order_book
from model.report.marked_input import write_marked_input
from model.report.workbook import write_result
from model.schema import TABLES
from model.tables import read
from model.template import write_template
from model.template.inputs import write_inputs
from tests.report.fakes import fake_result, fake_tables

OFFICE = shutil.which("soffice")
pytestmark = [pytest.mark.slow, pytest.mark.skipif(not (OFFICE and shutil.which("pdftoppm")),
                                                   reason="LibreOffice or poppler is not installed")]
ALWAYS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry"><item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode"><value>0</value></prop></item></oor:items>"""
BROKEN = re.compile(r"###|Err:\d|#(?:REF|NAME|VALUE|DIV/0|N/A|NUM|NULL)[!?]?")
DPI = 50


class Books(NamedTuple):
    """The three workbooks of a planner in one language, and a large result whose plan no solver made."""

    template: Path
    marked: Path
    result: Path
    large: Path


@pytest.fixture(scope="module", params=["en", "zh"])
def language(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture(scope="module")
def books(language: str, tmp_path_factory: pytest.TempPathFactory) -> Books:
    folder = tmp_path_factory.mktemp(language)
    template = write_template(folder / "template.xlsx", language=language, example=True)
    tables = check(read(template)).tables
    assert tables is not None
    wrong = openpyxl.load_workbook(template)
    wrong[TABLES["orders"].label_zh if language == "zh" else "orders"]["E3"] = "viele"
    wrong.save(folder / "wrong.xlsx")
    findings = check(read(folder / "wrong.xlsx")).findings
    marked = write_marked_input(folder / "marked.xlsx", folder / "wrong.xlsx", findings, language)
    result = write_result(folder / "result.xlsx", plan_order_book(tables), tables, [], language, {}, [write_inputs])[0]
    fake = fake_result(fake_tables(published=True), misses=9, status="promises_missed")
    return Books(template, marked, result, write_result(folder / "large.xlsx", fake, fake.tables, [], language)[0])


def converted(kind: str, folder: Path, *paths: Path) -> list[Path]:
    """The workbooks as LibreOffice writes them, every formula calculated anew."""
    profile = folder / "office"
    (profile / "user").mkdir(parents=True, exist_ok=True)
    (profile / "user" / "registrymodifications.xcu").write_text(ALWAYS, encoding="utf-8")
    target = folder / f"as {kind}"
    subprocess.run([str(OFFICE), f"-env:UserInstallation={profile.as_uri()}", "--headless", "--convert-to", kind,
                    "--outdir", str(target), *map(str, paths)], check=True, capture_output=True, timeout=560)
    return [target / f"{path.stem}.{kind}" for path in paths]


@pytest.fixture(scope="module")
def pages(books: Books) -> dict[str, list[str]]:
    """The text of each page of each workbook, by its name."""
    found = {}
    for path in converted("pdf", books.template.parent, *books):
        text = subprocess.run(["pdftotext", "-layout", str(path), "-"], check=True, capture_output=True, timeout=60)
        found[path.stem] = text.stdout.decode("utf-8").split("\f")[:-1]
    return found


def test_nothing_is_cut_off(pages: dict[str, list[str]], language: str) -> None:
    """No figure too wide for its column, no error; the first page is one page; every sheet is there; what the sheets
    are headed with stands whole on them."""
    wrong = {name: [number for number, page in enumerate(texts, start=1) if BROKEN.search(page)]
             for name, texts in pages.items()}
    assert wrong == {name: [] for name in pages}
    assert len(pages["template"]) >= len(TABLES) + 2 and len(pages["result"]) >= 15
    labels = {key: words[language] for key, words in label_table().items()}
    for name in ("result", "large"):
        assert labels["summary.by_technology"] in pages[name][0] and labels["summary.notes"] not in pages[name][1]
        text = "".join("".join(pages[name]).split())
        for column in PLAN_TABLES["decisions"]:
            header = labels.get(f"column.decisions.{column.name}", labels[f"column.{column.name}"])
            assert "".join(header.split()) in text or language == "en", header
    guide = "".join("".join(pages["template"]).split())
    meanings = [labels[f"meaning.{name}"] for name in TABLES]
    assert [words for words in meanings if "".join(words.split()) not in guide] == []
    assert labels["sheet.errors"] in "".join(pages["marked"]) or "viele" in pages["marked"][0]


def test_no_chart_is_blank(books: Books, pages: dict[str, list[str]]) -> None:
    """Each of the four charts of the first page, and the pages of charts behind it, hold colour."""
    assert pages
    for path in (books.result, books.large):
        first, *others = pictures(path.parent / "as pdf" / f"{path.stem}.pdf", 3)
        height, width = first.shape
        charts = first[int(height * 0.2):int(height * 0.95), int(width * 0.42):]
        rows, columns = charts.shape[0] // 2, charts.shape[1] // 2
        parts = [part for half in (charts[:rows], charts[rows:]) for part in (half[:, :columns], half[:, columns:])]
        assert all(part.sum() > 150 for part in parts), f"a chart on the first page of {path.name} is blank"
        assert all(page.sum() > 500 for page in others), path.name


def pictures(pdf: Path, count: int) -> list[np.ndarray]:
    """For each of the first pages, which of its points are coloured."""
    subprocess.run(["pdftoppm", "-r", str(DPI), "-l", str(count), str(pdf), str(pdf.with_suffix(""))], check=True,
                   timeout=120)
    found = []
    for path in sorted(pdf.parent.glob(f"{pdf.stem}-*.ppm"))[:count]:
        _, size, _, data = path.read_bytes().split(b"\n", 3)
        width, height = map(int, size.split())
        points = np.frombuffer(data, np.uint8).reshape(height, width, 3).astype(int)
        found.append(points.max(axis=2) - points.min(axis=2) > 40)
    return found


def cells_of(path: Path, *, values: bool) -> dict[tuple[str, str], object]:
    """Every filled cell by sheet and place: what is stored as its value, or its formula."""
    book = openpyxl.load_workbook(path, data_only=values)
    return {(sheet.title, cell.coordinate): cell.value for sheet in book for row in sheet.iter_rows() for cell in row
            if cell.value is not None}


def stale(path: Path, folder: Path) -> list[tuple[str, str]]:
    """Cells with a formula whose stored value is not what it calculates to, and cells that show an error."""
    again = cells_of(converted("xlsx", folder, path)[0], values=True)
    given = cells_of(path, values=True)
    formulas = [place for place, text in cells_of(path, values=False).items() if str(text).startswith("=SUM(")]
    assert formulas, "a workbook without a formula would prove nothing"
    return [place for place in formulas if given.get(place) != pytest.approx(again.get(place), rel=1e-9)] + [
        place for place, value in again.items() if isinstance(value, str) and BROKEN.match(value)]


def test_recalculated_it_says_the_same(books: Books, tmp_path: Path) -> None:
    """No stored value is stale and no cell shows an error; a value that is tampered with is found. Saved again by
    LibreOffice, the result is the same input and has the same plan."""
    assert stale(books.result, tmp_path) == []
    saved = check(read(tmp_path / "as xlsx" / books.result.name)).tables
    given = check(read(books.result)).tables
    assert saved is not None and given is not None and saved.input_hash == given.input_hash
    first, second = plan_order_book(given).plan, plan_order_book(saved).plan
    assert first is not None and second is not None
    assert all(first.frames[name].equals(second.frames[name]) for name in PLAN_TABLES)
    tampered = tmp_path / "tampered.xlsx"
    with zipfile.ZipFile(books.result) as old, zipfile.ZipFile(tampered, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, re.sub(rb"(<f>SUM\([^<]*</f><v>)[^<]*", rb"\g<1>17", old.read(name)))
    assert stale(tampered, tmp_path)
