"""The help and the refusals of the command line in the reader's language; the words come from the label tables."""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterator, Sequence
from functools import cache
from typing import NoReturn

from model.labels import label, label_table


def language_of(given: Sequence[str]) -> str:
    """The language asked for on a command line that has not been understood yet; English where none is."""
    for word, after in zip(given, [*given[1:], ""], strict=True):
        if word == "--lang=zh" or (word, after) == ("--lang", "zh"):
            return "zh"
    return "en"


class Parser(argparse.ArgumentParser):
    """A parser that refuses in its language; argparse words its refusals in English, and they are translated."""

    language = "en"

    def error(self, message: str) -> NoReturn:
        """Say how the command is used and what is wrong; ends the program with exit code 2."""
        self.print_usage(sys.stderr)
        words = label("usage.error", self.language).format(program=self.prog,
                                                           message=refusal_in(message, self.language))
        self.exit(2, f"{words}\n")


def refused(reason: str, **details: object) -> str:
    """Why an argument is refused, worded as argparse words its own refusals: in English, until it is said."""
    return label(f"usage.{reason}", "en").format(**details)


def refusal_in(message: str, language: str) -> str:
    """A refusal in ``language``; one that the label table does not know stays as it is."""
    for key, pattern in _refusals().items():
        found = pattern.fullmatch(message)
        if found and language != "en":
            details = found.groupdict()
            # argparse wraps what is wrong with one argument in "argument X: ..."; the inner words go on their own.
            if "message" in details:
                details["message"] = refusal_in(details["message"], language)
            return label(key, language).format(**details)
    return message


@cache
def _refusals() -> dict[str, re.Pattern[str]]:
    """By label, the English wording with a group for each of its details; what wraps another refusal comes first."""
    # Lazy groups: a detail ends where the fixed words behind it first occur; fullmatch stretches the last.
    patterns = {key: re.sub(r"\\{(\w+)\\}", r"(?P<\1>.+?)", re.escape(words["en"]))
                for key, words in label_table().items() if key.startswith("usage.") and key != "usage.error"}
    return {key: re.compile(pattern, re.DOTALL) for key, pattern in patterns.items()}


def in_language(parser: Parser, language: str) -> Parser:
    """The parser with its help, and that of its commands, in ``language``; what has no words yet stays as it is."""
    if language == "en":
        return parser
    # Each parser once, though it shows many texts; its groups have no public name in argparse.
    for each in {id(owner): owner for _, _, owner in help_texts(parser)}.values():
        each.formatter_class = _ChineseHelp
        if isinstance(each, Parser):
            each.language = language
        each._positionals.title = label("help.positionals", language)
        each._optionals.title = label("help.optionals", language)
    for key, action, _ in help_texts(parser):
        if key in label_table():
            action.help = label(key, language)
    for action in all_actions(parser):
        if f"metavar.{action.metavar}" in label_table():
            action.metavar = label(f"metavar.{action.metavar}", language)
    parser.description = label("help.description", language)
    return parser


def help_texts(parser: argparse.ArgumentParser, name: str = "") -> Iterator[
        tuple[str, argparse.Action, argparse.ArgumentParser]]:
    """Every option, argument and command with its key, ``help.<command>.<name>`` or ``help.<name>`` where all
    commands share it, and the parser that shows it."""
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for command in action._choices_actions:
                yield f"help.command.{command.dest}", command, parser
            for command_name, inner in (action.choices or {}).items():
                yield from help_texts(inner, command_name)
        elif action.help is not None:
            own = f"help.{name}.{action.dest}"
            yield (own if own in label_table() else f"help.{action.dest}"), action, parser


def all_actions(parser: argparse.ArgumentParser) -> Iterator[argparse.Action]:
    """Every option and argument of the parser and of its commands, each once."""
    for action in parser._actions:
        yield action
        if isinstance(action, argparse._SubParsersAction):
            for inner in (action.choices or {}).values():
                yield from all_actions(inner)


class _ChineseHelp(argparse.HelpFormatter):
    """Help that begins with the Chinese word for usage."""

    def add_usage(self, usage: str | None, actions: object, groups: object, prefix: str | None = None) -> None:
        """The first line of the help."""
        super().add_usage(usage, actions, groups, prefix or label("help.usage", "zh"))  # type: ignore[arg-type]
