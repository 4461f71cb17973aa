"""The Prefect flows: the folder `flows/` of a checkout, this folder in an installed wheel.

Either way a flow has one module name, `threadmill.flows.<name>`. Prefect must load it by that name and not by a path: a
second copy would have other classes.
"""

from pathlib import Path

_here = Path(__file__).resolve().parent
if not (_here / "refresh.py").is_file():
    __path__ = [str(_here.parents[1] / "flows")]
