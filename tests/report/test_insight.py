"""Proves: the insight figures, each worked out by hand, and the sheets that show them."""

import math
from dataclasses import replace

import pandas as pd
import pytest
from openpyxl import load_workbook

from model.labels import label
from model.report.case import Case
from model.report.insight import (
    days_after_due,
    hours_by_region,
    line_programme,
    margin_per_bottleneck_hour,
    promised_dates,
    promised_on,
    revenue_by_month,
    sector_margins,
    timeline,
    unassigned_margin,
)
from model.report.insight_charts import order_name, timeline_parts, whole_weeks
from model.report.workbook import write_result
from tests.report.fakes import FakePlan, fake_result, fake_tables, frame_of


def table(name, rows):
    return frame_of(name, len(rows), pd.DataFrame(rows).to_dict("list"))


def case(basis="arrival", **tables):
    """Orders A (item-lead, sector "data centre") and B (item-LFP cells, no sector) and what a test says of them."""
    typed = fake_tables(orders=0)
    typed.frames["orders"] = typed.frames["orders"].reindex(range(2)).assign(order=["A", "B"], due_basis=basis)
    typed.frames["items"].loc[0, "sector"] = "data centre"
    result = fake_result(fake_tables(orders=0))
    frames = {**result.plan.frames, **{name: table(name, rows) for name, rows in tables.items()}}
    return Case(result, typed, FakePlan(frames, 100.0, 110.0), [])


def order(name, **values):
    return {"order": name, "item": "item-lead" if name == "A" else "item-LFP cells", "status": "accepted",
            "quantity": 10.0, "delivered": 10.0, "unit_price": 1.0, "due_date": "2025-02-10", **values}


def shipment(name, departure, arrival, quantity, revenue, **values):
    return {"order": name, "departure": departure, "arrival": arrival, "quantity": quantity, "revenue": revenue,
            **values}


def hours(line, used, regular=100.0):
    return {"line": line, "bucket_start": "2025-01-06", "run_hours": used, "regular_hours": regular}


def test_days_after_the_due_date_are_signed():
    """By hand: A arrives on 8 February, two days before the 10th; B on the 13th, three days after."""
    decisions = [order("A", last_arrival="2025-02-08"), order("B", last_arrival="2025-02-13")]
    days = days_after_due(case(decisions=decisions))
    assert days.tolist() == [-2, 3]


def test_days_of_what_is_due_by_departure():
    """By hand: the last part leaves on 9 February, a day early; its arrival on 5 March would be 23 days late."""
    shipments = [shipment("A", "2025-02-02", "2025-02-20", 5, 5), shipment("A", "2025-02-09", "2025-03-05", 5, 5)]
    decisions = [order("A", last_arrival="2025-03-05")]
    assert days_after_due(case("departure", decisions=decisions, shipments=shipments)).tolist() == [-1]


def test_the_promised_date_is_met_as_the_order_asks(tmp_path):
    """By hand: due by arrival 5 March is promised, by departure 9 February. Promised dates then tells the arrival, too;
    a date of arrival beside days counted from a departure would contradict them."""
    shipments = [shipment("A", "2025-02-09", "2025-03-05", 10, 10)]
    decisions = [order("A", last_arrival="2025-03-05", first_ship="2025-02-09")]
    for basis, day in (("arrival", "2025-03-05"), ("departure", "2025-02-09")):
        promised = promised_on(case(basis, decisions=decisions, shipments=shipments))
        assert promised.tolist() == [pd.Timestamp(day)]
    result = fake_result()
    result.tables.frames["orders"]["due_basis"] = "departure"
    book = load_workbook(write_result(tmp_path / "plan.xlsx", result, result.tables, [])[0])
    left = result.plan.frames["shipments"].groupby("order")["departure"].max()
    left = left.rename(lambda name: name.replace("\r", ""))
    rows = [row for row in rows_of(book["Promised dates"]) if row["promised_date"] is not None]
    assert rows and all(row["promised_date"] == left[row["order"]] and row["due_basis"] == "departure" for row in rows)
    assert all(row["last_arrival"] >= row["promised_date"] for row in rows)


