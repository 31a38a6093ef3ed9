"""The command line: commands, exit codes, progress on stderr, one JSON document on stdout with --json."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import NoReturn

from model.commands.help import Parser, in_language, language_of, refused

OK, INTERRUPTED = 0, 130
# HiGHS keeps its seed in a signed 32-bit integer.
LARGEST_SEED = 2**31 - 1
MOST_THREADS = 1024
EXPLAIN_SECONDS = 30.0


def program() -> NoReturn:
    """Run the command of this process and end it with its exit code."""
    code = main()
    if code == INTERRUPTED:
        # Work that was begun beside may be under way yet, and an orderly end would abort where it is within C++.
        os._exit(code)
    sys.exit(code)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; returns its exit code."""
    _speak_safely()
    try:
        return _run(list(sys.argv[1:] if arguments is None else arguments))
    except KeyboardInterrupt:
        return INTERRUPTED
    finally:
        _let_readers_go()


def _run(given: list[str]) -> int:
    # Options without a command plan the reference case; help and version belong to the program itself.
    if not given or (given[0].startswith("-") and given[0] not in ("-h", "--help", "--version")):
        given = ["solve", str(reference_case()), *given]
    # The language must be known before parsing: argparse refuses and prints help while it parses.
    parser = in_language(_parser(), language_of(given))
    options = parser.parse_args(given)
    _refuse_to_write_over_inputs(parser, options)
    if getattr(options, "keep_promises", False) and not options.from_plan:
        parser.error(refused("promises_of_what"))
    # Each command imports its own modules: pandas and the solver take seconds that --help need not wait for.
    if options.command == "formulation":
        from model.formulation import formulation_text

        with suppress(BrokenPipeError):
            print(formulation_text())
        return OK
    if options.command == "template":
        from model.commands.template import run_template

        return run_template(Path(options.file), options.lang, options.source, options.empty)
    if options.command == "compare":
        from model.commands.compare import run_compare

        return run_compare(options)
    if options.command == "check":
        from model.commands.check import run_check

        return run_check(options)
    if options.command == "explain":
        from model.commands.explain import run_explain

        return run_explain(options)
    if options.command == "quote":
        from model.commands.quote import run_quote

        return run_quote(options)
    from model.commands.solve import run_solve

    return run_solve(options)


def reference_case() -> Path:
    """The case that is planned when none is named: beside the package in a checkout, inside it once installed."""
    here = Path(__file__).resolve().parent
    beside = here.parent / "data" / "narada_2025"
    return beside if beside.is_dir() else here / "reference_data" / "narada_2025"


def _parser() -> Parser:
    parser = Parser(
        prog="run.py", description="Plans an order book: which orders to take, on which line and in which week to make "
        "them, when they arrive and what they earn. Without a command the reference case is planned.")
    parser.add_argument("--version", action="version", version=_version())
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    solve = commands.add_parser("solve", help="plan an order book and write the result workbook")
    _add_input(solve)
    solve.add_argument("--out", type=_xlsx, metavar="FILE.xlsx", help="the result (default: results/<INPUT>.xlsx)")
    solve.add_argument("--html", type=_html, metavar="FILE.html", help="write the result as one HTML page, too")
    solve.add_argument("--from-plan", metavar="RESULT.xlsx", help="take the plan in an earlier result as the published "
                       "plan")
    solve.add_argument("--keep-promises", action="store_true", help="with --from-plan: its accepted orders become firm "
                       "at their promised dates")
    _add_search(solve)
    solve.add_argument("--explain", type=_budget, default=EXPLAIN_SECONDS, metavar="S", dest="explain_seconds",
                       help="explain the orders, too, for at most so many seconds after planning: first those that did "
                       f"not get all they asked for, then the largest (default {EXPLAIN_SECONDS:g}; 0: not at all)")
    # _seconds reads any finite figure above zero; here it is gibibytes.
    solve.add_argument("--memory-limit", type=_seconds, metavar="GIB", help="end the search when the solver holds more "
                       "memory than this")
    check = commands.add_parser("check", help="check an order book without planning it")
    _add_input(check)
    check.add_argument("--out", type=_xlsx, metavar="FILE.xlsx", help="write the input back with every bad cell marked")
    template = commands.add_parser("template", help="write a documented input workbook with an example to write over")
    template.add_argument("file", type=_xlsx, metavar="FILE.xlsx")
    filled = template.add_mutually_exclusive_group()
    filled.add_argument("--from", metavar="INPUT", dest="source", help="fill it with this input")
    filled.add_argument("--empty", action="store_true", help="leave the example out")
    _add_language(template)
    compare = commands.add_parser("compare", help="what changed between two results")
    compare.add_argument("before", metavar="A.xlsx", help="a result workbook")
    compare.add_argument("after", metavar="B.xlsx", help="another one")
    compare.add_argument("--out", type=_xlsx, metavar="FILE.xlsx", help="write the comparison as a workbook, too")
    compare.add_argument("--json", action="store_true", help="print one JSON document on stdout")
    _add_language(compare)
    _add_explain(commands.add_parser("explain", help="plan an order book and answer questions about the plan"))
    _add_quote(commands.add_parser("quote", help="for orders not yet in the book: lowest price for a date, earliest "
                                   "date at a price, and what they displace"))
    commands.add_parser("formulation", help="print the mathematics of the model")
    return parser


