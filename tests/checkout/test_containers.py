"""What Dockerfile and compose.yaml name is there. No image is built: the commands are run by tests/slow."""

import re
import shlex

import pytest
import yaml
from prefect.settings import Settings
from support import CHECKOUT

from threadmill import paths
from threadmill.schedule import environment

COMPOSE = yaml.safe_load((CHECKOUT / "compose.yaml").read_text(encoding="utf-8"))
DOCKERFILE = (CHECKOUT / "Dockerfile").read_text(encoding="utf-8")
OURS = [service for name, service in COMPOSE["services"].items() if name != "postgres"]


def test_what_the_image_copies_is_there_and_not_ignored():
    sources = [
        source
        for line in re.findall(r"^COPY (?!--from)(.*)$", DOCKERFILE, re.MULTILINE)
        for source in shlex.split(line)[:-1]
    ]
    assert len(sources) == 9
    kept = re.findall(r"^!(.*)$", (CHECKOUT / ".dockerignore").read_text("utf-8"), re.MULTILINE)
    assert sorted(sources) == sorted(kept)
    assert [source for source in sources if not (CHECKOUT / source).exists()] == []


@pytest.mark.parametrize("service", OURS, ids=lambda one: one["entrypoint"][0])
def test_a_service_runs_as_nobody_special_and_writes_where_it_may(service):
    assert service["user"] == "1000"
    assert service["read_only"]
    assert service["cap_drop"] == ["ALL"]
    home = service["environment"]["PREFECT_HOME"]
    assert home.startswith("/tmp/")


def test_every_variable_of_prefect_is_one():
    known = set(Settings().to_environment_variables(include_aliases=True, include_secrets=True))
    given = {name for service in OURS for name in service["environment"]}
    unknown = {name for name in given if name.startswith("PREFECT_")} - known
    fields = str(Settings.model_json_schema()).lower()
    assert {
        name for name in unknown if name.removeprefix("PREFECT_").lower() not in fields
    } == set()


def test_the_prefect_yaml_that_init_writes_is_the_one_of_the_checkout():
    own = (CHECKOUT / "prefect.yaml").read_text(encoding="utf-8")
    assert paths.service_file("prefect.yaml").read_text(encoding="utf-8") == own


def test_only_this_machine_reaches_the_server():
    ports = [port for service in COMPOSE["services"].values() for port in service.get("ports", [])]
    assert ports == ["127.0.0.1:4200:4200"]


def test_the_worker_notices_dead_runs_as_serve_does():
    worker = COMPOSE["services"]["worker"]["environment"]
    name = "PREFECT_FLOWS_HEARTBEAT_FREQUENCY"
    assert worker[name] == environment.defaults().get(name, worker[name])
