"""The rule of an alert."""

from addons.domain.alerts.alert import Alert
from addons.domain.events import Level


def test_the_rule_is_the_first_part_of_the_key() -> None:
    assert Alert(key="context:s-1:80", at_ms=0, level=Level.WARNING, message="m").rule == "context"
