"""What else is configured: reachable, or said to be not; no address with its secrets is shown."""

import pytest

from addons.cli.checks import services
from addons.cli.checks.finding import Level
from addons.services.simulator.free_port import free_port
from tests.addons.cli.checks.conftest import MakeSurroundings


def test_what_is_not_configured_is_not_looked_for(surroundings: MakeSurroundings) -> None:
    around = surroundings()
    assert [*services.redis(around), *services.postgresql(around), *services.channels(around)] == []


def test_a_redis_that_does_not_answer_is_wrong(surroundings: MakeSurroundings) -> None:
    (finding,) = services.redis(surroundings(KIMI_REDIS_URL=f"redis://:secret@127.0.0.1:{free_port()}/0"))
    assert finding.level is Level.WRONG and "secret" not in finding.what + finding.advice


def test_a_postgresql_that_does_not_answer_is_wrong(surroundings: MakeSurroundings) -> None:
    pytest.importorskip("psycopg")
    url = f"postgresql+psycopg://me:secret@127.0.0.1:{free_port()}/kimi"
    (finding,) = services.postgresql(surroundings(KIMI_DATABASE_URL=url))
    assert finding.level is Level.WRONG and "secret" not in finding.what + finding.advice


def test_addresses_are_judged_by_apprise_and_not_shown(surroundings: MakeSurroundings) -> None:
    found = list(services.channels(surroundings(KIMI_ALERT_URLS="json://127.0.0.1:1/sEcReT nonsense://sEcReT")))
    assert [finding.level for finding in found] == [Level.FINE, Level.WRONG]
    assert not any("sEcReT" in finding.what + finding.advice for finding in found)
