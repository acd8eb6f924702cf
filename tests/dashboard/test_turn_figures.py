from dataclasses import fields

import pytest

from dashboard import turn_figures
from dashboard.data import TurnRow, Use


def row(**values: object) -> TurnRow:
    usual: dict[str, object] = {field.name: None for field in fields(TurnRow)} | {"composition": {}}
    return TurnRow(**(usual | values))  # type: ignore[arg-type]


def test_the_times_follow_each_other_from_arrival_to_end() -> None:
    bars = turn_figures.times(row(overhead_ms=10.0, rate_wait_ms=90.0, ttfb_ms=1_100.0, duration_ms=3_100.0))
    assert [(bar["part"], bar["took"]) for bar in bars] == [
        ("overhead", 0.01), ("wait", 0.09), ("first", 1.0), ("stream", 2.0),
    ]  # fmt: skip
    assert [bar["start"] for bar in bars[1:]] == [bar["end"] for bar in bars[:-1]]
    assert bars[-1]["end"] == pytest.approx(3.1)


@pytest.mark.parametrize("missing", ["ttfb_ms", "duration_ms"])
def test_without_an_answer_there_are_no_times(missing: str) -> None:
    assert turn_figures.times(row(**({"ttfb_ms": 1.0, "duration_ms": 2.0} | {missing: None}))) == []


def test_times_that_contradict_each_other_are_never_negative() -> None:
    bars = turn_figures.times(row(overhead_ms=50.0, ttfb_ms=10.0, duration_ms=5.0))
    assert all(bar["took"] >= 0 for bar in bars)


def test_each_who_counted_has_a_row() -> None:
    found = turn_figures.usages(row(prompt_tokens_before=900, prompt_tokens_sent=700, usage_source="reported",
                                    prompt_tokens=720, cached_tokens=600, completion_tokens=30))  # fmt: skip
    assert [one["prompt"] for one in found] == [900, 700, 720]
    assert (found[2]["fresh"], found[2]["answer"], found[2]["reasoning"]) == (120, 30, None)
    assert found[0]["cached"] is None


def test_what_nobody_counted_has_none() -> None:
    assert len(turn_figures.usages(row())) == 2
    logged = turn_figures.usages(row(usage_source="logged"))[2]
    assert logged == {"who": "logged"} | dict.fromkeys(("off", "prompt", "cached", "fresh", "answer", "reasoning"))


def test_the_estimate_is_compared_with_what_was_reported_only() -> None:
    known = {"prompt_tokens": 100, "prompt_tokens_sent": 90, "prompt_tokens_calibrated": 99, "logged_prompt_tokens": 70}
    reported = turn_figures.usages(row(usage_source="reported", **known))
    assert [one["off"] for one in reported] == [None, pytest.approx(-10), pytest.approx(-1), pytest.approx(-30), None]
    assert {one["off"] for one in turn_figures.usages(row(usage_source="logged", **known))} == {None}
    assert turn_figures.usages(row(usage_source="reported", prompt_tokens=100))[1]["off"] is None
    rewritten = turn_figures.usages(row(usage_source="reported", masked_tokens_saved=5, **known))
    assert [one["off"] for one in rewritten][3] is None  # the IDE counted what was not sent


def test_parts_are_named_and_add_up() -> None:
    found = turn_figures.parts(row(composition={"system": 10, "tools": 0, "new": 30}))
    assert [(one["part"], one["tokens"], one["share"]) for one in found] == [
        ("System", 10, 25.0),
        ("This turn", 30, 75.0),
    ]
    assert turn_figures.parts(row()) == []


def test_the_largest_saving_comes_first() -> None:
    def use(after: int) -> tuple[Use, str, str, str]:
        made = Use(session_id="s", tag="k1:0", reason="cold", tokens_before=100, tokens_after=after, decided_at_ms=0,
                   digest="")  # fmt: skip
        return made, "", "", ""

    assert [one[0].tokens_after for one in turn_figures.by_saving([use(50), use(10), use(90)])] == [10, 50, 90]
