"""`python -m threadmill.measure.bench.plain RAW OUT VOCABULARY`."""

import sys
from pathlib import Path

from threadmill.measure.bench.plain import main

if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
