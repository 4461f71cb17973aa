"""Superset's settings. Everything it keeps lies in the folder that `install.py` names in SUPERSET_HOME."""

import os
import threading
from pathlib import Path
from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import Engine
from superset.config import TALISMAN_CONFIG as _TALISMAN

_home = Path(os.environ["SUPERSET_HOME"])
_one_at_a_time = threading.Lock()

SECRET_KEY = (_home / "secret_key").read_text(encoding="utf-8")
SQLALCHEMY_DATABASE_URI = f"sqlite:///{_home / 'superset.db'}"
# The next run must show at once, so no answer is kept.
DATA_CACHE_CONFIG = {"CACHE_TYPE": "NullCache"}
# Superset's page would tell its makers of each visit, and fetch maps: the browser may ask this server only.
_policy = _TALISMAN["content_security_policy"] | {
    "img-src": ["'self'", "blob:", "data:"],
    "connect-src": ["'self'"],
}
TALISMAN_CONFIG = _TALISMAN | {"content_security_policy": _policy}


@event.listens_for(Engine, "connect")
def _only_the_published_tables(connection: Any, _record: Any) -> None:
    """Let SQL Lab read the catalog's folder, and no other file of this machine.

    DuckDB takes these settings neither before it has started nor twice, and connections to one file share them.
    """
    if "duckdb" not in type(connection).__module__:
        return
    cursor = connection.cursor()
    with _one_at_a_time:
        cursor.execute(
            "select current_setting('enable_external_access'), path from duckdb_databases() where not internal"
        )
        is_open, path = cursor.fetchone()
        if is_open:
            folder = str(Path(path).parent).replace("'", "''")
            cursor.execute(f"set allowed_directories = ['{folder}']")
            cursor.execute("set enable_external_access = false")
            cursor.execute("set lock_configuration = true")
