"""More of what tools return, and what an editor attaches, made by rule as `material` is."""

from random import Random

from addons.services.simulator import material
from addons.services.simulator.material import NOUNS, VERBS, Module

COMPLETED = "\n[Status: Command completed]"
FAILED = "\n[Status: Command failed with exit code 1]"
AUTHORS = ("ada", "grace", "linus", "margaret", "barbara")


def git_log(random: Random, commits: int) -> str:
    rows = []
    for _ in range(commits):
        noun = random.choice(NOUNS)
        what = random.choice(("round once", "lock in order", "test both modes", "log the number", "keep the old id"))
        rows.append(f"{random.getrandbits(28):07x} {random.choice(AUTHORS)}: {noun}: {what}")
    return "\n".join(rows) + COMPLETED


def type_check(random: Random, module: Module, errors: int) -> str:
    """What mypy prints."""
    lines = [
        f"{module.path}:{random.randrange(9, 400)}: error: Argument {random.randrange(1, 4)} to "
        f'"{random.choice(module.functions)}" has incompatible type "str"; expected "Decimal"  [arg-type]'
        for _ in range(errors)
    ]
    if not errors:
        return f"Success: no issues found in {random.randrange(40, 90)} source files{COMPLETED}"
    return (
        "\n".join([*lines, f"Found {errors} errors in 1 file (checked {random.randrange(40, 90)} source files)"])
        + FAILED
    )


def traceback(random: Random, module: Module, frames: int) -> str:
    """What a service leaves behind when it fails."""
    lines = ["Traceback (most recent call last):"]
    for _ in range(frames):
        name = random.choice(module.functions)
        call = f"{random.choice(module.functions)}({random.choice(NOUNS)}_id, amount, strict=strict)"
        lines.append(f'  File "/srv/{module.path}", line {random.randrange(9, 600)}, in {name}\n    return {call}')
    lines.append(f"warehouse.errors.BookingError: {random.choice(NOUNS)} {random.randrange(10**5)}: account is locked")
    return "\n".join(lines) + FAILED


def paths(random: Random, files: int) -> str:
    """What file_glob_search answers."""
    return "\n".join(f"./tests/{random.choice(NOUNS)}/test_{random.choice(VERBS)}_{index}.py" for index in range(files))


def open_file(random: Random, module: Module) -> str:
    """What Continue puts before the person's words: the file in the editor."""
    lead = "The following file is currently open. Don't reference it if it's not relevant to the user's message:"
    return f"{lead}\n\n```{module.path}\n{material.source(random, module)}\n```\n"


def codebase(random: Random, snippets: int) -> str:
    """@codebase: what the index found, and what Continue says about it."""
    found = []
    for _ in range(snippets):
        module = material.module(random, f"{random.choice(NOUNS)}s", 5)
        found.append(f"```{module.path} (1-60)\n{material.source(random, module)}\n```\n")
    after = (
        "Use the above code to answer the following question. You should not reference any files outside of what is "
        "shown, unless they are commonly known files, like a .gitignore or package.json.\n"
    )
    return "".join(found) + after
