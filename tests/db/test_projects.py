"""Which project sessions belong to: their requests, the hours, and what a proxy recognises them by."""

import pytest
from sqlalchemy import Engine

from addons.domain.errors import UserError
from db.projects import file_session, rename_project
from db.queries.states import recent_states
from db.writing import write
from tests.db.stores import Ask, MakeCompletion, MakeState

HOURS = "SELECT project, completions FROM rollup_hour ORDER BY project"
PROJECTS = "SELECT project FROM sessions ORDER BY id"


@pytest.fixture(autouse=True)
def session(engine: Engine, make_completion: MakeCompletion, make_state: MakeState) -> None:
    with engine.begin() as tx:
        write(tx, [make_state(project="shop"), make_completion(project="shop")], "p-1")
        write(tx, [make_completion(session_id=None, project="shop")], "p-1")


def test_a_session_is_moved_with_its_requests_those_to_come_included(
    engine: Engine, ask: Ask, make_completion: MakeCompletion, make_state: MakeState
) -> None:
    file_session(engine, "s-1", " store ")
    with engine.begin() as tx:
        write(tx, [make_state(project="shop"), make_completion(project="shop")], "p-1")
    assert ask(HOURS) == [{"project": "shop", "completions": 1}, {"project": "store", "completions": 2}]
    assert ask(PROJECTS) == [{"project": "store"}]
    assert [state.project for state in recent_states(engine, 0, 9)] == ["shop"]


def test_a_session_is_taken_out_of_its_project(engine: Engine, ask: Ask) -> None:
    file_session(engine, "s-1", "")
    assert ask(HOURS) == [{"project": "", "completions": 1}, {"project": "shop", "completions": 1}]


def test_a_project_gets_another_name_even_one_that_is_there(
    engine: Engine, ask: Ask, make_completion: MakeCompletion
) -> None:
    with engine.begin() as tx:
        write(tx, [make_completion(session_id="s-2", project="store")], "p-1")
    assert rename_project(engine, "shop", "store") == 1
    assert ask(HOURS) == [{"project": "store", "completions": 3}]
    assert ask(PROJECTS) == [{"project": "store"}] * 2


@pytest.mark.parametrize(
    ("project", "name", "words"),
    [("", "x", "no project ''"), ("depot", "x", "no project 'depot'"), ("shop", " ", "1 to 200 printable")],
    ids=["none", "not there", "blank"],
)
def test_what_cannot_be_renamed_says_why(engine: Engine, project: str, name: str, words: str) -> None:
    with pytest.raises(UserError, match=words):
        rename_project(engine, project, name)
