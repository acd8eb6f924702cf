"""Ties results to their calls, and refuses a history in which they do not fit: no provider would take it.

A provider rejects the whole request when one result is missing, so this is checked before anything is written. Ids that
a format does not have are made from what the call says and how often it said so before, not from where it stands:
clients drop old messages from the front.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from addons.domain.convert.contract import ConvertError
from addons.domain.convert.conversation import Call, Part, Result, Turn
from addons.domain.convert.ids import short_id
from addons.domain.messages import Role


def paired(turns: Iterable[Turn]) -> tuple[Turn, ...]:
    """The turns with every call and result bearing an id, results in the order of their calls and named like them.

    Consecutive turns of the assistant, and of results, become one: clients that stream store a turn in pieces.

    :raises ConvertError: naming the turn, if a result is missing, extra or given twice.
    """
    counts: Counter[tuple[str, bytes]] = Counter()
    done: list[Turn] = []
    open_calls: Turn | None = None
    for turn in _merged(turns):
        if open_calls:
            _expect_results(open_calls, turn)
            done.append(replace(turn, parts=tuple(_results(open_calls, turn))))
            open_calls = None
            continue
        if turn.role is Role.TOOL:
            raise ConvertError(f"{turn.place}: a tool result without a call before it")
        turn = replace(turn, parts=tuple(_identified(turn, counts)))
        done.append(turn)
        open_calls = turn if turn.calls else None
    if open_calls:
        raise ConvertError(f"{open_calls.place}: no tool results for {_names(open_calls.calls)}")
    return tuple(done)


def _merged(turns: Iterable[Turn]) -> Iterator[Turn]:
    held: Turn | None = None
    for turn in turns:
        if held and held.role is turn.role and turn.role in (Role.ASSISTANT, Role.TOOL):
            held = replace(held, parts=held.parts + turn.parts)
            continue
        if held:
            yield held
        held = turn
    if held:
        yield held


def _identified(turn: Turn, counts: Counter[tuple[str, bytes]]) -> Iterator[Part]:
    seen: set[str] = set()
    for part in turn.parts:
        if isinstance(part, Call):
            if turn.role is not Role.ASSISTANT:
                raise ConvertError(f"{turn.place}: a tool call in a message of the {turn.role}")
            counts[part.name, part.arguments] += 1
            if not part.id:
                nth = counts[part.name, part.arguments]
                part = replace(part, id=short_id("call", part.name, part.arguments, nth))
            if part.id in seen:
                raise ConvertError(f"{turn.place}: two tool calls have the id {part.id!r}")
            seen.add(part.id)
        yield part


def _expect_results(calls: Turn, turn: Turn) -> None:
    if turn.role is not Role.TOOL:
        raise ConvertError(
            f"{turn.place}: expected tool results for {_names(calls.calls)} of {calls.place}, got {turn.role}"
        )


def _results(calls: Turn, turn: Turn) -> Iterator[Result]:
    """In the order of the calls, however they came."""
    waiting = list(calls.calls)
    found: dict[str, Result] = {}
    for part in turn.parts:
        assert isinstance(part, Result)
        call = _call_of(part, waiting)
        if call is None:
            twice = part.call_id in found
            problem = "a second tool result" if twice else "a tool result without a call before it"
            raise ConvertError(f"{turn.place}: {problem} (id {part.call_id!r}, tool {part.name!r})")
        waiting.remove(call)
        found[call.id] = replace(part, call_id=call.id, name=call.name)
    if waiting:
        raise ConvertError(f"{turn.place}: no tool results for {_names(waiting)} of {calls.place}")
    return (found[call.id] for call in calls.calls)


def _call_of(result: Result, waiting: Sequence[Call]) -> Call | None:
    """By id where it has one, else the first call of that name that still waits."""
    if result.call_id:
        return next((call for call in waiting if call.id == result.call_id), None)
    return next((call for call in waiting if call.name == result.name), None)


def _names(calls: Sequence[Call]) -> str:
    return ", ".join(f"{call.name!r} (id {call.id!r})" for call in calls)
