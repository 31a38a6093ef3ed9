"""A thin runner on HiGHS: matrix in one call, options checked, start, progress, stop, bounds and status as values."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from functools import wraps
from typing import Any

import highspy
import numpy as np
from scipy import sparse

from model.solve.basis import extended
from model.solve.matrix import Matrix
from model.solve.outcome import Run, RunStatus

Progress = Callable[[float, float, float], None]
Incumbent = Callable[[np.ndarray, float], None]
Checked = Callable[[float], None]
DEFAULT_TOLERANCE = 1e-7  # of HiGHS
SLIGHT = 1e-6  # by no more may an optimum break a row: HiGHS was seen to end a little above its own tolerance
# A quick method that mostly takes 2,000 to 3,000 iterations, but on some programs never ends with one scaling and does
# with another; at last a slower one that was not seen to.
FIRST_ORDER_DEFAULTS: dict[str, Any] = {"pdlp_scaling_mode": 5, "pdlp_iteration_limit": 2 ** 31 - 1}
FIRST_ORDER: tuple[dict[str, Any], ...] = (
    {"solver": "hipdlp", "pdlp_scaling_mode": 5, "pdlp_iteration_limit": 4_000},
    {"solver": "hipdlp", "pdlp_scaling_mode": 3, "pdlp_iteration_limit": 8_000},
    {"solver": "pdlp", **FIRST_ORDER_DEFAULTS})
# A rule of presolve by its bit: with it HiGHS 1.15.1 was seen to call optimal, bound and all, what earns 8 % too little
AGGREGATOR, OPENED = 1 << 12, "is_opened"  # where lines may be opened; without it searches may take 1.5 times as long
INFEASIBLE = (highspy.HighsModelStatus.kInfeasible, highspy.HighsModelStatus.kUnboundedOrInfeasible)


class SolverFailed(Exception):
    """The solver refused an option or a model, or answered wrongly in its self-test."""


def _kept(callback: Callable[[Highs, Any], None]) -> Callable[[Highs, Any], None]:
    """HiGHS swallows what a callback raises: it is kept, the search ends, and ``run`` raises it."""
    @wraps(callback)
    def kept(highs: Highs, event: Any) -> None:
        """The callback."""
        try:
            callback(highs, event)
        except BaseException as failure:
            highs._failure = failure
            event.interrupt()
    return kept


class Highs:
    """One HiGHS model that is solved several times with changed costs and bounds.

    ``stopped`` is asked during the search; when it answers True the search ends and keeps its best plan.
    ``progress`` is called with seconds, best objective and bound when either improves, ``incumbent`` with each better
    plan and its objective.
    """

    def __init__(self, matrix: Matrix, seed: int = 0, threads: int = 1, stopped: Callable[[], bool] | None = None,
                 progress: Progress | None = None, incumbent: Incumbent | None = None) -> None:
        _prepare_threads(threads)
        self._highs = highspy.Highs()
        self._matrix = matrix
        self._stopped = stopped or (lambda: False)
        self._progress = progress
        self._incumbent = incumbent
        self._checked: Checked | None = None
        self._failure: BaseException | None = None
        self._is_ended = False
        self._chosen: dict[str, Any] = {"presolve": "choose"}
        self._is_whole = bool(matrix.is_whole.any())
        self._last_shown = (math.inf, math.inf)
        self._started = time.monotonic()
        # The default absolute gap of 1e-6 would end a search that is asked for an exact answer.
        self.set(output_flag=False, random_seed=seed, threads=threads, mip_abs_gap=1e-9, mip_rel_gap=1e-4,
                 presolve_rule_off=AGGREGATOR if OPENED in matrix.family else 0)
        _accepted(self._highs.passModel(as_lp(matrix)), "the model")
        self._listen()

    @property
    def row_count(self) -> int:
        """Rows of the model as it stands."""
        return int(self._highs.getNumRow())

    def set(self, **options: Any) -> None:
        """Set solver options; SolverFailed if one is unknown or refused."""
        for name, wanted in options.items():
            _accepted(self._highs.setOptionValue(name, wanted), f"option {name}={wanted}")
        self._chosen.update(options)

    def set_costs(self, cost: np.ndarray) -> None:
        """Replace the cost of every column."""
        positions = np.arange(len(cost), dtype=np.int32)
        _accepted(self._highs.changeColsCost(len(cost), positions, cost), "costs")

    def set_bounds(self, positions: np.ndarray, lower: np.ndarray, upper: np.ndarray) -> None:
        """Replace the bounds of the named columns."""
        _accepted(self._highs.changeColsBounds(len(positions), positions.astype(np.int32), lower, upper), "bounds")

    def set_row_bounds(self, positions: np.ndarray, lower: np.ndarray, upper: np.ndarray) -> None:
        """Replace the bounds of the named rows."""
        _accepted(self._highs.changeRowsBounds(len(positions), positions.astype(np.int32), lower, upper), "row bounds")

    def add_row(self, lower: float, upper: float, positions: np.ndarray, coefficients: np.ndarray) -> None:
        """Append one row."""
        _accepted(self._highs.addRow(lower, upper, len(positions), positions.astype(np.int32), coefficients), "a row")

    def add_rows(self, lower: np.ndarray, upper: np.ndarray, rows: sparse.csr_array) -> None:
        """Append rows over the columns there are."""
        begins, columns = (each.astype(np.int32) for each in (rows.indptr[:-1], rows.indices))
        _accepted(self._highs.addRows(len(lower), lower, upper, rows.nnz, begins, columns, rows.data), "rows")

    def remove_rows(self, positions: np.ndarray) -> None:
        """Take the named rows away; those that follow move up."""
        if len(positions):
            _accepted(self._highs.deleteRows(len(positions), positions.astype(np.int32)), "fewer rows")

    def add_column(self, cost: float, lower: float, upper: float, is_whole: bool, rows: np.ndarray,
                   coefficients: np.ndarray) -> None:
        """Append one column with its coefficients in the rows there are."""
        added = self._highs.addCol(cost, lower, upper, len(rows), rows.astype(np.int32), coefficients)
        _accepted(added, "a column")
        if is_whole:
            self._is_whole = True
            position = np.array([self._highs.getNumCol() - 1], dtype=np.int32)
            _accepted(self._highs.changeColsIntegrality(1, position, np.ones(1, dtype=np.uint8)), "integrality")

    def add_columns(self, added: Matrix) -> None:
        """Append the columns of another matrix of the same rows."""
        rows = added.rows
        done = self._highs.addCols(len(added.cost), added.cost, added.column_lower, added.column_upper, rows.nnz,
                                   rows.indptr[:-1].astype(np.int32), rows.indices.astype(np.int32), rows.data)
        _accepted(done, "columns")

    def set_coefficient(self, row: int, column: int, coefficient: float) -> None:
        """Replace one coefficient of the matrix."""
        _accepted(self._highs.changeCoeff(row, column, coefficient), "a coefficient")

    def cut_back(self, row_count: int, column_count: int) -> None:
        """Take away every row and column beyond the first so many."""
        self.remove_rows(np.arange(row_count, self._highs.getNumRow()))
        columns = np.arange(column_count, self._highs.getNumCol(), dtype=np.int32)
        if len(columns):
            _accepted(self._highs.deleteCols(len(columns), columns), "fewer columns")

    @property
    def basis(self) -> Any:
        """The basis of the last linear program, to start at again."""
        return self._highs.getBasis()

    def start_at(self, basis: Any) -> None:
        """Begin at a basis; rows beyond those it knows are in it, columns beyond are not."""
        whole = extended(basis, self._highs.getNumRow(), self._highs.getNumCol())
        _accepted(self._highs.setBasis(whole), "a basis")

    @property
    def proof(self) -> np.ndarray | None:
        """Weights of the rows that prove the last linear program impossible; None where the solver has none."""
        _, has_ray, weights = self._highs.getDualRay()
        return np.array(weights) if has_ray else None

    def start_from(self, values: np.ndarray) -> None:
        """Offer a plan as the first incumbent."""
        # A start is only offered: one that HiGHS refuses is no failure, so its status is not asked.
        solution = highspy.HighsSolution()
        solution.col_value = values.tolist()
        self._highs.setSolution(solution)

    def start_from_part(self, positions: np.ndarray, values: np.ndarray) -> None:
        """Offer some decisions of a plan; the solver completes them to its first incumbent if it can."""
        self._highs.setSolution(len(positions), positions.astype(np.int32), values.astype(float))

    def listen(self, progress: Progress | None, incumbent: Incumbent | None, checked: Checked | None = None) -> None:
        """Tell progress and better plans to others from now on.

        ``checked`` is called with the bound each time a search of whole decisions asks whether it should end: always
        at the same steps of it, whatever the clock says.
        """
        self._progress, self._incumbent, self._checked = progress, incumbent, checked

    def end(self) -> None:
        """End the run that is on in another thread, and each after it, as if it had been stopped."""
        self._is_ended = True

    def forget(self) -> None:
        """Drop basis and incumbent, so that the next run does not depend on earlier ones."""
        self._highs.clearSolver()

    def run(self, time_limit: float) -> Run:
        """Search for at most ``time_limit`` seconds. An infeasibility is not yet confirmed, see ``strategy``.

        HiGHS 1.15.1 was seen to call optimal a plan whose values are not numbers, and one far from its own bound, both
        after presolve; on books whose promises cannot all be kept it also ended with an error, with a bound that is no
        number, with an optimum that breaks rows, and with no answer at all. Such an answer is asked for again without
        presolve, in the time that is left.
        """
        begun, presolve = time.monotonic(), self._chosen["presolve"]
        run = self._run_once(time_limit)
        if not self._is_doubtful(run):
            return run
        # The doubtful plan must not be the start of the next search.
        self.forget()
        self.set(presolve="off")
        again = self._run_once(time_limit - (time.monotonic() - begun))
        self.set(presolve=presolve)
        if again.values is not None and not np.isfinite(again.values).all():
            return Run("failed", None, math.nan, math.nan, "HiGHS answered with values that are not numbers")
        return again

    def approximate(self, tolerance: float, time_limit: float) -> tuple[np.ndarray, np.ndarray] | None:
        """Values and row duals of the linear program by a first-order method, right to about ``tolerance`` of the
        largest numbers; None where that is not reached in ``time_limit`` seconds."""
        begun = time.monotonic()
        # Other than at its default, this tolerance replaces all others.
        self.set(kkt_tolerance=tolerance)
        for attempt in FIRST_ORDER:
            self.set(**attempt)
            self._run_once(time_limit - (time.monotonic() - begun))
            # Told by its iterations, not by the clock, which would make what follows depend on it.
            if self._highs.getModelStatus() != highspy.HighsModelStatus.kIterationLimit:
                break
        self.set(solver="choose", kkt_tolerance=DEFAULT_TOLERANCE, **FIRST_ORDER_DEFAULTS)
        solution = self._highs.getSolution()
        values, duals = np.array(solution.col_value), np.array(solution.row_dual)
        is_whole = self._highs.getModelStatus() == highspy.HighsModelStatus.kOptimal and len(duals) > 0
        return (values, duals) if is_whole and np.isfinite(values).all() and np.isfinite(duals).all() else None

    def _is_doubtful(self, run: Run) -> bool:
        if math.isnan(run.bound) or run.status == "failed":
            return True
        if run.values is None:
            return False
        if not np.isfinite(run.values).all():
            return True
        # A search that was ended by a limit may well be far from its bound.
        claimed, size = run.message == "Optimal", max(1.0, abs(run.objective))
        asked = max(self._chosen["mip_rel_gap"] * size, self._chosen["mip_abs_gap"])
        return claimed and run.objective - run.bound > 2 * asked + 1e-6 * size

    def _run_once(self, time_limit: float) -> Run:
        before = 0.0 if self._is_whole else self._highs.getRunTime()  # a mixed-integer search has a clock of its own
        self.set(time_limit=max(0.01, time_limit) + before)
        self._failure = None
        outcome = self._highs.run()
        if self._failure is not None:
            raise self._failure
        if outcome == highspy.HighsStatus.kError:
            return Run("failed", None, math.nan, math.nan, "HiGHS ended with an error")
        return self._read()

    def _read(self) -> Run:
        model_status = self._highs.getModelStatus()
        info = self._highs.getInfo()
        has_plan = info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible or (
            model_status == highspy.HighsModelStatus.kOptimal and info.max_primal_infeasibility <= SLIGHT)
        solution = self._highs.getSolution()
        values = np.array(solution.col_value) if has_plan else None
        objective = info.objective_function_value if has_plan else math.inf
        # The count is -1 after a linear program.
        is_mip = info.mip_node_count >= 0
        status = _status(model_status, has_plan)
        bound = info.mip_dual_bound if is_mip else (objective if status == "optimal" else -math.inf)
        if status == "optimal" and is_mip and objective - bound > 1e-9 * max(1.0, abs(objective)):
            # HiGHS calls optimal whatever is within the gap asked for.
            status = "within_gap"
        duals = (np.array(solution.col_dual), np.array(solution.row_dual)) if solution.dual_valid else (None, None)
        return Run(status, values, objective, bound, self._highs.modelStatusToString(model_status), *duals)

    def _listen(self) -> None:
        for callback in (self._highs.cbMipInterrupt, self._highs.cbSimplexInterrupt, self._highs.cbIpmInterrupt):
            callback += self._on_interrupt_check
        self._highs.cbMipInterrupt += self._on_step
        # The log also tells of bounds that move without a better plan.
        for callback in (self._highs.cbMipImprovingSolution, self._highs.cbMipLogging):
            callback += self._on_improvement
        self._highs.cbMipImprovingSolution += self._on_better_plan

    @_kept
    def _on_interrupt_check(self, event: Any) -> None:
        if self._is_ended or self._stopped():
            event.interrupt()

    @_kept
    def _on_step(self, event: Any) -> None:
        if self._checked is not None:
            self._checked(event.data_out.mip_dual_bound)

    @_kept
    def _on_improvement(self, event: Any) -> None:
        best, bound = event.data_out.mip_primal_bound, event.data_out.mip_dual_bound
        if (best, bound) != self._last_shown and self._progress is not None:
            self._last_shown = (best, bound)
            self._progress(time.monotonic() - self._started, best, bound)

    @_kept
    def _on_better_plan(self, event: Any) -> None:
        if self._incumbent is not None:
            self._incumbent(np.array(event.data_out.mip_solution), event.data_out.objective_function_value)


_threads_of_process = 0


def _prepare_threads(threads: int) -> None:
    """The thread count belongs to the process: HiGHS takes another one only after its scheduler is reset."""
    global _threads_of_process
    if _threads_of_process not in (0, threads):
        highspy.Highs.resetGlobalScheduler(True)
    _threads_of_process = threads


def as_lp(matrix: Matrix) -> highspy.HighsLp:
    """The matrix as HiGHS takes it in one call."""
    lp = highspy.HighsLp()
    lp.num_row_, lp.num_col_ = matrix.rows.shape
    lp.col_cost_ = matrix.cost
    lp.offset_ = matrix.offset
    lp.col_lower_, lp.col_upper_ = matrix.column_lower, matrix.column_upper
    lp.row_lower_, lp.row_upper_ = matrix.row_lower, matrix.row_upper
    lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    lp.a_matrix_.start_ = matrix.rows.indptr.astype(np.int32)
    lp.a_matrix_.index_ = matrix.rows.indices.astype(np.int32)
    lp.a_matrix_.value_ = matrix.rows.data
    if matrix.is_whole.any():
        kinds = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
        lp.integrality_ = [kinds[whole] for whole in matrix.is_whole.astype(int)]
    return lp


def _status(model_status: highspy.HighsModelStatus, has_plan: bool) -> RunStatus:
    kinds = highspy.HighsModelStatus
    if model_status in (kinds.kOptimal, kinds.kModelEmpty):
        return "optimal" if has_plan else "failed"
    if model_status in INFEASIBLE:
        return "infeasible"
    if model_status == kinds.kUnbounded:
        return "unbounded"
    if model_status == kinds.kInterrupt:
        return "interrupted"
    if model_status in (kinds.kTimeLimit, kinds.kIterationLimit, kinds.kSolutionLimit, kinds.kObjectiveBound):
        return "time_limit"
    return "time_limit" if has_plan else "failed"


def _accepted(status: highspy.HighsStatus, what: str) -> None:
    # Warnings pass: HiGHS warns of what it merely puts in order, as of tiny coefficients that it drops.
    if status == highspy.HighsStatus.kError:
        raise SolverFailed(f"HiGHS refused {what}")
