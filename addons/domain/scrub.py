"""Takes keys and account identifiers out of texts and URLs before they are stored, logged or shown.

One pass of one expression, whose repetitions are bounded or cannot overlap: linear time on any text. It knows the
shapes that providers gave their keys in 2026; what has no shape is caught by the words before it.
"""

import re
from urllib.parse import unquote_plus

KEY = "[key]"
ID = "[id]"

REDACTED_HEADERS = frozenset(
    {
        "authorization",
        "proxy-authorization",
        "x-api-key",
        "api-key",
        "x-goog-api-key",
        "x-goog-user-project",
        "cookie",
        "set-cookie",
        "openai-organization",
        "openai-project",
    }
)
"""Names in lower case of the headers whose values are never kept."""

SECRET_QUERY_KEYS = frozenset({"key", "api_key", "apikey", "access_token", "token"})

_BEGIN = r"(?:(?<![A-Za-z0-9])|(?<=\\[nrtbf])|(?<=\\u[0-9A-Fa-f]{4})|(?<=%[0-9A-Fa-f]{2}))"
"""Where a word may begin, also after an escape of JSON or of a URL, whose last character looks like part of it."""

_KEYS = r"|".join(
    (
        r"sk-[\w-]{4,}",  # OpenAI, Kimi (sk-kimi-), OpenRouter (sk-or-v1-), Anthropic (sk-ant-), SiliconFlow, Moonshot
        r"gsk_\w{4,}",  # Groq
        r"nvapi-[\w-]{4,}",  # NVIDIA
        r"csk-[\w-]{4,}",  # Cerebras
        r"AIza[\w-]{4,}",  # Google
        r"ya29\.[\w-]{4,}",  # Google, OAuth
        r"eyJ[\w-]{8,}\.[\w-]{1,}(?:\.[\w-]*)?",  # JSON web tokens: Kimi Code's log-in
        r"(?:hf_|xai-|ghp_|github_pat_|glpat-|pplx-)\w{8,}",
    )
)
_IDS = r"(?:org|proj|project|ak|user|acct|team)[-_](?=[A-Za-z_-]{0,64}\d)[\w-]{3,}|(?:org|proj|ak)-[A-Za-z0-9]{8,}"

_FIRST = r"(?=[abceghknopstuxy])"
"""The letters that one of the words below begins with: asked before anything else, it halves the time of a search."""

_SECRETS = re.compile(
    rf"(?P<userinfo>:\\?/\\?/)[^/\s@\"'<>\\]{{1,512}}@"
    r"|(?P<cloudflare>__cf_bm=)[^\s;\"']+"
    rf"|{_FIRST}{_BEGIN}(?:"
    r"(?P<header>\b(?:proxy-)?authorization[\"']?\s{0,8}[:=]\s{0,8}[\"']?(?:(?:bearer|basic|token)\s{1,8})?)[^\s\"',;\\]+"
    r"|(?P<cookie>\b(?:set-)?cookie[\"']?\s{0,8}[:=]\s{0,8}[\"']?)[^\r\n\"'\\]+"
    r"|(?P<value>(?<![A-Za-z0-9])(?:x-goog-|x-)?(?:api[_-]?key|access_token|key|token)"
    r"(?:=|%3D|[\"']\s{0,8}:\s{0,8}[\"'])|\b(?:x-goog-|x-)?api-key:\s{0,8})[^\s&\"'<>#;,\\]+"
    r"|(?P<bearer>\bbearer\s{1,8})[A-Za-z0-9._~+/=-]{6,}"
    rf"|(?-i:(?P<key>{_KEYS})|(?P<id>{_IDS})))",
    re.IGNORECASE | re.ASCII,
)


def scrub(text: str) -> str:
    """The text with `[key]` in the place of secrets and `[id]` in that of account identifiers."""
    return _SECRETS.sub(_replacement, text)


def holds_secret(text: str) -> bool:
    """Whether a text holds what is very likely a live credential, and so must not be written to disk.

    Stricter than `scrub`, whose mistakes cost a word: at least SECRET_CHARS characters, letters and digits mixed, as
    keys have and names in source code have not.
    """
    return any(_is_live(match) for match in _SECRETS.finditer(text))


SECRET_CHARS = 20
_CREDENTIAL = re.compile(rf"(?=[\w+/=-]*[0-9])(?=[\w+/=-]*[A-Za-z])[\w+/=.-]{{{SECRET_CHARS},}}", re.ASCII)


def _is_live(match: re.Match[str]) -> bool:
    group = match.lastgroup
    if group in (None, "id", "userinfo", "cloudflare"):
        return False
    secret = match[0] if group == "key" else match[0].removeprefix(match[group])
    return _CREDENTIAL.fullmatch(secret) is not None


def _replacement(match: re.Match[str]) -> str:
    group = match.lastgroup
    if group == "key":
        return KEY
    if group == "id":
        return ID
    # The words before a secret say what it was, so they stay.
    kept = match[group] if group else ""
    return f"{kept}{KEY}@" if group == "userinfo" else f"{kept}{KEY}"


def safe_path(path: str) -> str:
    """A request's path without the query parameters that carry a key; every other one as it came."""
    before, mark, query = path.partition("?")
    if not mark:
        return scrub(path)
    query, hash_mark, fragment = query.partition("#")
    kept = [pair for pair in query.split("&") if not _is_secret(pair)]
    rest = f"?{'&'.join(kept)}" if kept else ""
    return scrub(f"{before}{rest}{hash_mark}{fragment}")


def scrub_url(url: str) -> str:
    """A URL without keys and log-in data, in its authority, path or query."""
    return safe_path(url)


def _is_secret(pair: str) -> bool:
    return unquote_plus(pair.partition("=")[0]).strip().lower() in SECRET_QUERY_KEYS
