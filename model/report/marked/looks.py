"""How the planner's cells look: fonts, fills, borders and alignment of each cell style, as XlsxWriter names them."""

from __future__ import annotations

import colorsys
import re
from collections.abc import Iterator, Sequence
from xml.etree.ElementTree import Element

from model.report.styles import AMBER, PALE_AMBER, PALE_RED, RED

Look = tuple[tuple[str, object], ...]
PLAIN: Look = ()
MARKED: dict[str, dict[str, object]] = {
    "error": {"bg_color": PALE_RED, "font_color": RED, "border": 1, "border_color": RED},
    "warning": {"bg_color": PALE_AMBER, "border": 1, "border_color": AMBER},
}
"""The looks of marked cells; where a copy is checked again they are not the planner's own."""
SIDES = ("left", "right", "top", "bottom")
_LINES = ("none", "thin", "medium", "dashed", "dotted", "thick", "double", "hair", "mediumDashed", "dashDot",
          "mediumDashDot", "dashDotDot", "mediumDashDotDot", "slantDashDot")
_PATTERNS = ("none", "solid", "mediumGray", "darkGray", "lightGray", "darkHorizontal", "darkVertical", "darkDown",
             "darkUp", "darkGrid", "darkTrellis", "lightHorizontal", "lightVertical", "lightDown", "lightUp",
             "lightGrid", "lightTrellis", "gray125", "gray0625")
_ACROSS = {"left": "left", "center": "center", "right": "right", "fill": "fill", "justify": "justify",
           "centerContinuous": "center_across", "distributed": "distributed"}
_UPRIGHT = {"top": "top", "center": "vcenter", "bottom": "bottom", "justify": "vjustify", "distributed": "vdistributed"}
# Cells count light before dark, other than the theme itself.
_THEME = ("lt1", "dk1", "lt2", "dk2", *(f"accent{number}" for number in range(1, 7)), "hlink", "folHlink")
# The palette holds its first eight colours twice, as 0 to 7 and as 8 to 15.
_INDEXED = ("000000", "FFFFFF", "FF0000", "00FF00", "0000FF", "FFFF00", "FF00FF", "00FFFF") * 2 + (
    "800000", "008000", "000080", "808000", "800080", "008080", "C0C0C0", "808080", "9999FF", "993366", "FFFFCC",
    "CCFFFF", "660066", "FF8080", "0066CC", "CCCCFF", "000080", "FF00FF", "FFFF00", "00FFFF", "800080", "800000",
    "008080", "0000FF", "00CCFF", "CCFFFF", "CCFFCC", "FFFF99", "99CCFF", "FF99CC", "CC99FF", "FFCC99", "3366FF",
    "33CCCC", "99CC00", "FFCC00", "FF9900", "FF6600", "666699", "969696", "003366", "339966", "003300", "333300",
    "993300", "993366", "333399", "333333")


def looks_of(styles: Element, theme: Element | None) -> list[Look]:
    """The look of every cell style; font, its size and colour only where they are not the workbook's own."""
    palette = _palette(theme)
    fonts = [_font(font, palette) for font in _group(styles, "fonts")]
    usual = {key: fonts[0].get(key) for key in ("font_name", "font_size", "font_color")} if fonts else {}
    # The copy has a font of its own: only what differs from the usual one was chosen by the planner.
    fonts = [{key: value for key, value in font.items() if usual.get(key) != value} for font in fonts]
    fills = [_fill(fill, palette) for fill in _group(styles, "fills")]
    borders = [_border(border, palette) for border in _group(styles, "borders")]
    looks = []
    for style in _group(styles, "cellXfs"):
        look: dict[str, object] = {}
        for parts, name in ((fonts, "fontId"), (fills, "fillId"), (borders, "borderId")):
            look |= _part(parts, style.get(name))
        looks.append(_unmarked({**look, **_alignment(style)}))
    return looks


def _group(styles: Element, name: str) -> Iterator[Element]:
    return (each for group in styles if _name(group) == name for each in group)


def _name(element: Element) -> str:
    return element.tag.rpartition("}")[2]


def _part(parts: Sequence[dict[str, object]], place: str | None) -> dict[str, object]:
    number = _number(place)
    return parts[int(number)] if number is not None and 0 <= number < len(parts) else {}


def _number(text: str | None) -> float | None:
    """A figure of the file; None where it is none, or out of all reason."""
    return float(text) if text is not None and re.fullmatch(r"-?\d{1,6}(\.\d{1,20})?", text) else None


def _is_on(element: Element) -> bool:
    return element.get("val", "1") not in ("0", "false", "none")


