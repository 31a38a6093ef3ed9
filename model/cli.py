"""The command line: commands, exit codes, progress on stderr, one JSON document on stdout with --json."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

OK, INTERRUPTED = 0, 130
LARGEST_SEED = 2**31 - 1
PROMISES_OF_WHAT = "--keep-promises needs --from-plan RESULT.xlsx"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; returns its exit code."""
    _speak_safely()
    try:
        return _run(list(sys.argv[1:] if arguments is None else arguments))
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        _forget_stdout()
        return OK


def _run(given: list[str]) -> int:
    if not given or (given[0].startswith("-") and given[0] not in ("-h", "--help", "--version")):
        given = ["solve", str(reference_case()), *given]
    parser = _parser()
    options = parser.parse_args(given)
    _refuse_to_write_over_inputs(parser, options)
    if getattr(options, "keep_promises", False) and not options.from_plan:
        parser.error(PROMISES_OF_WHAT)
    if options.command == "formulation":
        from model.formulation import formulation_text

        print(formulation_text())
        return OK
    if options.command == "template":
        from model.commands.template import run_template

        return run_template(Path(options.file), options.lang, options.source)
    if options.command == "compare":
        from model.commands.compare import run_compare

        return run_compare(options)
    if options.command == "check":
        from model.commands.check import run_check

        return run_check(options)
    from model.commands.solve import run_solve

    return run_solve(options)


def reference_case() -> Path:
    """The case that is planned when none is named: beside the package in a checkout, inside it once installed."""
    here = Path(__file__).resolve().parent
    beside = here.parent / "data" / "narada_2025"
    return beside if beside.is_dir() else here / "reference_data" / "narada_2025"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
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
    solve.add_argument("--gap", type=_share, metavar="G", help="stop when the best possible plan is at most this share "
                       "better")
    solve.add_argument("--time-limit", type=_seconds, metavar="S", help="longest search in seconds")
    solve.add_argument("--seed", type=_seed, default=0, help="seed of the search (default 0)")
    solve.add_argument("--threads", type=_count, default=1, help="threads of the solver (default 1)")
    check = commands.add_parser("check", help="check an order book without planning it")
    _add_input(check)
    check.add_argument("--out", type=_xlsx, metavar="FILE.xlsx", help="write the input back with every bad cell marked")
    template = commands.add_parser("template", help="write an empty, documented input workbook")
    template.add_argument("file", type=_xlsx, metavar="FILE.xlsx")
    template.add_argument("--from", metavar="INPUT", dest="source", help="fill it with this input")
    _add_language(template)
    compare = commands.add_parser("compare", help="what changed between two results")
    compare.add_argument("before", metavar="A.xlsx", help="a result workbook")
    compare.add_argument("after", metavar="B.xlsx", help="another one")
    compare.add_argument("--out", type=_xlsx, metavar="FILE.xlsx", help="write the comparison as a workbook, too")
    compare.add_argument("--json", action="store_true", help="print one JSON document on stdout")
    _add_language(compare)
    commands.add_parser("formulation", help="print the mathematics of the model")
    return parser


def _refuse_to_write_over_inputs(parser: argparse.ArgumentParser, options: argparse.Namespace) -> None:
    given = vars(options)
    inputs = ("input", "before", "after", "source", "from_plan")
    read = {Path(given[name]).resolve() for name in inputs if given.get(name)}
    for name in ("out", "file"):
        if given.get(name) and Path(given[name]).resolve() in read:
            parser.error(f"{given[name]} is the input itself, which is never written over")


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


def _xlsx(text: str) -> str:
    if not text.lower().endswith(".xlsx"):
        raise argparse.ArgumentTypeError(f"{text} is not the name of an .xlsx workbook")
    return text


def _html(text: str) -> str:
    if not text.lower().endswith((".html", ".htm")):
        raise argparse.ArgumentTypeError(f"{text} is not the name of an .html page")
    return text


def _share(text: str) -> float:
    share = float(text)
    if not 0 <= share <= 1:
        raise argparse.ArgumentTypeError(f"{text} is not a share between 0 and 1")
    return share


def _seconds(text: str) -> float:
    seconds = float(text)
    if not 0 < seconds < float("inf"):
        raise argparse.ArgumentTypeError(f"{text} is not a number of seconds above 0")
    return seconds


def _seed(text: str) -> int:
    seed = int(text)
    if not 0 <= seed <= LARGEST_SEED:
        raise argparse.ArgumentTypeError(f"{text} is not a whole number from 0 to {LARGEST_SEED}")
    return seed


def _count(text: str) -> int:
    count = int(text)
    if count < 1:
        raise argparse.ArgumentTypeError(f"{text} is not a number of threads")
    return count


def _assignment(text: str) -> tuple[str, str]:
    key, sign, value = text.partition("=")
    if not sign or not key.strip():
        raise argparse.ArgumentTypeError(f"{text} is not of the form key=value")
    return key.strip(), value.strip()


def _version() -> str:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("order-allocation")
    except PackageNotFoundError:
        return "not installed"


def _forget_stdout() -> None:
    """Whoever reads the output has gone: what is left of it goes nowhere, and that is no error."""
    sys.stdout = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115 - it stays open until the end


def _speak_safely() -> None:
    """What the console's code page lacks is replaced, never an error; output keeps its encoding."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
