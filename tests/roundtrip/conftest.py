"""The ways to run commands are those of the command line's tests."""

from tests.cli.conftest import book, run

__all__ = ["book", "run"]
