"""What changed between two result workbooks."""
