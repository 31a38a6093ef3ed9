"""Plans an order book; see README.md, or run with --help."""

from model.cli import program

if __name__ == "__main__":
    program()
