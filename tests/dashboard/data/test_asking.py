import pytest

from dashboard import data
from tests.filled import Filler


def test_an_answer_is_shared_for_a_second(filled_database: Filler) -> None:
    first = data.session_last_active()
    filled_database.blank("s-0000", context_fill=0.5)
    assert data.session_last_active() == first
    data.forget()
    assert data.session_last_active() != first


def test_questions_are_told_apart(filled_database: Filler) -> None:
    assert data.providers() == ["groq", "kimi-code", "mistral", "openrouter"]
    assert [sign.proxy_id for sign in data.proxy_signs()] == ["p-1"]


def test_a_missing_store_is_one_error_and_is_asked_again(own_places: object) -> None:
    for _again in range(2):
        with pytest.raises(data.StoreUnavailable) as problem:
            data.providers()
        assert problem.value.missing
