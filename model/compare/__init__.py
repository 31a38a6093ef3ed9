"""Two result workbooks, read back and compared: orders, money by term and by order, lines, promises.

``read_result`` gives a plan as it stands in a workbook; ``compare`` says what changed from one to another;
``comparison_text``, ``comparison_document`` and ``write_comparison`` show it.
"""

from model.compare.comparison import Comparison, DifferentCurrenciesError, compare
from model.compare.document import comparison_document
from model.compare.stored import NoResultError, StoredResult, read_result
from model.compare.text import comparison_text
from model.compare.workbook import write_comparison

__all__ = [
    "Comparison", "DifferentCurrenciesError", "NoResultError", "StoredResult", "compare", "comparison_document",
    "comparison_text", "read_result", "write_comparison",
]
