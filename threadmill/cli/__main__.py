"""`python -m threadmill.cli`."""

from threadmill.cli import program

program()
