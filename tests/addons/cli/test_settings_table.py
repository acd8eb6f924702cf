"""The table of settings: every field once, with what it accepts, its default and its meaning."""

from addons.cli.settings_table import rows, settings_table


def test_tables_are_walked_into() -> None:
    paths = [row.path for row in rows()]
    assert "providers.KEY.limits.requests_per_minute" in paths
    assert 'providers.KEY.models."MODEL".price.input' in paths
    assert len(paths) == len(set(paths))


def test_a_default_is_written_as_in_toml() -> None:
    defaults = {row.path: row.default for row in rows()}
    assert defaults["providers.KEY.wire"] == '"openai"'
    assert defaults["providers.KEY.cache.automatic"] == "true"
    assert defaults["providers.KEY.limits.requests_per_minute"] == ""


def test_every_line_has_four_cells() -> None:
    lines = settings_table().splitlines()
    assert all(line.replace("\\|", "").count("|") == 5 for line in lines)
