"""The sessions of work that the demo shows: agent mode with rules, memory, attached files, and a model that thinks.

Each scene is one turn, told as it goes in a real session: what the person asks, with or without files; thoughts; tools
of every kind; and an answer. A few of them in a row fill a context window with a bit of everything.
"""

from collections.abc import Callable
from random import Random

from addons.services.simulator import material, outputs, prose
from addons.services.simulator.agent_mode import AGENT_SYSTEM, AGENT_TOOLS
from addons.services.simulator.material import Module
from addons.services.simulator.story import Conversation, Message, Scene

SENTENCES = 28
"""Of thought before each step; about 900 tokens."""

ToolUse = tuple[str, Message, str]
"""The tool's name, its arguments and its result."""


class Work:
    """One turn's means: its random state, the module it is about, and how much the model thinks."""

    def __init__(self, scene: Scene, module: Module) -> None:
        self.scene, self.module = scene, module

    @property
    def random(self) -> Random:
        return self.scene.random

    def thinks(self, share: float = 1.0) -> str:
        return prose.thinking(self.random, self.module, round(SENTENCES * share))

    def source(self) -> ToolUse:
        return "read_file", {"filepath": self.module.path}, material.source(self.random, self.module)

    def runs(self, command: str, result: str) -> ToolUse:
        return "run_terminal_command", {"command": command}, result

    def tests(self, failing: int = 0) -> ToolUse:
        run = material.test_run(self.random, self.module, 30, self.module.functions[:failing])
        return self.runs(f"python -m pytest -v {self.module.test_path}", run)

    def writes(self, name: str, functions: int) -> ToolUse:
        made = material.module(self.random, name, functions)
        contents = {"filepath": made.path, "contents": material.source(self.random, made)}
        return "create_new_file", contents, f"File {made.path} created successfully"

    def edits(self, functions: int = 8) -> ToolUse:
        old = material.source(self.random, Module(self.module.name, self.module.functions[:functions]))
        edit = {"filepath": self.module.path, "old_string": old, "new_string": old.replace("amount *", "amount *  ")}
        return "single_find_and_replace", edit, f"Successfully edited {self.module.path}"

    def reports(self, findings: int = 4) -> None:
        self.scene.says(prose.report(self.random, self.module, findings), self.thinks(0.6))


def repair(work: Work) -> None:
    """A test is red; the file is open in the editor. 5 requests."""
    scene, random, broken = work.scene, work.random, work.module.functions[0]
    asked = f"{broken} books a cent too much since the last release. Why? From the ticket:\n\n"
    scene.asks(outputs.open_file(random, work.module) + asked + prose.ticket(random, work.module, 6))
    scene.calls("I run its tests first.", work.tests(failing=1), thinking=work.thinks())
    found = ("grep_search", {"query": broken}, material.search(random, broken.split("_")[1], 28))
    other = material.module(random, "ledger", 26)
    read = ("read_file", {"filepath": other.path}, material.source(random, other))
    scene.calls("Its callers, and the ledger.", found, read, thinking=work.thinks())
    scene.calls("Once is enough: I round where the amount leaves.", work.edits(), thinking=work.thinks())
    types = work.runs("python -m mypy src", outputs.type_check(random, work.module, 0))
    scene.calls("Again the tests, and the types.", work.tests(), types, thinking=work.thinks(0.4))
    work.reports()


