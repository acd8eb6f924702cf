from collections.abc import Iterator

import pytest

from tests.addons.services.pacing.loops import Loop


@pytest.fixture
def loop() -> Iterator[Loop]:
    found = Loop()
    yield found
    found.close()