def _add_search(command: argparse.ArgumentParser) -> None:
    command.add_argument("--gap", type=_share, metavar="G", help="stop when the best possible plan is at most this "
                         "share better")
    command.add_argument("--time-limit", type=_seconds, metavar="S", help="longest search in seconds")
    command.add_argument("--seed", type=_seed, default=0, metavar="N", help="seed of the search (default 0)")
    command.add_argument("--threads", type=_count, default=1, metavar="N", help="threads of the solver (default 1)")


def _add_explain(command: argparse.ArgumentParser) -> None:
    from model.commands.explain_options import add_options

    _add_input(command)
    command.add_argument("--order", action="append", default=[], metavar="ORDER", dest="orders",
                         help="tell the full story of this order, as often as needed")
    command.add_argument("--seconds", type=_seconds, default=55.0, metavar="S",
                         help="longest time to explain all orders, in seconds: first those that did not get all they "
                         "asked for, then the largest (default 55)")
    command.add_argument("--out", type=_xlsx, metavar="FILE.xlsx", help="write the result workbook, too")
    add_options(command)
    command.add_argument("--question-time", type=_seconds, default=20.0, metavar="S", dest="question_seconds",
                         help="longest time for each re-solve of a question, in seconds (default 20)")
    _add_search(command)


def _add_quote(command: argparse.ArgumentParser) -> None:
    _add_input(command)
    command.add_argument("--order", action="append", default=[], metavar="COLUMN=VALUE,...", dest="orders",
                         help="an enquiry with columns of the table orders, as often as needed; without due_date or "
                         "unit_price that is what is asked")
    command.add_argument("--enquiries", metavar="FILE", help="a table of enquiries (.csv or .xlsx) with those columns")
    command.add_argument("--in-turn", action="store_true", help="one after another: what pays goes into the book")
    command.add_argument("--out", type=_xlsx, metavar="FILE.xlsx", help="write the quotes as a workbook, too")
    command.add_argument("--quote-time", type=_seconds, default=30.0, metavar="S", dest="quote_seconds",
                         help="longest time for each enquiry, in seconds (default 30)")
    _add_search(command)


def _refuse_to_write_over_inputs(parser: argparse.ArgumentParser, options: argparse.Namespace) -> None:
    given = vars(options)
    inputs = ("input", "before", "after", "source", "from_plan", "enquiries")
    read = {Path(given[name]).resolve() for name in inputs if given.get(name)}
    # --html is not compared: no input has its ending.
    for name in ("out", "file"):
        if given.get(name) and Path(given[name]).resolve() in read:
            parser.error(refused("input_itself", file=given[name]))


def _add_input(command: argparse.ArgumentParser) -> None:
    command.add_argument("input", metavar="INPUT", help="a workbook (.xlsx) or a folder of CSV files")
    command.add_argument("--set", action="append", default=[], type=_assignment, metavar="KEY=VALUE", dest="settings",
                         help="replace a setting, as often as needed")
    command.add_argument("--scenario", metavar="NAME", help="apply this scenario's rows to the tables first")
    command.add_argument("--json", action="store_true", help="print one JSON document on stdout")
    command.add_argument("--quiet", action="store_true", help="print no progress")
    _add_language(command)


def _add_language(command: argparse.ArgumentParser) -> None:
    command.add_argument("--lang", choices=("en", "zh"), default="en", help="language of workbook and messages")


def _budget(text: str) -> float:
    return 0.0 if text == "0" else _seconds(text)


def _xlsx(text: str) -> str:
    if not text.lower().endswith(".xlsx"):
        raise argparse.ArgumentTypeError(refused("xlsx", text=text))
    return text


def _html(text: str) -> str:
    if not text.lower().endswith((".html", ".htm")):
        raise argparse.ArgumentTypeError(refused("html", text=text))
    return text


def _share(text: str) -> float:
    share = _number(text)
    # Written this way round, NaN is refused, too.
    if not 0 <= share <= 1:
        raise argparse.ArgumentTypeError(refused("share", text=text))
    return share


def _seconds(text: str) -> float:
    seconds = _number(text)
    if not 0 < seconds < float("inf"):
        raise argparse.ArgumentTypeError(refused("above_zero", text=text))
    return seconds


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise argparse.ArgumentTypeError(refused("number", text=text)) from None


def _seed(text: str) -> int:
    return _whole(text, 0, LARGEST_SEED)


def _count(text: str) -> int:
    return _whole(text, 1, MOST_THREADS)


def _whole(text: str, low: int, high: int) -> int:
    # isdecimal keeps out signs and underscores, which int() would take.
    if not text.strip().isdecimal() or not low <= int(text) <= high:
        raise argparse.ArgumentTypeError(refused("whole", text=text, low=low, high=high))
    return int(text)


def _assignment(text: str) -> tuple[str, str]:
    key, sign, value = text.partition("=")
    if not sign or not key.strip():
        raise argparse.ArgumentTypeError(refused("assignment", text=text))
    return key.strip(), value.strip()


def _version() -> str:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("order-allocation")
    except PackageNotFoundError:
        # A checkout that runs without having been installed.
        return "not installed"


def _let_readers_go() -> None:
    """What is left of the output goes nowhere where its reader has gone; at the program's end it would be an error."""
    for name in ("stdout", "stderr"):
        try:
            getattr(sys, name).flush()
        except BrokenPipeError:
            setattr(sys, name, Path(os.devnull).open("w", encoding="utf-8"))  # noqa: SIM115 - open until the end


def _speak_safely() -> None:
    """What the console's code page lacks is replaced, never an error; output keeps its encoding."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
