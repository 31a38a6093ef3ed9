"""The frame of the project: what may import what, what stands where, and one word in one place."""

from __future__ import annotations

import ast
import csv
import io
import re
import string
import subprocess
import tokenize
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

from model.constraints import CONSTRAINTS, TIGHTENING
from model.labels import LANGUAGES, label_table
from model.plan_tables import MISS_KINDS, PLAN_TABLES
from model.schema import CHOICES_ZH, SETTINGS, TABLES

ROOT = Path(__file__).parents[1]
# A module may import from its own layer and from those above it in this list, never from those below.
LAYERS = ("labels", "schema", "plan_tables", "findings", "tables", "buckets", "scenarios", "checks", "instance",
          "variables", "constraints", "objective", "build", "solve", "plan", "audit", "planning", "report", "template",
          "formulation", "commands", "cli")
REQUIRED = {"pyproject.toml", "model", "data", "tests", "run.py", "README.md", "LICENSE"}
CHINESE = re.compile(r"[\u4e00-\u9fff]")


class Import(NamedTuple):
    """One import statement of a module; ``for_types``: only a type checker follows it."""

    module: str
    target: str
    line: int
    for_types: bool


def sources(*folders: str) -> list[Path]:
    """Every Python file of the project below the folders, and run.py."""
    files = [path for folder in folders for path in sorted((ROOT / folder).rglob("*.py"))]
    return [ROOT / "run.py", *files]


