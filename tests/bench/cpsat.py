"""CP-SAT on a model file, in a process of its own: its library and highspy cannot be loaded into one.

    python -m tests.bench.cpsat MODEL.mps SECONDS GAP THREADS SEED STEPS_PER_UNIT

The search is logged on stdout; the last line is one JSON document.
"""

from __future__ import annotations

import json
import sys


def main(path: str, seconds: str, gap: str, threads: str, seed: str, steps: str) -> None:
    """Solve the model; columns that need not be whole are multiples of 1 / ``steps``."""
    from ortools.linear_solver.python import model_builder

    model = model_builder.Model()
    model.import_from_mps_file(path)
    solver = model_builder.Solver("sat")
    solver.set_time_limit_in_seconds(float(seconds))
    solver.set_solver_specific_parameters(
        f"mip_var_scaling:{steps} relative_gap_limit:{gap} num_workers:{threads} random_seed:{seed} "
        "log_search_progress:true log_to_stdout:true mip_presolve_level:0")
    status = solver.solve(model)
    has_plan = status in (model_builder.SolveStatus.OPTIMAL, model_builder.SolveStatus.FEASIBLE)
    sys.stdout.flush()
    print()
    print(json.dumps({"status": status.name, "objective": solver.objective_value if has_plan else None,
                      "bound": solver.best_objective_bound if has_plan else None, "why": solver.status_string or ""}))


if __name__ == "__main__":
    main(*sys.argv[1:])
