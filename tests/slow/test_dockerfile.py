"""The steps of Dockerfile, one after another, in a bare Debian: what the image would hold runs as its user.

No image is built; the base image's place has a tree that debootstrap makes of the same Debian, with Debian's Python.
"""

import os
import re
import shlex
import shutil
import subprocess
from pathlib import Path
from typing import NamedTuple

import pytest
from support import CHECKOUT

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        os.name != "posix" or os.geteuid() != 0 or not shutil.which("debootstrap"),
        reason="makes a Debian tree: needs root and debootstrap",
    ),
]
OURS = ("/etc/pip.conf", "/etc/resolv.conf", "/etc/ssl/certs/ca-certificates.crt")
"""How this machine reaches the package index: a container gets as much from Docker's daemon."""


class Stage(NamedTuple):
    """A file system that the steps since a FROM work on."""

    root: Path
    state: dict[str, str]
    """Working directory and user."""
    environment: dict[str, str]

    def run(self, command):
        account = self.state["user"]
        folder = shlex.quote(self.state["folder"])
        ended = subprocess.run(
            ["chroot", f"--userspec={account}:{account}", self.root, "/bin/sh", "-c",
             f"cd {folder} && {command}"],
            env=self.environment, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert ended.returncode == 0, f"{command}\n{ended.stdout}\n{ended.stderr}"
        return ended.stdout

    def locate(self, path):
        """Return where `path` of the image lies on this machine."""
        return self.root / (Path(self.state["folder"]) / path).as_posix().lstrip("/")


def read_steps():
    text = (CHECKOUT / "Dockerfile").read_text(encoding="utf-8")
    joined = re.sub(r"\\\n\s*", " ", re.sub(r"^#.*\n", "", text, flags=re.MULTILINE))
    return [line.split(None, 1) for line in joined.splitlines() if line.strip()]


@pytest.fixture(scope="module")
def debian(tmp_path_factory):
    root = tmp_path_factory.mktemp("debian") / "tree"
    packages = "--include=python3-venv,ca-certificates"
    command = ["debootstrap", "--variant=minbase", packages, "bookworm", str(root)]
    subprocess.run(command, check=True, capture_output=True)
    (root / "usr" / "local" / "bin" / "python").symlink_to("/usr/bin/python3")
    for path in OURS:
        if Path(path).exists():
            shutil.copy(path, root / path.lstrip("/"))
    return root


def take_steps(debian, folder):
    """Return the last stage of Dockerfile, and the words that start its container."""
    stages, last, start = {}, None, {}
    for word, rest in read_steps():
        if word == "FROM":
            name = rest.partition(" AS ")[2] or "last"
            # With cp: /dev/zero is copied as what it is.
            subprocess.run(["cp", "--archive", debian, folder / name], check=True)
            given = {name: value for name, value in os.environ.items() if name.startswith("PIP_")}
            path = "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin"
            last = stages[name] = Stage(
                folder / name, {"folder": "/", "user": "root"}, given | {"PATH": path}
            )
        elif word == "WORKDIR":
            last.state["folder"] = rest
            last.locate(".").mkdir(parents=True, exist_ok=True)
        elif word == "USER":
            last.state["user"] = rest
        elif word == "ENV":
            for one in shlex.split(rest.replace("$PATH", last.environment["PATH"])):
                name, _, value = one.partition("=")
                last.environment[name] = value
        elif word == "COPY":
            *sources, target = shlex.split(rest)
            come_from = CHECKOUT
            if sources[0].startswith("--from="):
                come_from = stages[sources.pop(0).removeprefix("--from=")].root
            for source in sources:
                copy(come_from / source.lstrip("/"), last.locate(target))
        elif word == "RUN":
            last.run(rest)
        else:
            start[word] = shlex.split(re.sub(r'[\[\],"]', " ", rest))
    return last, [*start["ENTRYPOINT"], *start["CMD"]]


def copy(source, target):
    if source.is_dir():
        ignore = shutil.ignore_patterns("__pycache__")
        shutil.copytree(source, target, symlinks=True, ignore=ignore, dirs_exist_ok=True)
    else:
        shutil.copy(source, target)


def test_what_dockerfile_says_gives_a_container_that_mills(debian, tmp_path):
    image, start = take_steps(debian, tmp_path)
    assert image.run("id --user --name") == "threadmill\n"
    assert image.run("threadmill --version").startswith("threadmill ")

    image.run("cd /tmp && threadmill init project --example && threadmill help operate")

    # The volume with a project's raw threads, owned by the container's user.
    copy(CHECKOUT / "data" / "raw", image.locate("data/raw"))
    image._replace(state=image.state | {"user": "root"}).run("chown -R threadmill data")
    assert "Threads   1" in image.run(shlex.join(start))
    assert (
        image.run("threadmill sql --format csv 'select count(*) as n from comments'") == "n\n42\n"
    )
    # The program can't change itself.
    assert image.run("find /opt/threadmill -writable -not -type l") == ""
