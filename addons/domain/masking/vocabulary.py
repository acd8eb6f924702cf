"""Words by which people and programs say that something went wrong or matters."""

import re
from collections.abc import Iterable

SEVERE_WORDS = frozenset(
    [
        *("error", "errors", "errno", "err", "fail", "fails", "failed", "failure", "failures", "failing", "fatal"),
        *(
            "panic",
            "panicked",
            "traceback",
            "critical",
            "crit",
            "exception",
            "segfault",
            "abort",
            "aborted",
            "aborting",
        ),
        *("denied", "refused", "rejected", "killed", "corrupt", "corrupted", "conflict", "unable", "cannot"),
        *("undefined", "unresolved", "unhandled", "uncaught", "invalid", "mismatch", "overflow", "unreachable"),
        *("violation", "emergency", "alert", "crash", "crashed", "deadlock", "erreur", "erreurs", "échec", "échoué"),
    ]
)
SEVERE_PHRASES = ("could not", "couldn't", "can't ", "not found", "no such", "timed out", "out of memory")
WARNING_WORDS = frozenset(
    [
        *("warn", "warning", "warnings", "deprecated", "deprecation", "caution", "attention", "retry", "retrying"),
        *("avertissement", "timeout", "skipped"),
    ]
)
WARNING_STEMS = tuple(
    word for word in sorted(WARNING_WORDS) if not any(other in word for other in WARNING_WORDS - {word})
)
"""One of them is in each word that warns: a line without any need not be cut into words."""
NOTABLE = frozenset(
    [
        *(
            "TODO",
            "FIXME",
            "XXX",
            "HACK",
            "BUG",
            "NOTE",
            "NB",
            "WARNING",
            "CAUTION",
            "IMPORTANT",
            "SAFETY",
            "DEPRECATED",
        ),
        *("must", "never", "always", "incident", "workaround", "pinned", "expires", "limit", "limited"),
    ]
)
"""Words with which people mark what later readers must know; as they are written."""
NOTABLE_PHRASES = ("do not ", "don't ", "only if ", "at most ", "at least ")

_WORD = re.compile(r"\w+")
_NOTHING_WRONG = re.compile(
    r"\b(?:0|no|zero|without)\s+(?:errors?|fail(?:ed|ures?)|warnings?|problems?|issues?|conflicts?)\b", re.IGNORECASE
)


def holds_any(line: str, phrases: Iterable[str]) -> bool:
    for phrase in phrases:  # noqa: SIM110 - any() would start a generator for each of all lines, three times as slow
        if phrase in line:
            return True
    return False


def severe(line: str) -> bool:
    """Whether a line reports a failure. "0 errors" does not."""
    lower = line.lower()
    found = (
        not SEVERE_WORDS.isdisjoint(_WORD.findall(lower))
        or holds_any(lower, SEVERE_PHRASES)
        or (("Error" in line or "Exception" in line) and any(_raised(word) for word in _WORD.findall(line)))
    )
    return found and not _NOTHING_WRONG.search(line)


def warning(line: str) -> bool:
    """Whether a line warns. "0 warnings" does not."""
    lower = line.lower()
    if not holds_any(lower, WARNING_STEMS):
        return False
    found = not WARNING_WORDS.isdisjoint(_WORD.findall(lower)) or (
        "Warning" in line and any(word.endswith("Warning") for word in _WORD.findall(line))
    )
    return found and not _NOTHING_WRONG.search(line)


def _raised(word: str) -> bool:
    """AssertionError, IOException: the name of what was raised."""
    return word.endswith(("Error", "Exception"))
