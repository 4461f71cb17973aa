"""In a checkout: `PYTHONPATH=tests python -m reference RAW OUT VOCABULARY`."""

import sys
from pathlib import Path

from reference import main

if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
