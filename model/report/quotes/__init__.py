"""Quotes on the terminal, as one JSON document and as a workbook."""

from model.report.quotes.book import QuotedBook
from model.report.quotes.document import quotes_document
from model.report.quotes.text import quotes_text
from model.report.quotes.workbook import write_quotes

__all__ = ["QuotedBook", "quotes_document", "quotes_text", "write_quotes"]
