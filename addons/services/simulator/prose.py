"""What a model thinks and says in a coding session, and what a page of documentation says, made by rule.

As `material`: as long as wanted, the same for the same `Random` state, and nobody's property.
"""

from collections.abc import Iterator
from random import Random

from addons.services.simulator.material import NOUNS, Module

THOUGHTS = (
    "The fee is taken from the table, so {function} must not round before the line is summed up.",
    "If strict is false here, the amount is still booked; that explains why the log shows no refusal.",
    "Let me compare {function} with {other}: both book against the {noun}, but only one holds the lock.",
    "The rules say that the ledger is locked by account name. In {path} the order comes from a set, so it varies.",
    "Wait: the test passes 12.00, and the limit is checked before the fee is added. So the limit itself is fine.",
    "I should not change the signature of {function}; the nightly job calls it with positional arguments.",
    "The memory says that {noun}s are booked against the voucher account since the audit. I keep to that.",
    "An alternative would be to quantize in ledger.book, but then every other caller changes too. Too wide.",
    "What about {other}? It multiplies by the rate and quantizes, then books, then subtracts. The same pattern.",
    "First a test that fails: two lines of 0.005 each, which must come to 0.01 together and not to 0.02.",
    "The search shows more callers of {function} than I expected; two of them are in the import, one in the API.",
    "I can leave {path} as it is if the caller passes the amount that was rounded already. Less to review.",
    "The failure says 411.00 against 412.00, so it is one cent in a hundred lines. That fits rounding per line.",
    "Before I edit, check whether anything else relies on the old value: the report of {noun}s might.",
    "The migration must be reversible, so the old column stays until the release after this one.",
    "That is enough to go on. Plan: the test, then {function}, then run the file's tests, then the folder's.",
)
FINDINGS = (
    "`{function}` rounded the fee on each line; it now rounds once, where the amount leaves the function",
    "`{other}` took its lock after the balance was read; I moved the lock in front of it",
    "the limit in `{function}` was compared with the amount without its fee",
    "the tests of {noun}s covered only `strict=True`; there is one for each now",
    "`{path}` no longer imports the ledger at module level, which is what made the import circular",
    "amounts in the answer are strings with two decimals again, as the rules ask",
    "the retry in `{other}` booked twice when the first answer was late; it now looks for the booking's number first",
)
LEFT = (
    "Not done: the report of {noun}s still reads the old column; say so if I shall change it too.",
    "Left alone on purpose: `deploy/`, and the signature of `{function}`.",
    "Worth a look of yours: whether the carrier's sandbox may see the new header.",
)
COMPLAINTS = (
    "Customer {noun}-{number} was charged 0.01 more than the delivery note says, on three notes of this week.",
    "Happens with strict=False only, as far as we can see; the nightly job is fine, the API is not.",
    "Accounting compared the journal with the bank: {number} lines, all off by one cent, all of them {noun}s.",
    "Support says that it began after the release on Tuesday, but the oldest line we found is from Monday evening.",
    "Please do not correct the old bookings: accounting does that by hand, and wants a list of their numbers.",
    "On staging I cannot reproduce it with one line; with {number} lines on one note it shows every time.",
    "The carrier was not down: their status page is green, and our own probes answered within 200 ms all day.",
    "We switched the second worker off for an hour, and there was not one refusal in that hour.",
)
SECTIONS = ("Overview", "Rounding modes", "Contexts and threads", "Signals", "Working with money", "Migration notes")
SENTENCES = (
    "A quantized value has the exponent of its second operand, and the operation fails if the result needs more digits "
    "than the precision allows.",
    "The context belongs to the thread; code that changes it should do so in a `with localcontext()` block.",
    "Comparisons between a number and a string never raise, they are simply unequal, which hides mistakes in tests.",
    "For amounts of money a fixed exponent of two places is usual; rates keep as many places as their source has.",
    "Half up rounds away from zero at five; half even, the default, rounds to the nearest even digit.",
    "Traps turn a signal into an exception; without a trap the flag is set and the calculation goes on.",
)


SUMMARY = """\
## Asked for
- Find why amounts are off by a cent; change no public signature; leave `deploy/` alone; no old booking is corrected.
- One row a booking in each export, amounts as strings with two decimals.

## Decided
- Fees are rounded once, half up, where the amount leaves the function; ledger.book takes what it is given.
- Locks are taken by account name, in alphabetical order, before the balance is read (docs/locks.md).

## Files
- changed: src/warehouse/{carriers,refunds,orders}.py, their tests, and the exports that are new
- read: src/warehouse/ledger.py (balance, book), locks.py, var/warehouse.log: 31 refusals since noon, all worker-4

## Commands
- `python -m pytest -v tests/test_carriers.py`: passes since the second edit; mypy: no issues

## Open
- The report of refunds still reads the old column. Whether the second worker may be switched off: asked, no answer."""
"""What the model writes when it is to sum up such a session."""


def _words(random: Random, module: Module) -> dict[str, str]:
    function, other = random.sample(module.functions, 2)
    return {"function": function, "other": other, "noun": random.choice(NOUNS), "path": module.path}


def _drawn(random: Random, sentences: tuple[str, ...], number: int) -> Iterator[str]:
    """So many of them, none twice before all have been."""
    while number > 0:
        taken = random.sample(sentences, min(number, len(sentences)))
        number -= len(taken)
        yield from taken


def thinking(random: Random, module: Module, sentences: int) -> str:
    """About 32 tokens a sentence."""
    drawn = [text.format(**_words(random, module)) for text in _drawn(random, THOUGHTS, sentences)]
    return "\n\n".join(" ".join(drawn[start : start + 4]) for start in range(0, len(drawn), 4))


def ticket(random: Random, module: Module, sentences: int) -> str:
    """What somebody wrote, which the person pastes; about 25 tokens a sentence."""
    drawn = _drawn(random, COMPLAINTS, sentences)
    return "\n".join(text.format(number=random.randrange(20, 900), **_words(random, module)) for text in drawn)


def report(random: Random, module: Module, findings: int) -> str:
    """How a turn ends: what was found and changed, and what is left."""
    words = [_words(random, module) for _ in range(findings)]
    told = zip(words, _drawn(random, FINDINGS, findings), strict=True)
    lines = [f"{number}. {text.format(**each)}." for number, (each, text) in enumerate(told, 1)]
    lines = [line[:3] + line[3:4].upper() + line[4:] for line in lines]
    return "\n".join(["Done; the tests of the folder pass.\n", *lines, "", random.choice(LEFT).format(**words[0])])


def web_page(random: Random, title: str, paragraphs: int) -> str:
    """A page of documentation, as Markdown; about 120 tokens a paragraph."""
    lines = [f"# {title}\n"]
    for index in range(paragraphs):
        if index % 3 == 0:
            lines.append(f"## {SECTIONS[index // 3 % len(SECTIONS)]}\n")
        lines.append(" ".join(_drawn(random, SENTENCES, 4)) + "\n")
    return "\n".join(lines)
