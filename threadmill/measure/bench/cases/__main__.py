"""One case in this process: `python -m threadmill.measure.bench.cases CASE RAW SCRATCH`."""

import sys
from pathlib import Path

from threadmill.measure.bench.cases import CASES

if __name__ == "__main__":
    name, raw, scratch = sys.argv[1:]
    CASES[name].work(Path(raw), Path(scratch))
