from pathlib import Path

import pytest

from addons.domain.settings import SettingsError
from addons.services.settings_files import load

ACME = '[providers.acme]\nname = "Acme"\nhosts = ["api.acme.test"]\n'


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    (tmp_path / "kimi").mkdir()
    (tmp_path / "base.toml").write_text(ACME, encoding="utf-8")
    return {"KIMI_HOME": str(tmp_path / "kimi"), "KIMI_PROVIDERS": str(tmp_path / "base.toml")}


def test_without_any_variable_the_projects_own_file_is_read(tmp_path: Path) -> None:
    assert "kimi-code" in load({"HOME": str(tmp_path)}).providers


def test_the_file_that_kimi_providers_names_is_read_instead(environ: dict[str, str]) -> None:
    assert list(load(environ).providers) == ["acme"]


def test_the_persons_own_file_is_merged_over_it(environ: dict[str, str]) -> None:
    (Path(environ["KIMI_HOME"]) / "providers.toml").write_text("providers.acme.timeout_s = 7", encoding="utf-8")
    assert load(environ).providers["acme"].timeout_s == 7


def test_a_missing_file_is_told_with_the_variable_that_names_it(environ: dict[str, str], tmp_path: Path) -> None:
    environ["KIMI_PROVIDERS"] = str(tmp_path / "none.toml")
    with pytest.raises(SettingsError) as caught:
        load(environ)
    assert str(caught.value) == (
        f"KIMI_PROVIDERS is '{tmp_path}/none.toml', and there is no such file; expected the path of a providers.toml"
    )


def test_a_mistake_in_the_persons_own_file_names_its_path(environ: dict[str, str]) -> None:
    own = Path(environ["KIMI_HOME"]) / "providers.toml"
    own.write_text("providers.acme.timeout_s = 0", encoding="utf-8")
    with pytest.raises(SettingsError) as caught:
        load(environ)
    assert str(caught.value) == f"{own}: [providers.acme] timeout_s is 0; expected a whole number ≥ 1"


def test_a_file_that_is_not_text_is_told_so(environ: dict[str, str]) -> None:
    Path(environ["KIMI_PROVIDERS"]).write_bytes(b"a = 1\n\xff")
    with pytest.raises(SettingsError, match=r"base\.toml: byte 6 is not UTF-8; expected a text file in UTF-8"):
        load(environ)