@pytest.mark.parametrize(("first", "last", "axis"), [
    (45750.0, 45990.0, (45747.0, 45993.0, 21.0)), (45747.0, 45800.0, (45740.0, 45803.0, 7.0)),
    (45300.0, 45310.0, (45292.0, 45313.0, 7.0))])
def test_the_timeline_counts_in_weeks_of_the_plan(first, last, axis):
    """By hand: the plan starts on day 45747, a Monday; marks stand on Mondays, whenever the first order leaves."""
    assert whole_weeks(first, last, 45747.0) == axis


def test_what_does_not_ship_has_no_days():
    assert math.isnan(days_after_due(case(decisions=[order("A", last_arrival=None)]))[0])


def test_margin_per_bottleneck_hour():
    """By hand: L1 is 96 % full, L2 95 % and no bottleneck. A earns 60 in 8 + 4 hours on L1: 5; on all lines: 3."""
    made = [{"order": "A", "line": "L1", "run_hours": 8.0}, {"order": "A", "line": "L1", "run_hours": 4.0},
            {"order": "A", "line": "L2", "run_hours": 8.0}, {"order": "B", "line": "L2", "run_hours": 9.0}]
    values = margin_per_bottleneck_hour(case(
        decisions=[order("A", margin=60.0), order("B", margin=60.0)], production=made,
        line_load=[hours("L1", 96.0), hours("L2", 95.0)]))
    assert values[0] == pytest.approx(5.0)
    assert math.isnan(values[1])


def test_margin_by_sector_and_month_adds_up():
    """By hand: A ships 4 of 10 in January and 6 in March, variable cost -50: 40 - 20 = 20 and 60 - 5 - 30 = 25.

    February is empty, not missing. Were the damages shared, too, January would have 18.
    """
    book = case(decisions=[order("A", variable_cost=-50.0, margin=45.0), order("B", variable_cost=-3.0, margin=7.0)],
                shipments=[shipment("A", "2025-01-12", "2025-01-12", 4, 40),
                           shipment("A", "2025-03-02", "2025-03-09", 6, 60, late=-5.0),
                           shipment("B", "2025-01-31", "2025-02-01", 10, 10)])
    margins = sector_margins(book)
    assert margins.index.tolist() == ["2025-01", "2025-02", "2025-03"]
    assert margins["data centre"].tolist() == pytest.approx([20, 0, 25])
    assert margins["(not stated)"].tolist() == pytest.approx([7, 0, 0])
    assert unassigned_margin(book) == pytest.approx(100 - 52)


def test_revenue_by_the_month_it_ships_and_arrives():
    revenue = revenue_by_month(case(shipments=[shipment("A", "2025-01-31", "2025-03-01", 4, 40),
                                               shipment("B", "2025-02-01", "2025-02-02", 1, 10)]))
    assert revenue.to_dict("list") == {"shipped": [40, 10, 0], "arrived": [0, 10, 40]}


def test_nothing_shipped_has_no_months():
    assert sector_margins(case()).empty
    assert revenue_by_month(case()).empty


def test_the_timeline_keeps_the_largest_orders_by_value():
    tables = fake_tables(orders=200)
    result = fake_result(tables)
    rows = timeline(Case(result, tables, result.plan, []))
    decisions = result.plan.frames["decisions"]
    shipped = decisions[decisions["first_ship"].notna()]
    value = (shipped["quantity"] * shipped["unit_price"]).sort_values(ascending=False)
    assert len(rows) == 40
    assert set(rows["order"]) == set(shipped.loc[value.index[:40], "order"])
    assert rows["first_ship"].is_monotonic_increasing


