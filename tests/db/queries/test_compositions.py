"""What a prompt was made of, read as it was written."""

from sqlalchemy import Engine

from addons.domain.completion import Completion, Outcome
from addons.domain.composition import STALE, STAYS, Large
from addons.domain.decisions import Action, Decision, Replacement
from addons.domain.kinds import Kind
from db.queries.compositions import composition_of, original_tags
from db.writing import write
from tests.db.stores import NOW_MS

LARGEST = (
    Large(7, "tool", "read_file", 900, "tool_results", STALE, "ab" * 16),
    Large(0, "system", "", 40, "rules", STAYS),
)


def completion(**fields: object) -> Completion:
    usual: dict[str, object] = {"session_id": None, "started_at_ms": NOW_MS, "provider": "acme", "model": "large",
                                "kind": Kind.CHAT, "stream": True, "outcome": Outcome.OK}  # fmt: skip
    return Completion(**(usual | fields))  # type: ignore[arg-type]


def test_a_composition_is_read_as_it_was_written(engine: Engine) -> None:
    overview, parts = {"system": 40, "history": 960}, {"rules": 40, "tool_results": 960}
    record = completion(composition=overview, parts=parts, tool_tokens={"read_file": 950}, largest=LARGEST)
    with engine.begin() as tx:
        write(tx, [record], "p-1")
    with engine.connect() as tx:
        found = composition_of(tx, 1)
    assert found
    assert (found.overview, found.parts, found.tools, found.largest) == (overview, parts, {"read_file": 950}, LARGEST)


def test_largest_messages_of_an_older_version_have_no_key(engine: Engine) -> None:
    large = Large(3, "user", "", 12, "user", STAYS)
    with engine.begin() as tx:
        write(tx, [completion(parts={"user": 12}, largest=(large,))], "p-1")
        tx.exec_driver_sql("UPDATE completions SET largest = replace(largest, ', \"key\": \"\"', '')")
    with engine.connect() as tx:
        found = composition_of(tx, 1)
    assert found and found.largest == (large,)


def test_where_nothing_is_recorded_there_is_none(engine: Engine) -> None:
    with engine.begin() as tx:
        write(tx, [completion()], "p-1")
    with engine.connect() as tx:
        assert composition_of(tx, 1) is None
        assert composition_of(tx, 2) is None


def test_a_masked_messages_original_is_found_by_its_key(engine: Engine) -> None:
    new = Replacement(part=0, start=0, end=9, text="digest", tag="k1:0", kind="log", tokens_before=90, tokens_after=9)
    usual: dict[str, object] = {"session_id": "s", "reason": "cold", "decided_at_ms": NOW_MS}
    with engine.begin() as tx:
        write(
            tx,
            [
                completion(session_id="s"),
                Decision(key=b"a" * 16, action=Action.MASK, replacements=(new, new), **usual),  # type: ignore[arg-type]
                Decision(key=b"b" * 16, action=Action.KEEP, replacements=(), **usual),  # type: ignore[arg-type]
            ],
            "p-1",
        )
    keys = ((b"a" * 16).hex(), (b"b" * 16).hex(), (b"c" * 16).hex(), "")
    with engine.connect() as tx:
        assert original_tags(tx, "s", keys) == {keys[0]: "k1:0"}
        assert original_tags(tx, "other", keys) == {}
