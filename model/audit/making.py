"""Laws of making: hours of lines and resources, setups, lots, dates and lead times, openings."""

from __future__ import annotations

import numpy as np

from model.audit.align import align
from model.audit.book import SOLVER, attach
from model.audit.facts import Facts
from model.audit.tally import Tally


def capacity_limit(facts: Facts, tally: Tally) -> None:
    """Work and setups on a line fit its regular hours and the overtime used."""
    work = attach(facts.work, facts.book.rows("line_load")[["line", "t", "overtime_hours"]], ["line", "t"])
    slack = work["slack"] + facts.book.rounding("hours", 2)
    # Held twice: within what the line offers at most, and within the overtime that the plan shows and pays.
    load = work["run"] + work["setup"]
    tally.at_most("line_load", work, "run_hours", load, work["regular"] + work["overtime"], slack)
    tally.at_most("line_load", work, "run_hours", load, work["regular"] + work["overtime_hours"].fillna(0.0), slack)


def overtime_limit(facts: Facts, tally: Tally) -> None:
    """Overtime is not negative and stays within the line's overtime hours."""
    limits = facts.work.rename(columns={"overtime": "limit"})[["line", "t", "limit", "slack"]]
    rows = attach(facts.book.rows("line_load"), limits, ["line", "t"]).fillna({"limit": 0.0, "slack": 0.0})
    tally.at_most("line_load", rows, "overtime_hours", rows["overtime_hours"], rows["limit"],
                  rows["slack"] + facts.book.rounding("hours", 2))
    tally.holds("line_load", rows, "overtime_hours", rows["overtime_hours"] >= 0)


def open_lines(facts: Facts, tally: Tally) -> None:
    """A line that is closed on every day of a bucket makes nothing in it."""
    work = facts.work
    # What takes no hours is not seen by capacity_limit.
    tally.holds("line_load", work, "units", (work["share"] > 0) | (work["units"] <= 0))


def resource_limit(facts: Facts, tally: Tally) -> None:
    """Work on a shared resource fits its hours."""
    used = facts.resource_work
    tally.at_most("resource_load", used, "used_hours", used["used"], used["offered"],
                  used["slack"] + facts.book.rounding("hours", 2))


def setup_needs(facts: Facts, tally: Tally) -> None:
    """Every group that runs on a line in a bucket is set up once there, with its hours and cost."""
    book = facts.book
    wanted = facts.setups.rename(columns={"setup_hours": "want_hours", "setup_cost": "want_cost"})
    wanted = wanted.assign(bucket_start=book.start_of(wanted["t"]))
    # A setup without hours and cost need not be written.
    paid = (wanted["want_hours"] > 0) | (wanted["want_cost"] > 0)
    rows = align(tally, "setups", book.rows("setups"), wanted, ["line", "setup_group", "t"], must=paid)
    tally.same("setups", rows, "setup_hours", rows["want_hours"], book.rounding("hours"))
    tally.same("setups", rows, "setup", -rows["want_cost"], book.rounding("money"))


def minimum_lot(facts: Facts, tally: Tally) -> None:
    """An item that runs on a line in a bucket runs at least its minimum lot."""
    runs = facts.runs[facts.runs["quantity"] > 0]
    runs = runs.assign(bucket_start=facts.book.start_of(runs["t"]))
    tally.at_most("production", runs, "min_lot", runs["min_lot"], runs["quantity"],
                  facts.book.rounding("quantity", runs["terms"], runs["item"]), keys=("line", "item", "bucket_start"))


def lot_multiple(facts: Facts, tally: Tally) -> None:
    """An item with a lot multiple is made in whole multiples of it."""
    runs = facts.runs[facts.runs["lot_multiple"].notna()]
    runs = runs.assign(bucket_start=facts.book.start_of(runs["t"]))
    # HiGHS takes a number of lots as whole within 1e-6: so much of one lot is granted below.
    lots = np.round(runs["quantity"] / runs["lot_multiple"]) * runs["lot_multiple"]
    tally.equals("production", runs, "lot_multiple", runs["quantity"], lots,
                 facts.book.rounding("quantity", runs["terms"], runs["item"]) + SOLVER * runs["lot_multiple"],
                 keys=("line", "item", "bucket_start"))


def routing_dates(facts: Facts, tally: Tally) -> None:
    """A line makes what it has a routing for, in buckets whose first day lies in the routing's dates."""
    rows = facts.production
    tally.holds("production", rows, "line", rows["known"])
    tally.holds("production", rows, "bucket_start", facts.book.covers(rows, facts.book.start_of(rows["t"])))


def lead_times(facts: Facts, tally: Tally) -> None:
    """What a lead time would bring only after the horizon is not started, and the rest is there when it says."""
    rows = facts.production
    tally.holds("production", rows, "bucket_start", rows["ready"] < len(facts.book.ends))
    tally.same("production", rows, "available_on", facts.book.end_of(rows["ready"]))


def expansion_choice(facts: Facts, tally: Tally) -> None:
    """A line is opened at most once, on one of the dates offered."""
    book = facts.book
    rows = book.rows("openings")
    offers = book.input("expansions").rename(columns={"cost": "want_cost"})
    rows = attach(rows, offers, ["line", "start_date"])
    tally.holds("openings", rows, "start_date", rows["want_cost"].notna())
    tally.holds("openings", rows, "line", ~rows["line"].duplicated(keep=False))
    tally.same("openings", rows, "expansion", -rows["want_cost"], book.rounding("money"))


LAWS = (capacity_limit, overtime_limit, open_lines, resource_limit, setup_needs, minimum_lot, lot_multiple,
        routing_dates, lead_times, expansion_choice)
