"""Files and changes together."""

import logging
from pathlib import Path

import pytest

from addons.domain.settings import SettingsError
from addons.services.live_settings import LiveSettings

ACME = '[providers.acme]\nname = "Acme"\nhosts = ["api.acme.test"]\n'


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "base.toml"
    path.write_text(ACME, encoding="utf-8")
    return path


@pytest.fixture
def live(file: Path, tmp_path: Path) -> LiveSettings:
    made = LiveSettings({"KIMI_HOME": str(tmp_path / "kimi"), "KIMI_PROVIDERS": str(file)})
    made.reload()
    return made


def test_the_files_are_those_of_the_project_and_the_person(live: LiveSettings, file: Path, tmp_path: Path) -> None:
    assert live.files == (file, tmp_path / "kimi" / "providers.toml")


def test_reading_again_tells_whether_anything_is_new(live: LiveSettings, file: Path) -> None:
    before = live.current
    assert live.reload() is False
    assert live.current is before
    file.write_text(ACME + "timeout_s = 7\n", encoding="utf-8")
    assert live.reload() is True
    assert live.current.providers["acme"].timeout_s == 7


@pytest.mark.parametrize("text", ["x =", "providers = 3", None], ids=["not TOML", "not settings", "no file"])
def test_files_that_cannot_be_used_change_nothing(live: LiveSettings, file: Path, text: str | None) -> None:
    before = live.current
    file.unlink() if text is None else file.write_text(text, encoding="utf-8")
    with pytest.raises(SettingsError):
        live.reload()
    assert live.current is before
    file.write_text(ACME, encoding="utf-8")
    assert live.reload() is False


def test_changes_last_when_the_files_are_read_again(live: LiveSettings, file: Path) -> None:
    assert live.change({"masking.policy": "off", "masking.keep_recent": 4}) == {}
    file.write_text(ACME + "[masking]\nkeep_recent = 7\nleast_tokens = 70\n", encoding="utf-8")
    live.reload()
    masking = live.current.masking
    assert (masking.policy, masking.keep_recent, masking.least_tokens) == ("off", 4, 70)


def test_none_gives_way_to_what_the_files_say(live: LiveSettings) -> None:
    live.change({"masking.keep_recent": 4})
    assert live.change({"masking.keep_recent": None, "masking.policy": None}) == {}
    assert live.current.masking.keep_recent == 1


def test_a_bad_value_leaves_the_good_one_before_it(live: LiveSettings) -> None:
    live.change({"masking.keep_recent": 4})
    errors = live.change({"masking.keep_recent": -1, "masking.policy": "always", "masking.pressure": "x"})
    assert set(errors) == {"masking.keep_recent", "masking.pressure"}
    assert (live.current.masking.keep_recent, live.current.masking.policy) == (4, "always")
    assert live.change({"masking.policy": "off"}) == {}
    assert live.current.masking.keep_recent == 4


def test_a_change_that_no_longer_fits_the_files_waits_until_it_does(
    live: LiveSettings, file: Path, caplog: pytest.LogCaptureFixture
) -> None:
    live.change({"providers.acme.timeout_s": 9, "masking.policy": "off"})
    file.write_text(ACME.replace("acme]", "other]"), encoding="utf-8")
    with caplog.at_level(logging.WARNING):
        live.reload()
    assert (list(live.current.providers), live.current.masking.policy) == (["other"], "off")
    assert "does not fit the files any more: dashboard: [providers.acme] name is missing" in caplog.text
    file.write_text(ACME, encoding="utf-8")
    live.reload()
    assert live.current.providers["acme"].timeout_s == 9
