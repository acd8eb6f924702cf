"""Models that take more than providers.toml says."""

from collections.abc import Callable

from addons.hooks.windows import Windows
from tests.addons.hooks.compressing import SMALL, steps, with_writer
from tests.addons.hooks.own import Own, chat, stream_of

MakeOwn = Callable[..., Own]
HUGE = [{"role": "user", "content": "word " * 12_000}]


def answered(own: Own, prompt_tokens: int, model: str = "mid") -> None:
    flow = chat(steps(1), model=model)
    own.run(own.request(flow))
    usage = {"prompt_tokens": prompt_tokens, "completion_tokens": 1}
    own.run(own.answer(flow, stream_of("Done.", usage=usage)))


class TestWindows:
    def test_a_prompt_above_the_window_that_was_answered_is_remembered(self, make_own: MakeOwn) -> None:
        own = make_own(providers=SMALL)
        with_writer(own)
        answered(own, 7_999)
        flow = chat(HUGE, model="mid")
        own.run(own.request(flow))
        assert not own.addon(Windows).is_larger(own.exchange(flow))
        assert flow.response is not None
        answered(own, 9_000)
        flow = chat(HUGE, model="mid")
        own.run(own.request(flow))
        assert own.addon(Windows).is_larger(own.exchange(flow))
        assert flow.response is None

    def test_a_model_without_a_known_window_is_left_alone(self, make_own: MakeOwn) -> None:
        own = make_own(providers=SMALL)
        answered(own, 9_000, model="unheard-of")
        flow = chat(steps(1), model="unheard-of")
        own.run(own.request(flow))
        assert not own.addon(Windows).is_larger(own.exchange(flow))
