from collections.abc import Callable
from random import Random

import pytest

from addons.domain.naming import session_name
from addons.services.simulator import material, outputs

MODULE = material.module(Random(1), "orders", 4)

KINDS: dict[str, Callable[[Random], str]] = {
    "history": lambda random: outputs.git_log(random, 5),
    "types": lambda random: outputs.type_check(random, MODULE, 3),
    "traceback": lambda random: outputs.traceback(random, MODULE, 3),
    "paths": lambda random: outputs.paths(random, 5),
    "open file": lambda random: outputs.open_file(random, MODULE),
    "codebase": lambda random: outputs.codebase(random, 2),
}


@pytest.mark.parametrize("make", KINDS.values(), ids=KINDS.keys())
def test_the_same_random_state_gives_the_same_text(make: Callable[[Random], str]) -> None:
    assert make(Random(7)) == make(Random(7)) != make(Random(8))


@pytest.mark.parametrize(("errors", "status"), [(0, "Command completed"), (2, "Command failed with exit code 1")])
def test_a_check_ends_with_how_it_went(errors: int, status: str) -> None:
    assert outputs.type_check(Random(1), MODULE, errors).endswith(f"[Status: {status}]")


@pytest.mark.parametrize("attached", [outputs.open_file(Random(1), MODULE), outputs.codebase(Random(1), 3)])
def test_what_the_editor_attaches_is_not_taken_for_the_persons_words(attached: str) -> None:
    assert session_name(attached + "What does it do?") == "What does it do?"
