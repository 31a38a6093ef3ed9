"""``python -m tests.bench``: the program against other methods on seeded order books, one machine, one time limit."""

from __future__ import annotations

import argparse
import os
import platform
import shlex
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from importlib.metadata import PackageNotFoundError, version
from itertools import product
from pathlib import Path
from typing import Any

from model.planning import Options, versions
from tests.bench import parameters as given
from tests.bench.comparison import OURS, compared
from tests.bench.explaining import measured, write_explaining
from tests.bench.generate import book, write
from tests.bench.methods import METHODS, Job
from tests.bench.picture import picture
from tests.bench.processes import PROC, run_job
from tests.bench.written import write_results

RIVALS = tuple(name for name in METHODS if name != OURS)
RARE_PACKAGES = ("pyscipopt", "ortools")


def words(text: str) -> list[str]:
    """Words divided by commas."""
    return [word.strip() for word in text.split(",") if word.strip()]


def parser() -> argparse.ArgumentParser:
    """The command line."""
    made = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    made.add_argument("--sizes", type=words, default=["S", "M", "L", "XL"], help=f"of {', '.join(given.SIZES)}")
    made.add_argument("--families", type=words, default=list(given.FAMILIES), help=f"of {', '.join(given.FAMILIES)}")
    made.add_argument("--seeds", type=words, default=["1"], help="whole numbers; each gives another book")
    made.add_argument("--against", type=words, default=list(RIVALS), help=f"of {', '.join(RIVALS)}; or none")
    made.add_argument("--time-limit", type=float, help="seconds of search (default: by size, "
                      + ", ".join(f"{name} {size.time_limit:g}" for name, size in given.SIZES.items()) + ")")
    made.add_argument("--gap", type=float, default=1e-4, help="share at which every method stops")
    made.add_argument("--threads", type=int, default=1, help="threads of every solver")
    made.add_argument("--allowance", type=float, help="seconds for reading, building and reporting before a method is "
                      "ended (default: the larger of 300 and the time limit)")
    made.add_argument("--memory-limit", type=float, default=_memory() * 0.75, help="GiB before a method is ended")
    made.add_argument("--out", type=Path, default=Path("results/bench"), help="folder of the results")
    made.add_argument("--explain", type=int, default=0, help="instead of comparing methods: explain so many orders of "
                      "each book and quote one, against planning afresh")
    made.add_argument("--afresh", type=int, default=2, help="with --explain: orders for which the book is planned "
                      "afresh")
    made.add_argument("--jobs", type=int, default=1, help="solves at a time; more than one disturbs the times")
    return made


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the benchmark and write its results; 2 where the command is not understood."""
    line = sys.argv[1:] if arguments is None else list(arguments)
    options = _understood(line)
    chosen = [OURS, *(name for name in options.against if name != "none")]
    books = list(product(options.sizes, options.families, map(int, options.seeds)))
    if options.explain:
        return _explaining(options, books)
    runs: list[dict[str, Any]] = []
    facts = {**_facts(), "command": shlex.join(["python", "-m", "tests.bench", *line])}

    def one(task: tuple[tuple[str, str, int], str]) -> None:
        run = _run(options, *task)
        runs.append(run)
        print(*task[0], task[1], run["status"], f"margin {run['margin']}", f"bound {run['bound']}",
              f"wall {run['wall']:.1f} s", f"peak {run['peak_gib']:.2f} GiB", run["note"], flush=True)
        # After each solve, so that a benchmark that is broken off leaves what it has.
        rows = compared(sorted(runs, key=lambda each: (books.index(each["book"]), chosen.index(each["method"]))))
        write_results(options.out, rows, facts)
        (options.out / "gap_over_time.svg").write_text(picture(rows), encoding="utf-8")

    if options.jobs == 1:
        for task in product(books, chosen):
            one(task)
    else:
        with ThreadPoolExecutor(options.jobs) as pool:
            list(pool.map(one, product(books, chosen)))
    print((options.out / "results.md").read_text(encoding="utf-8"))
    return 0


def _explaining(options: argparse.Namespace, books: Sequence[tuple[str, str, int]]) -> int:
    rows = []
    for named in books:
        chosen = Options(gap=options.gap, time_limit=_limit(options, named[0]), threads=options.threads)
        rows.append(measured(_folder(options, named), chosen, options.explain, options.afresh))
        text = write_explaining(options.out, rows)
    print(text)
    return 0


def _limit(options: argparse.Namespace, size: str) -> float:
    return given.SIZES[size].time_limit if options.time_limit is None else float(options.time_limit)


def _folder(options: argparse.Namespace, named: tuple[str, str, int]) -> Path:
    """The book's folder, written where it is not there yet."""
    folder: Path = options.out / "books" / "{}_{}_{}".format(*named)
    if not (folder / "orders.csv").exists():
        write(book(*named), folder)
    return folder


def _understood(line: Sequence[str]) -> argparse.Namespace:
    made = parser()
    options = made.parse_args(line)
    for name, known in (("sizes", given.SIZES), ("families", given.FAMILIES), ("against", (*RIVALS, "none"))):
        unknown = set(getattr(options, name)) - set(known)
        if unknown:
            made.error(f"--{name}: {', '.join(sorted(unknown))} is none of {', '.join(known)}")
    if not all(seed.isdigit() for seed in options.seeds):
        made.error("--seeds: whole numbers, divided by commas")
    return options


def _run(options: argparse.Namespace, named: tuple[str, str, int], method: str) -> dict[str, Any]:
    size, family, seed = named
    folder, limit = _folder(options, named), _limit(options, size)
    job = Job(folder.resolve(), method, limit, options.gap, options.threads, 0,
              (options.out / "runs" / f"{size}_{family}_{seed}_{method}").resolve())
    allowance = max(300.0, limit) if options.allowance is None else options.allowance
    return {"book": named, "size_name": size, "family": family, "seed": seed, "method": method, "time_limit": limit,
            **run_job(job, allowance, options.memory_limit)}


def _facts() -> dict[str, str]:
    """Machine and versions."""
    installed = versions()
    for name in RARE_PACKAGES:
        try:
            installed[name] = version(name)
        except PackageNotFoundError:
            installed[name] = "not installed"
    return {"machine": f"{_processor()}, {os.cpu_count()} cores, {_memory():.0f} GiB, {platform.system()}",
            "versions": ", ".join(f"{name} {number}" for name, number in installed.items())}


def _processor() -> str:
    try:
        lines = (PROC / "cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        lines = []
    named = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return named[0] if named else platform.processor() or platform.machine()


def _memory() -> float:
    """Memory of the machine [GiB]."""
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    except (AttributeError, ValueError, OSError):
        return 16.0


if __name__ == "__main__":
    sys.exit(main())
