"""How far estimates are from what providers reported: same rows, same figures. No Streamlit, no clock."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import Any

from addons.domain.kinds import FILLS_CONTEXT
from dashboard.data import Calibration, LiveRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Error:
    """Means of |estimate - reported| / reported over the answered chats of one model."""

    provider: str
    model: str
    requests: int
    before: float
    """Of the plain estimate."""
    after: float
    """Of the estimate as it was calibrated when each request was sent."""
    ratio: float | None
    """What the model counts for one of our tokens, as learned from all its reports; None where nothing was."""
    reports: int


def deviations(numbered: Iterable[tuple[int, LiveRow]]) -> list[dict[str, Any]]:
    """Rows of the chart: for each request how far both estimates were off, as a signed share."""
    found = []
    for number, row in numbered:
        if (counts := _counts(row)) is not None:
            sent, calibrated, reported = counts
            for who, estimate in (("before", sent), ("sent", calibrated)):
                found.append({"number": number, "who": who, "off": estimate / reported - 1, "tokens": estimate,
                              "counted": reported})  # fmt: skip
    return found


def by_request(points: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """The rows of `deviations` as a table: a line for each request, "before" and "sent" being its estimates."""
    lines: dict[int, dict[str, Any]] = {}
    for point in points:
        line = lines.setdefault(point["number"], {"number": point["number"], "counted": point["counted"]})
        line |= {point["who"]: point["tokens"], f"{point['who']}-off": 100 * point["off"]}
    return list(lines.values())


def errors(rows: Sequence[LiveRow], known: Iterable[Calibration]) -> list[Error]:
    """By provider and model, the one with most requests first."""
    by_model: dict[tuple[str, str], list[tuple[int, int, int]]] = {}
    for row in rows:
        if (counts := _counts(row)) is not None:
            by_model.setdefault((row.provider, row.model), []).append(counts)
    learned = {(one.provider, one.model): one for one in known}
    found = [_error(*model, counts, learned.get(model)) for model, counts in by_model.items()]
    return sorted(found, key=lambda error: -error.requests)


def _error(provider: str, model: str, counts: Sequence[tuple[int, int, int]], known: Calibration | None) -> Error:
    return Error(
        provider=provider,
        model=model,
        requests=len(counts),
        before=fmean(abs(sent - reported) / reported for sent, _calibrated, reported in counts),
        after=fmean(abs(calibrated - reported) / reported for _sent, calibrated, reported in counts),
        ratio=known.ratio if known else None,
        reports=known.observations if known else 0,
    )


def _counts(row: LiveRow) -> tuple[int, int, int] | None:
    """Estimated, calibrated and reported tokens; None where one is not known, or the answer failed."""
    counted = row.usage_source == "reported" and row.outcome == "ok" and row.kind in FILLS_CONTEXT
    if not counted or not row.prompt_tokens or row.prompt_tokens_sent is None or row.prompt_tokens_calibrated is None:
        return None
    return row.prompt_tokens_sent, row.prompt_tokens_calibrated, row.prompt_tokens
