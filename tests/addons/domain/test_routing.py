"""Which model takes a request."""

from typing import Any

import pytest

from addons.domain.routing import Known, Need, choose, fill, is_due, ruled
from addons.domain.settings import Settings, parse

PROVIDERS = """
[providers.acme]
name = "Acme"
hosts = ["acme.test"]
[providers.acme.models]
tiny = { context_window = 8000 }
small = { context_window = 32000 }
old = { context_window = 64000, routable = false }
"any-*" = { context_window = 64000 }
dear = { context_window = 128000, price = { input = 5 } }
cheap = { context_window = 128000, price = { input = 1 } }
huge = { context_window = 1000000, price = { input = 9 } }
[providers.other]
name = "Other"
hosts = ["other.test"]
[providers.other.models]
wide = { context_window = 2000000, price = { input = 2 } }
roomy = { context_window = 1900000, price = { input = 1 } }
[routing]
"""


def settings(more: str = "") -> Settings:
    return parse([("providers.toml", PROVIDERS + more)])


def need(tokens: int, model: str = "small", **fields: Any) -> Need:
    return Need(tokens=tokens, provider="acme", model=model, keeps_credentials=frozenset({"acme"}), **fields)


def chosen(tokens: int, more: str = "", known: Known | None = None, **fields: Any) -> list[str]:
    found = choose(need(tokens, **fields), settings(more), known or Known())
    return [f"{route.provider}/{route.model}" for route in found]


class TestDue:
    @pytest.mark.parametrize(
        ("tokens", "fields", "due"),
        [
            pytest.param(28_799, {}, False, id="below 90 %"),
            pytest.param(28_800, {}, True, id="at 90 %"),
            pytest.param(20_000, {"max_output": 13_000}, True, id="no room for the answer"),
            pytest.param(20_000, {"max_output": 32_000}, False, id="an output nobody can need"),
            pytest.param(10**6, {"model": "unheard-of"}, False, id="nothing known of the window"),
        ],
    )
    def test_a_request_outgrows_its_model(self, tokens: int, fields: dict[str, Any], due: bool) -> None:
        assert is_due(need(tokens, **fields), settings(), Known()) is due

    def test_the_models_own_count_decides(self) -> None:
        known = Known(factor=lambda provider, model: 1.2)
        assert is_due(need(24_000), settings(), known)
        assert fill(need(24_000), settings(), known) == pytest.approx(0.9)

    def test_the_window_that_the_provider_told_goes_before_the_settings(self) -> None:
        assert is_due(need(9_000), settings(), Known(windows={("acme", "small"): 10_000}))
        assert not is_due(need(30_000), settings(), Known(windows={("acme", "small"): 64_000}))

    def test_switched_off_nothing_is_due(self) -> None:
        assert not is_due(need(31_000), settings("enabled = false"), Known())


class TestChoose:
    def test_the_smallest_larger_model_first_and_the_cheaper_of_two_alike(self) -> None:
        assert chosen(30_000) == ["acme/cheap", "acme/dear", "acme/huge"]

    def test_only_models_that_it_fits(self) -> None:
        assert chosen(116_000) == ["acme/huge"]
        assert chosen(950_000) == []

    def test_a_request_that_fits_stays(self) -> None:
        assert chosen(20_000) == []

    def test_the_faster_of_two_alike(self) -> None:
        known = Known(latencies_ms={("acme", "dear"): 100.0, ("acme", "cheap"): 20_000.0})
        weights = "weights = { latency = 1.0, price = 0.1 }"
        assert chosen(30_000, weights, known)[0] == "acme/dear"

    def test_then_what_is_listed_and_has_a_key(self) -> None:
        listed = 'fallback = ["other/wide", "other/roomy"]'
        assert chosen(950_000, listed) == []
        assert chosen(950_000, listed, Known(keys={"other"})) == ["other/roomy", "other/wide"]

    def test_the_reason_names_fill_and_model(self) -> None:
        route = next(choose(need(29_440), settings(), Known()))
        assert route.reason == "acme/small is 92% full; cheap takes 128,000 tokens"


class TestRules:
    @pytest.mark.parametrize(
        ("rules", "expected"),
        [
            pytest.param('"small" = "other/wide"', ("other", "wide"), id="by model"),
            pytest.param('"small" = "other/wide"\n"acme/small" = "acme/huge"', ("acme", "huge"), id="its own first"),
            pytest.param('"small" = "acme/small"', None, id="to itself"),
            pytest.param('"tiny" = "acme/huge"', None, id="another's"),
        ],
    )
    def test_a_rule_names_the_target(self, rules: str, expected: tuple[str, str] | None) -> None:
        route = ruled("acme", "small", settings(f"[routing.rules]\n{rules}\n"))
        assert (route and (route.provider, route.model)) == expected
