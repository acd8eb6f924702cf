"""How much a line tells, compared with the other lines of the same text.

What is worth keeping in a long output is what is rare in it: a value whose like does not occur elsewhere, a line that
does not look like its neighbours, an error among successes. A line that repeats the template of lines before it tells
little. Nothing here knows any particular program's output; words for errors and warnings are the only vocabulary, and
they stand in `vocabulary`.
"""

import math
import re
from collections import Counter
from collections.abc import Collection, Sequence
from functools import cached_property
from itertools import chain

from addons.domain.masking.vocabulary import NOTABLE, NOTABLE_PHRASES, holds_any, severe, warning

READ_LIMIT = 400
"""Characters of a line that are looked at."""
STAMP = re.compile(
    r"\W{0,3}(?:\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d)?(?:[.,]\d{1,9})?(?:Z|[+-]\d\d:?\d\d)?"
    r"|\d\d:\d\d:\d\d(?:[.,]\d{1,9})?|[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d|\d\d/[A-Z][a-z]{2}/\d{4}:[\d:]{8}"
    r"|\d{10,13}\b|\d{1,9}\.\d{3,9})\W{0,3}"
)
"""A time at the beginning of a line: ISO, clock, syslog, Apache, seconds since an epoch or start."""

_TOKEN = re.compile(r"\w+(?:[-.]\w+)*")
_ADDRESS = re.compile(r"0x[0-9a-fA-F]+|[0-9a-fA-F]{16,}|[0-9a-fA-F]{8}-[0-9a-fA-F-]{27}")
_ADDRESS_CHARS = 16
_DIGIT = re.compile(r"\d")
_VERSION = re.compile(r"v?\d+(?:\.\d+)+\w*")
_IP = re.compile(r"\b\d{1,3}(?:\.\d{1,3}){3}\b")
_ASSIGNMENT = re.compile(r"^\W{0,12}[\w.\-\"' ]{1,60}(?:\s{0,8}(?::=|=>|=|:)\s{0,8})[\"'`\[{(\d\-+.$/A-Z]")
"""`key = value`, `key: value`, `"key": value` with a value that looks like a literal."""
_SAME_DIGITS = str.maketrans("123456789", "000000000")
_CLASSES = str.maketrans("123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ", "0" * 9 + "a" * 52)

FLOOR = 0.1
"""What every line that says anything is worth, so that a text of nothing but repetitions is not empty."""
FOREIGN = 1.0
"""What a line gains that begins unlike nearly all others of a regular text."""
REGULAR_SHARE, FOREIGN_SHARE, REGULAR_LINES = 0.6, 0.02, 20
"""A text of at least so many lines is regular if that share of them begin alike; foreign is what at most few do."""


