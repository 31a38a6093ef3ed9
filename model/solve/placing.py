"""The places of an instance's columns and rows, and which lines and items go together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

import numpy as np

from model.constraints import laws
from model.instance import Instance
from model.solve.matrix import Matrix
from model.solve.places import NOWHERE, Places
from model.variables import VARIABLES

SIZE_OF_CLUSTER = 1_600  # runs: lines and items that go together, times buckets


def places(instance: Instance, matrix: Matrix) -> Places:
    """The places of a model's columns and rows."""
    keys = {decision.name: instance.sets[decision.over].keys for decision in VARIABLES}
    cluster_of_item = _clusters(instance)
    orders, routing = instance.frames["orders"], instance.frames["routing"]
    number = {order: place for place, order in enumerate(orders["order"])}
    nowhere = np.full(2, NOWHERE)
    # Orders for what nobody makes go with the first cluster: an order without one would be free in no part.
    cluster_of_order = {order: cluster_of_item.get(item, np.zeros(2))
                        for order, item in zip(orders["order"], orders["item"], strict=True)}
    # Any item of a group tells its cluster: groups are never divided. A line, which may be, goes with its first item.
    first = routing.drop_duplicates(["line", "setup_group"])
    cluster_of_setup = {(line, group): cluster_of_item[item] for line, group, item in
                        first[["line", "setup_group", "item"]].itertuples(index=False)}
    of_line = routing.drop_duplicates("line")
    cluster_of_line = {line: cluster_of_item[item] for line, item in of_line[["line", "item"]].itertuples(index=False)}
    item_of_offer = instance.tables.frames["supply"]["item"].tolist()  # an offer is named by its row
    bucket = np.full(len(matrix.columns), NOWHERE, dtype=np.int32)
    order_of = np.full(len(matrix.columns), NOWHERE, dtype=np.int32)
    cluster = np.full((2, len(matrix.columns)), NOWHERE, dtype=np.int32)
    for name, positions in matrix.family.items():
        members = [matrix.columns[position][1] for position in positions.tolist()]
        named: dict[str, Sequence[Any]] = dict(zip(keys[name], members_by_key(members), strict=True))
        if "bucket" in named:
            bucket[positions] = named["bucket"]
        # An order's column goes with the order, though it may name the item of a substitute.
        if "order" in named:
            order_of[positions] = [number.get(order, NOWHERE) for order in named["order"]]
            found = [cluster_of_order[order] for order in named["order"]]
        elif "setup_group" in named:
            found = [cluster_of_setup[key] for key in zip(named["line"], named["setup_group"], strict=True)]
        elif "item" in named or "offer" in named:
            items = named["item"] if "item" in named else [item_of_offer[offer] for offer in named["offer"]]
            found = [cluster_of_item.get(item, nowhere) for item in items]
        else:
            found = [cluster_of_line.get(line, nowhere) for line in named.get("line", ())]
        if found:
            cluster[:, positions] = np.array(found).T
    return Places(bucket, cluster, order_of, *_rows(instance, matrix))


def _rows(instance: Instance, matrix: Matrix) -> tuple[np.ndarray, np.ndarray]:
    """Bucket and series of each row."""
    place = {law.name: keys.index("bucket") for law in laws() if "bucket" in (keys := instance.sets[law.over].keys)}
    bucket = np.full(len(matrix.row_names), NOWHERE, dtype=np.int32)
    series = np.empty(len(matrix.row_names), dtype=np.int32)
    number: dict[object, int] = {}
    for row, (law, index) in enumerate(matrix.row_names):
        name: object = (law, index)
        if law in place:
            at, members = place[law], index if isinstance(index, tuple) else (index,)
            bucket[row] = members[at]
            name = (law, *members[:at], *members[at + 1:])
        series[row] = number.setdefault(name, len(number))
    return bucket, series


def members_by_key(members: Sequence[Any]) -> list[Sequence[Any]]:
    """The members of a set, taken apart: one list for each of its keys."""
    return list(zip(*members, strict=True)) if isinstance(members[0], tuple) else [members]


def _clusters(instance: Instance) -> dict[str, np.ndarray]:
    """Two cluster numbers for each item that is made; items that share a setup are never divided."""
    routing = instance.frames["routing"]
    pairs = routing[["line", "item"]].drop_duplicates().sort_values(["line", "item"])
    lines_of, items_of, together = defaultdict(list), defaultdict(list), defaultdict(set)
    for line, item in pairs.itertuples(index=False):
        lines_of[item].append(line)
        items_of[line].append(item)
    for _, items in routing.groupby(["line", "setup_group"])["item"]:
        for item in items.unique():
            together[item].update(items.unique())
    most = max(1, SIZE_OF_CLUSTER // max(1, instance.bucket_count))
    found: dict[str, np.ndarray] = {}
    count = np.zeros(2, dtype=np.int64)
    for first in sorted(lines_of):
        if first in found:
            continue
        # The second row begins half full: its borders lie in the middle of the first row's clusters.
        size = np.array([0, most // 2])
        queue, seen = [first], {first}
        while queue:
            unit = [item for item in _reached(queue.pop(0), together) if item not in found]
            runs = sum(len(lines_of[item]) for item in unit)
            # Items of one setup that are too many for a cluster make one of their own.
            is_full = (size > 0) & (size + runs > most)
            count += is_full
            size = np.where(is_full, 0, size) + runs
            found.update(dict.fromkeys(unit, count.copy()))
            for near in (other for item in unit for line in lines_of[item] for other in items_of[line]):
                if near not in seen:
                    seen.add(near)
                    queue.append(near)
        # What shares no line with these begins clusters of its own.
        count += 1
    return found


def _reached(first: str, together: dict[str, set[str]]) -> list[str]:
    """All items that share a setup with the first, or with one that does, and so on."""
    reached, queue = {first}, [first]
    while queue:
        for near in together[queue.pop()] - reached:
            reached.add(near)
            queue.append(near)
    return sorted(reached)