def investigate(work: Work) -> None:
    """Production misbehaves: memory, logs, data, what changed. 6 requests."""
    scene, random = work.scene, work.random
    asked = "Since noon about one booking in thirty is refused in production. Find out why; change nothing yet.\n\n"
    scene.asks(asked + prose.ticket(random, work.module, 8))
    notes = ("memory_search_nodes", {"query": "ledger lock refused"}, material.memory(random, 24))
    scene.calls("First what we noted about the ledger.", notes, thinking=work.thinks())
    log = work.runs("tail -n 120 var/warehouse.log", material.log(random, 120))
    scene.calls("Now the log.", log, thinking=work.thinks())
    data = work.runs("curl -s localhost:8000/api/bookings?state=refused", material.records(random, 22))
    trace = work.runs("journalctl -u warehouse -n 40", outputs.traceback(random, work.module, 12))
    scene.calls("The refused bookings, and a traceback.", data, trace, thinking=work.thinks())
    changes: ToolUse = ("view_diff", {}, material.diff(random, work.module, 12))
    history = work.runs("git log --oneline -n 40 -- src/warehouse", outputs.git_log(random, 40))
    scene.calls("What has changed there lately?", changes, history, thinking=work.thinks())
    others = [material.module(random, name, 34) for name in ("ledger", "locks", "bookings")]
    reads = [("read_file", {"filepath": other.path}, material.source(random, other)) for other in others]
    scene.calls("The places themselves.", work.source(), *reads, thinking=work.thinks())
    work.reports(7)


def build(work: Work) -> None:
    """Something new: snippets of the code base, a page of documentation, two new files, tests. 6 requests."""
    scene, random, name = work.scene, work.random, work.module.name
    asked = f"Now write {name}_export: one row a booking, amounts as strings, and tests like the others'."
    scene.asks(outputs.codebase(random, 5) + asked)
    files = ("file_glob_search", {"pattern": "tests/**/test_*.py"}, outputs.paths(random, 60))
    url = "https://docs.python.org/3/library/decimal.html"
    page = ("fetch_url_content", {"url": url}, prose.web_page(random, "decimal — fixed point arithmetic", 14))
    scene.calls("How tests are laid out, and what the library says of rounding.", files, page, thinking=work.thinks())
    scene.calls("The module.", work.writes(f"{name}_export", 36), thinking=work.thinks())
    scene.calls("Its tests.", work.writes(f"test_{name}_export", 28), thinking=work.thinks(0.6))
    types = work.runs("python -m mypy src", outputs.type_check(random, work.module, 6))
    scene.calls("Do they pass?", work.tests(failing=1), types, thinking=work.thinks(0.5))
    scene.calls("The type of the amount was wrong.", work.edits(), work.tests(), thinking=work.thinks())
    work.reports(3)


def review(work: Work) -> None:
    """The working changes are looked at, and what was learned is noted. 5 requests."""
    scene, random = work.scene, work.random
    scene.asks("Review my working changes before I push: locks, rounding, and what the tests miss.")
    changes: ToolUse = ("view_diff", {}, material.diff(random, work.module, 30))
    scene.calls("What has changed.", changes, thinking=work.thinks())
    listing = ("ls", {"dirpath": "src/warehouse"}, material.listing(random, 30))
    scene.calls("The file as a whole.", work.source(), listing, thinking=work.thinks())
    learned = {"observations": [{"entityName": "ledger", "contents": [prose.thinking(random, work.module, 3)]}]}
    scene.calls(
        "I note that for later.", ("memory_add_observations", learned, "Added 1 observation"), thinking=work.thinks()
    )
    page = prose.web_page(random, f"How {work.module.name} are booked", 16)
    notes = {"filepath": f"docs/{work.module.name}.md", "contents": page}
    scene.calls("And what was missing in the docs.", ("create_new_file", notes, "File created"), thinking=work.thinks())
    work.reports(7)


SCENES: tuple[Callable[[Work], None], ...] = (build, repair, investigate, review)


def day(name: str, seed: int, turns: int, functions: int = 30, first: int = 0) -> Conversation:
    """A session of so many turns, of the scenes in order from the `first`; the same for the same arguments."""
    scene = Scene(name, seed, AGENT_SYSTEM, AGENT_TOOLS)
    for turn in range(turns):
        noun = scene.random.choice(material.NOUNS)
        SCENES[(first + turn) % len(SCENES)](Work(scene, material.module(scene.random, f"{noun}s", functions)))
    return scene.end()
