"""Completions of many plausible sessions at once, in the order in which a proxy would have written them.

Same seed, same rows. As plain tuples, because a million of them are made in a minute that way, and in an hour through
the recorder; what the recorder adds up is added up afterwards, by the recorder's own statements.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from random import Random
from typing import Any

WINDOW = 262_144
DAY_MS = 86_400_000
DAYS = 90
OUTSIDE = 0.1
"""Share of requests outside any session: autocomplete."""
MODELS = (
    ("kimi-code", "kimi-for-coding", 0.95, 0.55),
    ("mistral", "codestral-latest", 0.9, 0.15),
    ("groq", "moonshotai/kimi-k2", None, 0.12),
    ("openrouter", "anthropic/claude-sonnet-4", 9.0, 0.12),
    ("openrouter", "qwen/qwen3-coder", 0.4, 0.05),
    ("gemini", "gemini-2.5-pro", 1.25, 0.01),
)
"""Provider, model, US dollars a million tokens, share of the sessions. The last one is rare: filters meet it."""
PROJECTS = ("", "shop", "billing", "infrastructure", "website", "importer")
COLUMNS = (
    "id", "rev", "session_id", "project", "started_at_ms", "source", "provider", "model", "routed_from", "kind",
    "stream", "status", "outcome", "error_class", "error_message", "prompt_tokens_before", "prompt_tokens_sent",
    "prompt_tokens", "cached_tokens", "completion_tokens", "reasoning_tokens", "usage_source", "logged_at_ms",
    "logged_prompt_tokens", "logged_completion_tokens", "context_window", "context_fill", "memory_tokens",
    "memory_ratio", "masked_count", "masked_tokens_saved", "compressed_tokens_saved", "epoch", "rate_wait_ms",
    "ttfb_ms", "duration_ms", "overhead_ms", "cost_usd", "cost_unmodified_usd", "turn", "message_count",
    "composition", "parts", "tool_tokens", "largest", "prompt_tokens_calibrated", "cost_uncached_usd", "trace_id",
    "proxy_id",
)  # fmt: skip
FAILURES = (
    ("error", 429, "rate", "Rate limit reached, please retry later"),
    ("error", 400, "context", "Your request exceeded the model's token limit"),
    ("error", 503, "overload", "The engine is currently overloaded"),
    ("upstream_abort", None, "transport", "connection reset"),
    ("client_abort", 200, "", ""),
    ("blocked", 413, "rate", "waited too long"),
)
Row = tuple[Any, ...]


@dataclass(slots=True)
class Made:
    """One session while its requests are made."""

    id: str
    number: int
    provider: str
    model: str
    price: float | None
    project: str
    routed: bool
    requests: int
    begins_at_ms: int
    pause_ms: float
    place: int = 0
    turn: int = 0
    history: int = 6_000


def sessions(count: int, requests: int, now_ms: int, random: Random) -> list[Made]:
    """Of all sizes: the largest has a fiftieth of all requests. The first one goes on now."""
    weights = [random.paretovariate(1.1) for _ in range(count)]
    scale = requests / sum(weights)
    sizes = [min(max(3, round(weight * scale)), requests // 50) for weight in weights]
    sizes[0] = min(400, requests // 50)
    for place in random.choices(range(1, count), k=max(0, requests - sum(sizes))):
        sizes[place] += 1
    shares = [model[3] for model in MODELS]
    made = []
    for number, size in enumerate(sizes):
        provider, model, price, _share = random.choices(MODELS, shares)[0] if number else MODELS[0]
        pause_ms = min(45_000.0, 20 * DAY_MS / size)
        latest_ms = now_ms - round(pause_ms * size)
        begins_at_ms = latest_ms if number == 0 else min(latest_ms, now_ms - round(random.random() * DAYS * DAY_MS))
        made.append(Made(f"s-{number:06d}", number, provider, model, price, random.choice(PROJECTS),
                         random.random() < 0.04, size, begins_at_ms, pause_ms))  # fmt: skip
    return made


def completions(found: list[Made], outside: int, now_ms: int, random: Random) -> Iterator[Row]:
    """By time. `outside`: requests that belong to none of the sessions."""
    begins: list[tuple[int, Made | None]] = [
        (session.begins_at_ms + round(place * session.pause_ms), session)
        for session in found
        for place in range(session.requests)
    ]
    begins += [(now_ms - round(random.random() * DAYS * DAY_MS), None) for _ in range(outside)]
    begins.sort(key=lambda each: each[0])
    details = [_details(random) for _ in range(300)]
    for number, (at_ms, session) in enumerate(begins, start=1):
        if session is None:
            yield _autocomplete(number, at_ms, random)
        else:
            yield _chat(number, at_ms, session, random, details[number % len(details)])


def _chat(number: int, at_ms: int, session: Made, random: Random, details: tuple[str, str, str]) -> Row:
    draw, place = random.random, session.place
    session.place += 1
    session.turn += place % 4 == 0
    outcome, status, error_class, message = "ok", 200, "", ""
    if draw() < 0.035:
        outcome, status, error_class, message = FAILURES[int(draw() * len(FAILURES))]  # type: ignore[assignment]
    kind = "compression" if draw() < 0.002 else "compaction" if draw() < 0.004 else "edit" if draw() < 0.04 else "chat"
    fills = kind in {"chat", "compaction"}
    epoch = session.history > 180_000
    if epoch:
        session.history = 60_000
    new, cold, answered = 400 + int(draw() * 8_600), draw() < 0.07, outcome in {"ok", "client_abort"}
    prompt, output = 15_000 + session.history + new, 80 + int(draw() * 1_800)
    cached = None if session.provider == "groq" else 0 if cold or epoch else 15_000 + session.history
    memory = min(session.history, 900 + 20 * (place % 300))
    masked, compressed = 3_100 * (place % 60 // 5), 9_000 if place % 100 > 70 else 0
    price = session.price if answered else None
    cost = None if price is None else (prompt - 0.75 * (cached or 0)) * price / 1e6
    logged = at_ms + 9_000 if fills and answered and draw() < 0.4 else None
    session.history += new + output
    return (
        number, number, session.id, session.project, at_ms, "proxy", session.provider, session.model,
        "kimi-code/kimi-for-coding" if session.routed and place > 20 else "", kind, 1, status, outcome, error_class,
        message, prompt + masked + compressed, prompt, prompt if answered else None, cached if answered else None,
        output if answered else None, output // 3 if answered else None, "reported" if answered else None, logged,
        logged and prompt - 9_000, logged and output, WINDOW if fills else None, prompt / WINDOW if fills else None,
        memory, memory / prompt, place % 60 // 5, masked, compressed, int(epoch), 0.0, 250 * 16 ** draw(),
        2_000 * 20 ** draw(), 0.5 + 3 * draw(), cost, cost and cost * (0.8 if epoch else 1 + masked / prompt),
        session.turn, 3 + 2 * place, f'{{"system": 5200, "tools": 9800, "history": {prompt - 15_000}, "new": {new}}}',
        *details, prompt, cost and cost * 2.1, f"trace-{number}", "p-1",
    )  # fmt: skip


def _autocomplete(number: int, at_ms: int, random: Random) -> Row:
    draw = random.random
    answered = draw() > 0.1
    cost = 600 * 0.9 / 1e6 if answered else None
    return (
        number, number, None, "", at_ms, "proxy", "mistral", "codestral-latest", "", "autocomplete", 1,
        200 if answered else None, "ok" if answered else "client_abort", "", "", 600, 600, 600 if answered else None,
        None, 40 if answered else None, None, "reported" if answered else None, None, None, None, None, None, 0, 0.0,
        0, 0, 0, 0, 0.0, 120 + 400 * draw(), 300 + 700 * draw(), 0.3, cost, cost, None, 1, '{"prompt": 600}', None,
        None, None, 600, cost, "", "p-1",
    )  # fmt: skip


def _details(random: Random) -> tuple[str, str, str]:
    """What fills a request, as JSON: its parts, its tools, its largest messages."""
    names = ("system", "rules", "tools", "memory", "files", "tool results", "user", "assistant", "reasoning")
    tools = ("read_file", "grep_search", "run_terminal_command", "memory_search", "edit_existing_file")
    largest = [
        {"index": place, "role": "tool", "tool": tools[place % 5], "tokens": random.randint(900, 9_000),
         "what": "tool results", "advice": "in use", "key": random.randbytes(16).hex()}
        for place in range(8)
    ]  # fmt: skip
    return (
        json.dumps({name: random.randint(200, 40_000) for name in names}),
        json.dumps({name: random.randint(200, 20_000) for name in tools}),
        json.dumps(largest),
    )
