"""The project's own source as trees of syntax: files, modules, identifiers and texts."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[1]
DOCUMENTED = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)


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


def docstrings(module: ast.Module) -> set[int]:
    """Identities of the constants that are documentation."""
    owners = (node for node in ast.walk(module) if isinstance(node, DOCUMENTED) and ast.get_docstring(node) is not None)
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


def called_name(call: ast.Call) -> str:
    """``f`` of ``f(x)`` and of ``a.b.f(x)``."""
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
