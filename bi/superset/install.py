"""Superset with the Threadmill dashboard, in an environment of its own. Standard library only.

`install.py` makes `.venv-superset`, Superset's own database and an admin in `.superset`, and imports the dashboard; run
again, it brings the dashboard up to date. `install.py --serve` then starts Superset on this machine. `install.py --pack
FILE` writes the dashboard for a Superset elsewhere.
"""

import argparse
import os
import secrets
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
CHECKOUT = HERE.parent.parent
PORT = 8088
BUNDLE = "threadmill.zip"
CATALOG = "data/processed/threads.duckdb"
"""As the assets have it; the project's own path takes its place."""
PYTHONS = ((3, 10), (3, 11), (3, 12))
"""What Superset 6.1 runs on."""


def environment(home: Path) -> dict[str, str]:
    """Return the environment variables of Superset's commands."""
    return os.environ | {
        "SUPERSET_HOME": str(home),
        "SUPERSET_CONFIG_PATH": str(HERE / "superset_config.py"),
        "FLASK_APP": "superset.app:create_app()",
    }


def install(where: Path) -> None:
    """Make the environment in `where`, unless it is there and of these pins."""
    stamp = where / ".installed"
    pins = (HERE / "requirements.txt").read_text() + (HERE / "constraints.txt").read_text()
    if stamp.is_file() and stamp.read_text() == pins:
        return
    if sys.version_info[:2] not in PYTHONS:
        sys.exit("Superset 6.1 needs Python 3.10, 3.11 or 3.12: run this script with one of them")
    print(f"Making {where} (some minutes, 900 MB)")
    venv.create(where, with_pip=True)
    files = ["-r", HERE / "requirements.txt", "-c", HERE / "constraints.txt"]
    pip = [where / "bin" / "pip", "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, *files], check=True)
    stamp.write_text(pins)


def pack(bundle: Path, processed: Path) -> None:
    """Write the dashboard on the tables in `processed` to the zip file `bundle`, as Superset imports it."""
    assets = HERE / "assets"
    with zipfile.ZipFile(bundle, "w", zipfile.ZIP_DEFLATED) as file:
        for path in sorted(assets.rglob("*.yaml")):
            said = path.read_text(encoding="utf-8").replace(
                CATALOG, str(processed / "threads.duckdb")
            )
            file.writestr(f"threadmill/{path.relative_to(assets).as_posix()}", said)


def set_up(where: Path, home: Path, processed: Path) -> None:
    """Make Superset's own database in `home`, an admin, and import the dashboard on the tables in `processed`."""
    home.mkdir(parents=True, exist_ok=True)
    for name in ("secret_key", "admin_password"):
        if not (home / name).exists():
            (home / name).touch(mode=0o600)
            (home / name).write_text(secrets.token_urlsafe(24))
    around = environment(home)

    def run(name: str, *words: str | Path) -> None:
        ended = subprocess.run(
            [where / "bin" / name, *words], env=around, capture_output=True, text=True, check=False
        )
        if ended.returncode:
            sys.exit(f"{name} {words[0]}: {ended.stderr}")

    run("superset", "db", "upgrade")
    run("superset", "init")
    pack(home / BUNDLE, processed)
    run("python", HERE / "load.py", home / BUNDLE)


def main() -> None:
    """Do what the command line says."""
    says = argparse.ArgumentParser(description=__doc__)
    says.add_argument("--processed", type=Path, default=CHECKOUT / "data" / "processed")
    says.add_argument("--home", type=Path, default=CHECKOUT / ".superset")
    says.add_argument("--venv", type=Path, default=CHECKOUT / ".venv-superset")
    says.add_argument("--port", type=int, default=PORT)
    says.add_argument("--pack", type=Path, help="only write the dashboard to this zip file")
    says.add_argument("--serve", action="store_true", help="start Superset on this machine")
    said = says.parse_args()
    home, processed, where = said.home.resolve(), said.processed.resolve(), said.venv.resolve()
    if said.serve:
        superset = str(where / "bin" / "superset")
        os.execve(superset, [superset, "run", "--port", str(said.port)], environment(home))
    if not (processed / "threads.duckdb").exists():
        sys.exit(f"{processed}: nothing is published here yet; `threadmill run` does it")
    if said.pack:
        pack(said.pack, processed)
        return
    install(where)
    set_up(where, home, processed)
    print(f"User admin, password in {home / 'admin_password'}")
    print(
        f"python {os.path.relpath(__file__)} --serve, then http://127.0.0.1:{PORT}/superset/dashboard/threadmill/"
    )


if __name__ == "__main__":
    main()
