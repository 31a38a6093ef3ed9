"""Jobs in processes of their own, watched from outside: wall-clock, memory of the process and its children, its end."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from tests.bench.methods import Job
from tests.bench.recording import read_lines

PROC = Path("/proc")
SAMPLE_SECONDS = 0.25
GIB = 2.0**30


def run_job(job: Job, allowance: float, memory_limit: float) -> dict[str, Any]:
    """Do a job in a child process and return what it found.

    ``allowance``: seconds beside the search (reading, building, reporting) after which the child is ended.
    ``memory_limit`` in GiB over the child and its own children; watched where the system shows it (Linux).
    """
    job.work.mkdir(parents=True, exist_ok=True)
    record_file, job_file = job.work / "record.jsonl", job.work / "job.json"
    record_file.unlink(missing_ok=True)
    job_file.write_text(json.dumps(asdict(job), default=str), encoding="utf-8")
    began = time.monotonic()
    with (job.work / "printed.txt").open("wb") as printed:
        child = subprocess.Popen([sys.executable, "-m", "tests.bench.worker", str(job_file), str(record_file)],
                                 stdout=printed, stderr=subprocess.STDOUT, start_new_session=True,
                                 env={**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)})
        peak, ended_for = _watch(child, began + job.time_limit + allowance, memory_limit)
    return {**_found(read_lines(record_file), ended_for), "wall": time.monotonic() - began, "peak_gib": peak}


def _watch(child: subprocess.Popen[bytes], deadline: float, memory_limit: float) -> tuple[float, str]:
    """Wait for the child; its peak of memory [GiB] and, where it was ended, why."""
    peak = 0.0
    try:
        while True:
            peak = max(peak, memory_of(child.pid) / GIB)
            if peak > memory_limit:
                return peak, "out_of_memory"
            if time.monotonic() > deadline:
                return peak, "out_of_time"
            try:
                child.wait(SAMPLE_SECONDS)
            except subprocess.TimeoutExpired:
                continue
            return peak, ""
    finally:
        _end(child)


def _end(child: subprocess.Popen[bytes]) -> None:
    """End the child with all that it started."""
    if hasattr(os, "killpg"):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)
    elif child.poll() is None:
        child.kill()
    child.wait()


def memory_of(process: int) -> float:
    """Memory of a process and its descendants [bytes], pages that they share counted once; 0 where it is not shown."""
    total = 0.0
    for each in [process, *_descendants(process)]:
        try:
            for line in (PROC / str(each) / "smaps_rollup").read_text(encoding="ascii").splitlines():
                if line.startswith("Pss:"):
                    total += 1024.0 * float(line.split()[1])
        except OSError:
            continue
    return total


def _descendants(process: int) -> list[int]:
    found = []
    try:
        for task in (PROC / str(process) / "task").iterdir():
            for child in (task / "children").read_text(encoding="ascii").split():
                found += [int(child), *_descendants(int(child))]
    except OSError:
        pass
    return found


def _found(lines: list[dict[str, Any]], ended_for: str) -> dict[str, Any]:
    """What a job wrote down: its answer, seconds by stage, and the improvements."""
    answers = [line for line in lines if "status" in line]
    trace = [[line["seconds"], line["margin"], line["bound"]] for line in lines if "margin" in line
             and "status" not in line]
    seconds: dict[str, float] = {}
    for line in lines:
        if "stage" in line:
            seconds[line["stage"]] = seconds.get(line["stage"], 0.0) + line["seconds"]
    answer: Mapping[str, Any] = answers[-1] if answers else {}
    best, least = _best(trace)
    return {
        "status": ended_for or answer.get("status", "failed"),
        "margin": best if ended_for else answer.get("margin"),
        "bound": least if ended_for else answer.get("bound"),
        "note": answer.get("note", ""), "size": answer.get("size", {}), "seconds": seconds, "trace": trace,
    }


def _best(trace: list[list[float | None]]) -> tuple[float | None, float | None]:
    margins = [margin for _, margin, _ in trace if margin is not None]
    bounds = [bound for _, _, bound in trace if bound is not None]
    return max(margins, default=None), min(bounds, default=None)
