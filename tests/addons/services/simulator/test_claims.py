from collections.abc import Callable

import httpx
import msgspec
import pytest

from addons.domain.usage import Usage
from addons.services.simulator.claims import BLOCK_TOKENS, PrefixCache, completion_usage, prompt_tokens
from addons.services.simulator.script import Answer, ToolCall
from addons.services.simulator.server import Simulator

Ask = Callable[..., httpx.Response]

BODIES = {
    "messages": (b'{"model":"m","messages":[{"role":"user"}]}', 4),
    "tools come on top": (b'{"messages":[{"role":"user"}],"tools":[1234567]}', 6),
    "a prompt and its suffix": (b'{"prompt":"12345678901234","suffix":"12"}', 5),
    "gemini": (b'{"contents":[{"a":1}],"systemInstruction":{"b":2}}', 4),
    "nothing counts as one": (b'{"model":"m","messages":[]}', 1),
}


@pytest.mark.parametrize(("body", "tokens"), BODIES.values(), ids=BODIES.keys())
def test_prompt_tokens_are_a_quarter_of_the_prompts_bytes(body: bytes, tokens: int) -> None:
    assert prompt_tokens(body) == tokens


def test_a_body_that_is_no_object_is_refused() -> None:
    with pytest.raises(msgspec.ValidationError):
        prompt_tokens(b"[1]")


def test_completion_tokens_include_reasoning_and_calls() -> None:
    answer = Answer(text="1234", reasoning="12345678", tool_calls=(ToolCall(name="1234", arguments={"a": 1}),))
    assert completion_usage(answer) == (2 + 1 + 1 + 2, 2)


class Clock:
    def __init__(self) -> None:
        self.now_s = 1000.0

    def __call__(self) -> float:
        return self.now_s


class TestPrefixCache:
    def test_a_longer_history_finds_the_shorter_one_in_whole_blocks(self) -> None:
        cache = PrefixCache(Clock())
        history = b"a" * 512 * 3 + b"b" * 100
        assert cache.cached_tokens("owner", history) == 0
        assert cache.cached_tokens("owner", history + b"c" * 5000) == 3 * BLOCK_TOKENS

    def test_a_change_at_the_front_loses_everything_behind_it(self) -> None:
        cache = PrefixCache(Clock())
        cache.cached_tokens("owner", b"a" * 512 * 8)
        changed = b"a" * 512 * 2 + b"x" + b"a" * (512 * 6 - 1)
        assert cache.cached_tokens("owner", changed) == 2 * BLOCK_TOKENS

    def test_nobody_shares_with_another_key_or_model(self) -> None:
        cache = PrefixCache(Clock())
        cache.cached_tokens("one", b"a" * 5120)
        assert cache.cached_tokens("two", b"a" * 5120) == 0

    def test_it_forgets_what_was_not_used_for_its_lifetime(self) -> None:
        clock = Clock()
        cache = PrefixCache(clock, lifetime_s=300)
        cache.cached_tokens("owner", b"a" * 5120)
        clock.now_s += 299
        assert cache.cached_tokens("owner", b"a" * 5120) == 10 * BLOCK_TOKENS
        clock.now_s += 301
        assert cache.cached_tokens("owner", b"a" * 5120) == 0


STATED = {
    "kimi says nothing of reasoning": ("api.kimi.com", {"cached_tokens": 0, "reasoning_tokens": None}),
    "nvidia says nothing of the cache": (
        "integrate.api.nvidia.com",
        {"cached_tokens": None, "reasoning_tokens": None},
    ),
    "openai says both": ("api.openai.com", {"cached_tokens": 0, "reasoning_tokens": 0}),
}


@pytest.mark.parametrize(("host", "stated"), STATED.values(), ids=STATED.keys())
def test_a_claim_holds_what_the_answer_states_and_no_more(
    simulator: Simulator, ask: Ask, host: str, stated: dict[str, int | None]
) -> None:
    ask(host)
    claim = simulator.inbox.all()[0].claim
    assert isinstance(claim, Usage)
    assert {name: getattr(claim, name) for name in stated} == stated
