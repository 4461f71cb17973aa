"""A comment of 1.5 MB, full of one kind of thing, takes time and memory in proportion to its length."""

import subprocess
import sys
from pathlib import Path

import pytest

MEMORY_MB = 900
"""Python, Polars and its libraries take 100 of it; the square of the comment would be many thousands."""
CPU_S = 60
FIND = """
import resource, sys
resource.setrlimit(resource.RLIMIT_CPU, (CPU_S, CPU_S))
from support.mention_threads import VOCABULARY, found_in, thread

unit = sys.argv[1] or " ".join(VOCABULARY.terms["normal"]) + " "
text = unit * (1_500_000 // len(unit))
earlier = "I was thinking of all along, " * 4
found = found_in(thread(earlier, text, authors=["Anna Smith", "Bob"]))
print(found.height, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
"""


@pytest.mark.parametrize(
    ("unit", "least"),
    [
        ("", 100_000),
        ("oscar t cell t cell lymphoma ", 30_000),
        ("John Smith and Dr Jones, ", 100_000),
        ("see https://example.com/a and ", 45_000),
        ("“köstlich” 5 years ago, aged 45, ", 130_000),
        ("thanks Anna. ABC and DEF said ", 45_000),
    ],
)
def test_a_long_comment_is_read_in_bounded_memory_and_time(unit, least):
    told = subprocess.run(
        [sys.executable, "-c", f"CPU_S = {CPU_S}{FIND}", unit],
        cwd=Path(__file__).parents[1],
        capture_output=True,
        text=True,
        check=True,
    )
    count, peak_mb = map(int, told.stdout.split())
    assert count > least
    assert peak_mb < MEMORY_MB
