"""The methods that are compared, each as a function that does one job and writes down what it finds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pyomo.environ as pyo
from pyomo.contrib.appsi.solvers.highs import Highs

from model.audit import audit
from model.checks import check
from model.dispatch import dispatch
from model.instance import Instance, build_instance
from model.plan import make_plan
from model.planning import Options, plan_order_book
from model.report.workbook import write_result
from model.solve.direct import direct_matrix
from model.solve.matrix import Matrix
from model.tables import Tables, read
from tests.bench.logs import highs_points
from tests.bench.matrix_methods import highs_plainly, satisfiability, scip
from tests.bench.recording import Record
from tests.bench.textbook import textbook_model


@dataclass(frozen=True)
class Job:
    """One solve: ``folder`` of input tables, ``time_limit`` of the search [s], ``gap`` as a share, ``work``: a folder
    for its files."""

    folder: Path
    method: str
    time_limit: float
    gap: float
    threads: int
    seed: int
    work: Path


def load(job: Job, record: Record) -> Tables:
    """The tables of the job, read and checked as the program does it."""
    found = check(read(job.folder))
    if found.tables is None:
        raise ValueError(found.findings[0].rule_text())
    record.lap("load")
    return found.tables


def program(job: Job, record: Record) -> None:
    """This program, through its public entry point, to the written workbook."""
    tables = load(job, record)
    options = Options(gap=job.gap, time_limit=job.time_limit, seed=job.seed, threads=job.threads, apart=True)
    result = plan_order_book(tables, options, lambda _, margin, bound: record.point(margin, bound))
    found = result.outcome
    ended = record.seconds() - result.seconds["report"]
    record.point(found.margin, found.bound, ended)
    for stage in ("build", "solve"):
        record.stage(stage, result.seconds[stage])
    signed = result.audit is not None and result.audit.passed
    if signed:
        write_result(job.work / "plan.xlsx", result, tables, [], "en", {}, [])
    record.stage("report", record.seconds() - ended)
    status = found.status if signed or result.plan is None else "rejected_plan"
    rejected = [] if result.audit is None or signed else [result.audit.failures()[:200].replace("\n", " ")]
    record.answer(status, found.margin, found.bound, "; ".join([*found.notes, *rejected]), result.size)


def greedy(job: Job, record: Record) -> None:
    """The rule of thumb: orders one by one by priority and due date. It knows no bound."""
    tables = load(job, record)
    instance = build_instance(tables)
    record.lap("build")
    dispatched = dispatch(instance)
    record.lap("solve")
    if dispatched is None:
        record.answer("left_out", note="pins or a frozen plan bind")
        return
    plan = make_plan(instance, dispatched.decided, float("inf"))
    signed = audit(tables, plan).passed
    record.point(plan.margin, None)
    record.lap("report")
    missed = dispatched.missed > 1e-6
    record.answer("rule" if signed else "rejected_plan", plan.margin, None,
                  f"misses {dispatched.missed:.6g} MWh of firm orders" if missed else "")


def textbook(job: Job, record: Record) -> None:
    """The order x line x bucket model through Pyomo's interface to HiGHS, its defaults but time, gap and threads."""
    tables = load(job, record)
    m = textbook_model(tables)
    solver = Highs()
    solver.config.time_limit, solver.config.mip_gap = job.time_limit, job.gap
    solver.config.load_solution = False
    solver.config.logfile = str(job.work / "highs.log")
    solver.highs_options = {"threads": job.threads, "random_seed": job.seed}
    solver.set_instance(m)
    for name in solver.update_config:
        setattr(solver.update_config, name, False)
    record.lap("build")
    began = record.seconds()
    answer = solver.solve(m)
    for seconds, margin, bound in highs_points(job.work / "highs.log"):
        record.point(margin, bound, began + seconds)
    record.lap("solve")
    proven = answer.termination_condition.name == "optimal"
    margin, bound = answer.best_feasible_objective, answer.best_objective_bound
    record.point(margin, bound)
    size = {"rows": m.nconstraints(), "columns": m.nvariables(),
            "integers": sum(not each.is_continuous() for each in m.component_data_objects(pyo.Var))}
    record.answer("within_gap" if proven else "limit" if margin is not None else "no_plan", margin, bound, "", size)


Solve = Callable[[Matrix, Instance, Job, Record], None]


def on_the_aggregated_model(solve: Solve) -> Callable[[Job, Record], None]:
    """A solver on the program's own matrix, as it comes from the Pyomo model, without the program's strategy."""

    def run(job: Job, record: Record) -> None:
        tables = load(job, record)
        instance = build_instance(tables)
        matrix = direct_matrix(instance)
        record.lap("build")
        solve(matrix, instance, job, record)

    return run


METHODS: dict[str, Callable[[Job, Record], None]] = {
    "program": program,
    "textbook": textbook,
    "aggregated": on_the_aggregated_model(highs_plainly),
    "greedy": greedy,
    "scip": on_the_aggregated_model(scip),
    "cpsat": on_the_aggregated_model(satisfiability),
}
