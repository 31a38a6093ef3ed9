"""Proves: a Chinese reader meets no English word that the program put there, on no sheet, page or terminal."""

from __future__ import annotations

import json
from html.parser import HTMLParser

import openpyxl

from model.audit.result import Audit, AuditRow, Place
from model.findings import Finding
from model.labels import reason_words
from model.report.document import json_document
from model.report.page import write_page
from model.report.text import result_text
from model.report.workbook import write_result
from model.schema import SETTINGS, TABLES
from model.tables import read
from model.template import write_template
from tests.leaks import foreign, names_of, names_of_input, texts_of
from tests.report.fakes import FakeResult, fake_result, fake_tables
from tests.report.marked import CASE, marked, workbook

FACTS = {"input": "book.xlsx", "scenario": "", "from_plan": "", "keep_promises": "yes", "set": ""}
PLACES = (Place("shipments", (("order", "O"), ("item", "A"), ("bucket_start", "2025-01-06")), "arrival", "x", "!"),
          Place("misses", (("kind", "firm_order"), ("name", "O"), ("bucket", "-")), "missed", "1", "≠", "2"),
          Place("decisions", (("order", "O"),), "status", "accepted", "≠", "declined"),
          Place("margin", (), "sum", "1", "<", "2"), Place("production", (("line", "L"),), "min_lot", "3", ">", "2"))


def broken() -> FakeResult:
    """A plan with every kind of miss, a pin's among them, and an audit with every kind of finding."""
    result = fake_result(fake_tables(published=True), misses=8, status="promises_missed")
    misses = result.plan.frames["misses"]
    misses.loc[misses["kind"] == "pin", "name"] = "O / L / 2025-01-06 / min #2"
    rows = [AuditRow(law, 3, 1.0, 0.0, number % 2 == 1, str(place), place) for number, (law, place) in enumerate(
        zip(("ship_window", "firm_delivery", "decisions", "search_margin", "minimum_lot"), PLACES, strict=True))]
    return FakeResult(result.tables, result.plan, result.outcome, Audit(False, tuple(rows)))


def names(result: FakeResult) -> set[str]:
    """What the plan calls by the planner's names, and the reasons, which the search words."""
    own = ("order", "customer", "market", "item", "line", "site", "technology", "mode", "supplier", "reason")
    frames = [frame[[name for name in own if name in frame]] for frame in result.plan.frames.values()]
    return names_of_input(result.tables) | names_of(*frames) | {"fake"}


def warnings() -> list[Finding]:
    return [Finding("warning", "due_after_horizon", "orders", 3, "due_date", "orders!C3", "2031-01-01",
                    {"count": "1", "end": "2025-07-06"})]


def test_the_result_workbook(tmp_path):
    """Would fail if a law, a status, a miss or the name of a default were written as the program calls it."""
    result = broken()
    path = write_result(tmp_path / "plan.xlsx", result, result.tables, warnings(), "zh", FACTS)[0]
    assert foreign(texts_of(path), names(result) | {"book.xlsx", "orders!C3"}) == {}
    book = openpyxl.load_workbook(path)
    audit = [row[6] for row in book["审核"].iter_rows(min_row=2, values_only=True)]
    assert audit[0] == "发运计划：订单 O、物料 A、时段开始 2025-01-06，到达日期不符：x"
    assert audit[2:] == ["订单决策：订单 O，决策结果为 接受，应为 拒绝", "边际贡献：合计",
                         "生产计划：产线 L，最小批量为 3，超过 2"]
    run = {row[1]: row[2] for row in book["运行记录"].iter_rows(values_only=True)}
    assert (run["状态"], run["时段类型"], run["订单 · 最晚日期"]) == ("部分承诺未兑现", "周", 12)


def test_an_english_word_is_found(tmp_path):
    """The search for leaks finds one: the English workbook is full of them."""
    result = broken()
    path = write_result(tmp_path / "plan.xlsx", result, result.tables, [], "en", FACTS)[0]
    assert {"firm_delivery", "run_hours", "Summary", "promises_missed"} <= foreign(texts_of(path), names(result)).keys()


class Shown(HTMLParser):
    """All text a page shows, its embedded data included."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self._inside = ""

    def handle_starttag(self, tag, attrs):
        self._inside = "data" if ("id", "orders") in attrs else tag
        self.texts += [value for name, value in attrs if name in ("placeholder", "aria-label", "title") and value]

    def handle_endtag(self, tag):
        self._inside = ""

    def handle_data(self, data):
        if self._inside == "data":
            held = json.loads(data)
            self.texts += [held["sort"], held["count"], *(column["header"] for column in held["columns"])]
        elif self._inside not in ("style", "script"):
            self.texts.append(data)


def test_page_and_terminal(tmp_path):
    result = fake_result(misses=8, status="promises_missed")
    shown = Shown()
    shown.feed(write_page(tmp_path / "plan.html", result, warnings(), "zh").read_text(encoding="utf-8"))
    known = names(result) | {"orders!C3", result.tables.input_hash[:16]}
    assert foreign(shown.texts, known) == {}
    assert foreign([result_text(result, warnings(), ["plan.xlsx"], "zh")], {*known, "plan.xlsx"}) == {}
    document = json_document(result, warnings(), [], {}, {}, language="zh")
    assert foreign([document["warnings"][0]["message"], document["warnings"][0]["remedy"]], known) == {}


def test_template_and_marked_copy(tmp_path):
    """The English names of tables, columns and choices stand beside the Chinese ones; nothing else does."""
    template = write_template(tmp_path / "template.xlsx", language="zh", example=False)
    schema = {word for table in TABLES.values() for column in table.columns
              for word in (table.name, column.name, str(column.default), *column.choices)} | {
        word for column in SETTINGS.values() for word in (column.name, str(column.default), *column.choices)}
    assert foreign(texts_of(template, ["数据字典"]), schema) == {}
    orders = [CASE["orders"][0], ["O1", "A", -5, "viele", "2025-13-01", "x"], ["O1", "C", 1, 1, "2025-01-20", "x"]]
    copy = marked(workbook(tmp_path / "case.xlsx", orders=orders), "zh")
    own = {value for rows in CASE.values() for row in rows for value in row if isinstance(value, str)}
    titles = {sheet.title for sheet in openpyxl.load_workbook(copy)}
    assert foreign(texts_of(copy), {*own, *titles, "viele", "case.xlsx"}) == {}


def test_why_a_file_cannot_be_used(tmp_path):
    """What the system says of a file in English is said in Chinese; what no label knows stays as it is."""
    told = [read(tmp_path / "none.xlsx").findings[0]]
    (tmp_path / "broken.xlsx").write_bytes(b"PK, but no more")
    told.append(read(tmp_path / "broken.xlsx").findings[0])
    assert foreign([each.text("zh") for each in told], {"none.xlsx", "broken.xlsx"}) == {}
    assert "不是完整的压缩文件" in told[1].rule_text("zh")
    assert reason_words("x.xlsx: [Errno 13] Permission denied: 'x.xlsx'", "zh") == "x.xlsx: 没有权限: 'x.xlsx'"
    assert reason_words("Strange", "zh") == "Strange"
