"""What mitmproxy is told, and what it does while there are no settings."""

import logging
import re
from pathlib import Path

import pytest

from addons.domain import places
from addons.hooks.configuration import REQUIRED, Configuration
from tests.addons.hooks.conftest import MakeOwn
from tests.addons.hooks.own import Own, flow_to


def intercepts(own: Own, host: str) -> bool:
    return any(re.search(pattern, host, re.IGNORECASE) for pattern in own.context.options.allow_hosts)


class TestConfiguration:
    def test_tls_is_opened_for_the_providers_alone(self, own: Own) -> None:
        assert intercepts(own, "llm.acme.test:443")
        assert intercepts(own, "gem.test:8443")
        for other in ("example.org:443", "evil-llm.acme.test:443", "llm.acme.test.evil.org:443", "llmxacme.test:443"):
            assert not intercepts(own, other)

    @pytest.mark.parametrize(("name", "value"), REQUIRED.items(), ids=REQUIRED)
    def test_options_that_would_be_unsafe_otherwise_are_set(self, own: Own, name: str, value: object) -> None:
        assert getattr(own.context.options, name) == value

    @pytest.mark.parametrize("text", ["x = ", "providers = 3\n", ""], ids=["not TOML", "not a table", "nothing"])
    def test_settings_that_cannot_be_used_are_one_logged_error(
        self, make_own: MakeOwn, caplog: pytest.LogCaptureFixture, text: str
    ) -> None:
        make_own(providers=text)
        errors = [record.getMessage() for record in caplog.records if record.levelno >= logging.ERROR]
        assert len(errors) == 1
        assert "providers.toml" in errors[0]

    @pytest.mark.parametrize("text", ["x = ", "[providers]\n"], ids=["no settings", "no providers"])
    def test_without_providers_nothing_is_intercepted(self, make_own: MakeOwn, text: str) -> None:
        own = make_own(providers=text)
        assert own.context.options.allow_hosts  # to mitmproxy an empty list means every host
        for host in ("llm.acme.test:443", "", ":443", "a\n"):
            assert not intercepts(own, host)

    def test_without_settings_a_plain_request_passes(self, make_own: MakeOwn) -> None:
        own = make_own(providers="x = ")
        flow = flow_to("llm.acme.test", "/v1/chat/completions", b"{}", scheme="http")
        assert own.run(own.request(flow)) == b"{}"
        assert flow.request.stream

    def test_settings_that_cannot_be_used_leave_those_in_use(self, own: Own, tmp_path: Path) -> None:
        before = own.configuration.settings
        bad = tmp_path / "bad.toml"
        bad.write_text("x = ")
        own.context.options.update(kimi_providers=str(bad))
        assert own.configuration.settings is before
        assert intercepts(own, "llm.acme.test:443")

    def test_an_option_of_somebody_elses_reads_nothing_again(self, own: Own) -> None:
        before = own.configuration.settings
        own.context.options.update(ssl_insecure=True)
        assert own.configuration.settings is before

    def test_the_database_is_the_options_else_the_environments(self, own: Own, tmp_path: Path) -> None:
        assert own.configuration.database_url == f"sqlite:///{tmp_path / 'sessions.db'}"
        own.context.options.update(kimi_database="sqlite:///elsewhere.db")
        assert own.configuration.database_url == "sqlite:///elsewhere.db"

    def test_a_confdir_that_the_person_chose_is_kept(self, own: Own, tmp_path: Path) -> None:
        assert own.context.options.confdir == str(tmp_path)

    def test_without_one_our_own_authority_is_made(self, own: Own, tmp_path: Path) -> None:
        own.context.options.update(confdir=own.context.options.default("confdir"))
        own.configuration._use_own_authority()
        folder = places.authority_dir({"KIMI_HOME": str(tmp_path / "kimi")})
        assert own.context.options.confdir == str(folder)
        assert (folder / "mitmproxy-ca.pem").exists()

    def test_the_environment_is_copied(self) -> None:
        environ = {"KIMI_PROVIDERS": "a"}
        configuration = Configuration(environ)
        configuration.environ["KIMI_PROVIDERS"] = "b"
        assert environ == {"KIMI_PROVIDERS": "a"}
