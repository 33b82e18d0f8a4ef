"""At the command line: letters in doubt are listed and settled, channels rest and go on."""

import json
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import insert

from hagukumi.letters.fate import Move, advance
from models.tables.engine import begin_write
from models.tables.schema import delivery_event
from tests.cli.lines import Line
from tests.sending.mailserver import MailHouse, free_port, serving
from tests.sending.test_protocol import connections_end, post, ready, rows
from tests.shell.conftest import Workshop
from tests.shell.test_sender import states

__all__ = ["connections_end"]


@pytest.fixture
def line(workshop: Workshop, capsys: pytest.CaptureFixture[str]) -> Iterator[Line]:
    yield Line(capsys, Path(workshop.wired.workspace.folder))


def lost(workshop: Workshop) -> list[str]:
    """Two letters that nobody knows about."""
    port = free_port()
    with serving(MailHouse(after_dot=True), port):
        ready(workshop, 2, post(port))
        workshop.live(minutes=5)
    return [row.key for row in rows(workshop)]


def test_letters_in_doubt_say_what_to_look_for_and_are_settled(workshop: Workshop, line: Line) -> None:
    first, second = lost(workshop)
    found = line("letters", "doubtful", "--json").json
    assert [one["key"] for one in found] == [first, second]
    assert found[0]["look_for"]["X-Hagukumi-Key"] == first and found[0]["look_for"]["Message-ID"].startswith(
        "<story+one"
    )
    assert (found[0]["outlet"], found[0]["code"]) == ("folder", "outlet_answer_lost")
    said = line("letters", "doubtful").out
    assert first in said and "@aoba.example" in said and "再送はしません" in said
    assert line("letters", "settle", first, "--as", "accepted", "--json").json == {"settled": [first], "as": "accepted"}
    settled = line("letters", "settle", "--all-before", "2026-04-02", "--as", "lost", "--lang", "en")
    assert settled.code == 0 and "not sent again" in settled.out
    assert states(workshop) == {"accepted": 1, "rejected": 1}
    assert line("letters", "doubtful", "--json").json == []
    assert [one["key"] for one in line("letters", "stopped", "--json").json] == [second]


@pytest.mark.parametrize(("lang", "called"), [("ja", "送信先の返事"), ("en", "The provider's words")])
def test_a_final_no_is_shown_in_the_providers_own_words(workshop: Workshop, line: Line, lang: str, called: str) -> None:
    port = free_port()
    with serving(MailHouse(rcpt=lambda address: f"550 5.1.1 <{address}> is nobody here"), port):
        (who,) = ready(workshop, 1, post(port))
        workshop.live(minutes=5)
    (told,) = line("letters", "stopped", "--json").json
    assert told["said"] == f"5.1.1 <p{who}@aoba.example> is nobody here"
    for command in (["letters", "stopped"], ["why", str(who)]):
        shown = " ".join(line(*command, "--lang", lang).out.split())
        assert called in shown and "is nobody here" in shown and f"<p{who}@" not in shown, command
        assert "***@aoba.example" in shown
    events = line("why", str(who), "--json").json["events"]
    assert [each["said"] for each in events if each["kind"] == "letter"] == [told["said"]]


def test_what_an_event_says_of_a_letter_that_came_back_is_shown(workshop: Workshop, line: Line) -> None:
    port = free_port()
    with serving(MailHouse(), port):
        ready(workshop, 1, post(port))
        workshop.live(minutes=5)
    (row,) = rows(workshop)
    words = json.dumps({"event": "bounce", "reason": "550 no mailbox x.y@aoba.example", "status": "5.1.1"}).encode()
    with begin_write(workshop.engine) as conn:
        advance(conn, [Move(row.key, "bounced", workshop.wired.now, "5.1.1")])
        event = {"id": "e1", "letter_key": row.key, "kind": "bounce", "at": row.sent_at, "known_at": row.sent_at}
        conn.execute(insert(delivery_event).values(said=zlib.compress(words), **event))
    assert line("letters", "bounced", "--json").json[0]["said"] == "550 no mailbox x.y@aoba.example"
    assert "550 no mailbox ***@aoba.example" in " ".join(line("letters", "bounced").out.split())


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["nothing/1", "--as", "lost"], 1),
        (["--as", "lost"], 2),
        (["k", "--as", "sent"], 2),
        (["k", "--all-before", "2026-04-01", "--as", "lost"], 2),
        (["k"], 2),
    ],
)
def test_what_cannot_be_settled_is_said_in_one_sentence(
    workshop: Workshop, line: Line, arguments: list[str], code: int
) -> None:
    said = line("letters", "settle", *arguments)
    assert (said.code, said.out, len(said.err.strip().splitlines())) == (code, "", 1)


def test_a_channel_paused_by_hand_sends_nothing_and_every_command_says_so(workshop: Workshop, line: Line) -> None:
    assert line("channel").out.strip() == "休止中の出口はありません。"
    assert line("channel", "pause", "folder", "--json").json == {"name": "folder", "paused": True, "changed": True}
    assert line("channel", "pause", "folder", "--json").json["changed"] is False
    outlet = workshop.wired.outlet
    ready(workshop, 2, outlet)
    for command in (["tick", "--until", "2026-04-01 12:00"], ["deliver"], ["letters"], ["channel"], ["doctor"]):
        assert "hagukumi channel resume folder" in line(*command).out, command
    assert set(states(workshop)) <= {"held", "queued"}
    (rest,) = line("channel", "list", "--json").json
    assert (rest["name"], rest["code"], rest["until"]) == ("folder", "channel_by_hand", None)
    assert line("channel", "resume", "folder").code == 0
    assert line("tick", "--until", "2026-04-01 12:30").code == 0
    assert states(workshop) == {"accepted": 2}


@pytest.mark.parametrize("name", ["fax", "smtp/", "smtp/localhost"])
def test_a_channel_nobody_knows_is_not_paused(workshop: Workshop, line: Line, name: str) -> None:
    said = line("channel", "pause", name)
    assert said.code == 1 and "sendgrid" in said.err
