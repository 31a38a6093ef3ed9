"""A result workbook is an input again: as it is, edited, and as the plan in force."""