class Salience:
    """The features of all lines of a text, each computed once."""

    def __init__(self, lines: Sequence[str]) -> None:
        self._lines = [line[:READ_LIMIT] for line in lines]
        self._tokens = [_TOKEN.findall(line) for line in self._lines]

    @cached_property
    def severe(self) -> list[bool]:
        """Which lines report a failure."""
        return [severe(line) for line in self._lines]

    @cached_property
    def warning(self) -> list[bool]:
        return [not bad and warning(line) for line, bad in zip(self._lines, self.severe, strict=True)]

    @cached_property
    def templates(self) -> list[str]:
        """The lines with their varying parts taken out: equal for lines that differ in digits and addresses alone.

        The length of a number stays, so that 40961 ms is not folded into 12 ms.
        """
        return [
            _without_addresses(line, tokens).translate(_SAME_DIGITS).strip()
            for line, tokens in zip(self._lines, self._tokens, strict=True)
        ]

    @cached_property
    def fold_keys(self) -> list[str]:
        """Equal for lines of which a digest shows one and counts the others.

        Errors and warnings fold only when they say the same but for the time and addresses.
        """
        return [
            _without_addresses(STAMP.sub("", line, count=1), tokens).strip() if bad or warned else template
            for line, tokens, bad, warned, template in zip(
                self._lines, self._tokens, self.severe, self.warning, self.templates, strict=True
            )
        ]

    def scores(self, *, severity: float = 1.0) -> list[float]:
        """One for each line: 0 for blank ones, about 0.5 for ordinary ones, 1 to 4 for rare values, more for errors.

        `severity` scales what error and warning words are worth: source code is full of them without meaning it.
        """
        unique = set(chain.from_iterable(self._tokens))
        key_of = {token: token.lower().translate(_SAME_DIGITS) for token in unique}
        keys = [{key_of[token] for token in tokens} for tokens in self._tokens]
        seen_in = Counter(chain.from_iterable(keys))
        filled = sum(map(bool, keys))
        top = math.log(max(2, filled))
        rarity = {key: (top - math.log(count)) / top for key, count in seen_in.items()}
        values = {token: fact * rarity[key_of[token]] ** 2 for token in unique if (fact := _fact(token))}
        foreign = self._foreign(filled)
        repeats: Counter[str] = Counter()
        result: list[float] = []
        for index, line in enumerate(self._lines):
            if not keys[index]:
                result.append(0.0)
                continue
            alarm = 4.0 if self.severe[index] else 2.0 if self.warning[index] else 0.0
            score = FLOOR + alarm * severity + _marks(line) + _rare(self._tokens[index], keys[index], rarity, values)
            score += FOREIGN * (index in foreign)
            result.append(score / (1 + repeats[self.templates[index]]))
            repeats[self.templates[index]] += 1
        return result

    def _foreign(self, filled: int) -> frozenset[int]:
        """Lines that begin unlike nearly all others, where those others begin alike."""
        shapes = [line[:6].translate(_CLASSES) for line in self._lines]
        counts = Counter(shape for shape in shapes if shape)
        if filled < REGULAR_LINES or counts.most_common(1)[0][1] < REGULAR_SHARE * filled:
            return frozenset()
        few = max(1, FOREIGN_SHARE * filled)
        return frozenset(index for index, shape in enumerate(shapes) if shape and counts[shape] <= few)


def scores(lines: Sequence[str], *, severity: float = 1.0) -> list[float]:
    """See `Salience.scores`."""
    return Salience(lines).scores(severity=severity)


def _without_addresses(line: str, tokens: Sequence[str]) -> str:
    if "0x" in line or max(map(len, tokens), default=0) >= _ADDRESS_CHARS:
        return _ADDRESS.sub("0x", line)
    return line


def _fact(token: str) -> float:
    """How much a token looks like a value somebody may ask for: an id, a version, a port, a size, a constant's name."""
    if token.isdigit():
        return 0.0 if len(token) < 2 else 0.4 if len(token) == 2 else 1.0
    if token.isalpha() or not _DIGIT.search(token):
        return 0.6 if "_" in token and token.isupper() else 0.0
    if _ADDRESS.fullmatch(token):
        return 0.0
    if _VERSION.fullmatch(token):
        return 1.2
    return 2.0 if "-" in token else 0.5


def _rare(tokens: Sequence[str], keys: Collection[str], rarity: dict[str, float], values: dict[str, float]) -> float:
    """Of the three rarest words and the three rarest values."""
    words = sorted([rarity[key] for key in keys])[-3:]
    rarest = sorted([values[token] for token in tokens if token in values])[-3:]
    return 0.5 * sum(words) / 3 + sum(rarest)


def _marks(line: str) -> float:
    """What people mark as worth knowing, assignments of literals, addresses."""
    score = 0.0
    if not NOTABLE.isdisjoint(line.replace(":", " ").replace("(", " ").split()) or holds_any(line, NOTABLE_PHRASES):
        score += 1.0
    if ("=" in line or ":" in line) and _ASSIGNMENT.match(line):
        score += 0.5
    if "://" in line or (line.count(".") >= 3 and _IP.search(line)):
        score += 0.4
    return score
