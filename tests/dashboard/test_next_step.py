"""One piece of advice for each state a session can be in."""

from dataclasses import replace

import pytest

from addons.domain.composition import IN_USE, STALE, Composition, Large
from addons.domain.settings.schema import Compression
from dashboard.next_step import COMPRESS, MASK, Advice, Standing, next_step


def composition(*advice: str, **parts: int) -> Composition:
    largest = tuple(
        Large(index=number, role="tool", tool="read_file", tokens=5_000, what="tool_results", advice=each, key="k")
        for number, each in enumerate(advice)
    )
    return Composition(overview={"memory": 0}, parts=parts or {"assistant": 100_000}, tools={}, largest=largest)


CALM = Standing(fill=0.3, turns_left=40, cache_share=0.95, cache_requests=50, found=composition(IN_USE), masks=True,
                compression=Compression())  # fmt: skip


@pytest.mark.parametrize(
    ("now", "words", "button"),
    [
        pytest.param(CALM, "there is room for about 31 turns; then, at 85%", "", id="calm"),
        pytest.param(replace(CALM, turns_left=None), "what may be taken out is taken out by itself", "", id="no pace"),
        pytest.param(replace(CALM, fill=None, turns_left=None), "Nothing: there is room", "", id="unknown window"),
        pytest.param(replace(CALM, fill=0.75, turns_left=7), "In about 3 turns, at 85%", COMPRESS, id="soon"),
        pytest.param(replace(CALM, fill=0.84, turns_left=2), "In about 1 turn, at 85%", COMPRESS, id="very soon"),
        pytest.param(replace(CALM, fill=0.9, turns_left=9), "The window is 90% full", COMPRESS, id="over it"),
        pytest.param(
            replace(CALM, fill=0.75, turns_left=7, compression=Compression(enabled=False)),
            "nothing is compressed by itself", COMPRESS, id="soon, and switched off",
        ),
        pytest.param(
            replace(CALM, found=composition(STALE, STALE, IN_USE)),
            "2 large results that the model has used are still sent whole. Mask now: up to 10.0k", MASK, id="stale",
        ),
        pytest.param(replace(CALM, found=composition(STALE)), "A large result that the model has used", MASK, id="one"),
        pytest.param(replace(CALM, found=composition(STALE), masks=False), "Nothing", "", id="masking is off"),
        pytest.param(
            replace(CALM, found=composition(STALE, assistant=900_000)), "Nothing", "", id="too little to be worth it"
        ),
        pytest.param(
            replace(CALM, found=composition(tools=40, assistant=60)), "40% of the prompt is rules", "", id="many tools"
        ),
        pytest.param(
            replace(CALM, fill=0.02, found=composition(tools=90, assistant=10)), "Nothing", "", id="at the beginning"
        ),
        pytest.param(replace(CALM, cache_share=0.2), "Only 20% came from the provider's cache", "", id="broken prefix"),
        pytest.param(replace(CALM, cache_share=0.2, cache_requests=3), "Nothing", "", id="too few to tell"),
    ],
)  # fmt: skip
def test_the_advice_fits_the_state(now: Standing, words: str, button: str) -> None:
    advice = next_step(now)
    assert isinstance(advice, Advice)
    assert words in advice.text
    assert advice.button == button


def test_what_is_full_goes_before_what_is_stale() -> None:
    assert next_step(replace(CALM, fill=0.9, found=composition(STALE))).button == COMPRESS
