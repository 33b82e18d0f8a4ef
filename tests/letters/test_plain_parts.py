"""Parts without a word for Jinja are not compiled; they print what Jinja would print."""

from hypothesis import given
from hypothesis import strategies as st

from hagukumi.letters.sandbox import environment_for, printed
from hagukumi.letters.templates import Library

TEXTS = st.text(alphabet="あa {}%#-\r\n\t<&", max_size=12) | st.sampled_from(
    ["", "{", "}}", "{ {", "%}\n", "a\n\n", " \r\n"]
)


@given(TEXTS)
def test_a_part_prints_what_jinja_makes_of_it_compiled_or_not(text: str) -> None:
    for file in ("a/x.ja.subject", "a/x.ja.txt"):
        part, problems = Library({file: text}).read_part("a/x", file)
        if part is not None and isinstance(part.template, str):
            assert part.template == printed(environment_for("ja", False).from_string(text), {})
            assert problems == []


def test_only_parts_without_a_mark_are_left_as_they_are() -> None:
    for text, plain in (
        ("件名", True),
        ("{ b }", True),
        ("a\r\n", False),
        ("{# a #}", False),
        ("{{ today }}", False),
    ):
        part = Library({"a/x.ja.subject": text}).part("a/x", "a/x.ja.subject")
        assert part is not None
        assert isinstance(part.template, str) == plain
