from html.parser import HTMLParser

from hypothesis import given
from hypothesis import strategies as st

from dashboard.report.markup import element, joined, safe


class Read(HTMLParser):
    """What a browser makes of it."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, list[tuple[str, str | None]]]] = []
        self.texts: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, attrs))

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


@given(st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "S", "Zs"))))
def test_text_stays_text_wherever_it_is_put(text: str) -> None:
    read = Read(element("p", text, title=text))
    assert read.tags == [("p", [("title", text)])]
    assert "".join(read.texts) == text


def test_elements_are_put_in_as_they_are() -> None:
    inside = element("b", "<x>")
    assert element("p", inside, "&") == "<p><b>&lt;x&gt;</b>&amp;</p>"
    assert joined((inside, "<y>")) == "<b>&lt;x&gt;</b>&lt;y&gt;"


def test_attributes_are_named_as_in_html() -> None:
    assert element("line", x1=1.0, y1=1 / 3, class_="a b", font_size=3) == (
        '<line x1="1" y1="0.33" class="a b" font-size="3"/>'
    )


def test_what_is_not_seen_is_marked() -> None:
    assert safe("a\x00b\u202ec\x1b[1m\n\t") == "a\ufffdb\ufffdc\ufffd[1m\n\t"
