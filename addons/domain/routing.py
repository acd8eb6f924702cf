"""Which model takes a request: the one that was asked for, a larger one of its provider, or one of another provider.

Pure: what is known of keys, latencies and true context windows is an argument. Tokens are our own estimate times what
is known of each model's own counting.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field

from addons.domain.settings import Price, Settings, Weights

Target = tuple[str, str]
"""Provider key and model id."""

LEAST_ROOM = 1_024
"""Tokens for an answer that a model must have left after the prompt, however little the client asks for."""
MOST_RESERVED_SHARE = 0.5
"""Of a window: a client that asks for more output than that says nothing about what it needs."""
UNKNOWN_SCORE = 0.5
"""For a price or a latency that is not known: neither good nor bad."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    provider: str
    model: str
    reason: str
    """For people."""
    figures: Mapping[str, object] = field(default_factory=dict)
    """What the reason is made of; JSON types."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What the settings do not say."""

    keys: Collection[str] = ()
    """Providers for which there is a key of our own."""
    latencies_ms: Mapping[Target, float] = field(default_factory=dict)
    """To the first byte, as measured."""
    windows: Mapping[Target, int] = field(default_factory=dict)
    """Context windows that providers' own messages told; they go before those of the settings."""
    factor: Callable[[str, str], float] = lambda provider, model: 1.0
    """Tokens as a model counts them / our own estimate."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """A request as it would be forwarded."""

    tokens: int
    """Our own estimate of the prompt."""
    max_output: int | None = None
    """What the client asks for; None where it does not say."""
    provider: str
    model: str
    keeps_credentials: frozenset[str] = frozenset()
    """Providers that the request's own credentials are for; others need a key of ours."""

    @property
    def target(self) -> Target:
        return self.provider, self.model


def window_of(settings: Settings, known: Known, provider: str, model: str) -> int | None:
    """In tokens as the model counts them; None where it is not known."""
    found = settings.providers[provider].model(model)
    return known.windows.get((provider, model)) or (found.context_window if found else None)


def fill(need: Need, settings: Settings, known: Known) -> float | None:
    """Calibrated share of the context window that the prompt takes; None where the window is not known."""
    window = window_of(settings, known, need.provider, need.model)
    return None if window is None else need.tokens * known.factor(need.provider, need.model) / window


def is_due(need: Need, settings: Settings, known: Known) -> bool:
    """Whether the request has outgrown its model."""
    window = window_of(settings, known, need.provider, need.model)
    return settings.routing.enabled and window is not None and not _fits(need, window, settings, known, need.target)


def ruled(provider: str, model: str, settings: Settings) -> Route | None:
    """Where a rule sends the model; the rule for `provider/model` goes before that for the model alone."""
    rules = settings.routing.rules
    rule = next((name for name in (f"{provider}/{model}", model) if name in rules), None)
    if rule is None:
        return None
    to_provider, _, to_model = rules[rule].partition("/")
    if (to_provider, to_model) == (provider, model):
        return None
    return Route(provider=to_provider, model=to_model, reason=f"the rule for {rule}", figures={"rule": rule})


def choose(need: Need, settings: Settings, known: Known) -> Iterator[Route]:
    """Where a request goes that has outgrown its model; the best first, nothing where no model takes it.

    First the smallest larger models of the same provider, then what `fallback` lists; of several that would do, the one
    with the higher score.
    """
    if not is_due(need, settings, known):
        return
    share = fill(need, settings, known) or 0.0
    why = f"{need.provider}/{need.model} is {share:.0%} full"
    figures = {"full": f"{need.provider}/{need.model}", "share": round(share, 4), "window": None}
    own = _larger(need, settings, known)
    for window in sorted({window_of(settings, known, *target) or 0 for target in own}):
        alike = [target for target in own if window_of(settings, known, *target) == window]
        for provider, model in _ranked(alike, need, settings, known):
            reason = f"{why}; {model} takes {window:,} tokens"
            yield Route(provider=provider, model=model, reason=reason, figures={**figures, "window": window})
    others = [target for target in _listed(need, settings, known) if target not in own]
    for provider, model in _ranked(others, need, settings, known):
        reason = f"{why}, and {need.provider} has no larger model that fits"
        yield Route(provider=provider, model=model, reason=reason, figures=figures)


def _larger(need: Need, settings: Settings, known: Known) -> list[Target]:
    """Of the same provider; patterns are no models that could be asked for."""
    window = window_of(settings, known, need.provider, need.model) or 0
    provider = settings.providers[need.provider]
    names = [name for name, model in provider.models.items() if model.routable and "*" not in name]
    targets = [
        (need.provider, name) for name in names if (window_of(settings, known, need.provider, name) or 0) > window
    ]
    return [target for target in targets if _takes(target, need, settings, known)]


def _listed(need: Need, settings: Settings, known: Known) -> list[Target]:
    """Those of `fallback` whose provider can be asked."""
    named = [target.partition("/") for target in settings.routing.fallback]
    targets = [(provider, model) for provider, _, model in named if (provider, model) != need.target]
    usable = [each for each in targets if each[0] in known.keys or each[0] in need.keeps_credentials]
    return [target for target in usable if _takes(target, need, settings, known)]


def _takes(target: Target, need: Need, settings: Settings, known: Known) -> bool:
    window = window_of(settings, known, *target)
    return window is not None and _fits(need, window, settings, known, target)


def _fits(need: Need, window: int, settings: Settings, known: Known, target: Target) -> bool:
    """Below the threshold, with room for the answer."""
    tokens = need.tokens * known.factor(*target)
    reserved = need.max_output or 0
    if reserved > window * MOST_RESERVED_SHARE:
        reserved = 0
    room = max(reserved, min(LEAST_ROOM, window // 10))
    return tokens < window * settings.routing.threshold and tokens + room <= window


def _ranked(targets: list[Target], need: Need, settings: Settings, known: Known) -> list[Target]:
    """The highest score first; equal ones as they were given."""
    scores = _scores(targets, need, settings, known)
    return sorted(targets, key=lambda target: scores[target], reverse=True)


def _scores(targets: list[Target], need: Need, settings: Settings, known: Known) -> dict[Target, float]:
    """Each criterion as a share of the best of these targets: 1 is the best, 0 the worst imaginable."""
    windows = {target: window_of(settings, known, *target) or 0 for target in targets}
    prices = {target: _price(settings, target) for target in targets}
    weights = settings.routing.weights
    return {
        target: _weighed(
            weights,
            capacity=windows[target] / max(windows.values()),
            price=_lower_is_better(prices[target], prices.values()),
            latency=_lower_is_better(
                known.latencies_ms.get(target), [known.latencies_ms.get(each) for each in targets]
            ),
            margin=1 - need.tokens * known.factor(*target) / windows[target],
        )
        for target in targets
    }


def _weighed(weights: Weights, *, capacity: float, price: float, latency: float, margin: float) -> float:
    return weights.capacity * capacity + weights.price * price + weights.latency * latency + weights.margin * margin


def _price(settings: Settings, target: Target) -> float | None:
    """US dollars for one million prompt tokens."""
    found = settings.providers[target[0]].model(target[1])
    return (found.price if found else Price()).input


def _lower_is_better(value: float | None, values: Collection[float | None]) -> float:
    known = [each for each in values if each is not None]
    if value is None or not known:
        return UNKNOWN_SCORE
    return 1.0 if value <= 0 else min(known) / value
