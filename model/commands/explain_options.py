"""The options of the further questions of ``explain``."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

QUESTIONS = ("what_if", "why_not", "capacity", "rules", "alternatives")


def add_options(command: ArgumentParser) -> None:
    """The options of the further questions."""
    command.add_argument("--what-if", action="append", default=[], metavar="QUESTION", help="the difference that a "
                         "change of the tables makes, such as \"line=HV1 hours+=40 week=2025-20\"; as often as needed")
    command.add_argument("--why-not", action="append", default=[], metavar="ORDER",
                         help="what it costs to deliver an order in full, and who moves")
    command.add_argument("--capacity", action="store_true", help="what more of each bottleneck would earn")
    command.add_argument("--rules", action="store_true", help="what each rule costs")
    command.add_argument("--alternatives", metavar="LOSS", help="plans that earn at most so much less (0.5%% or "
                         "money): fewest changes, fewest late days, fewest setups")
    command.add_argument("--alternatives-out", metavar="FOLDER", help="write each of them as a result workbook, too")


def is_asked(options: Namespace) -> bool:
    """Whether any further question is asked."""
    return any(getattr(options, name, None) for name in QUESTIONS)
