"""Proves: the web page says what the workbook says, needs nothing but itself, and takes no order for markup."""

import json
import math
import re
import shutil
import subprocess
from dataclasses import replace
from html import unescape
from html.parser import HTMLParser

import pytest

from model.explain.explanation import Explanation
from model.explain.interval import Interval
from model.findings import Finding
from model.report.case import Case
from model.report.files import NotWritten
from model.report.page import check_page, write_page
from model.report.summary import headlines
from model.report.web import orders as orders_module
from model.report.web.markup import Markup, element, embedded_json
from model.report.web.svg import nice_marks
from tests.report.fakes import HOSTILE_IDS, fake_result, fake_tables, without_plan

CHROMIUM = shutil.which("chromium")
HOSTILE = "</script><script>document.title='hit'</script><img src=x onerror=alert(1)>&amp;\"'"


class Words(HTMLParser):
    """Elements with their attributes, and all text outside style and script."""

    def __init__(self):
        super().__init__()
        self.elements, self.text, self.data, self._inside = [], [], "", ""

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        self._inside = "data" if ("id", "orders") in attrs else tag

    def handle_endtag(self, tag):
        self._inside = ""

    def handle_data(self, data):
        if self._inside == "data":
            self.data += data
        elif self._inside not in ("style", "script"):
            self.text.append(data)


def written(tmp_path, result, language="en", findings=()):
    path = write_page(tmp_path / "plan.html", result, list(findings), language)
    words = Words()
    words.feed(path.read_text(encoding="utf-8"))
    return path, words


def hostile_result():
    tables = fake_tables(orders=12, plan_name=HOSTILE)
    tables.frames["orders"].loc[0, "order"] = HOSTILE
    result = fake_result(tables, misses=3)
    result.plan.frames["misses"].loc[0, "name"] = HOSTILE
    result.plan.frames["decisions"].loc[1, "reason"] = HOSTILE
    result.plan.frames["line_load"].loc[result.plan.frames["line_load"]["line"] == "LINE-1", "line"] = HOSTILE
    result.plan.frames["line_load"].loc[:, "technology"] = HOSTILE
    return result


@pytest.fixture(scope="module")
def result():
    return fake_result()


@pytest.fixture(scope="module")
def shown(result, tmp_path_factory):
    return written(tmp_path_factory.mktemp("page"), result)


def test_headlines_are_those_of_the_workbook(result, shown):
    figures = headlines(Case(result, result.tables, result.plan, []))
    assert {f"{figures.margin:,.0f}", f"{figures.bound:,.0f}", f"{figures.gap_money:,.0f}", f"{figures.revenue:,.0f}",
            f"{figures.on_time_share:.1%}"} <= set(shown[1].text)


def test_the_table_holds_every_order(result, shown):
    data = json.loads(shown[1].data)
    names = [column["name"] for column in data["columns"]]
    decisions = result.plan.frames["decisions"]
    assert len(data["rows"]) == len(decisions)
    assert [row[names.index("margin")] for row in data["rows"]] == pytest.approx(decisions["margin"].tolist())
    assert [row[0] for row in data["rows"]][:5] == list(HOSTILE_IDS[:5])
    assert "<r>bold</r>" in [row[0] for row in data["rows"]]
    assert names.index("reason") == names.index("margin") + 1, "behind the prices it would stand beyond the screen"
    assert "quantity [MWh]" in [column["header"] for column in data["columns"]]


def test_the_page_needs_nothing_but_itself(shown):
    """Proves: nothing is fetched, and the page's own policy forbids it."""
    text = shown[0].read_text(encoding="utf-8")
    assert not re.search(r"""(?:src|href|action)\s*=|url\(|@import|https?://(?!a\.cn)""", text)
    policy = next(attrs["content"] for tag, attrs in shown[1].elements if "http-equiv" in attrs)
    assert "default-src 'none'" in policy
    assert ("meta", {"name": "viewport", "content": "width=device-width, initial-scale=1"}) in shown[1].elements


def test_charts_have_names_and_figures(shown):
    drawings = [attrs["aria-label"] for tag, attrs in shown[1].elements if tag == "svg"]
    assert [title.split(",")[0].split(" (")[0] for title in drawings if "LINE-" not in title] == [
        "From revenue to margin", "Order value by region and technology",
        "First departure to last arrival against the due date", "Margin of the orders by sector and month shipped",
        "Revenue by month", "Load by line and bucket"]
    assert sum("LINE-" in title for title in drawings) == 5
    assert not re.search(r"\b(?:nan|inf)\b", " ".join(
        str(value) for tag, attrs in shown[1].elements if tag in ("rect", "path", "text") for value in attrs.values()))


