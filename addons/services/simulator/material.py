"""Tool results of a coding session, made by rule: files, searches, test runs, logs, diffs, JSON, memory.

They are made, not kept, so that they are as long as wanted, the same on every machine, and nobody's property. The same
`Random` state gives the same text.
"""

from dataclasses import dataclass
from random import Random

import msgspec

NOUNS = ("order", "parcel", "stock", "invoice", "voucher", "shelf", "carrier", "refund", "supplier", "pallet", "quote")
VERBS = ("load", "reserve", "price", "merge", "split", "release", "count", "import", "archive", "validate", "route")
WORDS = (
    "keeps the totals in step with the ledger",
    "is called once for each line of the delivery note",
    "must not be called while the warehouse is being counted",
    "returns what is left after the reservation",
    "rounds half up, as the tax office wants it",
    "ignores rows that the import has already seen",
)


@dataclass(frozen=True, slots=True)
class Module:
    """A made-up source file and the tests that go with it."""

    name: str
    functions: tuple[str, ...]

    @property
    def path(self) -> str:
        return f"src/warehouse/{self.name}.py"

    @property
    def test_path(self) -> str:
        return f"tests/test_{self.name}.py"


def module(random: Random, name: str, functions: int) -> Module:
    pairs = [f"{verb}_{noun}" for verb in VERBS for noun in NOUNS]
    return Module(name, tuple(random.sample(pairs, functions)))


def source(random: Random, module: Module) -> str:
    """The file as it lies on disk; about 105 tokens a function."""
    imports = "from decimal import Decimal\n\nfrom warehouse import ledger\n\n"
    head = f'"""{module.name.capitalize()} of the warehouse."""\n\n{imports}'
    return head + "\n".join(_function(random, name) for name in module.functions)


def _function(random: Random, name: str) -> str:
    noun = name.split("_", 1)[1]
    limit, rate = random.randrange(10, 900), random.randrange(1, 30)
    return f'''
def {name}({noun}_id: int, amount: Decimal, *, strict: bool = True) -> Decimal:
    """{name.replace("_", " ").capitalize()}; it {random.choice(WORDS)}."""
    current = ledger.balance("{noun}", {noun}_id)
    if strict and amount > {limit}:
        raise ValueError(f"{noun} {{{noun}_id}}: {{amount}} is more than {limit}")
    fee = (amount * {rate} / 100).quantize(Decimal("0.01"))
    ledger.book("{noun}", {noun}_id, amount + fee, reason="{name}")
    return current - amount - fee
'''


def test_run(random: Random, module: Module, tests: int, failing: tuple[str, ...]) -> str:
    """What `pytest -v` prints; the failures stand in full."""
    names = [f"test_{module.functions[index % len(module.functions)]}_{index}" for index in range(tests)]
    lines = [
        "============================= test session starts ==============================",
        "platform linux -- Python 3.13.0, pytest-9.0.1, pluggy-1.6.0 -- /home/dev/shop/.venv/bin/python",
        "rootdir: /home/dev/shop\nconfigfile: pyproject.toml\nplugins: anyio-4.11.0, cov-7.0.0",
        f"collecting ... collected {tests + len(failing)} items\n",
    ]
    verdicts = [(name, "PASSED") for name in names] + [(f"test_{name}", "FAILED") for name in failing]
    random.shuffle(verdicts)
    for index, (name, verdict) in enumerate(verdicts):
        lines.append(f"{module.test_path}::{name} {verdict}".ljust(86) + f"[{100 * (index + 1) // len(verdicts):3d}%]")
    lines += [_failure(random, module, name) for name in failing]
    seconds = random.randrange(120, 990) / 100
    summary = f"{len(failing)} failed, {tests} passed" if failing else f"{tests} passed"
    status = "failed with exit code 1" if failing else "completed"
    return (
        "\n".join(lines)
        + f"\n========================= {summary} in {seconds}s =========================\n[Status: Command {status}]"
    )


