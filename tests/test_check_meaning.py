"""Checks that weigh several tables against each other say neither too much nor too little."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.tables.cases import Case, broken, rules


def test_loop_is_named():
    """Proves: the finding names the loop's items in order, once. By hand: pack > cell > pack."""
    result = broken(lambda tables: tables["bill_of_materials"].append({"item": "cell", "component": "pack",
                                                                       "quantity_per": 1}))
    loops = [finding.details["loop"] for finding in result.findings if finding.rule == "bom_loop"]
    assert loops == ["pack > cell > pack"]



def test_order_size_counts_every_source():
    """Proves: the bound adds stock, receipts, purchases and hours of every approved line.

    By hand, order NA (pack2, customer without approvals): latest 2025-02-20 leaves 6 full weeks (ends 01-12 ... 02-16)
    of 48 h at 1.5 h = 192. At 192 nothing is said; at 193 it is. Without overtime the bound would be 160.
    """
    def resized(quantity: float) -> set[str]:
        return rules(broken(lambda tables: tables["orders"][1].update(quantity=quantity, due_basis="departure")))
    assert "order_too_large" not in resized(192)
    assert "order_too_large" in resized(193)


def test_order_size_leaves_time_for_transit():
    """Proves: what must have arrived has left earlier. By hand: 12 days at least, so 4 weeks (ends to 02-02): 128."""
    def resized(quantity: float) -> set[str]:
        return rules(broken(lambda tables: tables["orders"][1].update(quantity=quantity)))
    assert "order_too_large" not in resized(128)
    assert "order_too_large" in resized(129)
    late = rules(broken(lambda tables: tables["orders"][1].update(quantity=1, due_date="2025-01-20")))
    assert "order_too_large" in late  # nothing that leaves on 01-12 or later arrives by 01-20



def test_single_line_order_is_bounded_by_one_line():
    """Proves: a single-line order cannot add up lines. By hand: L1 48 x 4 weeks, L3 40 x 4; together 352, best 192."""
    def change(quantity: float, single_line: str) -> Callable[[Case], object]:
        def apply(tables: Case) -> None:
            tables["approvals"].clear()
            tables["orders"][3].update(quantity=quantity, single_line=single_line)
        return apply
    assert "order_too_large" not in rules(broken(change(350, "no")))
    assert "order_too_large" in rules(broken(change(350, "yes")))



def test_approvals_limit_the_bound():
    """Proves: lines a customer has not approved do not count. By hand: C1 allows L1 only, 192 + 3 in stock."""
    def resized(quantity: float) -> set[str]:
        return rules(broken(lambda tables: tables["orders"][3].update(quantity=quantity)))
    assert "order_too_large" not in resized(195)
    assert "order_too_large" in resized(196)



def test_smallest_lot_may_fill_the_bucket():
    """Proves: a lot that takes all hours fits. By hand: 46 units x 1 h + 2 h setup = 40 h + 8 h overtime."""
    def resized(least: float, multiple: float | None) -> set[str]:
        return rules(broken(lambda tables: tables["routings"][0].update(min_lot=least, lot_multiple=multiple)))
    assert "lot_too_large" not in resized(46, None)
    assert "lot_too_large" in resized(46.5, None)
    assert "lot_too_large" not in resized(40, 23)
    assert "lot_too_large" in resized(24, 23.5)  # two lots of 23.5 are needed for 24


def test_substitute_saves_an_item_from_nowhere():
    """Proves: an item nobody makes is no error where a listed substitute may replace it."""
    def change(substitution: str) -> Callable[[Case], object]:
        def apply(tables: Case) -> None:
            tables["items"].append({"item": "ghost", "max_c_rate": 9})
            tables["substitutes"].append({"item": "ghost", "substitute": "pack", "market": None, "customer": None})
            tables["orders"][3].update(item="ghost", substitution=substitution)
        return apply
    assert "item_from_nowhere" not in rules(broken(change("yes")))
    assert "item_from_nowhere" in rules(broken(change("no")))



def test_left_out_orders_are_not_checked_for_sources():
    """Proves: an order that is not planned needs no source. Tender and declined orders would else block a plan."""
    def change(**cells: object) -> Callable[[Case], object]:
        def apply(tables: Case) -> None:
            tables["items"].append({"item": "ghost"})
            tables["orders"][3].update({"item": "ghost", "decision": None, **cells})
        return apply
    assert "item_from_nowhere" in rules(broken(change()))
    assert "item_from_nowhere" not in rules(broken(change(decision="decline")))
    assert "item_from_nowhere" not in rules(broken(change(win_probability=0.49)))
    assert "item_from_nowhere" in rules(broken(change(win_probability=0.5)))



