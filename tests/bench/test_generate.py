"""The benchmark books: the program takes them, and they are what they are said to be."""

from __future__ import annotations

from pathlib import Path

import pytest

from model.checks import check
from model.planning import Options, plan_order_book
from model.tables import from_records, read
from tests.bench import parameters as given
from tests.bench.generate import book, checked, load_of, main, overbooked, records

SMALL = "S"


@pytest.mark.parametrize("family", given.FAMILIES)
def test_the_program_finds_nothing_wrong(family):
    """Not even a warning: a careless generator orders more than the lines can make, or after the horizon."""
    result = check(from_records(records(book(SMALL, family, 1))))
    assert result.tables is not None
    assert result.findings == []


@pytest.mark.parametrize("family", given.FAMILIES)
@pytest.mark.parametrize(("size", "seed"), [(SMALL, 1), (SMALL, 2), ("M", 3)])
def test_orders_compete(size, family, seed):
    """Orders want 1.2 times the hours there are: at 0.8 every order would be taken and nothing were to be decided."""
    assert load_of(checked(book(size, family, seed))) == pytest.approx(given.LOAD, abs=0.05)


@pytest.mark.parametrize("family", given.FAMILIES)
def test_it_has_the_size_it_should(family):
    """Counts of orders, lines, weeks and items (materials aside); every line and item takes part."""
    frames, size = book(SMALL, family, 1), given.SIZES[SMALL]
    made = frames["items"][frames["items"]["family"] != "material"]
    weeks = dict(frames["settings"].itertuples(index=False))["bucket_count"]
    assert (len(frames["orders"]), len(frames["lines"]), weeks, len(made)) == (
        size.orders, size.lines, size.weeks, size.items)
    assert set(frames["routings"]["line"]) == set(frames["lines"]["line"])
    lines_of_item = frames["routings"].groupby("item").size()
    assert set(lines_of_item.index) == set(made["item"]) and lines_of_item.between(2, 4).all()


def test_same_seed_same_book_other_seed_other_book():
    """A book is named by size, family and seed, so that it can be made again elsewhere."""
    one, again, other = (checked(book(SMALL, "setups", seed)).input_hash for seed in (1, 1, 2))
    assert one == again
    assert one != other


def test_an_overbooked_book_breaks_promises():
    """Nine in ten orders promised, which want more hours than there are: the plan misses some, and is audited."""
    result = plan_order_book(checked(overbooked(book("XS", "plain", 1), 0.9, 1)), Options(rule_of_thumb=False))
    assert result.outcome.status == "promises_missed"
    assert result.audit is not None and result.audit.passed


def test_families_are_what_they_are_called():
    """Each has what it is there to measure, and the plain one has none of it."""
    books = {family: book("M", family, 1) for family in given.FAMILIES}
    orders = books["single"]["orders"]
    assert orders["single_line"].mean() == pytest.approx(given.SINGLE_LINE_SHARE, abs=0.03)
    assert (orders["min_fill"] == 1).mean() == pytest.approx(given.ALL_OR_NOTHING_SHARE, abs=0.04)
    assert (books["setups"]["routings"]["setup_hours"] > 0).mean() == pytest.approx(given.SETUP_SHARE, abs=0.15)
    assert (books["setups"]["routings"]["min_lot"] > 0).mean() == pytest.approx(given.SETUP_SHARE, abs=0.15)
    stages = books["staged"]
    assert set(stages["bill_of_materials"]["component"]) & set(stages["routings"]["item"])
    assert {"resources", "routing_resources", "transfers"} <= set(stages) and len(stages["sites"]) == 2
    plain = books["plain"]
    assert not plain["orders"]["single_line"].any() and not plain["orders"]["min_fill"].any()
    assert "setup_hours" not in plain["routings"] and len(plain["sites"]) == 1


def test_lines_of_a_group_are_identical():
    """In the family of single-line orders lines come in groups: same items, hours and cost; so symmetry is there."""
    routings = book("M", "single", 1)["routings"]
    terms = routings.groupby("item")[["hours_per_unit", "unit_cost", "yield_share"]].nunique()
    assert (terms == 1).all(axis=None)
    made = routings.groupby("line")["item"].agg(frozenset)
    assert made.value_counts().min() >= 2


def test_a_written_book_is_the_same_book(tmp_path: Path):
    """Through CSV files the very same tables come back, so that measuring from files measures the same book."""
    main([SMALL, "single", "1", str(tmp_path)])
    from_files = check(read(tmp_path))
    assert from_files.tables is not None
    assert from_files.findings == []
    assert from_files.tables.input_hash == checked(book(SMALL, "single", 1)).input_hash


def test_a_plain_book_is_proven_and_better_than_the_rule_of_thumb():
    """Firm orders can be kept, and there is something to be gained: the rule of thumb earns clearly less."""
    result = plan_order_book(checked(book(SMALL, "plain", 1)), Options(gap=1e-4, time_limit=30))
    assert result.outcome.status in ("optimal", "within_gap")
    assert result.audit is not None and result.audit.passed
    assert result.rule_of_thumb is not None
    assert result.rule_of_thumb.margin < 0.97 * result.outcome.margin


def test_an_unknown_family_is_refused():
    """A misspelt family would otherwise silently be the plain one."""
    with pytest.raises(ValueError, match="set-ups"):
        book(SMALL, "set-ups", 1)
