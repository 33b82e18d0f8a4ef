"""Whatever stands in a name or a subject, it comes back as it was or the letter does not leave: laws over any text."""

from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.utils import getaddresses

from hypothesis import example, given
from hypothesis import strategies as st

from hagukumi.letters.limits import CannotRender
from hagukumi.letters.message import KEY_HEADER, Mailbox, compose_bytes
from tests.letters.test_message import AT, KEY, READER, SENDER, rendered

HEADERS = {
    "From", "To", "Subject", "Date", "Message-ID", KEY_HEADER, "List-Unsubscribe", "List-Unsubscribe-Post",
    "MIME-Version", "Content-Type",
}  # fmt: skip
REFUSE = "https://hagukumi.example/refuse/0"
PIECES = (
    "髙橋", "山﨑", "𠮷田", "花子", "👩‍⚕️", "🏥", "é", "e\u0301", "\u200f", "\u202e", "\u2066", "\n", "\t",
    "\r\nBcc: x@y.example", "\x00", "\u2028",
    '"', "\\", ",", "<x@y.example>", "(c)", "=?utf-8?b?eA==?=", " ", "a", "B" * 300, "　",
)  # fmt: skip
TEXTS = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"]), max_size=120),
    st.lists(st.sampled_from(PIECES), max_size=30).map("".join),
)


def made(subject: str, name: str) -> bytes | None:
    try:
        return compose_bytes(
            rendered(subject), Mailbox(name, SENDER.email), Mailbox(name, READER.email), KEY, AT, REFUSE
        )
    except CannotRender as trouble:
        assert trouble.reason == "control_character"
        return None


@given(subject=TEXTS, name=TEXTS)
@example(subject="髙﨑様へ" * 40, name="山﨑 花子👩‍⚕️" * 20)
@example(subject="x" * 2000, name="=?utf-8?b?eA==?= x")
def test_any_subject_and_any_name_are_read_back_or_the_letter_stops(subject: str, name: str) -> None:
    raw = made(subject, name)
    if raw is None:
        return
    head = raw.partition(b"\n\n")[0]
    assert head.isascii() and max(map(len, head.split(b"\n"))) <= 998
    message = message_from_bytes(raw)
    assert set(message.keys()) == HEADERS and len(message.keys()) == len(HEADERS)
    for header, mailbox in (("From", SENDER), ("To", READER)):
        ((shown, address),) = getaddresses([str(message[header]).replace("\n", "")])
        assert address == mailbox.email
        # A very long plain name is left out: its line could not be folded.
        assert str(make_header(decode_header(shown))) == name.strip() or (
            name.isascii() and len(name) >= 190 and not shown
        )
    said = message_from_bytes(raw, policy=policy.default)["Subject"]
    assert str(said) == subject or str(said).split() == subject.split()


@given(
    st.sampled_from([piece for piece in PIECES if any(sign in piece for sign in "\n\r\t\x00\u2028\u202e\u2066")]), TEXTS
)
def test_line_ends_and_turned_text_never_reach_a_header(evil: str, name: str) -> None:
    assert made("件名" + evil + "x", "名") is None
    assert made("件名", "名" + evil + "x" + name) is None
