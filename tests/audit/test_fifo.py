"""First in, first out on columns: nothing is lost where stretches begin at nearly the same place."""

import random

import pandas as pd
import pytest

from model.audit.fifo import carry, match
from model.plan.pegging import Labels, Lot, Queue

LABELS = ["lot", "start", "end", "order"]


def by_order(labels: pd.DataFrame) -> dict[str, float]:
    return (labels["end"] - labels["start"]).groupby(labels["order"]).sum().to_dict()


def test_a_stretch_of_nothing_hides_no_other():
    """Proves: 3 units of order B reach the supply although a stretch of no length begins where they do. If the empty
    one took their place: A 5 and B nothing."""
    matches = match(pd.DataFrame({"queue": ["q"], "lot": [7], "size": [8.0]}),
                    pd.DataFrame({"queue": ["q"], "lot": [1], "size": [8.0]}))
    labels = pd.DataFrame([(1, 0.0, 5.0, "A"), (1, 5.0, 8.0, "B"), (1, 5.0, 5.0, "C")], columns=LABELS)
    assert by_order(carry(labels, matches)) == {"A": pytest.approx(5), "B": pytest.approx(3)}


def test_rounding_makes_no_stretches():
    """Proves: 0.1 + 0.2 + 2 against 0.3 + 2 are three matches. With those that rounding makes (of 6e-17): five."""
    supplies = pd.DataFrame({"queue": ["q"] * 3, "lot": [1, 2, 3], "size": [0.1, 0.2, 2.0]})
    demands = pd.DataFrame({"queue": ["q"] * 2, "lot": [8, 9], "size": [0.3, 2.0]})
    found = match(supplies, demands)
    assert list(zip(found["supply"], found["demand"], strict=True)) == [(1, 8), (2, 8), (3, 9)]
    assert found["size"].tolist() == [pytest.approx(0.1), pytest.approx(0.2), pytest.approx(2.0)]


@pytest.mark.parametrize("size", [1e-9, 1.0, 1e9])
def test_nothing_is_lost_in_any_unit(size: float) -> None:
    """Proves: what counts as rounding goes by the size of a queue. By hand, in units of ``size``: A takes 2 of the
    first 3, B the last one and 2 of the 4 behind. If less than a billionth were nothing: nobody gets anything of 1e-9;
    were both queues on one axis, the first queue's 1e9 would blur the second."""
    supplies = pd.DataFrame({"queue": ["p", "q", "q"], "lot": [1, 2, 3], "size": [1e9, 3 * size, 4 * size]})
    demands = pd.DataFrame({"queue": ["p", "q", "q"], "lot": [7, 8, 9], "size": [1e9, 2 * size, 3 * size]})
    matches = match(supplies, demands)
    labels = pd.DataFrame([(8, 0.0, 2 * size, "A"), (9, 0.0, 3 * size, "B")], columns=LABELS)
    found = carry(labels, matches)
    assert list(zip(found["lot"], found["order"], strict=True)) == [(2, "A"), (2, "B"), (3, "B")]
    assert ((found["end"] - found["start"]) / size).tolist() == pytest.approx([2, 1, 2])


def cut(lots: list[Lot], kind: str, dice: random.Random) -> list[Lot]:
    """Two lots out of each, so that the sums of both rows differ by rounding only."""
    shares = [(lot.quantity, dice.choice([0.5, 0.3, 0.1])) for lot in lots]
    sizes = [size for whole, share in shares for size in (whole * share, whole - whole * share)]
    return [Lot(kind, (place,), size, order=f"O{place % 7}") for place, size in enumerate(sizes)]


def column(lots: list[Lot], first: int) -> pd.DataFrame:
    return pd.DataFrame({"queue": "q", "lot": range(first, first + len(lots)), "size": [lot.quantity for lot in lots]})


@pytest.mark.parametrize("seed", range(20))
def test_columns_say_what_lots_say(seed: int) -> None:
    """Proves: the columns of the audit and the lots of the plan, two ways to peg, give every order the same units,
    where sums of what is made, moved and sent differ by rounding only. If rounding hid a stretch: an order has less."""
    dice = random.Random(seed)
    made = [Lot("production", (place,), dice.randint(1, 9) / dice.choice([1, 3, 7, 10])) for place in range(40)]
    moved = cut(made, "transfer", dice)
    sent = cut(moved, "shipment", dice)
    for supplies, demands in ((made, moved), (moved, sent)):
        queue = Queue()
        queue.supplies = [((place,), lot) for place, lot in enumerate(supplies)]
        queue.demands = [((place,), lot) for place, lot in enumerate(demands)]
        queue.match(1e-9)
    labels = Labels(1e-9)
    shares = [(lot.key[0], share.label, share.quantity) for lot in made for share in labels.orders(lot)]
    wanted = pd.DataFrame(shares, columns=["lot", "order", "size"]).groupby(["lot", "order"])["size"].sum()
    ends = pd.DataFrame([(200 + place, 0.0, lot.quantity, lot.order) for place, lot in enumerate(sent)], columns=LABELS)
    found = carry(carry(ends, match(column(moved, 100), column(sent, 200))), match(column(made, 0), column(moved, 100)))
    got = (found["end"] - found["start"]).groupby([found["lot"], found["order"]]).sum()
    both = pd.concat([wanted, got], axis=1).fillna(0.0)
    assert both.iloc[:, 1].tolist() == pytest.approx(both.iloc[:, 0].tolist(), abs=1e-8)
