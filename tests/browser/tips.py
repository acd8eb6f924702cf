"""What the tip of a chart says when a person points at it, and what it has to say, from the store's own rows."""

import io
import json
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from itertools import accumulate
from typing import Any
from zoneinfo import ZoneInfo

from PIL import Image
from playwright.sync_api import Page
from sqlalchemy import Connection, select

from dashboard.data import EDGES_MS
from db.limit_tables import LimitSeen
from db.measures import MemorySegment
from db.models import Completion, RollupHour, Summary
from tests.filled import HOUR_MS

Tip = dict[str, str]
DAY_MS = 24 * HOUR_MS
ZONE = "Europe/Berlin"
"""The tabs'."""
TIP = """() => Object.fromEntries([...document.querySelectorAll('#vg-tooltip-element.visible tr')]
    .map(row => [...row.cells].map(cell => cell.innerText.replaceAll('\\u2212', '-'))))"""
MOST_TRIES, MOST_PICTURES, PAUSE_MS = 150, 30, 250
CORE = ((0, 0), (2, 0), (-2, 0), (0, 2), (0, -2))
"""Of a mark: all of these, from a pixel on, have its colour."""


def told(page: Page, key: str, wanted: tuple[int, int, int]) -> Tip:
    """By the middle of a mark of this colour; empty where none has a tip. A line has them at its points only."""
    canvas = page.locator(f".st-key-chart-{key} canvas")
    for _picture in range(MOST_PICTURES):  # a chart takes its width, and its rows, a moment after the page
        canvas.scroll_into_view_if_needed()
        page.mouse.move(0, 0)  # else the last tip may cover the mark
        shot, box = canvas.screenshot(), canvas.bounding_box()
        for x, y in _inside(shot, wanted) if box else ():  # none while it is drawn anew
            page.mouse.move(box["x"] + x, box["y"] + y)
            if tip := page.evaluate(TIP):
                return dict(tip)
        page.wait_for_timeout(PAUSE_MS)
    return {}


def _inside(png: bytes, wanted: tuple[int, int, int]) -> list[tuple[int, int]]:
    """Pixels well inside what has this colour, or of it at all, from the middle of the picture to its right."""
    image = Image.open(io.BytesIO(png)).convert("RGB")
    pixels: Any = image.load()
    ours = {
        (x, y)
        for x in range(image.width)
        for y in range(image.height)
        if all(abs(a - b) <= 6 for a, b in zip(pixels[x, y], wanted, strict=True))
    }
    inner = [(x, y) for x, y in ours if all((x + dx, y + dy) in ours for dx, dy in CORE)]
    every = sorted(inner) + sorted(ours)
    start = len(inner) // 2
    return (every[start:] + every[:start])[:MOST_TRIES]


def count(number: float) -> str:
    return f"{number:,}"


def share(number: float) -> str:
    return f"{number:.1%}"


def usd(number: float) -> str:
    return f"{'-' if number < 0 else ''}${abs(number):.4f}"


def _of(tx: Connection, session_id: str) -> list[tuple[int, Any]]:
    """Its requests with their numbers, from 1."""
    query = select(Completion).where(Completion.session_id == session_id).order_by(Completion.id)
    return list(enumerate(tx.execute(query).all(), start=1))


def _answered(tx: Connection) -> list[Any]:
    return list(tx.execute(select(Completion).where(Completion.outcome == "ok", Completion.source == "proxy")).all())


def _grouped(rows: Iterable[Any], key: Callable[[Any], Any]) -> Iterator[tuple[Any, list[Any]]]:
    found = defaultdict(list)
    for row in rows:
        found[key(row)].append(row)
    yield from found.items()


def parts(tx: Connection, completion_id: int) -> list[Tip]:
    row = tx.execute(select(Completion).where(Completion.id == completion_id)).one()
    found = json.loads(row.parts)
    whole = sum(found.values())
    return [{"Part": part.replace("_", " ").capitalize().replace("Files", "Files and context"),
             "Tokens, estimated": count(tokens), "Of the window": share(tokens / whole * row.context_fill)}
            for part, tokens in found.items()]  # fmt: skip


def latest_parts(tx: Connection) -> list[Tip]:
    known = [row.id for _number, row in _of(tx, "s-0000") if row.kind == "chat" and row.context_fill is not None]
    return parts(tx, known[-1])


def billed(tx: Connection) -> list[Tip]:
    amounts: list[tuple[int, str, int]] = []
    for number, row in _of(tx, "s-0000"):
        if row.prompt_tokens is None:
            amounts.append((number, "Fresh", row.prompt_tokens_sent))
            continue
        amounts += [(number, "Cached", row.cached_tokens), (number, "Fresh", row.prompt_tokens - row.cached_tokens),
                    (number, "Answer", row.completion_tokens - row.reasoning_tokens),
                    (number, "Reasoning", row.reasoning_tokens)]  # fmt: skip
    return [{"Request": str(number), "Kind of tokens": kind, "Tokens": count(n)} for number, kind, n in amounts]


