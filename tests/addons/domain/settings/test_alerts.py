"""Addresses of alerts are secrets."""

import pytest

from addons.domain.settings import SettingsError, overlay, parse
from addons.domain.settings.alerts import Alerts

URL = "slack://s3cr3t/token"
EMPTY = ("providers.toml", "[providers]")


@pytest.mark.parametrize(
    ("key", "value"),
    [("alerts.urls", [URL]), ('alerts."urls"', [URL]), ("alerts", {"urls": [URL]})],
    ids=["by its path", "quoted", "with its table"],
)
def test_they_cannot_come_from_the_dashboard(key: str, value: object) -> None:
    settings, errors = overlay([EMPTY], {key: value, "alerts.quiet_minutes": 3})
    assert settings.alerts == Alerts(quiet_minutes=3)
    assert errors == {key: "dashboard: alerts.urls holds secrets; expected in providers.toml"}


@pytest.mark.parametrize("value", [f'"{URL}"', f'["{URL}", 5]'], ids=["a text", "a list of more"])
def test_a_mistake_in_them_is_told_without_them(value: str) -> None:
    with pytest.raises(SettingsError, match=r"urls is not right; expected a list of Apprise's addresses") as raised:
        parse([("providers.toml", f"[providers]\n[alerts]\nurls = {value}")])
    assert "s3cr3t" not in str(raised.value)


def test_the_file_may_hold_them() -> None:
    settings = parse([("providers.toml", f'[providers]\n[alerts]\nurls = ["{URL}"]\ncontext = [0.7]')])
    assert settings.alerts == Alerts(urls=(URL,), context=(0.7,))


@pytest.mark.parametrize("value", ["[0.0]", "[1.1]", '["x"]', "0.8"])
def test_a_context_fill_is_above_0_and_at_most_1(value: str) -> None:
    with pytest.raises(SettingsError, match=r"context is .*; expected a list of numbers above 0 and at most 1"):
        parse([("providers.toml", f"[providers]\n[alerts]\ncontext = {value}")])
