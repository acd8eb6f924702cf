"""Settings of one provider, and the keys of what was raised."""

from collections.abc import Callable

import pytest

from addons.domain.settings import Cache, Provider, Settings
from addons.domain.settings.alerts import Alerts


@pytest.fixture
def make_settings() -> Callable[..., Settings]:
    def build(**alerts: object) -> Settings:
        provider = Provider(name="Kimi Code", hosts=("api.kimi.test",), cache=Cache(lifetime_s=300))
        return Settings(providers={"kimi-code": provider}, alerts=Alerts(**alerts))  # type: ignore[arg-type]

    return build


@pytest.fixture
def settings(make_settings: Callable[..., Settings]) -> Settings:
    return make_settings()
