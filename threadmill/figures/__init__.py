"""Figures that name nobody, for the profile `aggregate`: count, decide what may be released, round, publish.

`counting` finds who is behind each cell, `rules` says what may be published, `releasing` decides what changes since the
last release, `remembered` keeps that release in the private zone, `rounding` and `tabulating` make the tables.
"""

VERSION = 1  # of its rows; CONTRIBUTING.md says when to raise it
