"""Each thing in Continue's configuration that will bite, and the line that puts it right."""

import os
from pathlib import Path
from typing import Any

import pytest

from addons.cli.checks import continue_rules
from addons.cli.checks.continue_config import Configuration, ConfiguredModel, RequestOptions
from addons.cli.checks.finding import Finding, Level
from addons.cli.checks.ways import Situation
from addons.cli.programs import Ports
from addons.services import settings_files

SETTINGS = settings_files.load(os.environ)
OURS = "http://127.0.0.1:8080"
GATEWAY = "http://127.0.0.1:8788"
PATH = Path("config.yaml")


def model(**fields: Any) -> ConfiguredModel:
    """Kimi at the gateway, with nothing to complain of."""
    usual: dict[str, Any] = {
        "name": "M",
        "provider": "openai",
        "model": "kimi-for-coding",
        "api_base": f"{GATEWAY}/kimi-code",
        "context_length": 262_144,
        "has_tools": True,
    }
    return ConfiguredModel(**(usual | fields))


def findings(
    *models: ConfiguredModel,
    common: RequestOptions | None = None,
    environ: dict[str, str] | None = None,
    windows: dict[tuple[str, str], int] | None = None,
    legacy: bool = False,
) -> list[Finding]:
    situation = Situation(SETTINGS, Ports(), environ or {}, windows or {})
    configuration = Configuration(PATH, models, common or RequestOptions(), is_legacy=legacy)
    return list(continue_rules.findings(configuration, situation))


def test_a_model_at_the_gateway_needs_nothing() -> None:
    (only,) = findings(model())
    assert only == Finding(Level.FINE, "config.yaml: 1 models, 1 to the gateway")


def test_through_the_proxy_is_as_good() -> None:
    (only,) = findings(model(api_base="https://api.kimi.com/coding/v1"), environ={"HTTPS_PROXY": OURS})
    assert only.what.endswith("1 through the proxy")


KIMI = "https://api.kimi.com/coding/v1"
PROXIED = {"HTTPS_PROXY": OURS}
WRONG, NOTE = Level.WRONG, Level.NOTE


@pytest.mark.parametrize(
    ("fields", "environ", "level", "said", "line"),
    [
        ({"api_base": KIMI, "options": RequestOptions(proxy="127.0.0.1:8080")}, {}, WRONG,
         'requestOptions.proxy is "127.0.0.1:8080"', f"  proxy: {OURS}"),
        ({"api_base": KIMI, "options": RequestOptions(proxy="http://me:pw@corp:3128")}, {}, NOTE,
         "another proxy (http://…@corp:3128)", f"  proxy: {OURS}"),
        ({"api_base": KIMI}, {}, NOTE, "only if the client was started with",
         f"apiBase: {GATEWAY}/kimi-code"),
        ({"api_base": KIMI}, PROXIED | {"NO_PROXY": "x,.kimi.com"}, WRONG, '".kimi.com" in noProxy or NO_PROXY',
         f"apiBase: {GATEWAY}/kimi-code"),
        ({"api_base": KIMI, "options": RequestOptions(proxy=OURS, no_proxy=("api.kimi.com",))}, {}, WRONG,
         '"api.kimi.com" in noProxy', f"apiBase: {GATEWAY}/kimi-code"),
        ({"api_base": "127.0.0.1:8788/kimi-code"}, {}, WRONG, "expected a full URL", f"apiBase: {GATEWAY}/"),
        ({"api_base": f"{GATEWAY}/kimi"}, {}, WRONG, "names no provider", f"apiBase: {GATEWAY}/"),
        ({"api_base": "http://localhost:9999/mistral", "model": "x"}, {}, WRONG, "leads to port 9999",
         f"apiBase: {GATEWAY}/mistral"),
        ({"api_base": "https://api.other.example/v2", "model": "x"}, {}, NOTE, "is not in providers.toml",
         "[providers.other]"),
        ({"provider": "gemini", "model": "gemini-2.5-pro", "api_base": "", "context_length": 1_048_576}, PROXIED, WRONG,
         "Gemini's library ignores", f"apiBase: {GATEWAY}/gemini-openai"),
        ({"api_base": KIMI, "options": RequestOptions(ca_bundle=True, verify_ssl=False)}, PROXIED, NOTE,
         "caBundlePath and verifySsl: false has no effect", "NODE_EXTRA_CA_CERTS"),
        ({"has_tools": None}, {}, WRONG, "no native tools", "capabilities: [tool_use]"),
        ({"provider": "moonshot", "api_base": f"{GATEWAY}/moonshot", "model": "kimi-k2.5"}, {}, NOTE,
         "goes to api.moonshot.cn", "autocomplete"),
        ({"provider": "mistral", "model": "m", "api_base": ""}, PROXIED, NOTE, "past any proxy",
         f"apiBase: {GATEWAY}/mistral"),
        ({"provider": "siliconflow", "model": "m", "api_base": ""}, PROXIED, NOTE, "Failed to initialize LLM",
         f"apiBase: {GATEWAY}/siliconflow"),
        ({"context_length": None}, {}, NOTE, "no contextLength", "  contextLength: 262144"),
        ({"context_length": 1_000_000}, {}, WRONG, "contextLength is 1,000,000, but", "  contextLength: 262144"),
        ({"context_length": 32_768}, {}, NOTE, "drops the oldest", "  contextLength: 262144"),
    ],
    ids=["proxy without scheme", "another proxy", "no proxy known", "NO_PROXY", "noProxy", "apiBase without scheme",
         "no such provider at the gateway", "another port", "unknown host", "gemini", "caBundlePath behind a proxy",
         "kimi without tools", "moonshot", "mistral", "siliconflow", "no context length", "too long", "too short"],
)  # fmt: skip
def test_what_bites_is_named_with_the_line_that_puts_it_right(
    fields: dict[str, Any], environ: dict[str, str], level: Level, said: str, line: str
) -> None:
    found = [finding for finding in findings(model(**fields), environ=environ) if said in finding.what]
    assert [finding.level for finding in found] == [level]
    assert line in found[0].advice


def test_what_a_provider_told_of_its_window_goes_before_the_settings() -> None:
    found = findings(model(), windows={("kimi-code", "kimi-for-coding"): 131_072})
    assert any("takes 131,072 tokens" in finding.what for finding in found)


def test_gemini_at_the_gateway_by_its_own_variable_is_fine() -> None:
    gemini = model(provider="gemini", model="gemini-2.5-pro", api_base="", context_length=1_048_576)
    found = findings(gemini, environ={"GOOGLE_GEMINI_BASE_URL": f"{GATEWAY}/gemini"})
    assert {finding.level for finding in found} == {Level.FINE}


def test_options_of_the_whole_file_are_told_once() -> None:
    common = RequestOptions(proxy=OURS, ca_bundle=True)
    found = findings(*(model(name=name, api_base=KIMI) for name in "ABC"), common=common)
    assert sum("no effect" in finding.what for finding in found) == 1
    assert sum("cn ignores them" in finding.what for finding in found) == 1


def test_the_old_form_and_an_empty_one_are_told() -> None:
    assert "old form" in findings(model(), legacy=True)[0].what
    assert "no model of its own" in findings()[0].what


def test_a_model_on_this_machine_is_nobodys_business() -> None:
    (only,) = findings(model(provider="ollama", model="qwen", api_base="http://localhost:11434", has_tools=None))
    assert only.what.endswith("1 local")
