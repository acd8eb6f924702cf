import pytest

from addons.domain.settings import Quirks, SettingsError, parse

PROVIDER = '[providers.p]\nname = "P"\nhosts = ["p.test"]\n[providers.p.quirks]\n'


def test_a_provider_has_none_unless_they_are_set() -> None:
    text = PROVIDER.replace("[providers.p.quirks]\n", "")
    assert parse([("mine.toml", text)]).providers["p"].quirks == Quirks()


def test_quirks_are_read() -> None:
    text = (
        PROVIDER + 'strip_fields = ["store"]\nrename_fields = { seed = "random_seed" }\ntool_id_pattern = "[a-z]{9}"\n'
    )
    quirks = parse([("mine.toml", text)]).providers["p"].quirks
    assert quirks.strip_fields == ("store",)
    assert dict(quirks.rename_fields) == {"seed": "random_seed"}
    assert quirks.tool_id_pattern == "[a-z]{9}"


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ('tool_id_pattern = "["', r'mine\.toml: \[providers\.p\.quirks\] tool_id_pattern is "\["; expected a regular'),
        ('strip_fields = "store"', r'strip_fields is "store"; expected a list of names'),
        ("most_tools = 0", "most_tools is 0; expected a whole number ≥ 1"),
        ("strip = []", "strip is not a known key; nearest: strip_fields"),
    ],
)
def test_a_mistake_is_told_with_place_value_and_what_is_accepted(line: str, message: str) -> None:
    with pytest.raises(SettingsError, match=message):
        parse([("mine.toml", PROVIDER + line)])
