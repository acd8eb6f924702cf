"""Continue's configuration as far as it decides which way a request goes. Keys are never read out of it."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from addons.domain.errors import UserError

NAMES = ("config.yaml", "config.yml", "config.json")
"""The newest form first; Continue reads the first that it finds."""
EXPECTED = "expected a mapping with a list `models`, as Continue writes it"


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestOptions:
    """What Continue takes for its connections, keys as in its own documentation."""

    proxy: str = ""
    no_proxy: tuple[str, ...] = ()
    ca_bundle: bool = False
    verify_ssl: bool = True
    client_certificate: bool = False

    def over(self, common: "RequestOptions") -> "RequestOptions":
        """Those of a model over those of the whole file, as the IDEs merge them."""
        return RequestOptions(
            proxy=self.proxy or common.proxy,
            no_proxy=self.no_proxy or common.no_proxy,
            ca_bundle=self.ca_bundle or common.ca_bundle,
            verify_ssl=self.verify_ssl and common.verify_ssl,
            client_certificate=self.client_certificate or common.client_certificate,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfiguredModel:
    name: str
    provider: str
    """Continue's own word: which of its adapters is used."""
    model: str
    api_base: str = ""
    context_length: int | None = None
    """Tokens, as set; None: Continue guesses by the model's name."""
    has_tools: bool | None = None
    """Whether `capabilities` lists tool_use; None: it says nothing."""
    options: RequestOptions = RequestOptions()
    """Of this model alone."""


@dataclass(frozen=True, slots=True)
class Configuration:
    path: Path
    models: tuple[ConfiguredModel, ...]
    options: RequestOptions = RequestOptions()
    """Of the whole file; `cn` ignores them."""
    is_legacy: bool = False


def found(folder: Path) -> Path | None:
    return next((folder / name for name in NAMES if (folder / name).is_file()), None)


def load(path: Path) -> Configuration:
    """:raises UserError: if it cannot be read; the text is not repeated, because it may hold a key."""
    try:
        text = path.read_text(encoding="utf-8")
        tree = json.loads(text) if path.suffix == ".json" else YAML(typ="safe", pure=True).load(text)
    except OSError as error:
        raise UserError(f"{path} cannot be read: {error.strerror}") from error
    except (UnicodeDecodeError, RecursionError) as error:
        raise UserError(f"{path} cannot be read as text in UTF-8; {EXPECTED}") from error
    except json.JSONDecodeError as error:
        raise UserError(f"{path}, line {error.lineno}: no valid JSON; {EXPECTED}") from error
    except YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f", line {mark.line + 1}" if mark else ""
        raise UserError(f"{path}{where}: no valid YAML; {EXPECTED}") from error
    if not isinstance(tree, dict):
        raise UserError(f"{path}: {EXPECTED}")
    return Configuration(path, tuple(_models(tree)), _options(tree), is_legacy=path.suffix == ".json")


def _models(tree: Mapping[str, Any]) -> Iterator[ConfiguredModel]:
    listed = tree.get("models")
    entries = [*listed] if isinstance(listed, list) else []
    # The legacy form names these apart.
    for key in ("tabAutocompleteModel", "embeddingsProvider", "reranker"):
        value = tree.get(key)
        entries += value if isinstance(value, list) else [value]
    for entry in entries:
        if isinstance(entry, dict) and entry.get("provider"):
            yield _model(entry)


def _model(entry: Mapping[str, Any]) -> ConfiguredModel:
    completion = entry.get("defaultCompletionOptions")
    length = (completion.get("contextLength") if isinstance(completion, dict) else None) or entry.get("contextLength")
    model = str(entry.get("model") or "")
    return ConfiguredModel(
        name=str(entry.get("name") or entry.get("title") or model or entry["provider"]),
        provider=str(entry["provider"]).lower(),
        model=model,
        api_base=str(entry.get("apiBase") or ""),
        context_length=length if isinstance(length, int) and not isinstance(length, bool) else None,
        has_tools=_tools(entry.get("capabilities")),
        options=_options(entry),
    )


def _tools(capabilities: object) -> bool | None:
    """A list of words in config.yaml, `{"tools": true}` in config.json."""
    if isinstance(capabilities, list):
        return "tool_use" in capabilities
    if isinstance(capabilities, dict) and "tools" in capabilities:
        return bool(capabilities["tools"])
    return None


def _options(entry: Mapping[str, Any]) -> RequestOptions:
    found = entry.get("requestOptions")
    options = found if isinstance(found, dict) else {}
    listed = options.get("noProxy")
    return RequestOptions(
        proxy=str(options.get("proxy") or ""),
        no_proxy=tuple(map(str, listed)) if isinstance(listed, list) else (),
        ca_bundle=bool(options.get("caBundlePath")),
        verify_ssl=options.get("verifySsl") is not False,
        client_certificate=bool(options.get("clientCertificate")),
    )