def module_name(path: Path) -> str:
    """model/tables/read.py -> model.tables.read; a package is named after its folder."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@cache
def tree(path: Path) -> ast.Module:
    """The syntax tree of a file."""
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


@cache
def modules() -> dict[str, Path]:
    """Every module of the package by its name."""
    return {module_name(path): path for path in sources("model") if path.parent != ROOT}


@cache
def imports() -> tuple[Import, ...]:
    """Every import of the package, those inside functions included."""
    return tuple(found for name, path in modules().items() for found in _imports(name, path, tree(path), False))


def _imports(name: str, path: Path, node: ast.AST, for_types: bool) -> Iterator[Import]:
    for child in ast.iter_child_nodes(node):
        hidden = for_types or (isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)
                               and child in node.body)
        if isinstance(child, ast.Import):
            yield from (Import(name, alias.name, child.lineno, hidden) for alias in child.names)
        elif isinstance(child, ast.ImportFrom):
            package = name if path.stem == "__init__" else name.rpartition(".")[0]
            above = ".".join(package.split(".")[:len(package.split(".")) - child.level + 1]) if child.level else ""
            source = ".".join(part for part in (above, child.module) if part)
            for alias in child.names:
                inner = f"{source}.{alias.name}"
                yield Import(name, inner if inner in modules() else source, child.lineno, hidden)
        else:
            yield from _imports(name, path, child, hidden)


def layer(module: str) -> str:
    """model.tables.read -> tables."""
    return module.split(".")[1]


def where(found: Import) -> str:
    """File and line of an import, and what it imports."""
    return f"{modules()[found.module].relative_to(ROOT)}:{found.line} imports {found.target}"


def test_every_module_has_its_layer() -> None:
    """A module or folder that no layer names could be imported from anywhere."""
    assert {layer(name) for name in modules() if "." in name} == set(LAYERS)


def test_imports_run_downward() -> None:
    """A breach names the file, the line and the import."""
    wrong = [where(found) for found in imports() if found.target.startswith("model.")
             and LAYERS.index(layer(found.target)) > LAYERS.index(layer(found.module))]
    assert wrong == []


def test_only_the_package_itself_is_imported() -> None:
    """The program needs neither its tests nor ``import model`` as a whole."""
    wrong = [where(found) for found in imports() if found.target.split(".")[0] == "tests" or found.target == "model"]
    assert wrong == []


def test_no_import_cycles() -> None:
    """Following imports, those for types apart, never leads back to where it began."""
    graph: dict[str, set[str]] = {name: set() for name in modules()}
    for found in imports():
        if found.target in graph and not found.for_types and found.target != found.module:
            graph[found.module].add(found.target)
    done: set[str] = set()

    def cycle(name: str, path: tuple[str, ...]) -> tuple[str, ...]:
        if name in path:
            return (*path[path.index(name):], name)
        if name in done:
            return ()
        for target in sorted(graph[name]):
            if found := cycle(target, (*path, name)):
                return found
        done.add(name)
        return ()

    assert [found for name in graph if (found := cycle(name, ()))] == []


def reached_from(start: str) -> dict[str, str]:
    """Every module that is loaded when those below ``start`` run, with the one that asks for it."""
    reached = {name: "" for name in modules() if name == start or name.startswith(f"{start}.")}
    waiting = list(reached)
    while waiting:
        name = waiting.pop()
        for found in imports():
            if found.module != name or found.for_types:
                continue
            parts = found.target.split(".")
            for length in range(1, len(parts) + 1):
                loaded = ".".join(parts[:length])
                if loaded not in reached:
                    reached[loaded] = where(found)
                    if loaded in modules():
                        waiting.append(loaded)
    return reached


def test_audit_stands_alone() -> None:
    """The audit shares neither solver nor model nor instance with what it signs, however far its imports are followed."""
    forbidden = ("pyomo", "highspy", "scipy", "model.constraints", "model.objective", "model.solve", "model.instance",
                 "model.variables", "model.build", "model.plan")
    reached = reached_from("model.audit")
    assert {"model.audit.making", "model.plan_tables", "pandas"} <= reached.keys()
    assert {name: by for name, by in reached.items()
            if any(name == each or name.startswith(f"{each}.") for each in forbidden)} == {}


def test_heavy_packages_stay_where_they_belong() -> None:
    """Pyomo says what rows mean and HiGHS solves; nothing else touches them."""
    allowed = {"pyomo": {"build", "constraints", "objective", "solve"}, "highspy": {"solve"},
               "xlsxwriter": {"report", "template"}, "openpyxl": {"tables", "report"}}
    wrong = [where(found) for found in imports() if found.target.split(".")[0] in allowed
             and layer(found.module) not in allowed[found.target.split(".")[0]]]
    assert wrong == []


def kept_files() -> list[Path]:
    """Every file that git keeps or would keep."""
    if not (ROOT / ".git").exists():
        pytest.skip("no git repository here, so what belongs to the project is not known")
    listed = subprocess.run(["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"], cwd=ROOT,
                            capture_output=True, check=True).stdout.decode().split("\0")
    return [Path(name) for name in listed if name and (ROOT / name).is_file()]


def test_the_top_level() -> None:
    """Exactly pyproject.toml, model/, data/, tests/, run.py, README.md, LICENSE and dot-files."""
    top = {path.parts[0] for path in kept_files()}
    assert {name for name in top if not name.startswith(".")} == REQUIRED


def test_run_is_five_lines() -> None:
    """run.py calls model.cli and does nothing else."""
    lines = [line for line in (ROOT / "run.py").read_text(encoding="utf-8").splitlines() if line.strip()]
    assert len(lines) <= 5


def docstrings(module: ast.Module) -> set[int]:
    """Identities of the constants that are documentation."""
    kinds = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    owners = (node for node in ast.walk(module) if isinstance(node, kinds) and ast.get_docstring(node) is not None)
    return {id(node.body[0].value) for node in owners}  # type: ignore[attr-defined]


def mentions(path: Path) -> Iterator[tuple[str, str]]:
    """Every identifier ("name") and every word of a text that is no documentation ("text")."""
    documentation = docstrings(tree(path))
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Name):
            yield "name", node.id
        elif isinstance(node, ast.Attribute):
            yield "name", node.attr
        elif isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            yield "name", node.name
        elif isinstance(node, ast.alias):
            yield "name", node.asname or node.name
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in documentation:
            yield from (("text", word) for word in re.findall(r"\w+", node.value))


def test_a_constraint_is_mentioned_in_one_file() -> None:
    """Laws of the audit bear their names on purpose; words of the plan's tables and kinds of miss may be the same."""
    names = {law.name for law in (*CONSTRAINTS, *TIGHTENING)}
    words = {column.name for table in PLAN_TABLES.values() for column in table} | set(MISS_KINDS)
    found: dict[str, set[str]] = {name: set() for name in names}
    for module, path in modules().items():
        if module == "model" or layer(module) == "audit":
            continue
        for kind, word in mentions(path):
            if word in names and not (kind == "text" and word in words):
                found[word].add(str(path.relative_to(ROOT)))
    assert {name: files for name, files in found.items() if len(files) != 1} == {}


