"""Where each column of a model belongs: its bucket, the cluster of lines and items it is part of, its order."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

import numpy as np

from model.instance import Instance
from model.solve.matrix import Matrix
from model.variables import VARIABLES

NOWHERE = -1
LINES_OF_CLUSTER = 32


@dataclass(frozen=True)
class Places:
    """Three numbers for each column, ``NOWHERE`` where it has none: ``bucket``, ``cluster`` and ``order``.

    Items that are made on the same lines share a cluster; one with many lines is divided.
    """

    bucket: np.ndarray = field(default_factory=lambda: np.empty(0, dtype=np.int32))
    cluster: np.ndarray = field(default_factory=lambda: np.empty(0, dtype=np.int32))
    order: np.ndarray = field(default_factory=lambda: np.empty(0, dtype=np.int32))


def places(instance: Instance, matrix: Matrix) -> Places:
    """The places of a model's columns."""
    keys = {decision.name: instance.sets[decision.over].keys for decision in VARIABLES}
    cluster_of_item, cluster_of_line = _clusters(instance)
    orders = instance.frames["orders"]
    number = {order: place for place, order in enumerate(orders["order"])}
    cluster_of_order = {order: cluster_of_item.get(item, 0)
                        for order, item in zip(orders["order"], orders["item"], strict=True)}
    item_of_offer = instance.tables.frames["supply"]["item"].tolist()
    found = np.full((3, len(matrix.columns)), NOWHERE, dtype=np.int32)
    for position, (name, index) in enumerate(matrix.columns):
        named = dict(zip(keys[name], index if isinstance(index, tuple) else (index,), strict=True))
        found[0, position] = named.get("bucket", NOWHERE)
        if "line" in named:
            found[1, position] = cluster_of_line.get(named["line"], NOWHERE)
        elif "order" in named:
            found[1, position] = cluster_of_order.get(named["order"], NOWHERE)
        else:
            item = item_of_offer[named["offer"]] if "offer" in named else named.get("item", "")
            found[1, position] = cluster_of_item.get(item, NOWHERE)
        found[2, position] = number.get(named.get("order"), NOWHERE)
    return Places(*found)


def _clusters(instance: Instance) -> tuple[dict[str, int], dict[str, int]]:
    """Clusters of items and lines that belong together, of a handful of lines each."""
    pairs = instance.frames["routing"][["line", "item"]].drop_duplicates()
    lines_of, items_of = defaultdict(list), defaultdict(list)
    for line, item in pairs.sort_values(["line", "item"]).itertuples(index=False):
        lines_of[item].append(line)
        items_of[line].append(item)
    of_line: dict[str, int] = {}
    count = 0
    for first in sorted(items_of):
        if first in of_line:
            continue
        queue, seen, taken = [first], {first}, 0
        while queue:
            line = queue.pop(0)
            count += taken % LINES_OF_CLUSTER == 0
            taken += 1
            of_line[line] = count - 1
            for near in (other for item in items_of[line] for other in lines_of[item]):
                if near not in seen:
                    seen.add(near)
                    queue.append(near)
    of_item = {item: max(set(clusters), key=lambda cluster: (clusters.count(cluster), -cluster))
               for item, clusters in ((item, [of_line[line] for line in lines]) for item, lines in lines_of.items())}
    return of_item, of_line
