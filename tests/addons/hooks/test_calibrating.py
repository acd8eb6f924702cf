"""How a model counts, learned from its answers."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from addons.domain.calibration import Calibration
from addons.domain.completion import Completion
from addons.hooks.calibrating import Calibrating
from db.engine import writer
from db.schema import upgrade
from db.writing import write
from tests.addons.hooks.own import NOW_S, Own, chat, stream_of

MakeOwn = Callable[..., Own]
LONG = {"role": "user", "content": "word " * 2_000}


def answered(own: Own, reported: int | None, messages: list[Any] | None = None, status: int = 200) -> Completion:
    """One call; its row."""
    flow = chat(messages or [LONG])
    own.run(own.request(flow))
    usage = {"prompt_tokens": reported, "completion_tokens": 1} if reported is not None else None
    own.run(own.answer(flow, stream_of("Done.", usage=usage), status))
    return own.records.of(Completion)[-1]


class TestCalibrating:
    def test_the_next_estimate_is_nearer_to_what_is_reported(self, own: Own) -> None:
        first = answered(own, 3_000)
        assert first.prompt_tokens_sent is not None
        assert first.prompt_tokens_calibrated == first.prompt_tokens_sent < 2_100
        for _ in range(30):
            last = answered(own, 3_000)
        assert last.prompt_tokens_calibrated == pytest.approx(3_000, rel=0.05)
        assert last.prompt_tokens_sent == first.prompt_tokens_sent
        learned = own.records.of(Calibration)
        assert len(learned) == 31
        assert (learned[-1].provider, learned[-1].model, learned[-1].observations) == ("acme", "large", 31)

    def test_the_fill_of_an_unreported_prompt_is_calibrated(self, own: Own) -> None:
        for _ in range(30):
            answered(own, 3_000)
        row = answered(own, None)
        assert row.context_fill == pytest.approx(3_000 / 200_000, rel=0.05)
        assert row.prompt_tokens == row.prompt_tokens_sent

    @pytest.mark.parametrize(
        ("reported", "messages", "status"),
        [
            pytest.param(None, [LONG], 200, id="nothing reported"),
            pytest.param(3_000, [LONG], 500, id="an error"),
            pytest.param(30, [{"role": "user", "content": "Hi"}], 200, id="too short"),
            pytest.param(
                3_000,
                [LONG, {"role": "user", "content": [{"type": "image_url", "image_url": {"url": "data:"}}]}],
                200,
                id="an image",
            ),
        ],
    )
    def test_what_tells_nothing_teaches_nothing(
        self, own: Own, reported: int | None, messages: list[Any], status: int
    ) -> None:
        answered(own, reported, messages, status)
        assert own.records.of(Calibration) == []

    def test_what_was_learned_holds_after_a_restart(self, make_own: MakeOwn, tmp_path: Path) -> None:
        known = Calibration(provider="acme", model="large", ratio=1.5, observations=9, updated_at_ms=int(NOW_S * 1000))
        own = make_own()
        engine = writer(own.configuration.database_url)
        upgrade(engine)
        with engine.begin() as tx:
            write(tx, [known], "p-1")
        engine.dispose()
        own.addon(Calibrating).running()
        row = answered(own, None)
        assert row.prompt_tokens_sent is not None
        assert row.prompt_tokens_calibrated == round(row.prompt_tokens_sent * 1.5)
