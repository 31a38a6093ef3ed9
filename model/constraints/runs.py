"""What a line makes in a bucket, whole or as the parts into which it is divided: stated once for the laws that ask."""

from __future__ import annotations

from typing import Any

from model.constraints.registry import weighted


def units_of_run(m: Any, line: str, item: str, bucket: int) -> Any:
    """Units of an item made on a line in a bucket: the sum of its parts where making is divided by what ships when."""
    key = (line, item, bucket)
    return weighted([(1.0, m.made[k]) for k in m.UNDIVIDED_OF[key]]
                    + [(1.0, m.made_to_ship[k]) for k in m.PARTS_OF[key]]
                    + [(1.0, m.made_for_other_use[k]) for k in m.OTHER_USE_OF[key]])


def hours_of_runs(m: Any, line: str, bucket: int) -> Any:
    """Hours that making takes on a line in a bucket, likewise."""
    return weighted([(m.hours_per_unit[k], m.made[k]) for k in m.UNDIVIDED_ON_LINE[line, bucket]]
                    + [(m.hours_per_unit[k[:3]], m.made_to_ship[k]) for k in m.PARTS_ON_LINE[line, bucket]]
                    + [(m.hours_per_unit[k], m.made_for_other_use[k]) for k in m.OTHER_USE_ON_LINE[line, bucket]])
