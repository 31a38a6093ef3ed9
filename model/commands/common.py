"""What commands share: loading and checking, progress, the interrupt key."""

from __future__ import annotations

import signal
import sys
import time
from argparse import Namespace
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType

from model.checks import Checked, check
from model.checks.overrides import apply_overrides
from model.findings import Finding
from model.labels import counted, label
from model.report.text import say
from model.scenarios import apply_scenario
from model.tables import RawBook, read


def load(options: Namespace) -> tuple[Checked, float]:
    """The checked tables of the input named on the command line, and the seconds it took."""
    started = time.monotonic()
    book = read(Path(options.input))
    if getattr(options, "from_plan", None):
        from model.from_plan import with_published_plan

        book = with_published_plan(book, Path(options.from_plan), options.keep_promises, _as_planned(book, options))
    checked = check(book, settings=dict(options.settings), scenario=options.scenario)
    return checked, time.monotonic() - started


def _as_planned(book: RawBook, options: Namespace) -> RawBook:
    """The book with its scenario and the settings of the command line; what is wrong with those the checks say."""
    if options.scenario is not None:
        book, _ = apply_scenario(book, options.scenario)
    return apply_overrides(book, dict(options.settings), [])


def run_facts(options: Namespace) -> dict[str, object]:
    """What the sheet Run says of how the input was read."""
    return {"input": str(options.input), "scenario": options.scenario or "",
            "from_plan": getattr(options, "from_plan", None) or "",
            "keep_promises": "yes" if getattr(options, "keep_promises", False) else "",
            "set": ", ".join(f"{key}={value}" for key, value in options.settings)}


def say_rejected(findings: Sequence[Finding], language: str) -> None:
    """How many errors keep the input from being used."""
    count = sum(finding.severity == "error" for finding in findings)
    say(label(counted("cli.rejected", count), language).format(count=count))


def say_findings(findings: Sequence[Finding], language: str) -> None:
    """Every finding on stderr: errors first, each with its place and remedy."""
    for severity in ("error", "warning"):
        for finding in (each for each in findings if each.severity == severity):
            place = finding.cell or finding.table
            head = label(f"cli.{severity}", language)
            say(f"{head} {place}: {finding.text(language)}", sys.stderr)


class Interrupt:
    """Whether the interrupt key was pressed; a second press ends the program at once."""

    def __init__(self) -> None:
        self.pressed = False

    def __call__(self) -> bool:
        return self.pressed

    def press(self, number: int, frame: FrameType | None) -> None:
        """Remember the first press, raise KeyboardInterrupt at the second."""
        del number, frame
        if self.pressed:
            raise KeyboardInterrupt
        self.pressed = True


@contextmanager
def interruptible(language: str, quiet: bool) -> Iterator[Interrupt]:
    """While planning, the interrupt key ends the search and keeps the best plan."""
    interrupt = Interrupt()

    def pressed(number: int, frame: FrameType | None) -> None:
        """Take note of the key and, unless quiet, say what happens next."""
        interrupt.press(number, frame)
        # The key may be pressed while this very stream is written to, which then takes nothing more.
        with suppress(RuntimeError):
            if not quiet:
                say(label("cli.interrupted", language), sys.stderr)

    # The handler only sets a flag: the search asks for it and ends with its best plan.
    before = signal.signal(signal.SIGINT, pressed)
    try:
        yield interrupt
    finally:
        signal.signal(signal.SIGINT, before)


class Progress:
    """Prints time, best plan, bound and gap in money on stderr as they improve, at most a few times a second."""

    def __init__(self, currency: str, language: str, quiet: bool) -> None:
        self._currency, self._language, self._quiet = currency, language, quiet
        self._next = 0.0

    def __call__(self, seconds: float, margin: float, bound: float) -> None:
        if self._quiet or seconds < self._next:
            return
        self._next = seconds + 0.5
        unknown = label("cli.unknown", self._language)
        # From 1e30 on a figure stands for none: the search starts from infinite ends. + 0.0 turns -0.0 into 0.0.
        best = f"{margin + 0.0:,.0f}" if abs(margin) < 1e30 else unknown
        limit = f"{bound:,.0f}" if abs(bound) < 1e30 else unknown
        is_known = max(abs(margin), abs(bound)) < 1e30
        gap = f"{max(0.0, bound - margin):,.0f} {self._currency}" if is_known else unknown
        say(label("cli.progress", self._language).format(seconds=f"{seconds:7.1f}", margin=best, bound=limit, gap=gap),
            sys.stderr)
