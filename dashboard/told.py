"""What alerts and routing decisions say, in the page's language: from the figures that they are stored with.

They are stored in English, for the terminal and for messages to the outside, and that text stands wherever the figures
do not say all of it: in rows of older versions, and for what is not told here.
"""

from collections.abc import Callable, Mapping
from typing import Any

from addons.domain.pacing.limit import LimitKind
from dashboard.catalogues import ENGLISH
from dashboard.data import AlertRow, CompressionNote, Routing
from dashboard.format import number, percent, usd, word
from dashboard.i18n import N_, _, language

Figures = Mapping[str, Any]

LIMITS = {
    LimitKind.REQUESTS_PER_MINUTE: N_("requests a minute"),
    LimitKind.REQUESTS_PER_DAY: N_("requests a day"),
    LimitKind.TOKENS_PER_MINUTE: N_("tokens a minute"),
    LimitKind.CONCURRENCY: N_("at the same time"),
    LimitKind.TOKENS_PER_DAY: N_("tokens a day"),
    LimitKind.TOKENS_PER_MONTH: N_("tokens a month"),
    LimitKind.QUOTA_5_HOURS: N_("quota of 5 hours"),
    LimitKind.QUOTA_WEEK: N_("quota of the week"),
    LimitKind.QUOTA_MONTH: N_("quota of the month"),
    LimitKind.QUOTA_MONTH_CODE: N_("quota of the month, code"),
}


def limit_name(kind: str) -> str:
    return _(LIMITS[LimitKind(kind)]) if kind in set(LimitKind) else kind


RULES = {
    "context": N_("context fill"),
    "refused": N_("too large"),
    "quota": N_("quota"),
    "near": N_("limit nearly used"),
    "rate": N_("rate limit"),
    "wait": N_("waiting time"),
    "budget": N_("budget"),
    "errors": N_("errors"),
    "prefix": N_("prefix cache"),
    "dropped": N_("lost records"),
    "alert": N_("routing"),
    "ide_log": N_("the IDE's log"),
    "store": N_("database"),
    "settings": N_("settings"),
    "test": N_("test"),
}
"""Names of the rules that alert, by what stands first in an alert's key."""


def rule_name(rule: str) -> str:
    """A rule of another version by its key."""
    return _(RULES[rule]) if rule in RULES else rule


def alert(row: AlertRow) -> str:
    """Names of providers and models may be in it: captured text."""
    return _said(ALERTS.get(row.rule), {**row.data, "provider": row.provider}, row.message)


def routing(row: Routing) -> str:
    """Likewise."""
    return _said(STEPS.get(str(row.data.get("step", ""))), row.data, row.message)


def compression(note: CompressionNote) -> str:
    """Likewise."""
    return _said(COMPRESSIONS.get(str(note.data.get("step", ""))), note.data, note.message)


def _said(words: Callable[[Figures], str | None] | None, figures: Figures, stored: str) -> str:
    if words is None or language() == ENGLISH:
        return stored
    try:
        return words(figures) or stored
    except (KeyError, TypeError, ValueError):  # a figure that this version stores is not there
        return stored


def _model(of: Figures) -> str:
    return f"{of['provider']}/{of['model']}"


def _context(of: Figures) -> str:
    model, share, window = _model(of), percent(of["fill"]), of["context_window"]
    if not window:
        return _("{model}: the context is {share} full").format(model=model, share=share)
    used = number(round(of["fill"] * window))
    words = _("{model}: the context is {share} full ({n} of {m} tokens)")
    return words.format(model=model, share=share, n=used, m=number(window))


def _refused(of: Figures) -> str:
    return _("{model}: a request was larger than the model takes").format(model=_model(of))


def _quota(of: Figures) -> str:
    if "status" in of:  # of the answer that says so
        return _("{provider}: the quota is used up").format(provider=of["provider"])
    share = percent(1 - of["remaining"] / of["limit"])
    return _("{provider}: {share} used of {limit}").format(
        provider=of["provider"], share=share, limit=limit_name(of["kind"])
    )


def _near(of: Figures) -> str:
    words = _("{provider}: {n} of {m} used, {limit}")
    return words.format(
        provider=of["provider"], n=number(of["used"]), m=number(of["limit"]), limit=limit_name(of["kind"])
    )


def _rate(of: Figures) -> str:
    return _("{provider}: a request was refused for the rate limit").format(provider=of["provider"])


def _wait(of: Figures) -> str:
    if of["is_blocked"]:
        return _("{provider}: a request would have waited too long for the rate limit").format(provider=of["provider"])
    words = _("{provider}: a request waited {n} s for the rate limit")
    return words.format(provider=of["provider"], n=number(of["waited_ms"] / 1_000))


def _budget(of: Figures) -> str:
    day = _("Budget of the day: {n} of {m} spent ({share})")
    words = day if of["period"] == "day" else _("Budget of the month: {n} of {m} spent ({share})")
    used, limit = usd(of["used"]), usd(of["limit"])
    if of["unit"] == "tokens":
        used, limit = number(of["used"]), _("{n} tokens").format(n=number(of["limit"]))
    return words.format(n=used, m=limit, share=percent(of["used"] / of["limit"]))


