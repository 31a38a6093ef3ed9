"""What people and programs get to read: the result workbook, the terminal text and the JSON document."""
