"""The real addons around a recorder that keeps what it is given."""

from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest

from addons.domain import tokens
from tests.addons.hooks.own import Own

MakeOwn = Callable[..., Own]


@pytest.fixture(autouse=True, scope="session")
def ranks_read_once() -> Iterator[None]:
    """Every counter would read the rank file anew, which takes longer than a test."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tokens, "_load", cache(tokens._load))
        yield


@pytest.fixture
def make_own(tmp_path: Path) -> Iterator[MakeOwn]:
    """Proxies of one test; all are closed at its end."""
    made: list[Own] = []

    def build(**fields: object) -> Own:
        made.append(Own(tmp_path, **fields))  # type: ignore[arg-type]
        return made[-1]

    yield build
    for own in made:
        own.close()


@pytest.fixture
def own(make_own: MakeOwn) -> Own:
    return make_own()