def test_an_accepted_tender_is_checked_like_any_planned_order():
    """Proves: a tender that the planner accepts is planned, so it needs a source, may be pinned, and is not said to be
    left out. Taken for left out, its pin is refused and an item that nobody makes passes."""
    def tender(item: str, commitment: str = "optional") -> Callable[[Case], object]:
        def apply(tables: Case) -> None:
            tables["items"].append({"item": "ghost"})
            tables["orders"][0].update(item=item, win_probability=0.1, decision="accept", commitment=commitment)
        return apply
    assert not {"pin_of_left_out", "firm_tender"} & rules(broken(tender("pack", "firm")))
    assert "item_from_nowhere" in rules(broken(tender("ghost")))


def test_names_with_the_same_letters_are_not_alike():
    """Proves: 1-11 and 11-1 are two orders like any others. Compared without hyphens they would be said to be one."""
    def change(tables: Case) -> None:
        tables["orders"][1]["order"], tables["orders"][3]["order"] = "1-11", "11-1"
    assert "key_near" not in rules(broken(change))


def test_a_demand_of_zero_asks_for_a_known_rating():
    """Proves: a demand of 0, not blank, is one that an item without a rating does not meet. If it were taken for no
    demand, the order would be declined without a word."""
    def demand(rate: float | None) -> Callable[[Case], object]:
        def apply(tables: Case) -> None:
            tables["orders"][0].update(item="unrated", min_c_rate=rate)
            tables["items"].append({"item": "unrated"})
        return apply
    assert "own_item_rating" in rules(broken(demand(0)))
    assert "own_item_rating" not in rules(broken(demand(None)))


def test_decision_accept_of_a_firm_looking_order_is_no_finding():
    """Proves: accept is the planner's right, also for what would be optional."""
    assert broken(lambda tables: tables["orders"][1].update(decision="accept")).findings == []



@pytest.mark.parametrize("absent", ["sites", "customers", "markets"])
def test_absent_tables_need_no_references(absent):
    """Proves: without these tables their names stand for themselves. A check against nothing would refuse them all."""
    def change(tables: Case) -> None:
        del tables[absent]
        tables.pop("allocations")
        tables.pop("duties")
    result = broken(change)
    assert not [finding for finding in result.findings if finding.severity == "error"]
    assert result.tables is not None
    assert result.tables.frames["sites"]["site"].tolist() == ["east", "west"]



@pytest.mark.parametrize(("header", "rule", "severity"), [
    ("min_fill [%]", "header_percent", "error"), ("quantity [GWh]", "header_unit", "warning"),
    ("unit_price (10k CNY/MWh)", "header_unit", "warning"),
])
def test_unit_in_header_contradicts(header, rule, severity):
    """Proves: figures in another unit than the column's are pointed out; read silently they would be wrong."""
    column = header.partition(" ")[0]

    def change(tables: Case) -> None:
        tables["orders"] = [{header if name == column else name: cell for name, cell in row.items()}
                            for row in tables["orders"]]
    found = [finding for finding in broken(change).findings if finding.rule == rule]
    assert [(finding.severity, finding.column, finding.row) for finding in found] == [(severity, column, 1)]



@pytest.mark.parametrize(("header", "nearest"), [("min_fil", "min_fill"), ("Min. fill", "min_fill"),
                                                 ("最低满足率%", "min_fill"), ("remark", None)])
def test_header_nearly_like_a_column(header, nearest):
    """Proves: a misspelt optional column is pointed out; read as a planner's own it would silently be a default."""
    def change(tables: Case) -> None:
        tables["orders"] = [{header if name == "min_fill" else name: cell for name, cell in row.items()}
                            for row in tables["orders"]]
    found = [finding for finding in broken(change).findings if finding.rule == "header_near"]
    assert [finding.details["nearest"] for finding in found] == ([nearest] if nearest else [])
    assert all(finding.cell == "orders!R1" and finding.severity == "warning" for finding in found)


@pytest.mark.parametrize("header", ["quantity [MWh]", "quantity（MWh）", "Quantity", " 数量 [unit]", "QUANTITY [单位]"])
def test_unit_in_header_agrees(header):
    """Proves: a unit that is the column's own is accepted without a word."""
    def change(tables: Case) -> None:
        tables["orders"] = [{header if name == "quantity" else name: cell for name, cell in row.items()}
                            for row in tables["orders"]]
    assert broken(change).findings == []


