"""What is measured: each case a function in a module of this folder, run in a process of its own.

A new case is a function with `@case(…)` in the module it fits, or in a new one imported below.
`python -m threadmill.measure.bench.cases CASE RAW SCRATCH` runs one.
"""

from threadmill.measure.bench.cases import (
    dumps,
    mentions,
    models,
    nights,
    plain,
    privacy,
    stages,
    variants,
)
from threadmill.measure.bench.cases.base import CASES, Case, case

__all__ = [
    "CASES",
    "Case",
    "case",
    "dumps",
    "mentions",
    "models",
    "nights",
    "plain",
    "privacy",
    "stages",
    "variants",
]
