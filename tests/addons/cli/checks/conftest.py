"""Surroundings of a test's own, with ports nobody listens on."""

import os
from collections.abc import Callable

import pytest

from addons.cli.checks.finding import Surroundings
from addons.cli.programs import Ports
from addons.services.simulator.free_port import free_port

MakeSurroundings = Callable[..., Surroundings]


@pytest.fixture
def surroundings() -> MakeSurroundings:
    """Built from the test's environment; ports and variables can be given."""

    def build(ports: Ports | None = None, **variables: str) -> Surroundings:
        return Surroundings(dict(os.environ) | variables, ports or Ports(*(free_port() for _ in range(3))))

    return build
