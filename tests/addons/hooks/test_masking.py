"""Masking as the provider sees it: the same bytes for a message in every request, and nothing lost."""


from hypothesis import given, settings
from hypothesis import strategies as st

from tests.addons.hooks.conversations import STEPS, WIRES, Step, started
from tests.addons.hooks.plays import played

POLICIES = st.sampled_from(["cache-aware", "always", "off"])
FEW = settings(max_examples=30, deadline=None)
FEWER = settings(max_examples=8, deadline=None)  # with a real database
SCRIPTS = st.lists(STEPS, min_size=2, max_size=9)


class TestWhatWasForwardedStays:
    """`Play.ask` asserts it with every request."""

    @FEW
    @given(WIRES, SCRIPTS, POLICIES)
    def test_from_request_to_request(self, wire: str, script: list[Step], policy: str) -> None:
        with played(policy=policy) as play:
            conversation = started(wire)
            for step in script:
                play.ask(conversation)
                conversation.step(step)
                play.now_s += step.pause_s
            play.ask(conversation)

    @FEW
    @given(st.lists(st.tuples(st.integers(0, 2), STEPS), min_size=4, max_size=14))
    def test_with_sessions_under_way_at_once(self, script: list[tuple[int, Step]]) -> None:
        with played() as play:
            conversations = [started("openai", "one"), started("gemini", "two"), started("openai", "three")]
            for which, step in script:
                play.ask(conversations[which])
                conversations[which].step(step)
                play.now_s += step.pause_s

    @FEW
    @given(WIRES, st.lists(st.tuples(STEPS, POLICIES, st.booleans()), min_size=2, max_size=9))
    def test_whatever_the_policy_becomes(self, wire: str, script: list[tuple[Step, str, bool]]) -> None:
        with played() as play:
            conversation = started(wire)
            for step, policy, again in script:
                play.use(policy)
                play.ask(conversation, fails=again)
                if again:
                    play.use("always")
                    play.ask(conversation, x_stainless_retry_count="1")
                conversation.step(step)
                play.now_s += step.pause_s

    @FEWER
    @given(WIRES, st.lists(st.tuples(STEPS, st.booleans(), POLICIES, st.booleans()), min_size=2, max_size=6))
    def test_after_a_restart_too(self, wire: str, script: list[tuple[Step, bool, str, bool]]) -> None:
        with played(stored=True) as play:
            conversation = started(wire)
            for step, stops, policy, again in script:
                play.ask(conversation)
                if stops:
                    play.policy = policy
                    play.restart()
                if again:
                    play.ask(conversation, x_stainless_retry_count="1")
                conversation.step(step)
                play.now_s += step.pause_s
            play.ask(conversation)