def test_what_a_planner_typed_is_no_markup(tmp_path):
    """Proves: ids that look like elements stay text in words, attributes and the embedded rows."""
    result = hostile_result()
    finding = Finding("warning", "encoding", table="receipts", cell=HOSTILE)
    _, words = written(tmp_path, result, findings=[finding])
    assert [tag for tag, _ in words.elements if tag in ("img", "script")] == ["script", "script"]
    assert not [attrs for _, attrs in words.elements if any(name.startswith("on") for name in attrs)]
    assert HOSTILE in words.text
    data = json.loads(words.data)
    assert data["rows"][0][0] == HOSTILE
    reason = [column["name"] for column in data["columns"]].index("reason")
    told = data["words"]["reason"]
    assert told[data["rows"][1][reason]] == HOSTILE and len(set(told)) == len(told)


def test_prices_stand_in_one_column_each(tmp_path):
    """The price where both ends of what is proven are the same, else both; a blank end stays open."""
    result = fake_result(fake_tables(orders=4, lines=1, bucket_count=2))
    orders = result.plan.frames["decisions"]["order"].tolist()
    ends = ((7.0, 7.0), (5.0, 8.0), (5.0, math.inf))
    known = {order: Explanation(order, break_even=Interval(*pair)) for order, pair in zip(orders, ends, strict=False)}
    object.__setattr__(result, "explanations", known)
    _, words = written(tmp_path, result)
    data = json.loads(words.data)
    names = [column["name"] for column in data["columns"]]
    assert [name for name in names if name.endswith("_from")] == ["pays_from", "full_from"]
    assert [row[names.index("pays_from")] for row in data["rows"]] == [7, [5, 8], [5, None], None]


def test_embedded_rows_cannot_end_their_element():
    text = embedded_json("x", ["</script>", "<!--", "]]>", "\u2028", "&"])
    assert text.count("<") == 2
    assert json.loads(re.search(">(.*)<", text)[1]) == ["</script>", "<!--", "]]>", "\u2028", "&"]


def test_text_is_escaped_once_and_markup_never():
    text = element("p", {"title": '"<'}, "a<b", Markup("<b>&amp;</b>"))
    assert text == '<p title="&quot;&lt;">a&lt;b<b>&amp;</b></p>'


@pytest.mark.parametrize("orders", [0, 1])
@pytest.mark.parametrize("language", ["en", "zh"])
def test_small_cases_have_a_page(tmp_path, orders, language):
    _, words = written(tmp_path, fake_result(fake_tables(orders=orders, lines=1, bucket_count=2)), language)
    assert len(json.loads(words.data)["rows"]) == orders
    assert ("html", {"lang": "zh-CN" if language == "zh" else "en"}) in words.elements


def test_a_rejected_plan_says_so_in_name_and_banner(tmp_path):
    path, words = written(tmp_path, fake_result(fake_tables(orders=3, bucket_count=2), rejected=True))
    assert [file.name for file in tmp_path.iterdir()] == [path.name] == ["plan.REJECTED.html"]
    assert "THE AUDIT REJECTED THIS PLAN: DO NOT USE IT" in words.text
    assert "verdict alarm rejected" in [attrs.get("class") for _, attrs in words.elements]


def test_missed_promises_are_named(tmp_path):
    result = fake_result(fake_tables(orders=3, bucket_count=2), misses=3, status="promises_missed")
    result = replace(result, outcome=replace(result.outcome, promises_proven=False))
    _, words = written(tmp_path, result)
    assert {"firm order 北美数据中心 0", "12.345 MWh", "The misses are not proven to be the smallest possible.",
            "Not all promises can be kept: 3 promises missed"} <= set(words.text)


def test_a_long_order_book_is_cut_to_the_largest(tmp_path, monkeypatch):
    """Proves: the largest orders by value stand in the plan's order, and the page says that it is cut."""
    monkeypatch.setattr(orders_module, "MOST_ORDERS", 7)
    result = fake_result()
    _, words = written(tmp_path, result)
    decisions = result.plan.frames["decisions"]
    value = (decisions["quantity"] * decisions["unit_price"]).sort_values(ascending=False)
    wanted = decisions.loc[value.index[:7].sort_values(), "margin"].tolist()
    data = json.loads(words.data)
    place = [column["name"] for column in data["columns"]].index("margin")
    assert [row[place] for row in data["rows"]] == pytest.approx(wanted)
    assert "The table shows the 7 largest orders by value, of 40; the workbook has all of them." in words.text