def fills(tx: Connection) -> list[Tip]:
    return [{"Request": str(number), "Context fill": share(row.context_fill),
             "Of which memory": share(row.memory_tokens / row.context_window)}
            for number, row in _of(tx, "s-0000")]  # fmt: skip


def estimates(tx: Connection) -> list[Tip]:
    return [{"Request": str(number), "Tokens, estimated": count(row.prompt_tokens_calibrated),
             "Tokens, as reported": count(row.prompt_tokens),
             "Off by": f"{row.prompt_tokens_calibrated / row.prompt_tokens - 1:+.1%}"}
            for number, row in _of(tx, "s-0000") if row.prompt_tokens is not None]  # fmt: skip


def of_sides(title: str, show: Callable[[float], str], values: Callable[[list[Any]], list[Any]]) -> Any:
    def made(tx: Connection) -> list[Tip]:
        found = []
        for side, session_id in (("Left", "s-0002"), ("Right", "s-0003")):
            numbered = _of(tx, session_id)
            for (number, _row), value in zip(numbered, values([row for _n, row in numbered]), strict=True):
                if value is not None:
                    found.append({"Session": side, "Request": str(number), title: show(value)})
        return found

    return made


def parts_of_sides(tx: Connection) -> list[Tip]:
    found = []
    for side, session_id in (("Left", "s-0002"), ("Right", "s-0003")):
        known = [row.id for _n, row in _of(tx, session_id) if row.kind == "chat" and row.context_fill is not None]
        found += [{"Session": side, "Part": one["Part"], "Tokens, estimated": one["Tokens, estimated"]}
                  for one in parts(tx, known[-1])]  # fmt: skip
    return found


def timings(tx: Connection) -> list[Tip]:
    row = tx.execute(select(Completion).where(Completion.id == 58)).one()
    first, stream = row.ttfb_ms - row.overhead_ms - row.rate_wait_ms, row.duration_ms - row.ttfb_ms
    return [{"Part": name, "Seconds": f"{ms / 1_000:.4f}"} for name, ms in (("First byte", first), ("Stream", stream))]


