"""Continue's configuration, in both forms, whole and broken; a key never comes out of it."""

import json
from pathlib import Path

import pytest

from addons.cli.checks import continue_config
from addons.cli.checks.continue_config import ConfiguredModel, RequestOptions
from addons.domain.errors import UserError

KEY = "sk-kimi-abcdefghijklmnop1234567890"
YAML = f"""
name: Mine
requestOptions: &common
  proxy: http://127.0.0.1:8080
models:
  - name: Kimi
    provider: OpenAI
    model: kimi-for-coding
    apiBase: http://127.0.0.1:8788/kimi-code
    apiKey: {KEY}
    capabilities: [tool_use, image_input]
    defaultCompletionOptions: {{contextLength: 262144}}
    requestOptions:
      verifySsl: false
      caBundlePath: [a.pem, b.pem]
      noProxy: ["*.kimi.com"]
      headers: {{Authorization: Bearer {KEY}}}
  - uses: mistral/codestral
  - provider: groq
    model: llama
    apiKey: ${{{{ secrets.GROQ }}}}
    requestOptions: *common
"""


def loaded(tmp_path: Path, name: str, text: str) -> continue_config.Configuration:
    path = tmp_path / name
    path.write_text(text)
    return continue_config.load(path)


def test_the_yaml_form_is_read_without_its_keys(tmp_path: Path) -> None:
    found = loaded(tmp_path, "config.yaml", YAML)
    assert found.options == RequestOptions(proxy="http://127.0.0.1:8080")
    first, second = found.models
    assert first == ConfiguredModel(
        name="Kimi",
        provider="openai",
        model="kimi-for-coding",
        api_base="http://127.0.0.1:8788/kimi-code",
        context_length=262_144,
        has_tools=True,
        options=RequestOptions(ca_bundle=True, verify_ssl=False, no_proxy=("*.kimi.com",)),
    )
    assert (second.name, second.has_tools, second.options.proxy) == ("llama", None, "http://127.0.0.1:8080")
    assert KEY not in repr(found)


def test_the_legacy_form_names_some_models_apart(tmp_path: Path) -> None:
    tree = {
        "models": [{"title": "A", "provider": "openai", "model": "kimi-k2", "contextLength": 1000, "apiKey": KEY}],
        "tabAutocompleteModel": {"title": "Tab", "provider": "mistral", "model": "codestral"},
        "embeddingsProvider": {"provider": "gemini", "model": "e", "capabilities": {"tools": False}},
    }
    found = loaded(tmp_path, "config.json", json.dumps(tree))
    assert found.is_legacy and KEY not in repr(found)
    assert [(model.name, model.context_length, model.has_tools) for model in found.models] == [
        ("A", 1000, None),
        ("Tab", None, None),
        ("e", None, False),
    ]


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("config.yaml", f"models:\n  - name: [\n    apiKey: {KEY}", "no valid YAML"),
        ("config.yaml", "- a\n- b\n", "expected a mapping"),
        ("config.yaml", "", "expected a mapping"),
        ("config.json", f'{{"apiKey": "{KEY}"', "line 1: no valid JSON"),
    ],
    ids=["broken", "a list", "empty", "broken JSON"],
)
def test_what_cannot_be_read_is_said_without_its_text(tmp_path: Path, name: str, text: str, said: str) -> None:
    with pytest.raises(UserError, match=said) as caught:
        loaded(tmp_path, name, text)
    assert KEY not in str(caught.value)


@pytest.mark.parametrize(
    "text",
    ["models: 3", "models: [1, x, {}]", "models: [{provider: a, requestOptions: 3, capabilities: 1}]", "x: 1"],
)
def test_surprising_shapes_are_no_error(tmp_path: Path, text: str) -> None:
    assert len(loaded(tmp_path, "config.yaml", text).models) == text.count("provider")


def test_yaml_goes_before_json(tmp_path: Path) -> None:
    assert continue_config.found(tmp_path) is None
    (tmp_path / "config.json").write_text("{}")
    assert continue_config.found(tmp_path) == tmp_path / "config.json"
    (tmp_path / "config.yaml").write_text("{}")
    assert continue_config.found(tmp_path) == tmp_path / "config.yaml"
