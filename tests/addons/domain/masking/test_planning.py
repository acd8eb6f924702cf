from dataclasses import replace

import pytest

from addons.domain.epochs import Reason, Situation
from addons.domain.facts import MessageFacts
from addons.domain.masking.context_blocks import Origin
from addons.domain.masking.digest import Digest
from addons.domain.masking.document import Hint
from addons.domain.masking.draft import Draft, PieceDraft
from addons.domain.masking.eligible import Piece
from addons.domain.masking.planning import Plan, Seen, plan_masks, recent_results
from addons.domain.messages import Role
from addons.domain.settings import Masking

WARM = Situation(cached_share=0.25, cache_is_cold=False, requests_so_far=4)
COLD = replace(WARM, cache_is_cold=True)
NONE: frozenset[int] = frozenset()
CACHE_AWARE, ALWAYS, OFF = (Masking(policy=policy) for policy in ("cache-aware", "always", "off"))


def seen(tokens: int, *, at: int = 0, kind: str = "log", path: str = "", sent: bool = True, behind: int = 0) -> Seen:
    """A tool result whose digest takes a tenth of it, with so many tokens in the messages behind it."""
    found = Digest(kind, "digest", (), "", tokens, tokens // 10)
    piece = PieceDraft(Piece(0, 0, 1, Hint(path=path), Origin.TOOL_RESULT), found)
    return Seen(at, facts(Role.TOOL, tokens), sent, Draft((piece,)), tokens + behind)


def facts(role: Role, tokens: int = 50) -> MessageFacts:
    return MessageFacts(digest=b"d", role=role, tokens=tokens, key=b"k", has_tool_result=role is Role.TOOL)


def planned(
    undecided: list[Seen], settings: Masking = CACHE_AWARE, situation: Situation = WARM, recent: frozenset[int] = NONE
) -> Plan:
    return plan_masks(undecided, recent, settings, situation, window=100_000)


@pytest.mark.parametrize(
    ("arrived", "masked"),
    [
        (seen(5000, sent=False), True),
        (seen(500, sent=False), False),
        (seen(20_000, kind="source file", sent=False), False),
        (seen(20_000, kind="log", path="var/app.log", sent=False), False),
        (seen(60_000, kind="source file", path="src/all.py", sent=False), True),
    ],
    ids=["large output", "small output", "source", "a file that was asked for", "more than half the window"],
)
def test_on_arrival_only_output_or_what_is_far_too_large_is_masked(arrived: Seen, masked: bool) -> None:
    assert bool(planned([arrived]).arrivals) is masked


def test_always_masks_by_size_alone_and_opens_no_epoch() -> None:
    plan = planned([seen(5000), seen(1500, at=1, kind="source file", path="a.py", sent=False)], ALWAYS, COLD)
    assert (list(plan.arrivals), plan.epoch) == ([1], None)


def test_off_masks_nothing() -> None:
    assert planned([seen(5000), seen(5000, at=1, sent=False)], OFF, COLD).masks == {}


def test_a_cold_cache_masks_all_that_is_stale_but_the_recent_results() -> None:
    plan = planned([seen(5000), seen(800, at=2, path="a.py"), seen(5000, at=4)], CACHE_AWARE, COLD, frozenset({4}))
    assert plan.epoch is not None
    assert (plan.epoch.reason, sorted(plan.changed)) == (Reason.COLD, [0, 2])


def test_a_warm_cache_changes_what_pays() -> None:
    plan = planned([seen(900, behind=70_150), seen(20_000, at=2, behind=150)])
    assert plan.epoch is not None
    assert (plan.epoch.reason, sorted(plan.changed)) == (Reason.BREAK_EVEN, [2])


@pytest.mark.parametrize(("keep", "expected"), [(0, set()), (1, {4}), (2, {4, 2}), (9, {4, 2, 0})])
def test_the_latest_results_are_found_from_the_end(keep: int, expected: set[int]) -> None:
    roles = (Role.TOOL, Role.ASSISTANT, Role.TOOL, Role.ASSISTANT, Role.TOOL, Role.USER)
    assert recent_results([facts(role) for role in roles], keep) == expected