def used(tx: Connection) -> list[Tip]:
    """By the days of the person's time zone."""
    offset = datetime.now(ZoneInfo(ZONE)).utcoffset()
    assert offset
    offset_ms = round(offset.total_seconds() * 1_000)
    by_day = _grouped(tx.execute(select(RollupHour)).all(), lambda row: ((row.hour_ms + offset_ms) // DAY_MS, row[1]))
    tips = []
    for (_day, provider), rows in by_day:
        paid = sum(row.cost_usd for row in rows)
        tips.append({"Provider": provider, "US dollars": usd(paid) if paid else "–",
                     "Prompt tokens": count(sum(row.prompt_tokens for row in rows)),
                     "Completion tokens": count(sum(row.completion_tokens for row in rows)),
                     "Requests": count(sum(row.completions for row in rows))})  # fmt: skip
    return tips


def compared(tx: Connection) -> list[Tip]:
    rows = tx.execute(select(RollupHour)).all()
    sums = [sum(getattr(row, name) for row in rows)
            for name in ("cost_usd", "cost_unmodified_usd", "cost_uncached_usd")]  # fmt: skip
    return [{"US dollars": usd(each), "Against what was paid": f"{each / sums[0] - 1:+.1%}"} for each in sums]


def waterfall(tx: Connection) -> list[Tip]:
    rows = _answered(tx)
    received = sum(row.prompt_tokens_before for row in rows)
    masked, compressed = (sum(getattr(row, f"{by}_tokens_saved") for row in rows) for by in ("masked", "compressed"))
    steps = (received, -masked, -compressed, sum(row.prompt_tokens_sent for row in rows))
    return [{"Tokens, estimated": count(n), "Of what was received": share(n / received)} for n in steps]


def cache(tx: Connection) -> list[Tip]:
    said = [row for row in _answered(tx) if row.cached_tokens is not None]
    tips = []
    for (_day, provider), rows in _grouped(said, lambda row: (row.started_at_ms // DAY_MS, row.provider)):
        cached, prompt = sum(row.cached_tokens for row in rows), sum(row.prompt_tokens for row in rows)
        tips.append({"Provider": provider, "From cache": share(cached / prompt), "Cached tokens": count(cached),
                     "Prompt tokens": count(prompt)})  # fmt: skip
    return tips


def net(tx: Connection) -> list[Tip]:
    tips = []
    for _day, rows in _grouped(_answered(tx), lambda row: row.started_at_ms // DAY_MS):
        both = [row for row in rows if row.cost_usd is not None and row.cost_unmodified_usd is not None]
        kept = sum(row.prompt_tokens_before - row.prompt_tokens_sent for row in rows)
        won = sum(row.cost_unmodified_usd - row.cost_usd for row in both)
        tips.append({"Net, US dollars": usd(won), "Tokens kept out, estimated": count(kept)})
    return tips


def memory(tx: Connection) -> list[Tip]:
    return [{"Memory ratio": share(row.memory_tokens / row.prompt_tokens_sent),
             "Memory tokens": count(row.memory_tokens), "Prompt tokens": count(row.prompt_tokens_sent), "Requests": "1"}
            for _number, row in _of(tx, "s-0002") if row.outcome == "ok"]  # fmt: skip


def sources(tx: Connection) -> list[Tip]:
    segments = tx.execute(select(MemorySegment).where(MemorySegment.session_id == "s-0002")).all()
    tips = []
    for _source, rows in _grouped(segments, lambda row: (row.server, row.type)):
        once, sent = sum(row.tokens for row in rows), sum(row.tokens * row.sent for row in rows)
        tips += [{"Part": part, "Tokens, estimated": count(n), "Segments": count(len(rows))}
                 for part, n in (("Sent first", once), ("Sent again", sent - once))]  # fmt: skip
    return tips


def compressions(tx: Connection) -> list[Tip]:
    rows = tx.execute(select(Summary)).all()
    steps = [(row.prompt_tokens_before, row.prompt_tokens_before - row.tokens_before + row.tokens_after)
             for row in rows]  # fmt: skip
    return [{"Tokens before": count(before), "Tokens after": count(after), "Left of it": f"{after / before:.0%}"}
            for before, after in steps]  # fmt: skip


def logged(tx: Connection) -> list[Tip]:
    tips = []
    for row in _answered(tx):
        if row.logged_at_ms is not None:
            whole = row.prompt_tokens + row.prompt_tokens_before - row.prompt_tokens_sent
            for tokens, counted in ((row.prompt_tokens_sent, row.prompt_tokens), (row.logged_prompt_tokens, whole)):
                tips.append({"Tokens, estimated": count(tokens), "Tokens, as reported": count(counted),
                             "Off by": f"{tokens / counted - 1:+.1%}"})  # fmt: skip
    return tips


def headroom(tx: Connection) -> list[Tip]:
    return [{"Left of it": share(row.remaining / row.limit), "Remaining": count(row.remaining), "Of": count(row.limit)}
            for row in tx.execute(select(LimitSeen)).all()]  # fmt: skip


def latency(column: str) -> Callable[[Connection], list[Tip]]:
    def made(tx: Connection) -> list[Tip]:
        tips = []
        for provider, rows in _grouped(_answered(tx), lambda row: row.provider):
            steps = Counter(bisect_right(EDGES_MS, getattr(row, column)) for row in rows)
            tips += [{"Provider": provider, "Requests": count(n), "Share of its answers": share(n / len(rows))}
                     for n in {0, *steps.values()}]  # fmt: skip
        return tips

    return made


def failed(tx: Connection) -> list[Tip]:
    rows = tx.execute(select(Completion).where(Completion.outcome == "error", Completion.error_class == "rate")).all()
    days = Counter(row.started_at_ms // DAY_MS for row in rows)
    return [{"Class": "rate limit", "Errors": count(n)} for n in days.values()]


TIPS: dict[str, dict[str, Callable[[Connection], list[Tip]]]] = {
    "session.py": {"context": latest_parts, "input": billed, "output": billed, "fill": fills, "estimates": estimates},
    "compare.py": {
        "parts-of-sides": parts_of_sides,
        "fills-of-sides": of_sides("Context fill", share, lambda rows: [row.context_fill for row in rows]),
        "sizes-of-sides": of_sides("Prompt tokens", count, lambda rows: [
            row.prompt_tokens_sent if row.prompt_tokens is None else row.prompt_tokens for row in rows]),
        "costs-of-sides": of_sides("US dollars", usd, lambda rows: list(accumulate(row.cost_usd or 0 for row in rows))),
    },
    "turn.py": {"parts": lambda tx: parts(tx, 58), "timings": timings},
    "usage.py": {"cost": used, "tokens": used, "compared": compared},
    "savings.py": {"waterfall": waterfall, "cache": cache, "net": net},
    "memory.py": {"memory": memory, "sources": sources},
    "compression.py": {"compressions": compressions},
    "ide_log.py": {"errors": logged},
    "limits.py": {"headroom": headroom, "first-byte": latency("ttfb_ms"), "duration": latency("duration_ms"),
                  "errors": failed},
}  # fmt: skip
"""By the page's file and the chart's key: every tip that is right, less what says when."""
