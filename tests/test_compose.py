"""compose.yaml is well-formed, opens nothing to the network, and holds no password."""

import re
from typing import Any

from ruamel.yaml import YAML

from addons.domain.places import ROOT

TEXT = (ROOT / "compose.yaml").read_text(encoding="utf-8")
FILE: dict[str, Any] = YAML(typ="safe").load(TEXT)
SERVICES: dict[str, Any] = FILE["services"]


def test_postgresql_and_redis_are_there_and_say_when_they_are_ready() -> None:
    assert set(SERVICES) == {"postgres", "redis"}
    assert all({"image", "restart", "healthcheck", "ports", "volumes"} <= set(each) for each in SERVICES.values())


def test_ports_are_open_on_the_server_itself_unless_the_person_says_where_else() -> None:
    ports = [port for service in SERVICES.values() for port in service["ports"]]
    assert ports == ["${KIMI_BIND:-127.0.0.1}:5432:5432", "${KIMI_BIND:-127.0.0.1}:6379:6379"]


def test_every_volume_that_is_used_is_declared() -> None:
    used = {volume.split(":")[0] for service in SERVICES.values() for volume in service["volumes"]}
    assert used == set(FILE["volumes"])


def test_passwords_come_from_the_environment_and_are_asked_for() -> None:
    named = set(re.findall(r"\$\{(KIMI_\w*PASSWORD):\?", TEXT))
    assert named == {"KIMI_POSTGRES_PASSWORD", "KIMI_REDIS_PASSWORD"}
    assert SERVICES["postgres"]["environment"]["POSTGRES_PASSWORD"].startswith("${")


def test_the_guide_names_every_variable() -> None:
    guide = (ROOT / "docs" / "teams.md").read_text(encoding="utf-8")
    assert set(re.findall(r"\$\{(\w+)", TEXT)) <= set(re.findall(r"\w+", guide))
