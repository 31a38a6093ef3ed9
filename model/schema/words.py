"""Choices and yes/no as planners write them, in English and Chinese."""

from __future__ import annotations

CHOICES_ZH: dict[str, str] = {
    "yes": "是", "no": "否",
    "day": "日", "week": "周", "month": "月",
    "domestic": "国内", "overseas": "海外",
    "firm": "确定", "optional": "可选",
    "accept": "接受", "decline": "拒绝",
    "arrival": "到达", "departure": "发运",
    "fixed": "固定", "min": "最少", "max": "最多",
    "published": "公开", "assumed": "假设",
    "set": "设为", "add": "加", "multiply": "乘", "remove": "删除",
}
YES = frozenset({"yes", "y", "true", "1", "是", "对", "有"})
NO = frozenset({"no", "n", "false", "0", "否", "不", "无"})


def parse_choice(written: str, choices: tuple[str, ...]) -> str | None:
    """The English word of ``choices`` that ``written`` stands for, or None if it stands for none of them."""
    wanted = written.strip().casefold()
    for word in choices:
        if wanted in (word.casefold(), CHOICES_ZH.get(word, word).casefold()):
            return word
    return None


def parse_yes_no(written: str) -> bool | None:
    """True for a yes, False for a no, None for neither."""
    wanted = written.strip().casefold()
    if wanted in YES:
        return True
    return False if wanted in NO else None
