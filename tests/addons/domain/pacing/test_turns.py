from hypothesis import given
from hypothesis import strategies as st

from addons.domain.pacing.cost import Cost
from addons.domain.pacing.turns import Ticket, Turns


def ticket(session: str, tokens: int = 1) -> Ticket:
    return Ticket(session, Cost(tokens), since_ms=0)


def served(turns: Turns) -> list[Ticket]:
    """All of them, one after the other."""
    found = []
    while head := turns.head():
        turns.leave(head, served=True)
        found.append(head)
    return found


sessions = st.lists(st.sampled_from("abcd"), max_size=30)


@given(sessions)
def test_a_session_is_served_in_its_own_order(names: list[str]) -> None:
    turns, tickets = Turns(), [ticket(name) for name in names]
    for each in tickets:
        turns.join(each)
    order = served(turns)
    for name in set(names):
        assert [each for each in order if each.session == name] == [each for each in tickets if each.session == name]
    assert len(order) == len(tickets)


@given(sessions)
def test_no_session_is_served_twice_while_another_waits_for_its_turn(names: list[str]) -> None:
    turns = Turns()
    for name in names:
        turns.join(ticket(name))
    order = [each.session for each in served(turns)]
    for at, name in enumerate(order[:-1]):
        if order[at + 1] == name:
            assert set(order[at:]) == {name}


@given(sessions, st.data())
def test_what_is_ahead_is_what_is_served_before(names: list[str], data: st.DataObject) -> None:
    turns, tickets = Turns(), [ticket(name, tokens=index) for index, name in enumerate(names)]
    for each in tickets:
        turns.join(each)
    if not tickets:
        return
    one = data.draw(st.sampled_from(tickets))
    ahead = turns.ahead_of(one)
    order = served(turns)
    before = order[: order.index(one)]
    assert ahead == (len(before), sum(each.cost.tokens for each in before))


def test_who_gives_up_leaves_its_place_to_the_next() -> None:
    turns = Turns()
    first, second, other = ticket("a"), ticket("a"), ticket("b")
    for each in (first, second, other):
        turns.join(each)
    turns.leave(first, served=False)
    assert turns.head() is second
    assert turns.all() == [second, other]
    assert len(turns) == 2