def test_without_a_plan_there_is_no_page(tmp_path):
    with pytest.raises(ValueError, match="nothing to show"):
        write_page(tmp_path / "plan.html", without_plan("no_plan"), [], "en")


@pytest.mark.parametrize(("wrong", "reason"), [
    (lambda text: text.replace("</main>", ""), "closed"), (lambda text: text[:len(text) // 2], "is not closed"),
    (lambda text: text.replace('id="margin">', 'id="margin">1'), "the margin reads"),
    (lambda text: text.replace('"rows":[[', '"rows":[[],['), "41 orders instead of 40")])
def test_a_damaged_page_is_refused(shown, result, tmp_path, wrong, reason):
    path = tmp_path / "damaged.html"
    path.write_text(wrong(shown[0].read_text(encoding="utf-8")), encoding="utf-8")
    with pytest.raises(NotWritten, match=reason):
        check_page(path, f"{result.plan.margin:,.0f}", 40)


@pytest.mark.parametrize(("low", "high", "marks"), [
    (0.0, 168.0, [0, 50, 100, 150, 200]), (-30.0, 100.0, [-50, 0, 50, 100]), (0.0, 0.0, [0, 0.2, 0.4, 0.6, 0.8, 1])])
def test_axis_marks_are_round_and_enclose(low, high, marks):
    assert nice_marks(low, high) == pytest.approx(marks)


@pytest.mark.slow
@pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed")
def test_a_browser_shows_the_orders_and_runs_nothing_typed(tmp_path):
    """Proves, in Chromium: the script fills the table with text, nothing hostile runs, and a picture can be taken."""
    path, _ = written(tmp_path, hostile_result())
    flags = ["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
             "--disable-component-update", "--disable-sync", f"--user-data-dir={tmp_path / 'profile'}"]

    def run(*more):
        return subprocess.run([CHROMIUM, *flags, *more, path.as_uri()], check=True, capture_output=True,
                              timeout=120).stdout.decode("utf-8")

    shown = run("--dump-dom")
    rows = re.search(r"<tbody>(?:(?!<tbody>).)*?</tbody></table></div><noscript>", shown, re.DOTALL)[0]
    assert rows.count("<tr") == 12
    assert "&lt;/script&gt;&lt;script&gt;document.title" in rows
    assert "<title>&lt;/script&gt;" in shown
    assert "12 of 12 orders" in shown
    picture = tmp_path / "page.png"
    run("--window-size=390,1200", f"--screenshot={picture}")
    assert picture.stat().st_size > 20_000


@pytest.mark.slow
@pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed")
def test_a_browser_searches_and_sorts(tmp_path):
    """Proves, in Chromium: typing filters the table, a decision filters it, and a header sorts it both ways."""
    path, words = written(tmp_path, fake_result())
    orders = [row[0] for row in json.loads(words.data)["rows"]]
    told = """<script>
      const seen = () => [...document.querySelectorAll("#table tbody tr")].map(row => row.cells[0].textContent);
      const answers = {all: seen()};
      const search = document.getElementById("search");
      search.value = "so-0001"; search.dispatchEvent(new Event("input", {bubbles: true}));
      answers.found = seen();
      search.value = ""; search.dispatchEvent(new Event("input", {bubbles: true}));
      const header = document.querySelector("#table thead th");
      (header.querySelector("button") || header).click(); answers.once = seen();
      (document.querySelector("#table thead th button") || document.querySelector("#table thead th")).click();
      answers.twice = seen();
      document.title = JSON.stringify(answers);
    </script>"""
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("</body>", f"{told}</body>"), encoding="utf-8")
    dom = subprocess.run([CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run",
                          f"--user-data-dir={tmp_path / 'profile'}", "--dump-dom", path.as_uri()], check=True,
                         capture_output=True, timeout=120).stdout.decode("utf-8")
    answers = json.loads(unescape(re.search(r"<title>(.*?)</title>", dom, re.DOTALL)[1]))
    assert sorted(answers["all"]) == sorted(orders)
    assert answers["found"] == [order for order in answers["all"] if "so-0001" in order.lower()] != []
    assert sorted(answers["once"]) == sorted(orders) and answers["once"] != answers["twice"]
    assert answers["once"][0] in (answers["twice"][-1], answers["twice"][0]) and len(answers["twice"]) == len(orders)


@pytest.mark.slow
@pytest.mark.skipif(not (CHROMIUM and shutil.which("pdftotext")), reason="Chromium or poppler is not installed")
def test_a_printed_table_names_its_columns_on_every_page(tmp_path):
    """Proves, in Chromium: each printed page of orders has the headers. Else only the first has: Chromium leaves out
    the buttons of a header that it repeats."""
    path, _ = written(tmp_path, fake_result(fake_tables(orders=200)))
    printed = path.with_suffix(".pdf")
    subprocess.run([CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run",
                    f"--user-data-dir={tmp_path / 'profile'}", f"--print-to-pdf={printed}", path.as_uri()], check=True,
                   capture_output=True, timeout=120)
    pages = subprocess.run(["pdftotext", "-layout", str(printed), "-"], check=True, capture_output=True,
                           timeout=60).stdout.decode("utf-8").split("\f")
    of_orders = [page for page in pages if re.search(r"SO-\d{4}.*20\d\d-\d\d-\d\d", page)]  # not the timeline's
    assert len(of_orders) > 3
    assert [page for page in of_orders if "customer" not in page] == []


def long_result(orders, lines=8, bucket_count=26):
    """Orders each of which has a long reason of its own, and a long name."""
    tables = fake_tables(orders=orders, lines=lines, bucket_count=bucket_count)
    tables.frames["orders"]["order"] = [f"{number:06d} {'订单编号很长' * 20}" for number in range(orders)]
    result = fake_result(tables, misses=150)
    decisions = result.plan.frames["decisions"]
    decisions["reason"] = [f"{number} " + f"declined: line {number} is full with orders that earn more & more. " * 12
                           for number in range(len(decisions))]
    return result


def test_a_large_page_is_cut_and_says_so(tmp_path):
    """Proves: whatever the book, a page has 400 kB at most. First reasons are cut, then fewer orders shown."""
    path, words = written(tmp_path, long_result(2_500))
    data = json.loads(words.data)
    assert 300_000 < path.stat().st_size <= 400_000
    assert 200 < len(data["rows"]) < 2_000
    assert f"The table shows the {len(data['rows'])} largest orders by value, of 2,500; the workbook has all of them." \
        in words.text
    assert "Reasons are cut to 60 letters here; the workbook has them whole." in words.text
    assert max(map(len, data["words"]["reason"])) == 60


def test_a_page_of_middling_size_keeps_its_orders(tmp_path):
    """Proves: what is too large by its reasons alone keeps every order, and what fits keeps every word."""
    result = fake_result(fake_tables(orders=1_000))
    reasons = [f"{number} " + "why " * 120 for number in range(1_000)]
    result.plan.frames["decisions"]["reason"] = reasons
    path, words = written(tmp_path, result)
    data = json.loads(words.data)
    assert len(data["rows"]) == 1_000 and path.stat().st_size <= 400_000
    assert max(map(len, data["words"]["reason"])) in (240, 120)
    result.plan.frames["decisions"]["reason"] = [reason[:150] for reason in reasons]
    _, words = written(tmp_path, result)
    assert json.loads(words.data)["words"]["reason"] == [reason[:150] for reason in reasons]
    assert not [text for text in words.text if "cut to" in text]


@pytest.mark.slow
def test_fifty_thousand_orders_make_a_page_of_bounded_size(tmp_path):
    path, words = written(tmp_path, fake_result(fake_tables(orders=50_000, lines=100, bucket_count=104)))
    assert len(json.loads(words.data)["rows"]) == 2_000
    assert path.stat().st_size <= 400_000
    path, words = written(tmp_path, long_result(50_000, lines=100, bucket_count=104))
    assert path.stat().st_size <= 400_000


def busy_result(lines, orders=300):
    """A year of days in which every line runs and sets up."""
    result = fake_result(fake_tables(orders=orders, lines=lines, bucket_count=365))
    load = result.plan.frames["line_load"]
    load["run_hours"] = [10.0 + number % 7 for number in range(len(load))]
    load["setup_hours"] = [1.0 + number % 3 for number in range(len(load))]
    load["load"] = [0.1 * (1 + number * 7 % 9) for number in range(len(load))]
    return result


@pytest.mark.parametrize("lines", [5, 40])
def test_a_busy_year_of_days_leaves_room_for_orders(tmp_path, lines):
    """Proves: load charts of 365 days leave all 300 orders their rows; where maps of many lines would not, charts go,
    and that is said. With a rectangle for each day and kind of hours: more than 400 kB, and no order."""
    path, words = written(tmp_path, busy_result(lines))
    assert path.stat().st_size <= 400_000
    assert len(json.loads(words.data)["rows"]) == 300
    figures = sum(tag == "figure" for tag, _ in words.elements)
    left_out = [text for text in words.text if text.startswith("Charts left out here")]
    assert len(left_out) == (lines == 40) and figures == 11 - len(left_out)
