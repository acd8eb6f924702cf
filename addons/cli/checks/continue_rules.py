"""What in Continue's configuration will bite: one rule a function, all pure; see RULES."""

from collections.abc import Callable, Iterator

from addons.cli.checks.continue_config import Configuration, ConfiguredModel, RequestOptions
from addons.cli.checks.finding import Finding, fine, note, wrong
from addons.cli.checks.ways import Course, Situation, Way, bypassing, course, has_scheme, names, port_of

Rule = Callable[[Course, Situation], Iterator[Finding]]

EARLY = 0.5
"""Of the true window: a `contextLength` below this share cuts a history long before it is full."""
NATIVE_TOOLS = ("gpt-", "o1", "o3", "o4", "codex", "exaone", "gpt-oss", "gemma")
"""Beginnings of the model names to which Continue's `provider: openai` gives tools by itself."""


def findings(configuration: Configuration, situation: Situation) -> Iterator[Finding]:
    courses = [course(model, configuration.options, situation) for model in configuration.models]
    yield from _overview(configuration, courses)
    for each in courses:
        for rule in RULES:
            yield from rule(each, situation)
    yield from _common_options(configuration, courses)


def _overview(configuration: Configuration, courses: list[Course]) -> Iterator[Finding]:
    if configuration.is_legacy:
        yield note(
            f"{configuration.path} is Continue's old form; it is read only as long as there is no config.yaml",
            "In the IDE: open Continue's settings, Configs, and convert it to config.yaml.",
        )
    if not courses:
        yield note(
            f"{configuration.path} names no model of its own",
            "Models that come from Continue's hub are not seen here; see ./just up for what to set.",
        )
        return
    count = {way: sum(each.way is way for each in courses) for way in Way}
    parts = {Way.GATEWAY: "to the gateway", Way.PROXY: "through the proxy", Way.PAST: "past both", Way.LOCAL: "local"}
    said = ", ".join(f"{count[way]} {words}" for way, words in parts.items() if count[way])
    yield fine(f"{configuration.path}: {len(courses)} models, {said}")


def proxy_address(at: Course, situation: Situation) -> Iterator[Finding]:
    """`new URL()` throws, and the person sees "Connection error."."""
    proxy = at.options.proxy
    if proxy and not has_scheme(proxy):
        yield wrong(
            f'{_named(at.model)}: requestOptions.proxy is "{_shown(proxy)}"; without http:// every request ends in '
            '"Connection error."',
            f"requestOptions:\n  proxy: {situation.own_proxy}",
        )
    elif proxy and at.way is Way.PAST and at.key and not names(proxy, situation.own_proxy):
        yield note(
            f"{_named(at.model)}: requestOptions.proxy names another proxy ({_shown(proxy)})",
            f"requestOptions:\n  proxy: {situation.own_proxy}",
        )


def goes_past(at: Course, situation: Situation) -> Iterator[Finding]:
    """Whether an IDE that is started elsewhere has a proxy in its environment is not to be seen from here."""
    if at.way is not Way.PAST or not at.key or at.model.provider == "gemini":
        return
    if pattern := bypassing(at.base.hostname or "", at.options.no_proxy, situation.environ):
        yield wrong(
            f'{_named(at.model)}: "{pattern}" in noProxy or NO_PROXY takes {at.base.hostname} past the proxy',
            f"Take it out there, or use the gateway:\napiBase: {situation.gateway(at.key)}",
        )
    elif not at.proxy:
        yield note(
            f"{_named(at.model)} comes through Kimi Proxy only if the client was started with HTTPS_PROXY",
            f"Start it so (see above), or use the gateway:\napiBase: {situation.gateway(at.key)}",
        )


def no_scheme_in_base(at: Course, situation: Situation) -> Iterator[Finding]:
    base = at.model.api_base
    if base and not has_scheme(base):
        yield wrong(
            f'{_named(at.model)}: apiBase is "{_shown(base)}"; expected a full URL',
            f"apiBase: {situation.gateway(_key_or_example(at, situation))}",
        )