def test_constraint_names_are_unique() -> None:
    """Two laws of one name would be one constraint."""
    names = [law.name for law in (*CONSTRAINTS, *TIGHTENING)]
    assert sorted(set(names)) == sorted(names)


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
            called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
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
                called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
                for rule in _rules(called, node.args):
                    rules.setdefault(rule, set()).add(str(path.relative_to(ROOT)))
    return rules


def _rules(called: str, arguments: list[ast.expr]) -> Iterator[str]:
    texts = [each.value if isinstance(each, ast.Constant) and isinstance(each.value, str) else None
             for each in arguments]
    for first, second in zip(texts, texts[1:], strict=False):
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
            called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
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


def test_every_constraint_is_audited() -> None:
    """The law that each constraint names is one the audit holds and the reader has words for."""
    held = {word for name, path in modules().items() if name.startswith("model.audit") for _, word in mentions(path)}
    for law in CONSTRAINTS:
        assert law.audited_by in held, f"{law.name} is audited by {law.audited_by}, which the audit does not hold"
        assert f"audit_law.{law.audited_by}" in label_table(), law.audited_by


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


def comments(path: Path) -> Iterator[tuple[int, str]]:
    """Line and text of every comment and docstring."""
    text = path.read_text(encoding="utf-8")
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == tokenize.COMMENT:
            yield token.start[0], token.string
    kinds = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    for node in ast.walk(tree(path)):
        if isinstance(node, kinds) and (documentation := ast.get_docstring(node)):
            yield getattr(node, "lineno", 1), documentation


def test_no_notes_to_self() -> None:
    """What is to be done is done or is an issue, never a note in the code."""
    marks = re.compile(r"\b(TO" r"DO|FIX" r"ME|XXX|HACK)\b")
    assert [f"{path.relative_to(ROOT)}:{line}" for path in sources("model", "tests") for line, text in comments(path)
            if marks.search(text)] == []


def test_no_paths_of_one_machine() -> None:
    """Nothing that is kept names a folder that only one computer has."""
    folder = re.compile(r"(?<![\w.\-/:])/(?:home|Users|root|work|mnt|opt|tmp|private|var/folders)/\w"
                        r"|\b[A-Za-z]:\\{1,2}(?:Users|Temp|work|dev)\b", re.IGNORECASE)
    wrong = []
    for path in kept_files():
        content = (ROOT / path).read_bytes()
        if path.suffix in {".xlsx", ".png", ".gz", ".zip"} or b"\0" in content[:1024]:
            continue
        for number, line in enumerate(content.decode("utf-8").splitlines(), start=1):
            if folder.search(line):
                wrong.append(f"{path}:{number}: {line.strip()[:80]}")
    assert wrong == []


def test_public_functions_say_what_they_do() -> None:
    """Every module, and every public class and function of the package, has a docstring."""
    silent = []
    for path in sources("model"):
        if not path.read_text(encoding="utf-8").strip():
            continue
        if ast.get_docstring(tree(path)) is None:
            silent.append(str(path.relative_to(ROOT)))
        for node in tree(path).body:
            if isinstance(node, (ast.FunctionDef, ast.ClassDef)) and not node.name.startswith("_") \
                    and ast.get_docstring(node) is None:
                silent.append(f"{path.relative_to(ROOT)}: {node.name}")
    assert silent == []
