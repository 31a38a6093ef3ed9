"""Every word a reader sees: both languages, the same blanks to fill in, and none that the code asks for missing."""

from __future__ import annotations

import ast
import csv
import re
import string
from collections.abc import Iterator
from itertools import pairwise

from model.labels import LANGUAGES, label_table
from model.schema import CHOICES_ZH, SETTINGS, TABLES
from tests.source import ROOT, called_name, mentions, modules, tree

CHINESE = re.compile(r"[\u4e00-\u9fff]")


def placeholders(text: str) -> set[str]:
    """Names that str.format fills in."""
    return {name.split(".")[0].split("[")[0] for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def test_label_files() -> None:
    """Columns key, en, zh; both languages filled; the same placeholders in both, so that no language fails alone."""
    for path in sorted((ROOT / "model" / "labels").glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            reader = csv.DictReader(file, strict=True)
            assert reader.fieldnames == ["key", *LANGUAGES], path.name
            for row in reader:
                here = f"{path.name}: {row['key']}"
                assert None not in row and None not in row.values(), here
                assert all(text.strip() == text and text for text in row.values()), here
                assert placeholders(row["en"]) == placeholders(row["zh"]), here
                assert "" not in placeholders(row["en"]), here


def test_labels_are_in_their_language() -> None:
    """English has no Chinese in it but what it quotes; a Chinese sentence has some."""
    for key, words in label_table().items():
        sentence = re.sub(r"\{[^}]*\}", "", words["en"])
        assert not CHINESE.search(re.sub(r"\([^)]*\)", "", sentence)) or key.startswith(("template.", "rule.")), key
        if len(re.findall(r"[A-Za-z]{2,}", sentence)) > 3:
            assert CHINESE.search(words["zh"]), key


def label_patterns() -> dict[str, set[str]]:
    """Pattern of every key the code asks for -> files; what is put together at run time stands as ``.+``."""
    patterns: dict[str, set[str]] = {}
    for path in modules().values():
        for node in ast.walk(tree(path)):
            if not isinstance(node, ast.Call) or not node.args:
                continue
            called = called_name(node)
            if called in ("label", "words") or (called == "say" and isinstance(node.func, ast.Attribute)):
                for pattern in _patterns(node.args[0]):
                    patterns.setdefault(pattern, set()).add(str(path.relative_to(ROOT)))
    return patterns


def _patterns(key: ast.expr) -> Iterator[str]:
    if isinstance(key, ast.Constant):
        yield re.escape(str(key.value))
    elif isinstance(key, ast.JoinedStr):
        yield "".join(re.escape(str(part.value)) if isinstance(part, ast.Constant) else ".+" for part in key.values)
    elif isinstance(key, ast.IfExp):
        yield from (*_patterns(key.body), *_patterns(key.orelse))


def test_label_keys_exist() -> None:
    """A key that no label file has would be a KeyError before the reader's eyes."""
    patterns = label_patterns()
    assert len(patterns) > 50
    missing = {pattern: files for pattern, files in patterns.items()
               if not any(re.fullmatch(pattern, key) for key in label_table())}
    assert missing == {}


def rules_in_code() -> dict[str, set[str]]:
    """Every rule a finding is made with -> files: the text after "error" or "warning", or given to a helper."""
    rules: dict[str, set[str]] = {}
    for path in modules().values():
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.Call):
                called = called_name(node)
                for rule in _rules(called, node.args):
                    rules.setdefault(rule, set()).add(str(path.relative_to(ROOT)))
    return rules


def _rules(called: str, arguments: list[ast.expr]) -> Iterator[str]:
    texts = [each.value if isinstance(each, ast.Constant) and isinstance(each.value, str) else None
             for each in arguments]
    for first, second in pairwise(texts):
        if first in ("error", "warning") and second is not None:
            yield second
    position = {"Bad": 0, "error": 0, "warning": 0, "warn": 0, "_refused": 1, "_refuse": 3}.get(called)
    if position is not None and len(texts) > position and texts[position] is not None:
        yield texts[position]  # type: ignore[misc]


def test_every_finding_has_words_and_a_remedy() -> None:
    """``rule.<rule>`` and ``remedy.<rule>`` come in pairs, and every rule of the code has them."""
    keys = label_table()
    named = {prefix: {key.removeprefix(f"{prefix}.") for key in keys if key.startswith(f"{prefix}.")}
             for prefix in ("rule", "remedy")}
    assert named["rule"] == named["remedy"]
    used = rules_in_code()
    assert len(used) > 50
    assert {rule: files for rule, files in used.items() if rule not in named["rule"]} == {}


def test_every_rule_is_used() -> None:
    """A rule with words that no code speaks of, whole or put together at run time, has lost its check."""
    spoken = {word for path in modules().values() for kind, word in mentions(path) if kind == "text"}
    built = [pattern for path in modules().values() for node in ast.walk(tree(path))
             if isinstance(node, ast.JoinedStr) for pattern in _patterns(node) if re.search(r"\w_|_\w", pattern)]
    ruled = {key.removeprefix("rule.") for key in label_table() if key.startswith("rule.")}
    assert [rule for rule in sorted(ruled - spoken) if not any(re.fullmatch(each, rule) for each in built)] == []


def test_findings_give_what_their_words_ask_for() -> None:
    """Every placeholder of a rule and its remedy is given where the finding is made; else telling it would fail."""
    checked, wrong = 0, []
    for path in modules().values():
        for node in ast.walk(tree(path)):
            if not isinstance(node, ast.Call):
                continue
            called = called_name(node)
            given = _details(node)
            for rule in _rules(called, node.args) if called != "Bad" and given is not None else ():
                texts = [label_table()[f"{part}.{rule}"][language] for part in ("rule", "remedy")
                         for language in LANGUAGES]
                checked += 1
                if missing := set().union(*map(placeholders, texts)) - given:  # type: ignore[operator]
                    wrong.append(f"{path.relative_to(ROOT)}:{node.lineno} {rule} lacks {sorted(missing)}")
    assert checked > 50
    assert wrong == []


def _details(call: ast.Call) -> set[str] | None:
    """Names a finding can be filled with; None where they are known only at run time."""
    given = {"table", "column", "value"}
    for part in (*call.args, *call.keywords):
        held = part.value if isinstance(part, ast.keyword) else part
        if isinstance(held, ast.Dict):
            given |= {str(key.value) for key in held.keys if isinstance(key, ast.Constant)}
        if isinstance(part, ast.keyword):
            if part.arg is None or (part.arg == "details" and not isinstance(held, ast.Dict)):
                return None
            given.add(part.arg)
    return given


def test_the_schema_speaks_chinese() -> None:
    """Every table, column, setting and choice has a Chinese label, unique where a header is looked up by it."""
    names = [table.label_zh for table in TABLES.values()]
    assert len(set(names)) == len(names)
    for table in TABLES.values():
        labels = [column.label_zh for column in table.columns]
        assert all(CHINESE.search(each) for each in (table.label_zh, *labels)), table.name
        assert len(set(labels)) == len(labels), f"{table.name}: {sorted(labels)}"
    settings = [column.label_zh for column in SETTINGS.values()]
    assert all(CHINESE.search(each) for each in settings) and len(set(settings)) == len(settings)
    codes = {choice for table in TABLES.values() for column in table.columns for choice in column.choices}
    assert {choice for choice in codes if choice.islower()} <= CHOICES_ZH.keys()


def test_every_meaning_and_unit_speaks_both_languages() -> None:
    """Each table, column, setting, blank and unit has its words; the English ones are the schema's own, so that a
    meaning that changes there is translated again."""
    expected: dict[str, str] = {}
    for table in TABLES.values():
        expected[f"meaning.{table.name}"] = table.meaning
        for column in (*table.columns, *(SETTINGS.values() if table.name == "settings" else ())):
            expected[f"meaning.{table.name}.{column.name}"] = column.meaning
            if column.blank_means:
                expected[f"blank_means.{table.name}.{column.name}"] = column.blank_means
            if column.kind == "number":
                assert column.unit, f"{table.name}.{column.name}"
                expected |= {f"unit_word.{part}": part for part in column.unit.split("/")}
    prefixes = ("meaning.", "blank_means.", "unit_word.")
    given = {key: words for key, words in label_table().items() if key.startswith(prefixes)}
    assert {key: words["en"] for key, words in given.items()} == expected
    assert [key for key, words in given.items() if not CHINESE.search(words["zh"]) and key != "unit_word.C"] == []