def _font(font: Element, palette: Sequence[str]) -> dict[str, object]:
    look: dict[str, object] = {}
    for part in font:
        name, value = _name(part), part.get("val", "")
        if name in ("b", "i", "strike") and _is_on(part):
            look[{"b": "bold", "i": "italic", "strike": "font_strikeout"}[name]] = True
        elif name == "u" and _is_on(part):
            look["underline"] = {"double": 2, "singleAccounting": 33, "doubleAccounting": 34}.get(value, 1)
        elif name == "vertAlign" and value in ("superscript", "subscript"):
            look["font_script"] = 1 if value == "superscript" else 2
        elif name == "name" and value.isprintable() and 0 < len(value) <= 31:
            look["font_name"] = value
        elif name == "sz" and 1 <= (_number(value) or 0) <= 409:
            look["font_size"] = _number(value)
        elif name == "color" and (colour := _colour(part, palette)):
            look["font_color"] = colour
    return look


def _fill(fill: Element, palette: Sequence[str]) -> dict[str, object]:
    pattern = next((part for part in fill if _name(part) == "patternFill"), None)
    if pattern is None or pattern.get("patternType", "none") not in _PATTERNS[1:]:
        return {}
    colours = {_name(part): _colour(part, palette) for part in pattern}
    front, back = colours.get("fgColor"), colours.get("bgColor")
    if pattern.get("patternType") == "solid":
        # A solid fill is all foreground in the file; XlsxWriter names that colour the background.
        return {"bg_color": front} if front else {}
    look: dict[str, object] = {"pattern": _PATTERNS.index(pattern.get("patternType", ""))}
    return look | ({"fg_color": front} if front else {}) | ({"bg_color": back} if back else {})


def _border(border: Element, palette: Sequence[str]) -> dict[str, object]:
    look: dict[str, object] = {}
    for side in border:
        name, line = _name(side), side.get("style", "none")
        if name in SIDES and line in _LINES[1:]:
            look[name] = _LINES.index(line)
            colours = [colour for part in side if (colour := _colour(part, palette))]
            look |= {f"{name}_color": colours[0]} if colours else {}
    return look


def _alignment(style: Element) -> dict[str, object]:
    given = next((part.attrib for part in style if _name(part) == "alignment"), {})
    look: dict[str, object] = {}
    if (across := _ACROSS.get(given.get("horizontal", ""))) is not None:
        look["align"] = across
    if (upright := _UPRIGHT.get(given.get("vertical", ""))) is not None:
        look["valign"] = upright
    if given.get("wrapText") in ("1", "true"):
        look["text_wrap"] = True
    if given.get("shrinkToFit") in ("1", "true"):
        look["shrink"] = True
    if 0 < (indent := _number(given.get("indent")) or 0) <= 15:
        look["indent"] = int(indent)
    turned = int(_number(given.get("textRotation")) or 0)
    if 0 < turned <= 180 or turned == 255:
        # The file counts downward turns from 91 to 180, XlsxWriter from -1 to -90; 270 is stacked letters.
        look["rotation"] = turned if turned <= 90 else 270 if turned == 255 else 90 - turned
    return look


def _unmarked(look: dict[str, object]) -> Look:
    """Without the marks of an earlier copy."""
    for mark in MARKED.values():
        lines = dict.fromkeys(SIDES, 1) | {f"{side}_color": mark["border_color"] for side in SIDES}
        shown = {key: value for key, value in mark.items() if not key.startswith("border")} | lines
        if shown.items() <= look.items():
            look = {key: value for key, value in look.items() if key not in shown}
    return tuple(sorted(look.items()))


def _palette(theme: Element | None) -> list[str]:
    """The twelve colours of the workbook's theme in the order in which cells name them; empty without a theme."""
    found: dict[str, str] = {}
    for scheme in theme.iter() if theme is not None else ():
        if _name(scheme) == "clrScheme":
            for colour in scheme:
                for kind in colour:
                    found[_name(colour)] = kind.get("lastClr") or kind.get("val") or ""
    return [found.get(name, "") for name in _THEME]


def _colour(element: Element, palette: Sequence[str]) -> str | None:
    """A colour as #RRGGBB; None where it is automatic or not understood."""
    place = _number(element.get("theme") or element.get("indexed"))
    known = palette if element.get("theme") is not None else _INDEXED
    if element.get("rgb") is not None:
        # Without the opacity in front, which spreadsheets ignore.
        code = element.get("rgb", "")[-6:]
    elif place is not None and 0 <= place < len(known):
        code = known[int(place)]
    else:
        return None
    if not re.fullmatch("[0-9A-Fa-f]{6}", code):
        return None
    return "#" + _tinted(code.upper(), _number(element.get("tint")) or 0.0)


def _tinted(code: str, tint: float) -> str:
    """A colour made lighter (above 0, at most 1) or darker (below 0)."""
    if not tint or abs(tint) > 1:
        return code
    hue, light, full = colorsys.rgb_to_hls(*(int(code[place:place + 2], 16) / 255 for place in (0, 2, 4)))
    light = light * (1 + tint) if tint < 0 else light * (1 - tint) + tint
    return "".join(f"{round(255 * part):02X}" for part in colorsys.hls_to_rgb(hue, min(1.0, light), full))