@pytest.mark.parametrize(("first", "last", "due", "late", "lengths"), [
    ("01-02", "01-04", "01-09", False, {"in_time": 3, "slack": 5, "wait": 0, "on_its_way": 0, "too_late": 0}),
    ("01-02", "01-08", "01-04", True, {"in_time": 3, "slack": 0, "wait": 0, "on_its_way": 0, "too_late": 3}),
    ("01-02", "01-08", "01-04", False, {"in_time": 3, "slack": 0, "wait": 0, "on_its_way": 3, "too_late": 0}),
    ("01-09", "01-10", "01-04", True, {"in_time": 0, "slack": 0, "wait": 3, "on_its_way": 0, "too_late": 2}),
])
def test_parts_of_a_timeline_bar(first, last, due, late, lengths):
    """By hand, with a mark of one day: from the 2nd to the 4th are 3 whole days; the mark follows the due day."""
    rows = pd.DataFrame({name: pd.to_datetime([f"2025-{day}"]) for name, day in (
        ("first_ship", first), ("last_arrival", last), ("due_date", due))}).assign(days_after_due=1.0 if late else -1.0)
    parts = timeline_parts(rows).iloc[0]
    assert parts[list(lengths)].to_dict() == lengths
    assert parts["due"] == 1


def test_long_names_of_orders_are_cut():
    assert order_name("SO-1") == "SO-1"
    assert order_name("中国移动数据中心有限公司二期工程") == "中国移动数据中心有限公司…"


def test_promised_dates_stand_by_date_and_leave_out_what_is_not_taken():
    rows = promised_dates(case(decisions=[
        order("A", last_arrival="2025-03-01"), order("B", last_arrival="2025-02-01"),
        order("C", status="declined"), order("D", status="missed", last_arrival=None)]))
    assert rows["order"].tolist() == ["B", "A", "D"]


def test_line_programme_sums_the_orders_of_an_item():
    """By hand: 2 + 3 of the lead item on L1 in the first bucket, 4 in the second."""
    made = [{"order": name, "line": "L1", "item": "item-lead", "bucket_start": day, "quantity": quantity}
            for name, day, quantity in (("A", "2025-01-06", 2.0), (None, "2025-01-06", 3.0), ("A", "2025-01-13", 4.0))]
    load = [{"line": "L1", "bucket_start": day} for day in ("2025-01-06", "2025-01-13", "2025-01-20")]
    units = line_programme(case(production=made, line_load=load))
    assert units.index.tolist() == [("L1", "item-lead")]
    assert units.iloc[0].fillna(0.0).tolist() == [5, 4, 0]


def test_hours_by_region_of_the_order():
    """By hand: A 6 h domestic, B 2 + 2 h overseas; 7 h that stay in stock belong to nobody."""
    made = [{"order": name, "line": "L1", "run_hours": used}
            for name, used in (("A", 6.0), ("B", 2.0), ("B", 2.0), (None, 7.0))]
    decisions = [order("A", region="domestic"), order("B", region="overseas")]
    assert hours_by_region(case(decisions=decisions, production=made)) == {"domestic": 6, "overseas": 4}


@pytest.fixture(scope="module")
def result():
    return fake_result()


@pytest.fixture(scope="module")
def book(result, tmp_path_factory):
    return load_workbook(write_result(tmp_path_factory.mktemp("book") / "plan.xlsx", result, result.tables, [])[0])


def rows_of(sheet):
    header, *rows = sheet.iter_rows(values_only=True)
    return [dict(zip(header, row, strict=True)) for row in rows]


def test_insight_charts_read_filled_cells(book):
    """Proves: two charts by month, four lines besides the two of the first page, and a timeline; none is empty."""
    assert len(book["Insight"]._charts) == 6
    assert len(book["Timeline"]._charts) == 1
    for chart in [*book["Insight"]._charts, *book["Timeline"]._charts]:
        for series in [series for part in (chart, *chart._charts[1:]) for series in part.series]:
            sheet, cells = series.val.numRef.f.replace("'", "").split("!")
            values = [cell.value for row in book[sheet][cells.replace("$", "")] for cell in row]
            assert any(value is not None for value in values)


