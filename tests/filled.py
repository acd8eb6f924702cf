"""A store with two weeks of plausible work in it, for the tests of pages and queries. Same seed, same rows."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from random import Random
from typing import Any

from sqlalchemy import Engine, delete, insert, select, update

from addons.domain.decisions import Action, Decision, Original, Replacement
from addons.domain.events import Event
from addons.domain.masking.placeholder import content_tag, render
from addons.domain.memory import MemorySeen, Segment, text_key
from addons.domain.pacing.limit import Basis, LimitKind, LimitSeen
from db import schema, writing
from db.alert_tables import Alert
from db.engine import writer
from db.models import Completion, Counter, Heartbeat, Session
from db.records import rolling
from db.tables import latency_spans, rollup_hour, tally_hour
from tests.filled_prompts import list_messages, made_of

WINDOW = 262_144
MINUTE_MS = 60_000
HOUR_MS = 60 * MINUTE_MS
HOSTILE = "![x](http://evil.example/a.png) <img src=http://evil.example/b> **bold** $x$ :material/home:"
MODELS = (
    ("kimi-code", "kimi-for-coding", 0.95),
    ("mistral", "codestral-latest", 0.9),
    ("groq", "moonshotai/kimi-k2", None),
    ("openrouter", "anthropic/claude-sonnet-4", 9.0),
)
REASONS = ("break-even", "cold", "pressure", "by hand")
PIECES = (
    ("log", "run_terminal_command", "", "arrival"),
    ("source file", "read_file", "src/orders/paging.py", "break-even"),
    ("list of search results", "grep_search", "", "arrival"),
    ("test run", "run_terminal_command", "", "cold"),
    ("JSON document", HOSTILE, "![x](http://evil.example/c.png)", "arrival"),
)
"""Kind, tool, path and reason of what is masked."""
REMEMBERED = (
    ("tool result", "memory", 1_240),
    ("tool result", "mem0", 310),
    ("mcp-memory", "basic-memory", 2_100),
    ("[MEMORY]", "", 95),
    ("mcp-result", HOSTILE, 420),
)
"""Type, server and tokens of what memory servers put into a request."""
NAMES = (
    "Explain why the retry loop never ends",
    "Add pagination to the orders endpoint",
    HOSTILE,
    "Fix flaky test in checkout",
    "Migrate settings to TOML",
    "",
    "Review the cache invalidation",
    "Make the importer stream",
)


@dataclass(slots=True)
class Filler:
    """Writes rows through the models, as a proxy would."""

    engine: Engine
    now_ms: int
    random: Random = field(default_factory=lambda: Random(7))
    rev: int = 0

    def session(self, number: int, requests: int, age_ms: int) -> str:
        """One session of this many requests, 40 s apart, the last one `age_ms` ago."""
        provider, model, price = MODELS[number % len(MODELS)]
        session_id = f"s-{number:04d}"
        rows = list(self._requests(session_id, provider, model, price, requests, age_ms))
        known = [row for row in rows if row["context_fill"] is not None]
        with self.engine.begin() as tx:
            tx.execute(insert(Session), [self._session(session_id, NAMES[number % len(NAMES)], rows, known[-1])])
            tx.execute(insert(Completion), rows)
        return session_id

    def masked(self, session_id: str, count: int = 6) -> list[str]:
        """So many messages of a session masked, one after the other until now; the tags of their originals."""
        written: list[Original | Decision] = []
        for place in range(count):
            kind, tool, path, reason = PIECES[place % len(PIECES)]
            text = original_text(session_id, place)
            tag, at_ms = content_tag(text), self.now_ms - (count - place) * MINUTE_MS
            digest = render(text[:400], kind=kind, omitted="left out: lines 9-80", tokens=2_400 + place, tag=tag,
                            tool_name=None)  # fmt: skip
            new = Replacement(part=0, start=0, end=len(text), text=digest, tag=tag, kind=kind,
                              tokens_before=2_400 + place, tokens_after=160)  # fmt: skip
            written += (
                Original(tag=tag, session_id=session_id, text=text, kind=kind, tool=tool, path=path,
                         tokens=2_400 + place, at_ms=at_ms),
                Decision(session_id=session_id, key=place.to_bytes(16, "big"), action=Action.MASK, replacements=(new,),
                         reason=reason, decided_at_ms=at_ms),
            )  # fmt: skip
        with self.engine.begin() as tx:
            writing.write(tx, written, "p-1")
        return [one.tag for one in written if isinstance(one, Original)]

    def memory(self, session_id: str, requests: int = 12) -> None:
        """That so many requests of a session held memory, the latest a minute ago; a third of it changes each time."""
        records = []
        for place in range(requests):
            found = [Segment(type_, server, 0, 0, 0, tokens, text_key(f"{server} {place if server == 'mem0' else 0}"))
                     for type_, server, tokens in REMEMBERED]  # fmt: skip
            at_ms = self.now_ms - (requests - place) * MINUTE_MS
            records.append(MemorySeen(session_id=session_id, at_ms=at_ms, segments=tuple(found)))
        with self.engine.begin() as tx:
            writing.write(tx, records, "p-1")

    def epoch(
        self, session_id: str | None, at_ms: int, reason: str = "cold", gain: int = 90_000, loss: int = 31_000
    ) -> None:
        """That a request which began then changed what had been sent before."""
        data = {"reason": reason, "first": 7, "messages": 3, "saved_tokens": 6_720, "estimated_gain_tokens": gain,
                "estimated_loss_tokens": loss}  # fmt: skip
        with self.engine.begin() as tx:
            writing.write(tx, [Event(at_ms=at_ms, kind="epoch", session_id=session_id, data=data)], "p-1")

    def alert(self, message: str, level: str = "warning", **fields: object) -> None:
        """That something was told, at this moment if no `at_ms` says otherwise."""
        rows = [{"rev": 0, "key": "rate:kimi-code", "level": level, "at_ms": self.now_ms, "provider": "kimi-code",
                 "message": message, "data": "{}", "send_error": ""} | fields]  # fmt: skip
        with self.engine.begin() as tx:
            tx.execute(insert(Alert), rows)

    def limit(self, provider: str, kind: LimitKind, remaining: int | None, limit: int | None, **fields: Any) -> None:
        """What a provider said a moment ago of one of its limits, which is whole again in half an hour."""
        usual = {"model": "", "basis": Basis.REPORTED, "reset_at_ms": self.now_ms + HOUR_MS // 2,
                 "seen_at_ms": self.now_ms}  # fmt: skip
        seen = LimitSeen(**usual | fields, provider=provider, kind=kind, remaining=remaining, limit=limit)
        with self.engine.begin() as tx:
            writing.write(tx, [seen], "p-1")

    def request(self, session_id: str | None, **fields: object) -> None:
        """One more request, at this moment; without a session, one outside any conversation."""
        self.requests([fields], session_id)

    def requests(self, wanted: Iterable[Mapping[str, object]], session_id: str | None = None) -> None:
        """One more for each of these, which give the same fields or such as all have; the sums are made once."""
        rows = [
            row | {"session_id": session_id} | dict(fields)
            for fields in wanted
            for row in self._requests(session_id or "", *MODELS[0], 1, 0)
        ]
        with self.engine.begin() as tx:
            tx.execute(insert(Completion), rows)
        self.sums()

    def blank(self, session_id: str, **fields: object) -> None:
        """The same values for all requests of a session, and for its counters: what was never known."""
        with self.engine.begin() as tx:
            tx.execute(update(Completion).where(Completion.session_id == session_id).values(**fields))
            tx.execute(update(Session).where(Session.id == session_id).values(**fields))
        self.sums()

    def change(self, session_id: str, **fields: object) -> None:
        with self.engine.begin() as tx:
            tx.execute(update(Session).where(Session.id == session_id).values(**fields))

    def heartbeat(self, seen_ms: int, stopped_ms: int | None = None, **fields: object) -> None:
        sign = {
            "proxy_id": "p-1", "started_at_ms": seen_ms - HOUR_MS, "seen_at_ms": seen_ms, "stopped_at_ms": stopped_ms,
            "listen": "127.0.0.1:8080", "version": "test", "queued": 0, "dropped": 0, "settings_error": "",
        }  # fmt: skip
        with self.engine.begin() as tx:
            tx.execute(insert(Heartbeat), [sign | fields])

    def stop_proxies(self) -> None:
        """Every proxy has ended in an orderly way."""
        with self.engine.begin() as tx:
            tx.execute(update(Heartbeat).values(stopped_at_ms=self.now_ms))

    def _requests(
        self, session_id: str, provider: str, model: str, price: float | None, count: int, age_ms: int
    ) -> Iterator[dict[str, object]]:
        history, turn, draw = 6_000, 0, self.random
        for place in range(count):
            turn += place % 4 == 0
            new, cold = draw.randint(400, 9_000), draw.random() < 0.07
            epoch = history > 180_000
            history = 60_000 if epoch else history
            failed = place % 17 == 11
            memory = min(history, 900 + 60 * place)
            prompt = 5_200 + 9_800 + history + new
            cached = None if provider == "groq" else 0 if cold or epoch else 15_000 + history
            output = draw.randint(80, 1_900)
            masked, compressed = 3_100 * (place // 5), 900 if epoch else 0
            cost = None if price is None or failed else prompt * price / 4e6
            # An epoch costs more than it saves in its own request: the prefix is paid for again.
            unmodified = cost and cost * (0.7 if epoch else 1 + (masked + compressed) / prompt)
            self.rev += 1
            yield {
                "rev": self.rev, "session_id": session_id, "project": "shop" if provider == "mistral" else "",
                "started_at_ms": self.now_ms - age_ms - (count - 1 - place) * 40_000, "source": "proxy",
                "provider": provider, "model": model, "routed_from": "", "kind": "chat", "stream": True,
                "status": 429 if failed else 200, "outcome": "error" if failed else "ok",
                "error_class": "rate" if failed else "", "error_message": "Rate limit reached" if failed else "",
                "prompt_tokens_before": prompt + masked + compressed, "prompt_tokens_sent": prompt,
                "prompt_tokens": None if failed else prompt, "cached_tokens": None if failed else cached,
                "completion_tokens": None if failed else output, "reasoning_tokens": None if failed else output // 3,
                "usage_source": "estimated" if failed else "reported", "context_window": WINDOW,
                "context_fill": prompt / WINDOW, "memory_tokens": memory, "memory_ratio": memory / prompt,
                "masked_count": place // 5, "masked_tokens_saved": masked, "compressed_tokens_saved": compressed,
                "epoch": epoch, "rate_wait_ms": 0.0, "ttfb_ms": draw.uniform(300, 2_500),
                "duration_ms": draw.uniform(2_600, 30_000), "overhead_ms": draw.uniform(0.5, 4),
                "cost_usd": cost, "cost_unmodified_usd": unmodified,
                "cost_uncached_usd": cost and cost * (1 + 2.4 * (cached or 0) / prompt), "turn": turn,
                "message_count": 3 + 2 * place, "retry_of_ms": None, "trace_id": "", "proxy_id": "p-1",
                "composition": json.dumps({"system": 5_200, "tools": 9_800, "history": history, "new": new}),
                "prompt_tokens_calibrated": round(prompt * 1.02),
            } | made_of(memory, history - memory, new, HOSTILE)  # fmt: skip
            history += new + output

    def _session(
        self, session_id: str, name: str, rows: list[dict[str, object]], last: dict[str, object]
    ) -> dict[str, object]:
        def total(column: str) -> float:
            return sum(row[column] or 0 for row in rows)  # type: ignore[misc]

        return {
            "id": session_id, "name": name, "project": last["project"], "provider": last["provider"],
            "model": last["model"], "created_at_ms": rows[0]["started_at_ms"],
            "last_seen_ms": rows[-1]["started_at_ms"],
            "completions": len(rows), "turns": last["turn"], "errors": sum(row["outcome"] == "error" for row in rows),
            "prompt_tokens": total("prompt_tokens"), "cached_tokens": total("cached_tokens"),
            "completion_tokens": total("completion_tokens"),
            "saved_tokens": total("masked_tokens_saved") + total("compressed_tokens_saved"),
            "cost_usd": total("cost_usd"), "cost_unmodified_usd": total("cost_unmodified_usd"),
            "cost_uncached_usd": total("cost_uncached_usd"),
            "unpriced": sum(row["cost_usd"] is None and row["outcome"] == "ok" for row in rows),
            "context_window": WINDOW, "context_fill": last["context_fill"], "memory_tokens": last["memory_tokens"],
            "memory_ratio": last["memory_ratio"], "rev": self.rev,
        }  # fmt: skip

    def epochs(self) -> None:
        """An event for each request that changed a prefix."""
        changed = select(Completion.session_id, Completion.started_at_ms).where(Completion.epoch)
        with self.engine.connect() as tx:
            found = tx.execute(changed.order_by(Completion.started_at_ms)).all()
        for place, (session_id, at_ms) in enumerate(found):
            self.epoch(session_id, at_ms, REASONS[place % len(REASONS)], gain=90_000 - 25_000 * (place % 4))

    def count(self) -> None:
        """Where the next change of the store is counted from."""
        with self.engine.begin() as tx:
            tx.execute(insert(Counter), [{"name": "rev", "value": self.rev}])

    def sums(self) -> None:
        """The hourly sums of all requests so far, as a proxy would have written them."""
        with self.engine.begin() as tx:
            for table in (rollup_hour, tally_hour, latency_spans):
                tx.execute(delete(table))
            rolling.shift(tx, Completion.id > 0, 1)


def original_text(session_id: str, place: int) -> str:
    """Some 80 lines, no two texts alike; one has what a browser must not fetch, and one a lone surrogate."""
    odd = {3: HOSTILE, 4: "\ud800 half a character"}.get(place, "")
    lines = [f"{number:3} {session_id} {place} step {number * 37 % 101} done {odd}" for number in range(1, 81)]
    return "\n".join([*lines[:40], "ERROR connection to billing refused", *lines[40:]])


def empty(url: str, now_ms: int) -> Filler:
    """The tables and nothing in them. The caller disposes of the engine."""
    engine = writer(url)
    schema.upgrade(engine)
    return Filler(engine, now_ms)


def fill(url: str, now_ms: int, fresh_ms: int = 0) -> Filler:
    """Twelve sessions, the latest of 60 requests a minute ago, and a proxy that is alive for five seconds and
    `fresh_ms`: a busy machine may need longer to look at it.
    """
    filler = empty(url, now_ms)
    for number, requests in enumerate((60, 14, 9, 33, 5, 21, 120, 8, 17, 3, 44, 26)):
        filler.session(number, requests, age_ms=MINUTE_MS + number * 26 * HOUR_MS)
    filler.sums()
    filler.count()
    filler.epochs()
    for session_id in ("s-0000", "s-0002", "s-0003"):
        filler.masked(session_id)
        filler.memory(session_id)
    list_messages(filler.engine, "s-0000", HOSTILE)
    filler.heartbeat(now_ms + fresh_ms)
    return filler
