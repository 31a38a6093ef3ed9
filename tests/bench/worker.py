"""One solve in a process of its own: ``python -m tests.bench.worker JOB.json RECORD.jsonl``."""

from __future__ import annotations

import json
import sys
import traceback
from pathlib import Path

from tests.bench.methods import METHODS, Job
from tests.bench.recording import Record


def main(job_file: str, record_file: str) -> int:
    """Do the job; whatever goes wrong is its answer."""
    given = json.loads(Path(job_file).read_text(encoding="utf-8"))
    job = Job(**{**given, "folder": Path(given["folder"]), "work": Path(given["work"])})
    record = Record(Path(record_file))
    try:
        METHODS[job.method](job, record)
    except MemoryError:
        record.answer("out_of_memory")
        return 1
    except Exception as failure:
        traceback.print_exc()
        record.answer("failed", note=f"{type(failure).__name__}: {failure}".splitlines()[0][:200])
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