def test_insight_pages_print_on_one_page_each(book):
    for name in ("Insight", "Timeline"):
        setup = book[name].page_setup
        assert (setup.fitToWidth or 1, setup.fitToHeight or 1, setup.paperSize) == (1, 1, 9)


def test_decisions_show_further_columns_before_the_planners_own(result, book):
    header = [cell.value for cell in book["Decisions"][1]]
    assert header[-6:-2] == ["reason", "promised_date", "days_after_due [days]", "margin_per_bottleneck_hour [CNY/h]"]
    shown = [row["days_after_due [days]"] for row in rows_of(book["Decisions"])]
    decisions = result.plan.frames["decisions"]
    wanted = (decisions["last_arrival"] - decisions["due_date"]).dt.days
    assert shown == [None if math.isnan(days) else days for days in wanted]


def test_extracts_hold_the_plan(result, book):
    decisions, made = result.plan.frames["decisions"], result.plan.frames["production"]
    promised = rows_of(book["Promised dates"])
    assert len(promised) == int(decisions["status"].isin(["accepted", "partial", "missed"]).sum())
    assert [row["promised_date"] for row in promised] == sorted(row["promised_date"] for row in promised)
    programme = rows_of(book["Line programme"])
    assert len(programme) == len(made[["line", "item"]].drop_duplicates())
    assert sum(row["total [MWh]"] for row in programme) == pytest.approx(made["quantity"].sum())


def test_materials_stand_by_the_day_to_order(result, tmp_path):
    """Proves: purchasing reads from the top. Here the plan's rows stand the other way round."""
    frames = {**result.plan.frames, "material_needs": result.plan.frames["material_needs"][::-1].reset_index(drop=True)}
    turned = replace(result, plan=replace(result.plan, frames=frames))
    book = load_workbook(write_result(tmp_path / "plan.xlsx", turned, turned.tables, [])[0])
    days = [row["order_by"] for row in rows_of(book["Material needs"])]
    assert days == sorted(days)


@pytest.mark.parametrize(("language", "words"), [("en", "Nothing ships in this plan."), ("zh", "此计划没有发运。")])
def test_without_orders_and_hours_the_pages_say_so(tmp_path, language, words):
    result = fake_result(fake_tables(orders=0))
    book = load_workbook(write_result(tmp_path / "plan.xlsx", result, result.tables, [], language)[0])
    pages = [book[label(f"sheet.{name}", language)] for name in ("insight", "timeline")]
    assert [len(page._charts) for page in pages] == [0, 0]
    assert {page["B2"].value for page in pages} == {words}


def test_items_in_different_units_have_their_unit(tmp_path):
    result = fake_result(fake_tables(two_units=True))
    book = load_workbook(write_result(tmp_path / "plan.xlsx", result, result.tables, [])[0])
    for name in ("Promised dates", "Line programme"):
        assert {"t", "MWh"} == {row["unit"] for row in rows_of(book[name])}


@pytest.mark.parametrize("named", ["others", "sector 9"])
def test_a_sector_called_others_is_one_of_them(named):
    """Proves: seven sectors of 1 to 7 in margin, the largest by whatever name: shown and others sum to 28.

    If the sum took the place of a sector called "others": 21.
    """
    typed = fake_tables(orders=0)
    names = [named, *(f"sector {number}" for number in range(6))]
    typed.frames["items"] = typed.frames["items"].reindex(range(7)).assign(item=[f"I{n}" for n in range(7)],
                                                                           sector=names)
    orders = [order(f"O{n}", item=f"I{n}", variable_cost=0.0, margin=7.0 - n) for n in range(7)]
    frames = {**fake_result(typed).plan.frames, "decisions": table("decisions", orders), "shipments": table(
        "shipments", [shipment(f"O{n}", "2025-01-12", "2025-01-12", 10, 7.0 - n) for n in range(7)])}
    margins = sector_margins(Case(fake_result(typed), typed, FakePlan(frames, 28.0, 28.0), []))
    assert margins.shape[1] == 6 and margins.to_numpy().sum() == pytest.approx(28)