def gateway_path(at: Course, situation: Situation) -> Iterator[Finding]:
    """The first part of the path names the provider, and the port is the gateway's."""
    if at.way is Way.GATEWAY and not at.key:
        keys = ", ".join(sorted(situation.settings.providers))
        yield wrong(
            f"{_named(at.model)}: {_shown(at.model.api_base)} names no provider; the gateway refuses it",
            f"apiBase: {situation.gateway(_key_or_example(at, situation))}\nProviders: {keys}",
        )
    elif at.way is Way.LOCAL and at.key:
        yield wrong(
            f"{_named(at.model)}: apiBase leads to port {port_of(at.base)}; the gateway is on "
            f"{situation.ports.gateway}",
            f"apiBase: {situation.gateway(at.key)}",
        )


def unknown_host(at: Course, situation: Situation) -> Iterator[Finding]:
    host = at.base.hostname
    if host and not at.key and at.way in (Way.PROXY, Way.PAST):
        path = at.base.path.rstrip("/")
        lines = [f"[providers.{_slug(host)}]", f'name = "{host}"', f'hosts = ["{host}"]']
        yield note(
            f"{_named(at.model)}: {host} is not in providers.toml, so its requests pass unseen",
            "To have them seen, add to providers.toml, then run ./just up --new-ca:\n"
            + "\n".join(lines + ([f'base_path = "{path}"'] if path else [])),
        )


def gemini_past(at: Course, situation: Situation) -> Iterator[Finding]:
    """Its library takes neither a proxy, nor headers, nor apiBase from Continue."""
    if at.model.provider != "gemini":
        return
    if situation.environ.get("GOOGLE_GEMINI_BASE_URL", "").startswith(situation.gateway("gemini")):
        yield fine(f"{_named(at.model)}: GOOGLE_GEMINI_BASE_URL leads to the gateway")
        return
    yield wrong(
        f"{_named(at.model)}: Gemini's library ignores proxy, requestOptions and apiBase; only VS Code patches it",
        "In its place, with the same model and key:\n"
        f"provider: openai\napiBase: {situation.gateway('gemini-openai')}\ncapabilities: [tool_use]\n"
        f"Or in the client's environment: GOOGLE_GEMINI_BASE_URL={situation.gateway('gemini')}\n"
        "Or, for cn on Node 24 and later: NODE_USE_ENV_PROXY=1 beside HTTPS_PROXY and NODE_EXTRA_CA_CERTS",
    )


def without_effect(at: Course, _: Situation) -> Iterator[Finding]:
    """Behind a proxy Continue gives these to the connection to the proxy, not to the one inside it."""
    if at.way is Way.PROXY:
        yield from _useless(_named(at.model), at.model.options)


def _useless(where: str, options: RequestOptions) -> Iterator[Finding]:
    named = {"caBundlePath": options.ca_bundle, "verifySsl: false": not options.verify_ssl}
    named |= {"clientCertificate": options.client_certificate}
    if found := [name for name, is_set in named.items() if is_set]:
        yield note(
            f"{where}: {' and '.join(found)} has no effect behind a proxy; only NODE_EXTRA_CA_CERTS in the client's "
            "environment counts",
            "Start the client with NODE_EXTRA_CA_CERTS (see above). In VS Code with http.proxySupport override the "
            "system's store counts instead.",
        )


def tools_missing(at: Course, _: Situation) -> Iterator[Finding]:
    """Then Continue describes the tools in the system message, and reads calls out of the text."""
    model = at.model
    name = model.model.lower().rpartition("/")[2]
    if model.provider == "openai" and "kimi" in name and model.has_tools is None and not name.startswith(NATIVE_TOOLS):
        yield wrong(
            f"{_named(model)}: under provider openai Continue gives this model no native tools",
            "capabilities: [tool_use]",
        )


