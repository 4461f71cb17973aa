"""Run inside Superset's environment by `install.py`: make the admin, and import the bundle in place of an older one."""

import os
import sys
from pathlib import Path

import yaml
from superset.app import create_app


def load(assets: Path, processed: Path) -> None:
    """Import the files below `assets`, with the catalog in `processed` as their database."""
    from superset import security_manager
    from superset.commands.importers.v1.assets import ImportAssetsCommand
    from superset.utils.core import override_user

    contents = {
        path.relative_to(assets).as_posix(): path.read_text(encoding="utf-8")
        for path in sorted(assets.rglob("*.yaml"))
    }
    for path in [path for path in contents if path.startswith("databases/")]:
        database = yaml.safe_load(contents[path])
        database["sqlalchemy_uri"] = f"duckdb:///{processed / 'threads.duckdb'}"
        contents[path] = yaml.safe_dump(database)
    if security_manager.find_user("admin") is None:
        password = Path(os.environ["SUPERSET_HOME"], "admin_password").read_text(encoding="utf-8")
        role = security_manager.find_role("Admin")
        security_manager.add_user("admin", "admin", "-", "admin@localhost", role, password)
    with override_user(security_manager.find_user("admin")):
        ImportAssetsCommand(contents).run()


if __name__ == "__main__":
    with create_app().app_context():
        load(Path(sys.argv[1]), Path(sys.argv[2]))
