"""`python -m flows.cli`."""

from flows.cli import program

program()
