"""Other solvers on the program's own matrix: HiGHS with its defaults, SCIP and CP-SAT."""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import highspy
import numpy as np

from model.instance import Instance
from model.plan.typical import typical_quantities
from model.solve.highs import as_lp
from model.solve.matrix import Matrix
from model.solve.promises import forbidden_misses
from model.solve.scaling import choose_scaling, scale
from tests.bench.logs import sat_points
from tests.bench.recording import Record

if TYPE_CHECKING:
    from tests.bench.methods import Job

STEPS_PER_UNIT = 100
"""CP-SAT knows whole numbers only: quantities and hours are multiples of a hundredth there."""


def as_highs(matrix: Matrix, instance: Instance) -> tuple[highspy.Highs, float]:
    """The matrix in HiGHS, in the program's own units, and the money of one unit of its objective."""
    scaling = choose_scaling(matrix, typical_quantities(instance, matrix))
    kept = np.minimum(matrix.column_upper, forbidden_misses(matrix))
    scaled = scale(replace(matrix, column_upper=kept), scaling)
    highs = highspy.Highs()
    _set(highs, output_flag=False)
    if highs.passModel(as_lp(scaled)) == highspy.HighsStatus.kError:
        raise RuntimeError("HiGHS refused the model")
    return highs, scaling.cost


def _set(highs: highspy.Highs, **options: Any) -> None:
    for name, wanted in options.items():
        if highs.setOptionValue(name, wanted) == highspy.HighsStatus.kError:
            raise RuntimeError(f"HiGHS refused the option {name}={wanted}")


def highs_plainly(matrix: Matrix, instance: Instance, job: Job, record: Record) -> None:
    """HiGHS with its defaults but time, gap and threads."""
    highs, money = as_highs(matrix, instance)
    _set(highs, time_limit=job.time_limit, mip_rel_gap=job.gap, threads=job.threads, random_seed=job.seed)

    def show(event: Any) -> None:
        record.point(-event.data_out.mip_primal_bound * money, -event.data_out.mip_dual_bound * money)

    if matrix.is_whole.any():
        for callback in (highs.cbMipImprovingSolution, highs.cbMipLogging):
            callback += show
    highs.run()
    info, proven = highs.getInfo(), highs.getModelStatus() == highspy.HighsModelStatus.kOptimal
    has_plan = info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
    margin = -info.objective_function_value * money if has_plan and (proven or matrix.is_whole.any()) else None
    bound = -info.mip_dual_bound * money if matrix.is_whole.any() else margin if proven else None
    record.point(margin, bound)
    record.lap("solve")
    record.answer("within_gap" if proven else "limit" if margin is not None else "no_plan", margin, bound,
                  highs.modelStatusToString(highs.getModelStatus()), matrix.size)


def _written(matrix: Matrix, instance: Instance, job: Job) -> tuple[Path, float]:
    """The model as an MPS file, for solvers that are not HiGHS, and the money of one unit of its objective."""
    highs, money = as_highs(matrix, instance)
    path = job.work / "model.mps"
    highs.writeModel(str(path))
    return path, money


def scip(matrix: Matrix, instance: Instance, job: Job, record: Record) -> None:
    """SCIP with its defaults but time, gap and threads."""
    if importlib.util.find_spec("pyscipopt") is None:
        record.answer("left_out", note="pyscipopt is not installed")
        return
    from pyscipopt import SCIP_EVENTTYPE, Eventhdlr, Model

    path, money = _written(matrix, instance, job)
    solver = Model()
    solver.hideOutput()
    solver.readProblem(str(path))
    solver.setParams({"limits/time": job.time_limit, "limits/gap": job.gap, "randomization/randomseedshift": job.seed})

    class Listener(Eventhdlr):  # type: ignore[misc]
        def eventinit(self) -> None:
            self.model.catchEvent(SCIP_EVENTTYPE.BESTSOLFOUND | SCIP_EVENTTYPE.GAPUPDATED, self)

        def eventexec(self, event: Any) -> None:
            del event
            record.point(_money(-self.model.getPrimalbound(), money), _money(-self.model.getDualbound(), money))

    solver.includeEventhdlr(Listener(), "listener", "writes down improvements")
    record.lap("build")
    solver.optimize()
    margin = _money(-solver.getPrimalbound(), money) if solver.getNSols() else None
    bound = _money(-solver.getDualbound(), money)
    record.point(margin, bound)
    record.lap("solve")
    proven = solver.getStatus() in ("optimal", "gaplimit")
    record.answer("within_gap" if proven else "limit" if margin is not None else "no_plan", margin, bound,
                  solver.getStatus(), matrix.size)


def _money(objective: float, money: float) -> float | None:
    return None if abs(objective) >= 1e19 else objective * money


def satisfiability(matrix: Matrix, instance: Instance, job: Job, record: Record) -> None:
    """CP-SAT through its own conversion of mixed-integer models; its bound is that of the rounded model."""
    if importlib.util.find_spec("ortools") is None:
        record.answer("left_out", note="ortools is not installed")
        return
    if not matrix.is_whole.any():
        record.answer("left_out", note="the model has no whole decisions, which is not what CP-SAT is for")
        return
    path, money = _written(matrix, instance, job)
    record.lap("build")
    began, log = record.seconds(), job.work / "cpsat.log"
    words = [path, job.time_limit, job.gap, job.threads, job.seed, STEPS_PER_UNIT]
    with log.open("wb") as target:
        subprocess.run([sys.executable, "-m", "tests.bench.cpsat", *map(str, words)], stdout=target, check=True)
    for seconds, best, low in sat_points(log):
        record.point(-best * money, -low * money, began + seconds)
    found = json.loads(log.read_text(encoding="utf-8", errors="replace").splitlines()[-1])
    margin, bound = (None if found[name] is None else -found[name] * money for name in ("objective", "bound"))
    record.point(margin, bound)
    record.lap("solve")
    note = f"quantities and hours rounded to 1/{STEPS_PER_UNIT}; {found['status'].lower()} {found['why']}".strip()
    ends = {"OPTIMAL": "within_gap", "MODEL_INVALID": "left_out"}  # rounded, some models contradict themselves
    status = ends.get(found["status"], "limit" if margin is not None else "no_plan")
    record.answer(status, margin, bound, note[:200], matrix.size)
