"""``python -m tests.bench`` on books of a few orders: processes, times, ends, comparison, files."""

from __future__ import annotations

import csv
import json
import math
import re
import shlex
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from tests.bench.__main__ import main, parser
from tests.bench.comparison import compared, first_time, gap, growth
from tests.bench.generate import book, write
from tests.bench.logs import highs_points, sat_points
from tests.bench.methods import Job
from tests.bench.processes import PROC, run_job

README = Path(__file__).parents[2] / "README.md"


def run(method: str, margin: float | None, bound: float | None, trace: list[list[float | None]], **others: object):
    """A run of the M plain book as a child process would have reported it."""
    return {"size_name": "M", "family": "plain", "seed": 1, "method": method, "status": "limit", "margin": margin,
            "bound": bound, "trace": trace, "seconds": {"load": 1.0, "solve": 2.0}, "size": {}, "note": "",
            "wall": 3.0, "peak_gib": 0.1, **others}


def test_a_benchmark_of_tiny_books(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    """Every method has its row, the best bound holds above every plan, and table, JSON and picture tell the same."""
    assert main(["--sizes", "XS", "--families", "plain", "--against", "textbook,aggregated,greedy",
                 "--time-limit", "20", "--out", str(tmp_path)]) == 0
    shown = capsys.readouterr().out
    assert "| XS | plain | 1 | program |" in shown
    assert re.search(r"\| XS \| plain \| 1 \| 0\.\d{4} \|( [\d.–]+ \|){5}( 0\.\d{4} \|){2} [1-9]\d*\.\d{4} \|", shown)
    rows = list(csv.DictReader((tmp_path / "results.csv").open(encoding="utf-8")))
    assert [row["method"] for row in rows] == ["program", "textbook", "aggregated", "greedy"]
    margins = [float(row["margin"]) for row in rows]
    assert margins[:3] == [pytest.approx(margins[0], rel=1e-3)] * 3
    assert margins[3] < margins[0]
    for row in rows:
        assert row["status"] in ("optimal", "within_gap", "rule"), row
        assert float(row["best_bound"]) >= float(row["margin"]) * (1 - 1e-6)
        assert float(row["peak_gib"]) > 0.01 or not PROC.exists()
        assert 0 < float(row["total"]) < float(row["wall"])
    kept = json.loads((tmp_path / "results.json").read_text(encoding="utf-8"))
    assert [each["margin"] for each in kept["runs"]] == margins
    assert (tmp_path / "runs" / "XS_plain_1_program" / "plan.xlsx").stat().st_size > 10_000
    drawn = ET.parse(tmp_path / "gap_over_time.svg").getroot()
    assert len(drawn.findall("{http://www.w3.org/2000/svg}circle")) == 4


def test_explaining_is_measured_against_planning_afresh(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    """Five orders of a tiny book are explained, one is planned afresh twice: its seconds and the ratio are written."""
    assert main(["--sizes", "XS", "--families", "plain", "--explain", "5", "--afresh", "1", "--time-limit", "20",
                 "--out", str(tmp_path)]) == 0
    assert "| XS_plain_1 |" in capsys.readouterr().out
    row, = json.loads((tmp_path / "explaining.json").read_text(encoding="utf-8"))
    assert row["orders"] == row["examined"] == 5
    assert min(*row["explain"], *row["quote"], *row["afresh"]) > 0
    assert row["ratio"] == pytest.approx(row["afresh"][0] * 5 / row["explain"][0])


@pytest.fixture
def job(tmp_path: Path) -> Job:
    """The plain way through a book of lot sizing that takes longer than a second to prove."""
    write(book("S", "setups", 1), tmp_path / "book")
    return Job(tmp_path / "book", "aggregated", 600.0, 0.0, 1, 0, tmp_path / "work")


def test_a_process_that_takes_too_long_is_ended(job: Job):
    """A method that does not end by itself costs its time and no more, and what it had found counts."""
    found = run_job(job, allowance=-592.0, memory_limit=8.0)
    assert found["status"] == "out_of_time"
    assert 7.0 < found["wall"] < 50.0
    assert found["seconds"]["load"] > 0


@pytest.mark.skipif(not PROC.exists(), reason="the system does not show the memory of processes")
def test_a_process_that_takes_too_much_memory_is_ended(job: Job):
    """The other way in which a method fails on large books; the benchmark itself goes on."""
    found = run_job(job, allowance=60.0, memory_limit=0.05)
    assert found["status"] == "out_of_memory"
    assert found["peak_gib"] > 0.05


def test_a_method_that_fails_says_why(job: Job):
    """A book that cannot be read is an answer, not the end of the benchmark."""
    (job.folder / "orders.csv").unlink()
    found = run_job(job, allowance=60.0, memory_limit=8.0)
    assert found["status"] == "failed"
    assert "orders" in found["note"]


def test_gaps_are_to_the_best_bound_of_all():
    """By hand: plans 95 and 90, bounds 110 and 100. Gap of the first to its own bound 15/95, to the best 5/95; a rule
    without bound has only the latter."""
    rows = compared([run("program", 95.0, 110.0, [[1.0, 95.0, 110.0]]), run("scip", 90.0, 100.0, []),
                     run("greedy", 80.0, None, [])])
    assert [row["best_bound"] for row in rows] == [100.0] * 3
    assert rows[0]["gap"] == pytest.approx(15 / 95)
    assert rows[0]["gap_to_best"] == pytest.approx(5 / 95)
    assert rows[2]["gap"] is None
    assert rows[2]["gap_to_best"] == pytest.approx(20 / 80)


def test_the_bound_of_a_rounded_model_is_no_bound():
    """CP-SAT's bound of 94 would say that the proven plan of 95 cannot be."""
    rows = compared([run("program", 95.0, 95.0, []), run("cpsat", 93.0, 94.0, [])])
    assert [row["best_bound"] for row in rows] == [95.0, 95.0]
    assert not any(row["above_best_bound"] for row in rows)


def test_a_plan_above_a_bound_is_seen():
    """One of two methods is wrong, and the table must say so rather than show a gap of zero."""
    rows = compared([run("program", 95.0, 96.0, []), run("scip", 89.0, 90.0, [])])
    assert [row["above_best_bound"] for row in rows] == [True, False]


def test_seconds_to_a_gap():
    """Plan and bound improve at different times: 1 % is proven when both are there, at 4 s, not at 2 s or 5 s."""
    seen = run("program", 99.9, 100.0, [[1.0, 50.0, 120.0], [2.0, 99.5, None], [4.0, None, 100.0], [5.0, 99.9, 100.0]])
    assert first_time(seen, 0.01, None) == 4.0
    assert first_time(seen, 0.01, 100.0) == 2.0
    assert first_time(seen, 0.0001, None) is None
    assert gap(None, 100.0) is None


@pytest.mark.parametrize(("ours", "theirs", "kept"), [
    ((99.995, 100.0), (99.0, 100.0), True), ((99.95, 100.0), (99.0, 100.0), True),
    ((99.8, 100.0), (99.0, 100.0), False), ((99.0, 100.0), (None, 100.0), True),
    ((None, 100.0), (90.0, 100.0), False)])
def test_what_is_asked_of_the_program(ours, theirs, kept):
    """A gap of at most 0.01 % or a tenth of the rival's, unless that has no plan at all."""
    rows = compared([run("program", *ours, []), run("textbook", *theirs, [])])
    assert rows[1]["verdict"] is kept


def test_a_rival_that_proves_must_not_be_faster():
    """Both prove it; being second fails."""
    quick, slow = [[1.0, 100.0, 100.0]], [[2.0, 100.0, 100.0]]
    for mine, his, kept in ((quick, slow, True), (slow, quick, False)):
        rows = compared([run("program", 100.0, 100.0, mine), run("aggregated", 100.0, 100.0, his)])
        assert rows[1]["verdict"] is kept


def test_growth_is_a_power_of_the_orders():
    """200 orders in 2 s, 2,000 in 20 s, 20,000 in 200 s: time grows with the first power."""
    rows = [{"method": "program", "family": "plain", "size_name": name, "total": seconds}
            for name, seconds in (("S", 2.0), ("M", 20.0), ("L", 200.0))]
    assert growth(rows)["plain"]["exponent"] == pytest.approx(1.0)
    assert growth(rows)["plain"]["factor"] == pytest.approx(0.01)


def test_logs_are_read(tmp_path: Path):
    """Lines as HiGHS 1.15 and CP-SAT 9.15 print them; lines about other things are passed over."""
    log = tmp_path / "log"
    log.write_text(
        "        Nodes      |    B&B Tree     |            Objective Bounds              |\n"
        "         0       0         0   0.00%   -inf            inf                Large    0   0   0     0     0.0s\n"
        " L       0       0         0   0.00%   111540485.2211  108465367.3778     2.84%  271  60   0   904     0.5s\n",
        encoding="utf-8")
    points = list(highs_points(log))
    assert points[0][0] == 0.0 and not math.isfinite(points[0][1])
    assert points[1] == (0.5, 108465367.3778, 111540485.2211)
    log.write_text("#Variables: 1'045\n#1       1.25s best:-1234.5 next:[-2000,-1235] fixed\n"
                   "#Bound   2.50s best:-1234.5 next:[-1500,-1235] lp\n#Done 3s\n", encoding="utf-8")
    assert list(sat_points(log)) == [(1.25, -1234.5, -2000.0), (2.5, -1234.5, -1500.0)]


def test_unknown_names_are_refused(capsys: pytest.CaptureFixture[str]):
    """A misspelt size is told at once, not after hours."""
    with pytest.raises(SystemExit) as ended:
        main(["--sizes", "M,XXL"])
    assert ended.value.code == 2
    assert "XXL" in capsys.readouterr().err


def test_the_command_in_the_readme_is_understood():
    """Every option shown there exists."""
    shown = re.findall(r"-m tests\.bench( [^`\n]*)?$", README.read_text(encoding="utf-8"), re.MULTILINE)
    assert shown
    for line in shown:
        assert parser().parse_args(shlex.split(line)).sizes
