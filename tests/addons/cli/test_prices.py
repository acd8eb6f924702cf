import json
from datetime import date
from pathlib import Path

import pytest

from addons.cli import __main__ as cli
from addons.cli.prices import price_rows
from addons.domain.errors import UserError
from addons.domain.settings import parse

TEXT = """
[providers.acme]
name = "Acme"
hosts = ["api.acme.test"]
[providers.acme.models]
"a/[b]" = { context_window = 9, price = { input = 1, output = 2.5 }, price_source = "list", price_date = 2026-01-01 }
long = { price = { input = 1 }, price_over_200k = { input = 2 } }
[providers.other]
name = "Other"
hosts = ["api.other.test"]
models.x = {}
"""


@pytest.fixture(autouse=True)
def providers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "providers.toml"
    path.write_text(TEXT, encoding="utf-8")
    monkeypatch.setenv("KIMI_PROVIDERS", str(path))


def test_a_row_says_the_price_its_source_and_its_age() -> None:
    first, *_ = price_rows(parse([("p", TEXT)]), None, date(2026, 1, 31))
    assert first == {
        "provider": "acme",
        "model": "a/[b]",
        "context_window": 9,
        "prompt_tokens_over": None,
        "input_usd_per_million": 1.0,
        "cached_usd_per_million": None,
        "output_usd_per_million": 2.5,
        "source": "list",
        "date": "2026-01-01",
        "age_days": 30,
        "note": None,
    }


def test_a_price_for_long_prompts_is_a_row_of_its_own() -> None:
    rows = list(price_rows(parse([("p", TEXT)]), "acme", date(2026, 1, 31)))
    assert [(row["model"], row["prompt_tokens_over"], row["input_usd_per_million"]) for row in rows] == [
        ("a/[b]", None, 1.0),
        ("long", None, 1.0),
        ("long", 200_000, 2.0),
    ]


def test_an_unknown_provider_is_told_with_the_known_ones() -> None:
    with pytest.raises(UserError) as caught:
        list(price_rows(parse([("p", TEXT)]), "none", date(2026, 1, 31)))
    assert str(caught.value) == "--provider is 'none'; expected one of: acme, other"


def test_the_table_shows_every_model(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["prices"]) == 0
    shown = capsys.readouterr().out
    for text in ("acme", "a/[b]", "long, prompt over 200000", "other", "list 2026-01-01", "2.5"):
        assert text in shown


def test_json_has_one_object_a_row(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["prices", "--json", "--provider", "other"]) == 0
    assert [row["model"] for row in json.loads(capsys.readouterr().out)] == ["x"]