def test_a_period_holds_the_day_on_which_goods_leave():
    """Proves: only a period without the last day of any week counts nothing. By hand: weeks end on 01-12, 01-19, ...,
    03-02. If first days counted: Monday 01-13 alone would do; next year's rule has a finding of its own."""
    def period(first: str | None, last: str | None) -> bool:
        return "no_departure_in_period" in rules(broken(
            lambda tables: tables["allocations"][0].update(from_date=first, to_date=last)))
    assert period("2025-01-13", "2025-01-18") and period(None, "2025-01-11")
    assert not (period("2025-01-13", "2025-01-19") or period("2025-03-02", None) or period("2026-01-01", "2026-01-02"))


def test_a_pin_that_only_limits_needs_no_line_that_could():
    """Proves: at most 2 on a line that makes nothing for the order is kept anyway; at least 2 there is not. A line that
    makes only a substitute which is not rated for the order is no line for it either."""
    def pinned(line: str, sense: str, rate: float) -> set[str]:
        def change(tables: Case) -> None:
            tables["routings"].append({"line": "L2", "item": "pack2", "hours_per_unit": 1.0})
            tables["orders"][0].update(min_c_rate=1.0)
            tables["items"][1].update(max_c_rate=rate)
            tables["pins"][0].update(line=line, sense=sense)
        return rules(broken(change)) & {"pin_without_routing", "pin_not_approved"}
    assert pinned("L2", "min", 3) == pinned("L2", "max", 0.5) == pinned("L3", "max", 3) == set()
    assert pinned("L2", "min", 0.5) == {"pin_without_routing"}
    assert pinned("L3", "min", 3) == {"pin_not_approved"}


@pytest.mark.parametrize(("table", "column"), [("routings", "lead_time_days"), ("supply", "lead_time_days"),
                                               ("lanes", "transit_days"), ("transfers", "transit_days")])
def test_days_are_not_a_date(table, column):
    """Proves: 20250107 days, a date typed into the wrong column, are refused; no calendar reaches that far, and the
    plan would end in a traceback. Ten years are as many as there may be."""
    def days(count: int) -> set[str]:
        return rules(broken(lambda tables: tables[table][0].update({column: count})))
    assert "too_high" in days(20250107)
    assert "too_high" not in days(3650)


def test_a_source_of_nothing_is_a_source():
    """Proves: an item with 0 in stock, or of which a supplier offers 0, is sold out, which is told and planned with. A
    stock row that leaves its opening stock blank is no source: what is ordered of it comes from nowhere."""
    def ghost(stock: float | None) -> Callable[[Case], object]:
        def apply(tables: Case) -> None:
            tables["items"].append({"item": "ghost"})
            tables["stock"].append({"item": "ghost", "site": "east", "opening_stock": stock})
            tables["orders"][3].update(item="ghost")
        return apply

    def no_foil(tables: Case) -> None:
        tables["receipts"].clear()
        tables["supply"] = [{**row, "max_qty": 0, "min_qty": 0} for row in tables["supply"]]
    sold_out, stopped = broken(ghost(0)), broken(no_foil)
    assert rules(sold_out) == {"item_sold_out", "order_too_large"} and rules(stopped) == {"component_sold_out"}
    assert sold_out.tables is not None and stopped.tables is not None
    assert "item_from_nowhere" in rules(broken(ghost(None)))


def test_names_that_run_together_are_refused():
    """Proves: misses are named "line / item" and "item / site", so two of them must not have one name: L1 / x of pack
    and L1 of x / pack. A slash that leads to no such pair is a name like any other."""
    def change(*items: str) -> Callable[[Case], object]:
        def apply(tables: Case) -> None:
            first, routing = tables["lines"][0], tables["routings"][3]
            tables["lines"].append({**first, "line": "L1 / x"})
            tables["items"] += [{"item": item} for item in items]
            tables["routings"] += [{**routing, "line": "L1 / x"},
                                   *({**routing, "line": "L1", "item": item} for item in items)]
        return apply
    told = [finding for finding in broken(change("x / pack")).findings if finding.rule == "names_run_together"]
    assert [(finding.severity, finding.table, finding.column) for finding in told] == [("error", "routings", "item")]
    assert told[0].details["name"] == "L1 / x / pack"
    assert "names_run_together" not in rules(broken(change("pack / x")))
