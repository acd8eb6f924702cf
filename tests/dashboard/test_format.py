from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from addons.domain.vocabulary import words
from dashboard import format
from dashboard.i18n import speaking


@pytest.mark.parametrize(
    ("count", "text"),
    [(None, "–"), (0, "0"), (950, "950"), (1_000, "1.0k"), (12_345, "12.3k"), (99_960, "100k"), (182_340, "182k"),
     (999_600, "1.00M"), (1_250_000, "1.25M"), (999_995_000, "1.00B"), (46_070_490_000, "46.07B"), (-4_200, "-4.2k")],
)  # fmt: skip
def test_tokens_are_short(count: int | None, text: str) -> None:
    assert format.tokens(count) == text


@pytest.mark.parametrize(
    ("share", "text"), [(None, "–"), (0.0, "0%"), (0.0391, "3.9%"), (0.0996, "10%"), (0.43, "43%"), (1.2, "120%")]
)
def test_shares_are_per_cent(share: float | None, text: str) -> None:
    assert format.percent(share) == text


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        (None, "–"),
        (0, "$0"),
        (0.0268, "$0.0268"),
        (1.5828, "$1.58"),
        (-0.5, "-$0.5000"),
        (99.994, "$99.99"),
        (99.996, "$100"),
        (1234.5, "$1,234"),
    ],
)
def test_money_shows_its_small_change(amount: float | None, text: str) -> None:
    assert format.usd(amount) == text


@pytest.mark.parametrize(
    ("ms", "text"), [(None, "–"), (0.4, "0 ms"), (999, "999 ms"), (1_500, "1.5 s"), (125_000, "2 min 05 s")]
)
def test_durations_take_the_unit_that_reads_best(ms: float | None, text: str) -> None:
    assert format.duration(ms) == text


@pytest.mark.parametrize(
    ("age_ms", "text"),
    [(-5, "0 s ago"), (59_999, "59 s ago"), (60_000, "1 min ago"), (7_300_000, "2 h ago"), (200_000_000, "2 d ago")],
)
def test_ages_take_the_largest_unit(age_ms: int, text: str) -> None:
    assert format.ago(1_000_000_000 - age_ms, 1_000_000_000) == text


@pytest.mark.parametrize(
    ("show", "value", "text"),
    [(format.tokens, 12_345, "12,3 k"), (format.tokens, 4_700_000, "4,70 M"), (format.percent, 0.0391, "3,9 %"),
     (format.usd, 1234.5, "1 234 $"), (format.usd, -0.5, "-0,5000 $"), (format.duration, 1_500, "1,5 s"),
     (format.number, 12_345_678, "12 345 678"), (format.decimal, 0.25, "0,25"), (format.word, "by hand", "à la main")],
    ids=str,
)  # fmt: skip
def test_french_has_its_own_separators(show: Callable[[Any], str], value: object, text: str) -> None:
    """No number is broken between lines: the spaces in it are narrow and do not break."""
    with speaking("fr"):
        assert show(value) == (text if show is format.word else text.replace(" ", "\u202f"))


def test_a_word_that_is_not_ours_stays_as_it_is() -> None:
    with speaking("fr"):
        assert format.word("of a later version") == "of a later version"


def test_an_empty_label_is_replaced() -> None:
    assert format.label("![]()", empty="Unnamed") == "Unnamed"


@pytest.mark.parametrize(
    ("name", "cleaned"),
    [
        pytest.param("see https://evil.example/a.png", "see https evil.example/a.png", id="address"),
        pytest.param("WWW.evil.example", "evil.example", id="address without a scheme"),
        pytest.param("ana@evil.example", "ana evil.example", id="mail"),
        pytest.param(":material/home: and :smile:", "material/home: and smile:", id="icons"),
        pytest.param("_very_ __loud__", "very loud", id="emphasis"),
        pytest.param("a_b/c-d:free at 12:30, claude@20240229", "a_b/c-d:free at 12:30 claude@20240229", id="names"),
    ],
)
def test_a_label_holds_nothing_that_is_drawn_as_something_else(name: str, cleaned: str) -> None:
    assert format.label(name) == cleaned


@given(st.text())
def test_a_label_can_carry_no_markup(name: str) -> None:
    cleaned = format.label(name)
    assert 1 <= len(cleaned) <= 80
    assert not set(cleaned) & set("![]()<>*`$#~|\\&{}\"'\n")


def test_no_recorded_word_is_shown_as_programs_write_it() -> None:
    assert format.word("bad_request") == "bad request"
    assert not [word for word in words() if "_" in format.word(word)]
    with speaking("fr"):
        assert format.word("rate") == "limite de débit"
        assert not [word for word in words() if "_" in format.word(word)]
