from collections.abc import Callable
from random import Random

import pytest

from addons.services.simulator import material, prose

MODULE = material.module(Random(1), "orders", 4)

KINDS: dict[str, Callable[[Random, int], str]] = {
    "thinking": lambda random, length: prose.thinking(random, MODULE, length),
    "ticket": lambda random, length: prose.ticket(random, MODULE, length),
    "report": lambda random, length: prose.report(random, MODULE, length),
    "web page": lambda random, length: prose.web_page(random, "Decimals", length),
}


@pytest.mark.parametrize("make", KINDS.values(), ids=KINDS.keys())
def test_the_same_random_state_gives_the_same_text(make: Callable[[Random, int], str]) -> None:
    assert make(Random(7), 5) == make(Random(7), 5) != make(Random(8), 5)


@pytest.mark.parametrize("make", KINDS.values(), ids=KINDS.keys())
def test_it_is_as_long_as_wanted_and_nothing_in_it_is_left_open(make: Callable[[Random, int], str]) -> None:
    short, long = make(Random(7), 3), make(Random(7), 40)
    assert len(long) > 5 * len(short)
    assert "{" not in long
