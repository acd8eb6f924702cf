import pytest

from addons.domain.convert.gemini.models import generation, model_path, takes_ids, takes_penalties, wants_signatures


@pytest.mark.parametrize(
    ("model", "number"),
    [
        ("gemini-2.5-pro", 2),
        ("models/gemini-3.1-pro-preview", 3),
        ("gemini-4-argon", 4),
        ("google/gemini-3-flash-preview", 3),
        ("gemini-flash-latest", 3),
        ("gemma-3-27b", 0),
    ],
)
def test_the_generation_is_in_the_name(model: str, number: int) -> None:
    assert generation(model) == number
    assert takes_ids(model) is wants_signatures(model) is (number >= 3)
    assert takes_penalties(model) is (number < 3)


@pytest.mark.parametrize(
    ("model", "path"),
    [
        ("gemini-2.5-pro", "models/gemini-2.5-pro"),
        ("models/gemini-2.5-pro", "models/gemini-2.5-pro"),
        ("gemini/gemini-2.5-pro", "models/gemini-2.5-pro"),
        ("tunedModels/mine", "tunedModels/mine"),
        ("a/../b?c", "models/a%2F..%2Fb%3Fc"),
    ],
)
def test_the_path_names_the_model_and_nothing_else(model: str, path: str) -> None:
    assert model_path(model) == path
