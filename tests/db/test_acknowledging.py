"""What a person may do to alerts."""

import pytest
from sqlalchemy import Engine

from addons.domain.alerts.alert import Alert
from addons.domain.errors import UserError
from addons.domain.events import Level
from db.acknowledging import acknowledge
from db.writing import write
from tests.db.stores import NOW_MS, Ask


@pytest.fixture
def three(engine: Engine) -> Engine:
    with engine.begin() as tx:
        made = [Alert(key=f"k:{each}", at_ms=each, level=Level.INFO, message="m") for each in range(3)]
        write(tx, made, "p-1")
    return engine


def test_one_is_acknowledged_once(three: Engine, ask: Ask) -> None:
    assert [acknowledge(three, 2, NOW_MS), acknowledge(three, 2, NOW_MS + 9)] == [1, 0]
    assert ask("SELECT acknowledged_at_ms AS at, rev FROM alerts ORDER BY id") == [
        {"at": None, "rev": 1},
        {"at": NOW_MS, "rev": 4},
        {"at": None, "rev": 3},
    ]


def test_all_that_are_open_are_acknowledged_together(three: Engine, ask: Ask) -> None:
    acknowledge(three, 1, NOW_MS)
    assert acknowledge(three, None, NOW_MS + 9) == 2
    assert [row["at"] for row in ask("SELECT acknowledged_at_ms AS at FROM alerts")] == [NOW_MS, NOW_MS + 9, NOW_MS + 9]


def test_an_alert_that_is_not_there_is_named(three: Engine) -> None:
    with pytest.raises(UserError, match="no alert 9"):
        acknowledge(three, 9, NOW_MS)
