"""Seeded random cases that mix every feature; small, with nice numbers, and accepted by the input checks."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, TypeVar

from tests.oracle import random_making, random_orders, random_policy

Records = dict[str, Any]
Choice = TypeVar("Choice")
DAYS = {"day": 1, "week": 7, "month": 30}


@dataclass(frozen=True)
class Shape:
    """How large a case may become, and whether it may promise anything that could be missed."""

    lines: int = 4
    products: int = 3
    orders: int = 6
    buckets: int = 4
    second_site: float = 0.35
    liveliness: float = 1.0
    promises: bool = True
    published_plan: bool = True
    bucket: str | None = None


SMALL = Shape()
TINY = Shape(lines=2, products=2, orders=3, buckets=2, second_site=0.15, liveliness=0.6)


class Dice:
    """A seeded random source in the words of the generator."""

    def __init__(self, seed: str, shape: Shape) -> None:
        self.random = random.Random(seed)
        self.shape = shape
        self.bucket = shape.bucket or self.pick("week", "week", "week", "day", "month")
        self.bucket_count = self.random.randint(1, shape.buckets)
        self.start = date(2025, 1, 15) if self.bucket == "month" and self.random.random() < 0.5 else date(2025, 1, 6)

    def on(self, probability: float) -> bool:
        """Whether a feature is switched on."""
        return self.random.random() < probability * self.shape.liveliness

    def pick(self, *values: Choice) -> Choice:
        """One of the values."""
        return self.random.choice(values)

    def some(self, values: list[Choice], least: int = 1) -> list[Choice]:
        """Some of the values in their order, at least so many."""
        chosen = self.random.sample(values, self.random.randint(min(least, len(values)), len(values)))
        return [value for value in values if value in chosen]

    def between(self, low: int, high: int) -> int:
        """A whole number, both ends included."""
        return self.random.randint(low, high)

    @property
    def bucket_days(self) -> int:
        """Days of a bucket, roughly."""
        return DAYS[self.bucket]

    @property
    def horizon_days(self) -> int:
        """Days of the horizon, roughly."""
        return self.bucket_days * self.bucket_count

    def day(self, offset: int) -> str:
        """The day so many days after the start."""
        return (self.start + timedelta(days=offset)).isoformat()

    def any_day(self) -> str:
        """A day in the horizon or shortly beside it."""
        return self.day(self.between(-2, self.horizon_days + 2))

    def inner_day(self) -> str:
        """A day in the horizon."""
        return self.day(self.between(0, self.horizon_days - 1))


def random_book(seed: int | str, shape: Shape = SMALL) -> Records:
    """Records of a random case; the same seed and shape give the same case."""
    dice = Dice(str(seed), shape)
    book: Records = {"settings": {
        "start_date": dice.start.isoformat(), "bucket": dice.bucket, "bucket_count": dice.bucket_count, "gap": 0.0}}
    random_making.add_plant(dice, book)
    random_making.add_making(dice, book)
    random_making.add_goods(dice, book)
    random_orders.add_markets(dice, book)
    random_orders.add_orders(dice, book)
    random_orders.add_choices(dice, book)
    random_policy.add_policy(dice, book)
    return {name: rows for name, rows in book.items() if rows}
