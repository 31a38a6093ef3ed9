"""Proves: the JSON document has the agreed keys, strict JSON values, and the plan's own figures."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from model.findings import Finding
from model.plan_tables import MONEY_TERMS
from model.report.document import json_document, json_text
from tests.report.fakes import fake_result, without_plan

SECONDS = {"load": 0.1, "build": 0.2, "solve": 1.0, "report": 0.3, "total": 1.6}
ERROR = Finding("error", "missing_setting", "settings", 3, "start_date", "Settings!B3", "start_date",
                {"meaning": "First day"})
AGREED = {"status", "margin", "bound", "gap", "seconds", "money", "orders", "misses", "audit", "errors", "model",
          "files", "versions", "input_hash"}


def document(result, findings=(), files=(), **others):
    return json.loads(json_text(json_document(result, list(findings), files, {"python": "3.11"}, SECONDS, **others)),
                      parse_constant=lambda word: pytest.fail(f"{word} is no strict JSON"))


def test_a_plan():
    result = fake_result()
    got = document(result, files=[Path("a.xlsx")])
    assert set(got) >= AGREED
    assert got["status"] == "within_gap"
    assert got["gap"] == pytest.approx((got["bound"] - got["margin"]) / got["margin"])
    assert list(got["money"]) == list(MONEY_TERMS)
    assert sum(got["money"].values()) == pytest.approx(got["margin"])
    assert got["files"] == ["a.xlsx"]
    assert got["seconds"] == SECONDS
    assert got["model"] == {"rows": 120, "columns": 340, "integers": 40, "nonzeros": 990}
    assert got["audit"]["passed"] is True
    assert got["audit"]["findings"][0]["law"] == "capacity_limit"


def test_orders_have_iso_dates_and_null_where_nothing_ships():
    result = fake_result()
    orders = document(result)["orders"]
    assert len(orders) == len(result.plan.frames["decisions"])
    assert set(orders[0]) == {"order", "status", "delivered", "first_ship", "last_arrival", "late_days", "margin",
                              "reason", "explanation"}
    assert orders[0]["order"] == "=1+1"
    first = result.plan.frames["decisions"].iloc[0]
    assert orders[0]["first_ship"] == f"{first['first_ship']:%Y-%m-%d}"
    nothing = next(order for order in orders if order["status"] == "declined")
    assert (nothing["first_ship"], nothing["last_arrival"], nothing["late_days"]) == (None, None, None)
    assert nothing["delivered"] == 0


def test_misses():
    misses = document(fake_result(misses=2, status="promises_missed"))["misses"]
    assert misses[0] == {"kind": "firm_order", "name": "北美数据中心 0", "bucket": "2025-02-03", "missed": 12.345,
                         "unit": "MWh", "value": 0.0}
    assert misses[1]["bucket"] is None


def test_rejected_input_lists_its_errors():
    got = document(None, [ERROR, replace(ERROR, severity="warning")])
    assert (got["status"], got["margin"], got["gap"], got["orders"], got["input_hash"]) == (
        "rejected_input", None, None, [], None)
    assert [error["cell"] for error in got["errors"]] == ["Settings!B3"]
    assert set(got["errors"][0]) >= {"table", "row", "cell", "column", "value", "rule", "remedy"}
    assert "start_date" in got["errors"][0]["remedy"]
    assert len(got["warnings"]) == 1


def test_statuses():
    assert document(fake_result(rejected=True))["status"] == "rejected_plan"
    assert document(fake_result(), status="not_written")["status"] == "not_written"
    none = document(without_plan("no_plan"))
    assert (none["status"], none["margin"], none["bound"], none["gap"]) == ("no_plan", None, None, None)
    assert none["audit"] == {"passed": None, "findings": []}


def test_any_console_can_print_it():
    json_text(json_document(fake_result(misses=1), [], [], {}, {}, language="zh")).encode("ascii")
