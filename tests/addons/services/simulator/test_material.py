from collections.abc import Callable
from random import Random

import msgspec
import pytest

from addons.services.simulator import material

MODULE = material.module(Random(1), "orders", 4)

KINDS: dict[str, Callable[[Random], str]] = {
    "source": lambda random: material.source(random, MODULE),
    "test run": lambda random: material.test_run(random, MODULE, 10, (MODULE.functions[0],)),
    "log": lambda random: material.log(random, 30),
    "search": lambda random: material.search(random, "order", 12),
    "diff": lambda random: material.diff(random, MODULE, 3),
    "records": lambda random: material.records(random, 5),
    "listing": lambda random: material.listing(random, 9),
    "memory": lambda random: material.memory(random, 5),
}


@pytest.mark.parametrize("make", KINDS.values(), ids=KINDS.keys())
def test_the_same_random_state_gives_the_same_text(make: Callable[[Random], str]) -> None:
    assert make(Random(7)) == make(Random(7)) != make(Random(8))


def test_a_source_is_python() -> None:
    compile(material.source(Random(1), MODULE), MODULE.path, "exec")


def test_records_are_json() -> None:
    assert len(msgspec.json.decode(material.records(Random(1), 5))["items"]) == 5


def test_a_failing_run_says_so_at_its_end() -> None:
    assert material.test_run(Random(1), MODULE, 3, ("order",)).endswith("[Status: Command failed with exit code 1]")
    assert material.test_run(Random(1), MODULE, 3, ()).endswith("[Status: Command completed]")
