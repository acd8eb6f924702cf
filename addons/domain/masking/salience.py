"""How much a line tells, compared with the other lines of the same text.

What is worth keeping in a long output is what is rare in it: a value whose like does not occur elsewhere, a line that does
not look like its neighbours, an error among successes. A line that repeats the template of lines before it tells little.
Nothing here knows any particular program's output; words for errors and warnings are the only vocabulary.
"""

import math
import re
from collections import Counter
from collections.abc import Sequence

SEVERE = re.compile(
    r"\b(?:errors?|errno|fail(?:ed|ure|ures|s|ing)?|fatal|panic(?:ked)?|traceback|critical|exception|segfault|abort(?:ed|ing)?"
    r"|denied|refused|rejected|timed ?out|killed|corrupt(?:ed)?|conflict|unable|cannot|could not|not found|no such"
    r"|undefined|unresolved|unhandled|uncaught|invalid|mismatch|overflow|unreachable|violation|erreur|échec)\b"
    r"|\w(?:Error|Exception)\b|\bE\d{3,4}\b",
    re.IGNORECASE,
)
"""A line that reports a failure."""
WARNING = re.compile(r"\b(?:warn(?:ing|ings)?|deprecat(?:ed|ion)|caution|attention|retry(?:ing)?)\b|\wWarning\b", re.IGNORECASE)
_NOTHING_WRONG = re.compile(r"\b(?:0|no|zero|without)\s+(?:errors?|fail(?:ed|ures?)|warnings?|problems?|issues?)\b", re.IGNORECASE)
NOTABLE = re.compile(
    r"\b(?:TODO|FIXME|XXX|HACK|BUG|NOTE|NB|WARNING|CAUTION|IMPORTANT|SAFETY|DEPRECATED)\b"
    r"|\b(?:must|never|always|do not|don't|only if|limit(?:ed)?|at most|at least|incident|workaround|pinned|expires?|secret)\b"
)
"""Words with which people mark what later readers must know."""
ASSIGNMENT = re.compile(r"^\W{0,12}[\w.\-\"' ]{1,60}(?:\s*(?::=|=>|=|:)\s*)[\"'`\[{(\d\-+.$/A-Z]")
"""`key = value`, `key: value`, `"key": value` with a value that looks like a literal."""
URL = re.compile(r"\bhttps?://|\b\d{1,3}(?:\.\d{1,3}){3}\b")
STAMP = re.compile(
    r"\W{0,3}(?:\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d)?(?:[.,]\d{1,9})?(?:Z|[+-]\d\d:?\d\d)?|\d\d:\d\d:\d\d(?:[.,]\d{1,9})?"
    r"|[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d|\d\d/[A-Z][a-z]{2}/\d{4}:[\d:]{8}|\d{10,13}\b|\d{1,9}\.\d{3,9})\W{0,3}"
)
"""A time at the beginning of a line: ISO, clock, syslog, Apache, seconds since an epoch or start."""
_TOKEN = re.compile(r"\w+(?:[-.]\w+)*")
_ADDRESS = re.compile(r"0x[0-9a-fA-F]+|[0-9a-fA-F]{16,}|[0-9a-fA-F]{8}-[0-9a-fA-F-]{27}")
_DIGITS = re.compile(r"\d+")
_DIGIT = re.compile(r"\d")
_VERSION = re.compile(r"v?\d+(?:\.\d+)+\w*")
_LETTERS = re.compile(r"[^\W\d_]+")
READ_LIMIT = 400
"""Characters of a line that are looked at."""


def severe(line: str) -> bool:
    return bool(SEVERE.search(line[:READ_LIMIT])) and not _NOTHING_WRONG.search(line[:READ_LIMIT])


def warning(line: str) -> bool:
    return bool(WARNING.search(line[:READ_LIMIT])) and not _NOTHING_WRONG.search(line[:READ_LIMIT])


def template(line: str) -> str:
    """The line with its varying parts taken out: equal for lines that differ in digits and addresses alone.

    The length of a number stays, so that 40961 ms is not folded into 12 ms.
    """
    return _DIGIT.sub("0", _ADDRESS.sub("0x", line[:READ_LIMIT])).strip()


def unstamped(line: str) -> str:
    """The line without the time it begins with and without addresses, otherwise exact."""
    return _ADDRESS.sub("0x", STAMP.sub("", line[:READ_LIMIT], count=1)).strip()


def fold_keys(lines: Sequence[str]) -> list[str]:
    """Equal for lines of which a digest shows one and counts the others: errors and warnings fold only when they say the same."""
    return [unstamped(line) if severe(line) or warning(line) else template(line) for line in lines]


def _fact(token: str) -> float:
    """How much a token looks like a value somebody may ask for: an id, a version, a port, a size, a constant's name."""
    if _ADDRESS.fullmatch(token):
        return 0.0
    if token.isdigit():
        return 0.0 if len(token) < 2 else 0.4 if len(token) == 2 else 1.0
    if not _DIGIT.search(token):
        return 0.6 if "_" in token and token.isupper() else 0.0
    if _VERSION.fullmatch(token):
        return 1.2
    return 2.0 if "-" in token else 0.5


def _shape(line: str) -> str:
    """What a line begins with: its first characters, letters as a, digits as 0."""
    return _LETTERS.sub("a", _DIGITS.sub("0", line[:40]))[:6]


def scores(lines: Sequence[str], *, severity: float = 1.0) -> list[float]:
    """One score for each line: 0 for blank ones, about 0.5 for ordinary ones, 1 to 4 for lines with rare values, more for errors.

    `severity` scales what error and warning words are worth: source code is full of them without meaning it.
    """
    tokens = [_TOKEN.findall(line[:READ_LIMIT]) for line in lines]
    keys = [[_DIGIT.sub("0", token.lower()) for token in found] for found in tokens]
    seen_in = Counter(key for found in keys for key in set(found))
    total = max(2, sum(1 for found in keys if found))
    rarity = {key: math.log(total / count) / math.log(total) for key, count in seen_in.items()}
    shapes = Counter(_shape(line) for line in lines if line.strip())
    common, share = shapes.most_common(1)[0] if shapes else ("", 0)
    regular = share >= 0.6 * total and total >= 20
    repeats: Counter[str] = Counter()
    result: list[float] = []
    for line, found, normal in zip(lines, tokens, keys, strict=True):
        if not found:
            result.append(0.0)
            continue
        score = _line_score(line, severity) + _rare(found, normal, rarity)
        if regular and shapes[_shape(line)] <= max(1, 0.02 * total) and _shape(line) != common:
            score += 1.0
        key = template(line)
        result.append(score / (1 + repeats[key]))
        repeats[key] += 1
    return result


def _rare(found: list[str], normal: list[str], rarity: dict[str, float]) -> float:
    """Of the three rarest words and the three rarest values."""
    words = sorted((rarity[key] for key in set(normal)), reverse=True)[:3]
    facts = sorted(
        (_fact(token) * rarity[key] ** 2 for token, key in zip(found, normal, strict=True)),
        reverse=True,
    )[:3]
    return 0.5 * sum(words) / 3 + sum(facts)


def _line_score(line: str, severity: float) -> float:
    score = 0.0
    if severe(line):
        score += 4.0 * severity
    elif warning(line):
        score += 2.0 * severity
    if NOTABLE.search(line[:READ_LIMIT]):
        score += 1.0
    if ASSIGNMENT.match(line[:READ_LIMIT]):
        score += 0.5
    if URL.search(line[:READ_LIMIT]):
        score += 0.4
    return score
