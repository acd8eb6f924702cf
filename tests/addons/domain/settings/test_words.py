import pytest

from addons.domain.settings import Settings
from addons.domain.settings.words import texts, title


@pytest.mark.parametrize(
    ("name", "words"), [("keep_recent", "Keep recent"), ("max_wait_s", "Max wait (seconds)"), ("urls", "Urls")]
)
def test_a_title_is_made_from_the_name(name: str, words: str) -> None:
    assert title(name) == words


def test_a_setting_says_its_title_its_help_and_what_it_accepts() -> None:
    found = set(texts(Settings))
    assert {"Masking", "Keep recent", "The latest tool results that `cache-aware` leaves whole."} <= found
    assert "a whole number ≥ 1" in found
    assert "" not in found
