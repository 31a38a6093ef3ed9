"""Building HTML and SVG as text in which nothing a planner typed can become markup or script."""

from __future__ import annotations

import json
from collections.abc import Mapping
from html import escape

from model.report.fields import UNPRINTABLE

# HTML's elements without an end, and the shapes of SVG that may stand without content.
VOID = frozenset({"meta", "input", "br", "rect", "line", "path"})
Attribute = str | float | None


class Markup(str):
    """Text that is markup already; every other text is escaped where it is put into an element."""

    __slots__ = ()


def element(name: str, attributes: Mapping[str, Attribute] | None = None, *content: str) -> Markup:
    """``<name attributes>content</name>``; attributes that are None are left out, content is escaped unless Markup."""
    words = [name] + [f'{key}="{_attribute(value)}"' for key, value in (attributes or {}).items() if value is not None]
    if name in VOID and not content:
        return Markup(f"<{' '.join(words)}{'/' if name in ('rect', 'line', 'path') else ''}>")
    return Markup(f"<{' '.join(words)}>{joined(*content)}</{name}>")


def joined(*parts: str) -> Markup:
    """Parts one after the other, escaped where they are no markup."""
    return Markup("".join(part if isinstance(part, Markup) else escape(clean(part)) for part in parts))


def clean(text: str) -> str:
    """Text without control characters and lone surrogates, which no page can hold."""
    return text if text.isprintable() else UNPRINTABLE.sub("", text)


def embedded_json(name: str, value: object) -> Markup:
    """JSON inside a script element that browsers do not run; nothing in it can end the element."""
    text = clean(json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":")))
    for sign in "<>&":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return Markup(f'<script type="application/json" id="{escape(name)}">{text}</script>')


def _attribute(value: Attribute) -> str:
    if isinstance(value, float):
        return f"{value:.6g}"
    return escape(clean(str(value)))
