"""The frame of the project: what may import what, what stands where, and one word in one place."""

from __future__ import annotations

import ast
import io
import re
import subprocess
import tokenize
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

from model.constraints import CONSTRAINTS, TIGHTENING
from model.labels import label_table
from model.plan_tables import MISS_KINDS, PLAN_TABLES
from tests.source import DOCUMENTED, ROOT, mentions, modules, sources, tree

# A module may import from its own layer and from those above it in this list, never from those below.
LAYERS = ("memory", "labels", "schema", "plan_tables", "findings", "tables", "buckets", "lots", "scenarios",
          "from_plan", "checks", "instance", "variables", "constraints", "objective", "build", "solve", "plan",
          "dispatch", "audit", "publishing", "planning", "explain", "report", "compare", "template", "formulation",
          "commands", "cli")
REQUIRED = {"pyproject.toml", "model", "data", "tests", "run.py", "README.md", "LICENSE"}


class Import(NamedTuple):
    """One import statement of a module; ``for_types``: only a type checker follows it."""

    module: str
    target: str
    line: int
    for_types: bool


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

    cycles = [cycle(name, ()) for name in graph]
    assert [found for found in cycles if found] == []


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
    """The audit shares neither solver nor model nor instance with what it signs, however far imports are followed."""
    forbidden = ("pyomo", "highspy", "scipy", "model.constraints", "model.objective", "model.solve", "model.instance",
                 "model.variables", "model.build", "model.plan")
    reached = reached_from("model.audit")
    assert {"model.audit.making", "model.plan_tables", "pandas"} <= reached.keys()
    assert {name: by for name, by in reached.items()
            if any(name == each or name.startswith(f"{each}.") for each in forbidden)} == {}


def test_heavy_packages_stay_where_they_belong() -> None:
    """Pyomo says what rows mean and HiGHS solves; nothing else touches them."""
    allowed = {"pyomo": {"build", "constraints", "objective", "solve"}, "highspy": {"solve"},
               "xlsxwriter": {"report", "compare", "template"}, "openpyxl": {"tables", "report"}}
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


def test_a_constraint_is_mentioned_in_one_file() -> None:
    """Laws of the audit bear their names on purpose, and a question names the law it lifts; words of the plan's tables
    and kinds of miss may be the same."""
    names = {law.name for law in (*CONSTRAINTS, *TIGHTENING)}
    words = {column.name for table in PLAN_TABLES.values() for column in table} | set(MISS_KINDS)
    found: dict[str, set[str]] = {name: set() for name in names}
    for module, path in modules().items():
        if module == "model" or layer(module) in ("audit", "explain"):
            continue
        for kind, word in mentions(path):
            if word in names and not (kind == "text" and word in words):
                found[word].add(str(path.relative_to(ROOT)))
    assert {name: files for name, files in found.items() if len(files) != 1} == {}


def test_constraint_names_are_unique() -> None:
    """Two laws of one name would be one constraint."""
    names = [law.name for law in (*CONSTRAINTS, *TIGHTENING)]
    assert sorted(set(names)) == sorted(names)


def test_every_constraint_is_audited() -> None:
    """The law that each constraint names is one the audit holds and the reader has words for."""
    held = {word for name, path in modules().items() if name.startswith("model.audit") for _, word in mentions(path)}
    for law in CONSTRAINTS:
        assert law.audited_by in held, f"{law.name} is audited by {law.audited_by}, which the audit does not hold"
        assert f"audit_law.{law.audited_by}" in label_table(), law.audited_by


def comments(path: Path) -> Iterator[tuple[int, str]]:
    """Line and text of every comment and docstring."""
    text = path.read_text(encoding="utf-8")
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == tokenize.COMMENT:
            yield token.start[0], token.string
    for node in ast.walk(tree(path)):
        if isinstance(node, DOCUMENTED) and (documentation := ast.get_docstring(node)):
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
