"""What a reader of a marked copy must know about it: what it is, and what it does not keep."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

from model.labels import label, listed
from model.report.marked.cells import Source
from model.report.marked.errors_sheet import MOST_LISTED, Entry
from model.report.marked.places import Place

MOST_NOTES = 5_000  # more notes on cells than this make spreadsheet programs slow
_MOST_NAMED = 3


def notes_of(given: Source, source: str, findings: int, marked: int, language: str) -> list[Entry]:
    """The rows of notes beneath the list; ``findings`` and ``marked`` count what was found and the cells it is in."""
    words = _Words(language, source)
    notes = []
    if not findings:
        notes.append(words.entry("nothing"))
    if findings > MOST_LISTED:
        notes.append(words.entry("more_findings", value=str(findings - MOST_LISTED)))
    if marked > MOST_NOTES:
        notes.append(words.entry("more_notes", value=str(marked - MOST_NOTES)))
    if not given.is_open:
        return [*notes, words.entry("not_open")]
    notes.append(words.entry("copy_of_workbook" if given.is_workbook else "copy_of_folder"))
    for sheet in given.sheets:
        if sheet.kind == "sheet" and sheet.name != sheet.source:
            notes.append(replace(words.entry("renamed", sheet.name, sheet.source), place=Place(sheet)))
    notes.extend(words.entry("left_out", value=name) for name in given.left_out)
    return [*notes, *_losses(given, words)]


class _Words:
    """Makes rows of notes in the reader's language; ``source`` is what the input is called."""

    def __init__(self, language: str, source: str) -> None:
        self.language, self._source = language, source

    def entry(self, kind: str, sheet: str = "", value: str = "", remedy: str = "") -> Entry:
        """The note ``marked.<kind>`` with its remedy."""
        remedy = label(remedy or f"marked.{kind}_remedy", self.language).format(source=self._source)
        rule = label(f"marked.{kind}", self.language).format(source=self._source, value=value, sheet=sheet)
        return Entry("note", sheet, "", value, rule, remedy)


def _losses(given: Source, words: _Words) -> Iterator[Entry]:
    """A note for every kind of thing that the copy does not keep, with their number and the sheets they were in."""
    total = Counter(given.lost)
    sheets: dict[str, list[str]] = {}
    for sheet in given.sheets:
        total.update(sheet.lost)
        # + drops what was counted zero times.
        for kind in +sheet.lost:
            sheets.setdefault(kind, []).append(sheet.source)
    for kind, count in (+total).items():
        named = _named(sheets.get(kind, []), words.language)
        yield words.entry(f"lost_{kind}", named, str(count), "marked.lost_remedy")


def _named(sheets: Sequence[str], language: str) -> str:
    return listed(sheets[:_MOST_NAMED], language) + (" …" if len(sheets) > _MOST_NAMED else "")
