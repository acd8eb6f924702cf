"""A summary without a model: what the messages themselves tell, chosen by rule, the same for the same messages.

It serves while a model writes a better one, and for good where none does. The person's words come first: a model that
has forgotten a file can read it again, one that has forgotten its task cannot.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from addons.domain.compression.actions import Action, Did, actions, one_line
from addons.domain.masking.context_blocks import blocks
from addons.domain.messages import Message, PartType, Role

Count = Callable[[str], int]

EARLIER, ASKED, DECIDED, FILES, RAN, OPEN, STATE = range(7)
"""The parts of a summary, in its order."""
HEADINGS = (
    "Earlier still",
    "The person asked, in order",
    "Found and decided",
    "Files",
    "Commands and their latest outcome",
    "Not solved yet",
    "Where it stands",
)
WORDS = 400
"""Characters of a person's message; of the latest one twice as many."""
SENTENCE = 240
"""Characters of a sentence of the model's."""
EARLIER_SHARE = 0.4
"""Of the budget, for what an earlier summary said."""

DECISION = re.compile(
    r"\b(?:because|cause[ds]?|reason|decid\w+|instead|therefore|so that|must|should|found|turns out|conclu\w+"
    r"|fix(?:ed|es)?|root|bug|issue|problem|works?|confirmed|now|plan|parce que|donc|cause|décid\w+|corrig\w+)\b",
    re.IGNORECASE,
)
_SENTENCES = re.compile(r"(?<=[.!?])\s+|\n+")
_CLOSING = re.compile(r"\A\s*(?:`{3,}|</context>)\s*")
_FENCE = re.compile(r"```.*?(?:```|\Z)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Line:
    part: int
    at: int
    """Its place among the lines of its part."""
    text: str
    weight: float
    """The heavier goes first when the budget is spent."""


def heuristic_summary(messages: Sequence[Message], budget: int, count: Count, earlier: str = "") -> str:
    """The body of a summary of at most `budget` tokens; `earlier` is that of a summary whose messages are not here.

    Costs some 10 ms for 100 000 tokens, so it is for a thread.
    """
    done = actions(messages)
    lines = [
        *_earlier(earlier, budget, count),
        *_asked(messages),
        *_decided(messages),
        *_files(done),
        *_ran(done),
        *_open(done),
        *_state(messages),
    ]
    return written(chosen(lines, budget, count))


def chosen(lines: Iterable[Line], budget: int, count: Count) -> list[Line]:
    """The heaviest lines that fit together with their headings."""
    kept: list[Line] = []
    opened: set[int] = set()
    left = budget
    for line in sorted(lines, key=lambda line: (-line.weight, line.part, line.at)):
        heading = 0 if line.part in opened else count(HEADINGS[line.part]) + 2
        cost = count(line.text) + 3 + heading
        if cost <= left:
            left -= cost
            kept.append(line)
            opened.add(line.part)
    return kept


def written(lines: Iterable[Line]) -> str:
    rows: list[str] = []
    part = None
    for line in sorted(lines, key=lambda line: (line.part, line.at)):
        if line.part != part:
            part = line.part
            rows.append(f"{HEADINGS[part]}:")
        rows.append(f"- {line.text}")
    return "\n".join(rows)


def own_words(message: Message) -> str:
    """What a person wrote, without the files and output that the client put before it; "" for a tool's output."""
    text = message.text
    end = max((block.end for block in blocks(text)), default=0)
    rest = _CLOSING.sub("", text[end:], count=1) if end else text
    return "" if rest.startswith("Tool output for ") else rest.strip()


def _earlier(text: str, budget: int, count: Count) -> Iterator[Line]:
    """Line by line from the start, as much as its share allows."""
    left = round(budget * EARLIER_SHARE)
    headings = {f"{heading}:" for heading in HEADINGS}
    for at, row in enumerate(text.splitlines()):
        shown = one_line(row.removeprefix("- "), WORDS)
        if not shown or row in headings:
            continue
        left -= count(shown) + 3
        if left < 0:
            return
        yield Line(EARLIER, at, shown, 9 - at / 100)


def _asked(messages: Sequence[Message]) -> Iterator[Line]:
    said = [words for message in messages if message.role in (Role.USER, Role.TOOL) and (words := own_words(message))]
    for at, words in enumerate(said):
        newest = at == len(said) - 1
        weight = 10.0 if newest else 8.0 if at == 0 else 4 + at / len(said)
        yield Line(ASKED, at, one_line(words, WORDS * (2 if newest else 1)), weight)


def _decided(messages: Sequence[Message]) -> Iterator[Line]:
    """Sentences in which the model concludes something, those of the end first."""
    seen: set[str] = set()
    texts = [message.text for message in messages if message.role is Role.ASSISTANT]
    for at, text in enumerate(texts):
        for number, sentence in enumerate(_sentences(text)):
            found = len(DECISION.findall(sentence))
            if found and sentence not in seen:
                seen.add(sentence)
                weight = 2 + min(found, 3) / 2 + 2 * at / len(texts) - number / 10
                yield Line(DECIDED, at * 100 + min(number, 99), sentence, weight)


def _sentences(text: str) -> list[str]:
    plain = _FENCE.sub(" ", text)
    return [one_line(sentence, SENTENCE) for sentence in _SENTENCES.split(plain) if len(sentence.split()) > 3]


def _files(done: Sequence[Action]) -> Iterator[Line]:
    changed = _latest(action.what for action in done if action.did is Did.CHANGED)
    read = [path for path in _latest(action.what for action in done if action.did is Did.READ) if path not in changed]
    for at, group in enumerate(_groups(changed, 6)):
        yield Line(FILES, at, f"changed: {', '.join(group)}", 7 - at)
    for at, group in enumerate(_groups(read, 8)):
        yield Line(FILES, 1000 + at, f"read: {', '.join(group)}", 5 - at)


def _ran(done: Sequence[Action]) -> Iterator[Line]:
    """Each command once, with how it ended the last time."""
    latest: dict[str, tuple[int, Action]] = {}
    times: dict[str, int] = {}
    for at, action in enumerate(done):
        if action.did in (Did.RAN, Did.LOOKED):
            times[action.what] = times.get(action.what, 0) + 1
            latest[action.what] = at, action
    for what, (at, action) in latest.items():
        outcome = action.outcome or ("failed" if action.failed else "done")
        often = f" ({times[what]} times)" if times[what] > 1 else ""
        shown = f"`{what}`{often}: {outcome}" if action.did is Did.RAN else f"{what}{often}"
        told = 1.5 if action.outcome else 0.0
        weight = (3 if action.did is Did.RAN else 0.5) + told + 2 * at / len(done)
        yield Line(RAN, at, shown, weight)


def _open(done: Sequence[Action]) -> Iterator[Line]:
    """What failed and has not gone well since."""
    failing: dict[tuple[Did, str], tuple[int, str]] = {}
    for at, action in enumerate(done):
        failing.pop((action.did, action.what), None)
        if action.failed:
            failing[action.did, action.what] = at, action.problem
    for (_, what), (at, problem) in failing.items():
        yield Line(OPEN, at, f"{what}: {problem}" if problem else f"{what} failed", 5 + 3 * at / len(done))


def _state(messages: Sequence[Message]) -> Iterator[Line]:
    """What the model said last, and pictures that are no longer there."""
    last = next((m.text for m in reversed(messages) if m.role is Role.ASSISTANT and m.text.strip()), "")
    sentences = _sentences(last)[-3:]
    for at, sentence in enumerate(sentences):
        yield Line(STATE, at, sentence, 6 + at / 10)
    images = sum(part.type is PartType.IMAGE for message in messages for part in message.parts)
    if images:
        yield Line(STATE, 100, f"{images} image{'s' if images > 1 else ''} shown earlier cannot be seen any more", 7)


def _latest(items: Iterable[str]) -> list[str]:
    """Each once, the one named last first."""
    return list(dict.fromkeys(list(items)[::-1]))


def _groups(items: Sequence[str], size: int) -> list[Sequence[str]]:
    return [items[at : at + size] for at in range(0, len(items), size)]