def moonshot_base(at: Course, _: Situation) -> Iterator[Finding]:
    """The class field overwrites apiBase where it completes code."""
    if at.model.provider == "moonshot" and at.model.api_base:
        yield note(
            f"{_named(at.model)}: Continue's autocomplete goes to api.moonshot.cn, whatever apiBase says",
            "Do not give this model the role autocomplete, or use provider: openai.",
        )


def mistral_probe(at: Course, situation: Situation) -> Iterator[Finding]:
    """Asked with the global fetch, which knows no proxy."""
    if at.model.provider == "mistral" and not at.model.api_base:
        yield note(
            f"{_named(at.model)}: without apiBase Continue asks api.mistral.ai for the models past any proxy",
            f"apiBase: {situation.gateway('mistral')}",
        )


def siliconflow_in_cn(at: Course, situation: Situation) -> Iterator[Finding]:
    if at.model.provider == "siliconflow":
        yield note(
            f'{_named(at.model)}: in cn the provider siliconflow ends in "Failed to initialize LLM"',
            f"provider: openai\napiBase: {situation.gateway(at.key or 'siliconflow')}",
        )


def context_length(at: Course, situation: Situation) -> Iterator[Finding]:
    length, window = at.model.context_length, _window(at, situation)
    if window is None:
        return
    if length is None:
        yield note(
            f"{_named(at.model)}: no contextLength, so Continue guesses; the model takes {window:,} tokens",
            f"defaultCompletionOptions:\n  contextLength: {window}",
        )
    elif length > window:
        yield wrong(
            f"{_named(at.model)}: contextLength is {length:,}, but the model takes {window:,} tokens: without "
            "Kimi Proxy the provider refuses what is larger, with it there is less room than Continue shows",
            f"defaultCompletionOptions:\n  contextLength: {window}",
        )
    elif length < EARLY * window:
        yield note(
            f"{_named(at.model)}: contextLength is {length:,} of {window:,} tokens; Continue drops the oldest messages "
            "from there on, before Kimi Proxy sees them",
            f"defaultCompletionOptions:\n  contextLength: {window}",
        )


def _window(at: Course, situation: Situation) -> int | None:
    if told := situation.windows.get((at.key, at.model.model)):
        return told
    provider = situation.settings.providers.get(at.key)
    model = provider.model(at.model.model) if provider else None
    return model.context_window if model else None


def _common_options(configuration: Configuration, courses: list[Course]) -> Iterator[Finding]:
    if any(each.way is Way.PROXY for each in courses):
        yield from _useless("requestOptions at the top", configuration.options)
    if configuration.options.proxy and not configuration.is_legacy:
        yield note(
            "requestOptions at the top of config.yaml hold for the IDEs; cn ignores them",
            "For cn write them beside each model, or set HTTPS_PROXY.",
        )


def _named(model: ConfiguredModel) -> str:
    return f'Model "{model.name}"'


def _shown(url: str) -> str:
    """Without what stands before an @: it may be a password."""
    before, at, after = url.rpartition("@")
    return f"{before.partition('//')[0]}//…@{after}" if at and "//" in before else after


def _slug(host: str) -> str:
    """A key for a new provider: the host's own name without its neighbours."""
    parts = [part for part in host.split(".") if part not in ("api", "www")]
    return parts[0] if parts else host


def _key_or_example(at: Course, situation: Situation) -> str:
    return at.key or next((key for key in situation.settings.providers if key.startswith(at.model.provider)),
                          next(iter(situation.settings.providers), "PROVIDER"))  # fmt: skip


RULES: tuple[Rule, ...] = (
    proxy_address,
    no_scheme_in_base,
    gateway_path,
    goes_past,
    unknown_host,
    gemini_past,
    without_effect,
    tools_missing,
    moonshot_base,
    mistral_probe,
    siliconflow_in_cn,
    context_length,
)
