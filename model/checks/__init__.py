"""Everything wrong with the input, all at once, each with its cell and a remedy."""

from model.checks.check import Checked, check

__all__ = ["Checked", "check"]