def _errors(of: Figures) -> str:
    words = _("{provider}: {n} requests failed within {m} minutes, the latest: {why}")
    return words.format(
        provider=of["provider"], n=of["failed"], m=of["minutes"], why=word(of["error_class"] or "transport")
    )


def _prefix(of: Figures) -> str:
    words = _(
        "{model}: the prefix cache was missed by a prompt of {n} tokens; the request before had {m} tokens from it"
    )
    return words.format(model=_model(of), n=number(of["prompt_tokens"]), m=number(of["cached_tokens_before"]))


def _not_sent(of: Figures) -> str:
    if not of["model"]:
        return _("Continue did not send a request: it does not fit the context window that it knows")
    words = _("Continue did not send a request for {model}: it does not fit the context window that it knows")
    return words.format(model=of["model"])


def _dropped(of: Figures) -> str:
    words = _("{n} records were lost: too many were waiting, or the store could not be written")
    return words.format(n=number(of["records"]))


def _nothing_fits(of: Figures) -> str:
    words = _("The context of {model} is {share} full, and no other model takes it")
    return words.format(model=_model(of), share=percent(of["share"]))


def _ruled(of: Figures) -> str:
    words = _("{asked} goes to {model}: the rule for {rule}")
    return words.format(asked=of["asked"], model=_model(of), rule=of["rule"])


def _moved(of: Figures) -> str:
    full, share = of["full"], percent(of["share"])
    if (window := of["window"]) is None:
        words = _(
            "{asked} goes on with {model}: {full} is {share} full, and its provider has no larger model that fits"
        )
        return words.format(asked=of["asked"], model=_model(of), full=full, share=share)
    words = _("{asked} goes on with {model}: {full} is {share} full; the other takes {n} tokens")
    return words.format(asked=of["asked"], model=_model(of), full=full, share=share, n=number(window))


def _moved_back(of: Figures) -> str:
    words = _("back to the model that was asked for: {model} answered {status}")
    return words.format(model=_model(of), status=of["status"])


def _no_key(of: Figures) -> str:
    provider, variable = of["provider"], of["variable"]
    if variable is None:
        return _("not sent to {provider}: it is not in providers.toml any more").format(provider=provider)
    if not variable:
        words = _("not sent to {provider}: its key_env in providers.toml names no environment variable")
        return words.format(provider=provider)
    words = _("not sent to {provider}: the environment variable {variable} holds no key")
    return words.format(provider=provider, variable=variable)


def _not_convertible(of: Figures) -> str:
    """What does not convert is named in English, as the request itself names its fields."""
    words = _("not sent to {model}: the request cannot be said in its format ({why})")
    return words.format(model=_model(of), why=of["why"])


def _window(of: Figures) -> str:
    learned = WINDOWS[of["why"]]
    return _("{model} takes {n} tokens: {why}").format(model=_model(of), n=number(of["tokens"]), why=_(learned))


def _made(of: Figures) -> str:
    words = _("{n} messages are now a summary ({trigger}): {before} tokens became {after}")
    return words.format(
        n=number(of["messages"]), trigger=word(of["trigger"]), before=number(of["before"]), after=number(of["after"])
    )


def _written(of: Figures) -> str:
    words = _("the summary of {n} messages is now the one that {writer} wrote")
    return words.format(n=number(of["messages"]), writer=of["writer"])


def _dropped_summary(of: Figures) -> str:
    words = _("an older message was edited: the summary of {n} messages is no longer used")
    return words.format(n=number(of["messages"]))


def _failed(of: Figures) -> str:
    words = _("no model wrote the summary ({why}); the one gathered from the messages stays")
    return words.format(why=of["why"])


WINDOWS = {
    "its provider's refusal says so": N_("its provider's refusal says so"),
    "it has taken as many": N_("it has taken as many"),
}
"""Where the size of a context window was learned."""

COMPRESSIONS: Mapping[str, Callable[[Figures], str]] = {
    "made": _made,
    "written": _written,
    "dropped": _dropped_summary,
    "failed": _failed,
    "nothing": lambda _of: _("nothing older than the exchanges to be kept could be summarised"),
}
"""By the step of a compression event."""

STEPS: Mapping[str, Callable[[Figures], str]] = {
    "rule": _ruled,
    "moved": _moved,
    "moved back": _moved_back,
    "nothing fits": _nothing_fits,
    "no key": _no_key,
    "lost": _no_key,
    "not convertible": _not_convertible,
    "window": _window,
}
"""By the step of a routing event."""

ALERTS: Mapping[str, Callable[[Figures], str | None]] = {
    "context": _context,
    "refused": _refused,
    "quota": _quota,
    "near": _near,
    "rate": _rate,
    "wait": _wait,
    "budget": _budget,
    "errors": _errors,
    "prefix": _prefix,
    "dropped": _dropped,
    "ide_log": _not_sent,
    "alert": lambda of: STEPS[of["step"]](of),
}
"""By their rule."""
