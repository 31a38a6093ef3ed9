"""The command line, as a planner and as another program meet it."""
