"""The queries of `sql/` → aggregates, and the checks that all tables must pass.

`running` runs them in the order of `dependencies`, with the `memory` they need; `checks` finds broken rules,
`summary` the figures that a run prints. Nothing is imported here: the summary of a run with nothing to do needs
no database.
"""

VERSION = 3  # of its rows; CONTRIBUTING.md says when to raise it
