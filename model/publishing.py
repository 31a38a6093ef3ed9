"""Which plan is published, the search's or the rule of thumb's, and what is said of it."""

from __future__ import annotations

import math
from dataclasses import replace

from model.audit import Audit, AuditRow, audit
from model.audit.result import Place, Sign
from model.instance import Instance
from model.plan import Plan, make_plan, read_decisions
from model.plan.money import TERM_TABLES
from model.plan_tables import MISS_RANKS
from model.solve.child import ENDED
from model.solve.matrix import Matrix
from model.solve.outcome import Found, Outcome, status_of


def published(instance: Instance, matrix: Matrix, found: Found, thumb: Plan | None, language: str,
               asked: float) -> tuple[Found, Plan | None, Audit | None]:
    """The plan to publish with its audit: the one found, or the rule of thumb's where that is the better one.

    A plan that an ended solver left behind and that the audit rejects gives way to the rule of thumb's, too.
    ``asked``: the gap, as a share.
    """
    bound = _bound(instance, found.outcome)
    plan = signed = None
    if found.values is not None:
        plan = make_plan(instance, read_decisions(instance, matrix, found.values), bound, language)
        found = replace(found, outcome=_as_written(instance, replace(found.outcome, bound=bound), plan, asked))
        bound = _bound(instance, found.outcome)
        # Amounts are rounded one by one, so that together they may come to a hair more than was proven.
        plan = replace(plan, bound=max(bound, plan.margin))
        signed = held_to_search(audit(instance.tables, plan), plan, replace(found.outcome, bound=bound))
    was_ended = bool(ENDED & set(found.outcome.notes))
    if thumb is None or (found.outcome.status == "failed" and not was_ended):
        return found, plan, signed
    left_behind = was_ended and signed is not None and not signed.passed
    if plan is not None and not left_behind and not _is_better(thumb, plan):
        return found, plan, signed
    missed = _misses_any(thumb)
    # A bound of plans that keep every promise says nothing of one that does not, nor the other way round.
    is_alike = missed == found.outcome.promises_missed
    bound = max(bound if is_alike else most_revenue(instance), thumb.margin)
    # It may miss as little as is proven to be least: whatever is better misses less, or as little.
    proven = not missed or (is_alike and found.outcome.promises_proven and plan is not None
                            and _misses_alike(thumb, plan))
    outcome = replace(found.outcome, margin=thumb.margin, bound=bound, promises_missed=missed, promises_proven=proven,
                      notes=(*found.outcome.notes, "rule_of_thumb_published"))
    better = replace(thumb, bound=bound)
    return Found(replace(outcome, status=status_of(outcome, asked)), None), better, audit(instance.tables, better)


def _bound(instance: Instance, outcome: Outcome) -> float:
    """The proven bound; a search that is ended early may know none yet, and the report needs one."""
    return outcome.bound if outcome.bound is not None and math.isfinite(outcome.bound) else most_revenue(instance)


def _as_written(instance: Instance, outcome: Outcome, plan: Plan, asked: float) -> Outcome:
    """The outcome in which promises count as missed where the plan's tables say so.

    The search may have had to miss less than a plan writes down; one that was ended may have told a plan that misses
    more than it has said.
    """
    missed = _misses_any(plan)
    if missed == outcome.promises_missed:
        return outcome
    # A bound of plans that keep every promise is none of one that does not.
    bound = most_revenue(instance) if missed else outcome.bound
    told = replace(outcome, bound=bound, promises_missed=missed, promises_proven=not missed)
    return replace(told, status=status_of(told, asked))


def _misses_any(plan: Plan) -> bool:
    return not plan.frames["misses"].empty


def _is_better(thumb: Plan, plan: Plan) -> bool:
    """Whether the rule of thumb misses less, or earns more at the same misses."""
    for ours, theirs in zip(_missed(plan), _missed(thumb), strict=True):
        if not _is_same(ours, theirs):
            return theirs < ours
    return thumb.margin > plan.margin + 1e-9 * max(1.0, abs(plan.margin))


def _misses_alike(thumb: Plan, plan: Plan) -> bool:
    return all(_is_same(ours, theirs) for ours, theirs in zip(_missed(plan), _missed(thumb), strict=True))


def _is_same(one: float, other: float) -> bool:
    return abs(one - other) <= 1e-6 * max(1.0, one, other)


def _missed(plan: Plan) -> list[float]:
    """What is missed by rank, as ``miss_weights`` counts it."""
    misses = plan.frames["misses"]
    found: list[float] = []
    for rank in MISS_RANKS:
        mine = misses[misses["kind"].isin(rank)]
        if rank == ("firm_order",):
            found.append(float(mine["value"].sum()))
            # Units of a firm order count only where it has no price: value has been compared before.
            mine = mine[mine["value"] == 0]
        found.append(float(mine["missed"].sum()))
    return found


def most_revenue(instance: Instance) -> float:
    """A margin that no plan can exceed [base money]: every order in full at its best price, and nothing costs."""
    orders = instance.frames["orders"][["order", "quantity", "base_price"]].merge(
        instance.frames["eligible"], on="order")
    worth = (orders["quantity"] * orders["base_price"] * orders["price_factor"]).clip(lower=0.0)
    return float(worth.groupby(orders["order"]).max().sum())


def held_to_search(signed: Audit, plan: Plan, outcome: Outcome) -> Audit:
    """The audit with two more laws: the tables earn no less than the search claims, and no more than it has proven,
    within 1e-6 of all money moved.

    They may earn more than is claimed: a plan that is not the best may hold setups in which nothing runs, and those are
    not written. Rounding allows half a unit of the last place of every quantity at its price, and of every amount of
    money.
    """
    half, half_money = (0.5 * 10.0 ** -plan.decimals[kind] for kind in ("quantity", "money"))
    priced = (("shipments", "revenue"), ("production", "conversion"), ("material_needs", "materials"))
    rounding = sum(float((plan.frames[table][term] / plan.frames[table]["quantity"].where(
        plan.frames[table]["quantity"] > 0)).abs().sum()) for table, term in priced)
    moved = float(plan.frames["margin"]["amount"].abs().sum())
    amounts = sum(int((plan.frames[table][term] != 0).sum()) for term, table in TERM_TABLES.items())
    tolerance = 1e-6 * max(1.0, moved) + half * rounding + half_money * amounts
    claimed = plan.margin if outcome.margin is None else outcome.margin
    proven = plan.bound if outcome.bound is None else outcome.bound
    rows = (_held("search_margin", plan.margin, "<", claimed, tolerance, "claimed"),
            _held("search_bound", plan.margin, ">", proven, tolerance, "proven"))
    return Audit(signed.passed and all(row.passed for row in rows), (*signed.findings, *rows))


def _held(law: str, found: float, wrong: Sign, limit: float, tolerance: float, told: str) -> AuditRow:
    """The margin of the tables beside what the search told; ``wrong``: on which side of that it may not lie."""
    residual = max(0.0, limit - found if wrong == "<" else found - limit)
    return AuditRow(law, 1, residual, tolerance, residual <= tolerance,
                    f"margin: {found:.9g} in the tables, {limit:.9g} {told} by the search",
                    Place("margin", (), "sum", f"{found:.9g}", wrong, f"{limit:.9g}"))
