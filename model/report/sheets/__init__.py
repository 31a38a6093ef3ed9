"""The sheets of the result workbook, one rectangle each, and its front page."""
