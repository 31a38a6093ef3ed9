"""What lines make: hours, overtime, setups, lots, resources and lines that may be opened."""

from __future__ import annotations

from dataclasses import dataclass, field

from tests.oracle.algebra import Lin, Program, total
from tests.oracle.facts import Facts
from tests.oracle.horizon import Row, within

POOL = ""


@dataclass
class Book:
    """A case under formulation: its facts, its program, and the sums that the laws add to."""

    facts: Facts
    program: Program = field(default_factory=Program)
    made: dict[tuple[str, str, str, int], Lin] = field(default_factory=dict)
    opened: dict[tuple[str, int], Lin] = field(default_factory=dict)
    money: dict[str, Lin] = field(default_factory=dict)
    missed: dict[int, Lin] = field(default_factory=lambda: {1: Lin(), 2: Lin(), 3: Lin()})

    def pay(self, term: str, amount: Lin) -> None:
        """Add an amount (negative for a cost) to a term of the margin."""
        self.money[term] = self.money.get(term, Lin()) + amount

    def miss(self, kind: int, amount: Lin) -> None:
        """Add an amount to the misses of a kind of promise."""
        self.missed[kind] = self.missed[kind] + amount

    def made_of(self, line: str, item: str, bucket: int) -> Lin:
        """Good units of an item made on a line in a bucket, for whomever."""
        return total(units for (_, *where), units in self.made.items() if where == [line, item, bucket])

    def made_for(self, order: str, line: str | None, bucket: int | None) -> Lin:
        """Good units made for an order; None stands for every line or every bucket."""
        return total(units for (owner, on, _, when), units in self.made.items()
                     if owner == order and line in (None, on) and bucket in (None, when))


def open_lines(book: Book) -> None:
    """At most one opening option of a line is chosen; the chosen one is paid once, in full."""
    options: dict[str, list[Lin]] = {}
    for position, row in enumerate(book.facts.table["expansions"]):
        choice = book.program.choice()
        book.opened[row["line"], position] = choice
        options.setdefault(row["line"], []).append(choice)
        book.pay("expansion", -row["cost"] * choice)
    for choices in options.values():
        book.program.at_most(total(choices), 1.0)


def shares(book: Book, line: str, bucket: int) -> list[tuple[Lin, float]]:
    """The share of its hours that a line offers: for each opening option its choice and share, or 1 and the share."""
    options = book.facts.table["expansions"]
    mine = [(choice, book.facts.line_share(line, bucket, options[position]["start_date"]))
            for (name, position), choice in book.opened.items() if name == line]
    return mine or [(Lin(constant=1.0), book.facts.line_share(line, bucket))]


def can_run(book: Book, routing: Row, bucket: int) -> bool:
    """Whether a routing is valid in a bucket, its line open, and its output there before the horizon ends."""
    valid = within(book.facts.horizon.starts[bucket], routing["from_date"], routing["to_date"])
    in_time = book.facts.horizon.after(bucket, routing["lead_time_days"]) is not None
    return valid and in_time and any(share > 0 for _, share in shares(book, routing["line"], bucket))


def add_production(book: Book) -> None:
    """Units are made for one order that may get them from the line, or for the common pool."""
    for routing in book.facts.table["routings"]:
        line, item = routing["line"], routing["item"]
        takers = [order["order"] for order in book.facts.planned_orders
                  if item in book.facts.price_factors(order) and line in book.facts.sources(order, item)]
        for bucket in book.facts.horizon.buckets:
            if can_run(book, routing, bucket):
                for owner in [POOL, *takers]:
                    book.made[owner, line, item, bucket] = book.program.number()
                book.pay("conversion", -routing["unit_cost"] * book.made_of(line, item, bucket))


def most_in_bucket(book: Book, routing: Row, bucket: int) -> float:
    """More than this of an item does not fit on its line in a bucket; where it takes no hours, plenty."""
    line = book.facts.lines[routing["line"]]
    share = max(share for _, share in shares(book, routing["line"], bucket))
    hours = (line["regular_hours"] + line["overtime_hours"]) * share
    return hours / routing["hours_per_unit"] if routing["hours_per_unit"] > 0 else book.facts.plenty


def add_lots(book: Book) -> None:
    """An item that runs on a line in a bucket runs at least its minimum lot, in whole multiples of its lot, and only
    while the line is open."""
    for routing in book.facts.table["routings"]:
        for bucket in book.facts.horizon.buckets:
            if not can_run(book, routing, bucket):
                continue
            units, most = book.made_of(routing["line"], routing["item"], bucket), most_in_bucket(book, routing, bucket)
            if routing["min_lot"] > 0:
                book.program.only_if(book.program.choice(), units, most, routing["min_lot"])
            if routing["lot_multiple"] is not None:
                count = book.program.number(float(int(most / routing["lot_multiple"] + 1e-9)), whole=True)
                book.program.equal(units, routing["lot_multiple"] * count)
            if routing["hours_per_unit"] == 0:
                is_open = total(choice for choice, share in shares(book, routing["line"], bucket) if share > 0)
                book.program.only_if(is_open, units, most)


def add_setups_and_hours(book: Book) -> None:
    """Work and setups fit a line's regular hours and overtime; a group that runs is set up once in the bucket."""
    for line, row in book.facts.lines.items():
        routings = [routing for routing in book.facts.table["routings"] if routing["line"] == line]
        for bucket in book.facts.horizon.buckets:
            running = [routing for routing in routings if can_run(book, routing, bucket)]
            load = total(routing["hours_per_unit"] * book.made_of(line, routing["item"], bucket)
                         for routing in running)
            for group in sorted({routing["setup_group"] for routing in running}):
                load = load + set_up(book, [routing for routing in running if routing["setup_group"] == group], bucket)
            overtime = book.program.number()
            offered = shares(book, line, bucket)
            book.program.at_most(overtime, total(row["overtime_hours"] * share * choice for choice, share in offered))
            book.program.at_most(load, overtime + total(row["regular_hours"] * share * choice
                                                        for choice, share in offered))
            book.pay("overtime", -row["overtime_cost"] * overtime)


def set_up(book: Book, routings: list[Row], bucket: int) -> Lin:
    """Setup hours of the routings of one group in a bucket; the setup cost is paid."""
    first = routings[0]
    if first["setup_hours"] == 0 and first["setup_cost"] == 0:
        return Lin()
    is_set_up = book.program.choice()
    for routing in routings:
        book.program.only_if(is_set_up, book.made_of(first["line"], routing["item"], bucket),
                             most_in_bucket(book, routing, bucket))
    book.pay("setup", -first["setup_cost"] * is_set_up)
    return first["setup_hours"] * is_set_up


def add_resources(book: Book) -> None:
    """Work on a shared resource fits its hours."""
    for resource in book.facts.table["resources"]:
        rows = [row for row in book.facts.table["routing_resources"] if row["resource"] == resource["resource"]]
        for bucket in book.facts.horizon.buckets:
            book.program.at_most(total(row["hours_per_unit"] * book.made_of(row["line"], row["item"], bucket)
                                       for row in rows), book.facts.resource_hours(resource, bucket))


def formulate_making(book: Book) -> None:
    """Every law about lines, lots, setups and resources."""
    open_lines(book)
    add_production(book)
    add_lots(book)
    add_setups_and_hours(book)
    add_resources(book)