def _failure(random: Random, module: Module, name: str) -> str:
    got, wanted, line = random.randrange(100, 999), random.randrange(100, 999), random.randrange(20, 400)
    return f"""\
=================================== FAILURES ===================================
_______________________________ test_{name} _______________________________

    def test_{name}(ledger):
        ledger.open("{name}", Decimal("{wanted}.00"))
>       assert {name}(7, Decimal("{random.randrange(5, 90)}.00")) == Decimal("{wanted}.00")
E       AssertionError: assert Decimal('{got}.00') == Decimal('{wanted}.00')
E        +  where Decimal('{got}.00') = {name}(7, Decimal('12.00'))

{module.test_path}:{line}: AssertionError
----------------------------- Captured log call --------------------------------
WARNING  warehouse.ledger:ledger.py:{line + 31} booking for {name} was rounded twice
FAILED {module.test_path}::test_{name} - AssertionError: assert Decimal('{got}.00') == Decimal('{wanted}.00')"""


def log(random: Random, lines: int) -> str:
    """A service's log with a few errors in it."""
    found = []
    for index in range(lines):
        stamp = f"2026-03-02T08:{index // 60 % 60:02d}:{index % 60:02d}.{random.randrange(1000):03d}Z"
        noun, number = random.choice(NOUNS), random.randrange(1000, 99999)
        if random.random() < 0.03:
            text = f"ERROR warehouse.{noun}: booking {number} refused: ledger is locked by worker-{random.randrange(9)}"
        else:
            text = f"INFO  warehouse.{noun}: {random.choice(VERBS)} {noun} {number} took {random.randrange(2, 340)} ms"
        found.append(f"{stamp} {text}")
    return "\n".join(found) + "\n[Status: Command completed]"


def search(random: Random, word: str, hits: int) -> str:
    """What grep_search answers: files with their lines."""
    blocks = []
    for _ in range(max(1, hits // 4)):
        noun = random.choice(NOUNS)
        lines = [
            f"  {noun}_{word} = {random.choice(VERBS)}_{noun}({word}, amount={random.randrange(900)})" for _ in range(4)
        ]
        blocks.append(f"./src/warehouse/{noun}_{random.randrange(40)}.py\n" + "\n".join(lines))
    return "\n----\n".join(blocks)


def diff(random: Random, module: Module, hunks: int) -> str:
    parts = [f"diff --git a/{module.path} b/{module.path}\n--- a/{module.path}\n+++ b/{module.path}"]
    for _ in range(hunks):
        name, line = random.choice(module.functions), random.randrange(10, 900)
        rate = random.randrange(1, 30)
        book = "     ledger.book(self.kind, self.id, amount + fee)\n     return current - amount"
        parts += [
            f"@@ -{line},6 +{line},7 @@ def {name}(\n     current = ledger.balance(self.kind, self.id)",
            f"-    fee = amount * {rate} / 100\n+    fee = (amount * {rate} / 100).quantize(CENT)",
            f"+    # rounded here, and only here\n{book}",
        ]
    return "\n".join(parts)


def records(random: Random, count: int) -> str:
    """A service's JSON answer: a uniform list."""
    rows = [
        {
            "id": random.randrange(10**6),
            "kind": random.choice(NOUNS),
            "state": random.choice(("open", "booked", "refused")),
            "amount": random.randrange(100, 99999) / 100,
            "carrier": {"name": random.choice(NOUNS), "zone": random.randrange(9)},
            "updated": f"2026-03-{random.randrange(1, 29):02d}T10:00:00Z",
        }
        for _ in range(count)
    ]
    return msgspec.json.format(msgspec.json.encode({"items": rows, "next": None}), indent=2).decode()


def listing(random: Random, files: int) -> str:
    return "\n".join(
        f"src/warehouse/{random.choice(NOUNS)}_{random.choice(VERBS)}_{index}.py" for index in range(files)
    )


def memory(random: Random, notes: int) -> str:
    """What an MCP memory server answers."""
    days = (f"2026-02-{random.randrange(1, 28):02d}" for _ in range(notes))
    lines = [f"- {random.choice(VERBS)}_{random.choice(NOUNS)} {random.choice(WORDS)} (noted {day})" for day in days]
    return '<mcp-result server="memory" tool="search_nodes">\n' + "\n".join(lines) + "\n</mcp-result>"
