from hypothesis import given
from hypothesis import strategies as st

from addons.domain.masking.placeholder import content_tag, describe, parse, render

TAG = "k1:" + "0af3c97b" * 3


def test_the_tool_is_named_only_when_the_request_has_it() -> None:
    with_tool = render("d", kind="log", omitted="x", tokens=9, tag=TAG, tool_name="memory_retrieve_original")
    without = render("d", kind="log", omitted="x", tokens=9, tag=TAG, tool_name=None)
    assert "call memory_retrieve_original with this k1 tag" in with_tool
    assert with_tool.count(TAG) == 1
    assert "call the tool again" in without
    assert "retrieve" not in without


def test_the_tag_names_its_algorithm_and_depends_on_the_text_alone() -> None:
    assert content_tag("text") == content_tag("text")
    assert content_tag("text") != content_tag("text ")
    assert content_tag("\ud800 lone surrogate").startswith("k1:")
    assert len(content_tag("")) == 3 + 24


def test_describe_names_few_ranges_and_counts_many() -> None:
    assert describe([(3, 10), (12, 12)]) == "left out: 9 lines (3-10, 12)"
    many = describe([(n, n) for n in range(1, 40, 2)], ["100 tests passed"])
    assert many == "100 tests passed; left out: 20 lines (between 1 and 39)"
    assert describe([], [], complete=True) == "nothing is left out, only written shorter"


@given(st.text(), st.text(max_size=5000), st.sampled_from([None, "mcp_retrieve_original"]))
def test_what_is_rendered_is_recognised(digest: str, omitted: str, tool: str | None) -> None:
    text = render(digest, kind="source file", omitted=omitted, tokens=1234, tag=TAG, tool_name=tool)
    found = parse(text)
    assert found is not None
    assert (found.tag, found.kind, found.tokens, found.digest) == (TAG, "source file", 1234, digest)


@given(st.text())
def test_other_texts_are_not(text: str) -> None:
    assert parse(text) is None
