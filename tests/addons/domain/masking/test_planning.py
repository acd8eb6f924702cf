from dataclasses import replace

import msgspec
import pytest

from addons.domain.decisions import Action, Decision
from addons.domain.epochs import Reason, Situation
from addons.domain.facts import MessageFacts
from addons.domain.masking.context_blocks import Origin
from addons.domain.masking.digest import Digest
from addons.domain.masking.document import Hint
from addons.domain.masking.draft import Draft, PieceDraft
from addons.domain.masking.eligible import Piece
from addons.domain.masking.planning import Plan, Seen, plan_masks
from addons.domain.messages import Role
from addons.domain.settings import Masking

WARM = Situation(cached_share=0.25, cache_is_cold=False, requests_so_far=4)
COLD = replace(WARM, cache_is_cold=True)
CACHE_AWARE, ALWAYS, OFF = (Masking(policy=policy) for policy in ("cache-aware", "always", "off"))


def seen(tokens: int, *, kind: str = "log", path: str = "", sent: bool = True, masked: bool = False) -> Seen:
    """A tool result whose digest takes a tenth of it."""
    found = Digest(kind, "digest", (), "", tokens, tokens // 10)
    piece = PieceDraft(Piece(0, 0, 1, Hint(path=path), Origin.TOOL_RESULT), found)
    facts = MessageFacts(digest=b"d", role=Role.TOOL, tokens=tokens, key=b"k", has_tool_result=True)
    decision = Decision(session_id="s", key=b"k", action=Action.MASK, reason="arrival", decided_at_ms=0)
    return Seen(facts, sent, decision if masked else None, Draft((piece,)))


def words(tokens: int = 50) -> Seen:
    return Seen(MessageFacts(digest=b"w", role=Role.ASSISTANT, tokens=tokens, key=b"w"), True, None, None)


def planned(messages: list[Seen], settings: Masking = CACHE_AWARE, situation: Situation = WARM) -> Plan:
    return plan_masks(messages, settings, situation, window=100_000)


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
    assert bool(planned([words(), arrived]).arrivals) is masked


def test_always_masks_by_size_alone_and_opens_no_epoch() -> None:
    plan = planned([seen(5000), seen(1500, kind="source file", path="a.py", sent=False)], ALWAYS, COLD)
    assert (list(plan.arrivals), plan.epoch) == ([1], None)


def test_off_masks_nothing() -> None:
    assert planned([seen(5000), seen(5000, sent=False)], OFF, COLD).masks == {}


def test_a_cold_cache_masks_all_that_is_stale_but_the_recent_results() -> None:
    plan = planned([seen(5000), words(), seen(800, path="a.py"), words(), seen(5000)], situation=COLD)
    assert plan.epoch is not None
    assert (plan.epoch.reason, sorted(plan.changed)) == (Reason.COLD, [0, 2])


def test_keep_recent_says_how_many_results_stay() -> None:
    settings = msgspec.structs.replace(CACHE_AWARE, keep_recent=2)
    assert sorted(planned([seen(5000), seen(5000), seen(5000)], settings, COLD).changed) == [0]


def test_what_is_masked_is_not_masked_again() -> None:
    assert planned([seen(5000, masked=True), words(), seen(100)], situation=COLD).masks == {}


def test_a_warm_cache_changes_what_pays() -> None:
    plan = planned([seen(900), words(50_000), seen(20_000), words(), seen(100)])
    assert plan.epoch is not None
    assert (plan.epoch.reason, sorted(plan.changed)) == (Reason.BREAK_EVEN, [2])
