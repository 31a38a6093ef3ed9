"""The planner's input written back: reading it, placing the findings, the copied sheets, the list of errors."""
